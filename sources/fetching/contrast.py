"""What two wordings of one sentence differ in, and whether the one denies the other."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from sources.fetching import lexicons
from sources.fetching.digest import normalised
from sources.fetching.wording import Word, words

LONGEST = 200  # words of a sentence that are held against another's one by one; beyond that as a bag of words
IN_THE_SAME_WORDS = 0.8
FEW = 3  # words that may stand around a number that took another's place
_UNCONFIRMED = re.compile(
    r"(?:not|never|neither|nor|no one|nobody|unable to|failed to)(?: \w+){0,4}?"
    r" (?:confirm\w*|verif\w*|corroborat\w*|substantiat\w*|clear|known|certain|sure)\b"
    r"|no (?:\w+ ){0,2}(?:confirmation|verification|proof|evidence|word)\b"
)
_DISOWNS = re.compile(
    r"\b(?:this|that|which|it|claims?|reports?|statements?|story|account|information|rumou?rs?)\b[^.]{0,30}"
    r"\b(?:(?:is|was|are|were|be|been|proved|turned out) (?:\w+ ){0,3}(?:false|untrue|wrong|incorrect|inaccurate)"
    r"|(?:not|never) (?:\w+ )?(?:true|correct|so|accurate|happen\w*|the case))\b"
)
_BOUNDARIES = frozenset(lexicons.entries("boundaries"))
_LITTLE = frozenset(lexicons.entries("little"))
_UNITS = frozenset("%$£€¥")
_NAMELESS = frozenset(lexicons.entries("nameless"))


Kind = Literal["number", "name", "negation", "status", "certainty", "quote", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What differs; `is_denial`: what the one says, the other says is not so.

    `status`: a word gave way to its opposite; `added`, `removed`: more than another word or two is told, or no more.
    """

    kinds: frozenset[Kind]
    is_denial: bool


@dataclass(frozen=True, slots=True)
class _Side:
    """One wording: its words, which of them stand in the other too, and what it has alone."""

    words: tuple[Word, ...]
    shared: frozenset[int]
    alone: frozenset[int]

    def keys(self, places: Collection[int]) -> list[str]:
        return [self.words[place].key for place in sorted(places)]


@lru_cache(maxsize=4096)
def contrast(was: str, now: str) -> Contrast:
    """Hold a sentence against what stands in its place."""
    before, after, parts = _sides(words(was), words(now))
    number, is_other_number = _numbers(before, after, parts)
    lost, come = _denials(before), _denials(after)
    is_denied = sum(lost) != sum(come)
    is_opposite = _opposite(before, after)
    found: dict[Kind, bool] = {
        "number": number or _units(before) != _units(after),
        "name": _names(before) != _names(after) or _swapped(before, after),
        "negation": is_denied or len(lost) != len(come),
        "status": is_opposite,
        "certainty": _certainty(before) != _certainty(after),
        "quote": _quoted(was) != _quoted(now),
        "removed": _tells_alone(before),
        "added": _tells_alone(after),
    }
    kinds = frozenset(kind for kind, differs in found.items() if differs)
    return Contrast(kinds, is_denial=is_denied or is_opposite or is_other_number)


Parts = Sequence[tuple[range, range]]


def _sides(was: tuple[Word, ...], now: tuple[Word, ...]) -> tuple[_Side, _Side, Parts]:
    """Return both wordings with what is theirs alone, and the stretches that took each other's place."""
    here, there = [word.key for word in was], [word.key for word in now]
    if max(len(here), len(there)) > LONGEST:
        parts = [(range(len(here)), range(len(there)))]
    else:
        opcodes = SequenceMatcher(None, here, there, autojunk=False).get_opcodes()
        parts = [(range(a, b), range(c, d)) for tag, a, b, c, d in opcodes if tag != "equal"]
    lost = [place for part, _ in parts for place in part]
    come = [place for _, part in parts for place in part]
    return (
        _Side(was, frozenset(range(len(was))) - frozenset(lost), _lacking(was, lost, [there[place] for place in come])),
        _Side(now, frozenset(range(len(now))) - frozenset(come), _lacking(now, come, [here[place] for place in lost])),
        parts,
    )


def _lacking(side: Sequence[Word], places: Sequence[int], others: Sequence[str]) -> frozenset[int]:
    """Return the places whose words do not stand anywhere in the other wording's own stretches."""
    left = Counter(others)
    alone = set()
    for place in places:
        if left[side[place].key]:
            left[side[place].key] -= 1
        else:
            alone.add(place)
    return frozenset(alone)


# Numbers


def _numbers(before: _Side, after: _Side, parts: Parts) -> tuple[bool, bool]:
    """Say whether the numbers differ, and whether one took another's place in the same words."""
    lost, come = _numbers_of(before), _numbers_of(after)
    if {before.words[one].key for one in lost} | {after.words[one].key for one in come} <= {"#1"} and not (
        lost and come
    ):
        return _reordered(before, after), _reordered(before, after)  # "one" is seldom a number
    if not lost or not come:
        return bool(lost or come), False
    same = SequenceMatcher(None, _without(before), _without(after), autojunk=False).ratio() > IN_THE_SAME_WORDS
    return True, same or any(_took_its_place(before, after, lost, come, part) for part in parts)


def _numbers_of(side: _Side) -> frozenset[int]:
    return frozenset(place for place in side.alone if side.words[place].is_number)


def _reordered(before: _Side, after: _Side) -> bool:
    """Say whether the same words stand there with their numbers in another order."""
    keys = [[word.key for word in side.words if word.is_number] for side in (before, after)]
    return not before.alone and not after.alone and keys[0] != keys[1]


