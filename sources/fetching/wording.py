"""A sentence as words that can be held against another's: numbers by their value, short forms by their long ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from sources.fetching import lexicons
from sources.fetching.digest import normalised

_TOKEN = re.compile(
    r"(?P<time>\d{1,2}:\d\d(?::\d\d)?)"
    r"|(?P<number>(?:(?<![^\s(\[\"'])-(?!\d+:))?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?))(?P<after>(?:st|nd|rd|th|k|m|bn|tn)\b)?"
    r"|(?P<word>[^\W\d_]+(?:\.[^\W\d_])+\b\.?|[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<sign>%|[\"$£€]|[^\w\s])",
    re.IGNORECASE,
)
SMALL: Mapping[str, int] = MappingProxyType(
    {word: value for value, word in enumerate(lexicons.entries("units"))}
    | {word: 10 * value for value, word in enumerate(lexicons.entries("tens"), 2)}
    | {word: int(line.split()[0]) for line in lexicons.entries("numerals") for word in line.split()[1:]}
)
LARGE: Mapping[str, int] = MappingProxyType(
    {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
    | {"k": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12}
)
SCALES = frozenset(word for word in LARGE if len(word) > len("bn"))
ORDINALS: Mapping[str, int] = MappingProxyType(
    {word: value for value, word in enumerate(lexicons.entries("ordinals"), 1)}
)
MOST_DIGITS = 30  # beyond that a number is known by its digits, not by its value
MOST_PARTS = 20  # words that make up one number
_TENS = frozenset(lexicons.entries("tens"))
_SHORT = (("won't", "will not"), ("can't", "can not"), ("shan't", "shall not"), ("cannot", "can not"))
_SAME: Mapping[str, str] = MappingProxyType(
    {"percent": "%", "pct": "%", "prozent": "%", "u.s": "us", "u.k": "uk", "u.n": "un"}
    | {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or sign: `key` is equal for two spellings of the same; `text` is as it stands."""

    key: str
    text: str
    is_number: bool = False

    @property
    def is_capital(self) -> bool:
        """Whether it begins as a name does."""
        return self.text[:1].isupper()

    @property
    def is_sign(self) -> bool:
        """Whether it is neither a word nor a number."""
        return not self.is_number and not self.text[:1].isalpha()


def words(sentence: str) -> tuple[Word, ...]:
    """Return the words, numbers and signs of a sentence; hyphens are none, "isn't" is two, "1.5 million" is one."""
    return tuple(_with_numbers(list(_plain(sentence))))


def _plain(sentence: str) -> Iterator[Word]:
    for found in _TOKEN.finditer(normalised(sentence)):
        text = found[0]
        if found["time"]:
            yield Word(f"#{text}", text, is_number=True)
        elif found["number"]:
            yield _digits(found["number"], (found["after"] or "").casefold(), text)
        elif found["word"]:
            yield from _long_forms(text)
        elif text != "-":
            yield Word(text, text)


def _digits(number: str, after: str, text: str) -> Word:
    if len(number) > MOST_DIGITS:
        return Word(f"#{number}", text, is_number=True)
    value = Decimal(number.replace(",", "")) * LARGE.get(after, 1)
    return Word(_key(value, is_ordinal=after in {"st", "nd", "rd", "th"}), text, is_number=True)


def _key(value: Decimal | int, *, is_ordinal: bool = False) -> str:
    plain = format(Decimal(value).normalize(), "f")
    return f"#{plain}{'.' if is_ordinal else ''}"


def _long_forms(text: str) -> Iterator[Word]:
    key = text.casefold().rstrip(".")
    for short, long in _SHORT:
        if key == short:
            for part in long.split():
                yield Word(part, part)
            return
    if key.endswith("n't"):
        yield Word(key.removesuffix("n't"), text[:-3])
        yield Word("not", text[-3:])
        return
    yield Word(_SAME.get(key, key), text)


def _with_numbers(plain: Sequence[Word]) -> Iterator[Word]:
    """Join what is one number: "twenty" "five", "two" "hundred" "and" "fifty", "1.5" "million"; "per cent" is "%"."""
    place = 0
    while place < len(plain):
        if plain[place].key in ORDINALS:
            yield Word(_key(ORDINALS[plain[place].key], is_ordinal=True), plain[place].text, is_number=True)
            place += 1
        elif [one.key for one in plain[place : place + 2]] == ["per", "cent"]:
            yield Word("%", "per cent")
            place += 2
        else:
            value, after = _number_at(plain, place)
            yield plain[place] if value is None else _number(plain[place:after], value)
            place = after


def _number(joined: Sequence[Word], value: Decimal) -> Word:
    if len(joined) == 1 and joined[0].is_number:
        return joined[0]
    return Word(_key(value), " ".join(one.text for one in joined), is_number=True)


def _number_at(plain: Sequence[Word], place: int) -> tuple[Decimal | None, int]:
    """Return the number that begins here, None where none does, and where it ends."""
    first = plain[place]
    if first.is_number and (first.key.endswith(".") or ":" in first.key or len(first.key) > MOST_DIGITS):
        return Decimal(0), place + 1
    part = _small(first)
    if part is None:
        return _bare_scale(plain, place)
    total, last, after = Decimal(0), first, place + 1
    while after < min(len(plain), place + MOST_PARTS):
        joins = last.key == "hundred" and plain[after].key == "and" and after + 1 < len(plain)
        word = plain[after + joins]
        if word.key in SCALES:
            scaled = part * LARGE[word.key]
            total, part = (total, scaled) if word.key == "hundred" else (total + scaled, Decimal(0))
        elif _adds(word, _room(last)):
            part += SMALL[word.key]
        else:
            break
        last, after = word, after + joins + 1
    return total + part, after


def _bare_scale(plain: Sequence[Word], place: int) -> tuple[Decimal | None, int]:
    """Return what "a hundred" or "a million" comes to."""
    following = plain[place + 1].key if place + 1 < len(plain) else ""
    if plain[place].key == "a" and following in SCALES:
        return Decimal(LARGE[following]), place + 2
    return None, place + 1


def _small(word: Word) -> Decimal | None:
    if word.is_number:
        return Decimal(word.key[1:])
    return Decimal(SMALL[word.key]) if word.key in SMALL else None


def _room(before: Word) -> int:
    """Return below what a word must be to be added to the one before it: nine after twenty, all after a thousand."""
    if before.key in LARGE:
        return min(LARGE[before.key], 1000)
    return 10 if before.key in _TENS else 0


def _adds(word: Word, room: int) -> bool:
    value = SMALL.get(word.key)
    return value is not None and 0 < value < room