def _units(side: _Side) -> Counter[str]:
    """Return what is counted by the signs that stand here alone: dollars or euros, of a hundred or not."""
    return Counter(key for key in side.keys(side.alone) if key in _UNITS)


def _without(side: _Side) -> list[str]:
    return [word.key for word in side.words if not word.is_number and not word.is_sign][:LONGEST]


def _took_its_place(
    before: _Side, after: _Side, lost: Collection[int], come: Collection[int], part: tuple[range, range]
) -> bool:
    here, there = part
    if not (set(here) & set(lost) and set(there) & set(come)):
        return False
    others = [side.words[place] for side, places in ((before, here), (after, there)) for place in places]
    return sum(not word.is_number and not word.is_sign and word.key not in _LITTLE for word in others) < FEW


# Names


def _names(side: _Side) -> Counter[str]:
    """Return the names that stand here alone: what is written with a capital, the first word aside unless all are."""
    first = next((place for place, word in enumerate(side.words) if not word.is_sign), 0)
    found = Counter(
        side.words[place].key.removesuffix("'s")
        for place in side.alone
        if side.words[place].is_capital and side.words[place].key not in _NAMELESS and place != first
    )
    return found + _first_name(side, first)


def _first_name(side: _Side, first: int) -> Counter[str]:
    """Return the first word if it is more likely a name than not: no little word, and no adverb."""
    word = side.words[first].key if first in side.alone and side.words[first].is_capital else ""
    follows = side.words[first + 1] if first + 1 < len(side.words) else None
    is_name = word and word not in _LITTLE | _NAMELESS and follows is not None and follows.is_capital
    return Counter([word] if is_name else [])


def _swapped(before: _Side, after: _Side) -> bool:
    """Say whether the same words stand there with their names in another order: who beat whom."""
    names = [
        [word.key for word in side.words[1:] if word.is_capital and word.key not in _LITTLE] for side in (before, after)
    ]
    return not before.alone and not after.alone and names[0] != names[1]


# Negation


def _denials(side: _Side) -> list[bool]:
    """Return the negations that stand here alone: of each whether it denies what both say, or something of its own.

    In a sentence without end each is taken for the former.
    """
    text, starts = _joined(side)
    masked = {place for found in _masked(text) for place in _places(starts, *found.span())}
    found = [
        places[0] for one in lexicons.pattern("negations").finditer(text) if (places := _places(starts, *one.span()))
    ]
    own = [place for place in found if place in side.alone and place not in masked]
    is_endless = len(side.words) > LONGEST
    return [is_endless or _is_of_both(side, place) or _is_disowning(side, place) for place in own]


def _masked(text: str) -> Iterator[re.Match[str]]:
    yield from lexicons.pattern("idioms").finditer(text)
    yield from _UNCONFIRMED.finditer(text)


def _joined(side: _Side) -> tuple[str, list[int]]:
    """Return the keys as one text, and where each begins in it."""
    starts, at = [], 0
    for word in side.words:
        starts.append(at)
        at += len(word.key) + 1
    return " ".join(word.key for word in side.words), starts


def _places(starts: Sequence[int], begin: int, end: int) -> range:
    return range(bisect_left(starts, begin), bisect_left(starts, end))


def _clause(side: _Side, place: int) -> range:
    begin = end = place
    while begin > 0 and side.words[begin - 1].key not in _BOUNDARIES:
        begin -= 1
    while end + 1 < len(side.words) and side.words[end + 1].key not in _BOUNDARIES:
        end += 1
    return range(begin, end + 1)


def _is_of_both(side: _Side, place: int) -> bool:
    """Say whether the clause says something that the other wording says too, or nothing of its own at all."""
    telling = [one for one in _clause(side, place) if one != place and _is_telling(side.words[one])]
    return not telling or any(one in side.shared for one in telling)


def _is_telling(word: Word) -> bool:
    is_word = not word.is_sign and word.key not in _LITTLE
    return is_word and not lexicons.pattern("negations").fullmatch(word.key)


def _is_disowning(side: _Side, place: int) -> bool:
    """Say whether the clause, its first link to the rest included, says of the rest that it is not so."""
    clause = _clause(side, place)
    return _DISOWNS.search(" ".join(side.keys(range(max(0, clause.start - 1), clause.stop)))) is not None


# The rest


def _tells_alone(side: _Side) -> bool:
    """Say whether it tells more than another word or two."""
    return sum(_is_telling(side.words[place]) for place in side.alone) > FEW


def _opposite(before: _Side, after: _Side) -> bool:
    """Say whether a word gave way to its opposite."""
    opposites, come = lexicons.opposites(), frozenset(after.keys(after.alone))
    return any(not come.isdisjoint(opposites.get(word, ())) for word in before.keys(before.alone))


def _certainty(side: _Side) -> Counter[str]:
    """Return by which words a wording says how sure it is, those that both have left out; "May" is a month."""
    text = " ".join(
        "" if word.key == "may" and word.is_capital and place else word.key for place, word in enumerate(side.words)
    )
    return Counter(found[0] for found in lexicons.pattern("certainty").finditer(_UNCONFIRMED.sub("unconfirmed", text)))


_QUOTED = re.compile(r'"([^"]+)(?:"|$)')


def _quoted(sentence: str) -> Counter[str]:
    """Return the words between quotation marks; one that the sentence does not close goes on to its end."""
    stretches = (words(found[1]) for found in _QUOTED.finditer(normalised(sentence)))
    return Counter(" ".join(word.key for word in stretch if not word.is_sign) for stretch in stretches)
