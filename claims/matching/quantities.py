"""Numbers with what they count, how exactly they are meant, and whether two of them can be one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from claims.matching.concepts import keys_of
from claims.splitting.tree import Word
from sources.fetching import wording

Spot = tuple[int, int]


class Fit(StrEnum):
    """How one figure stands to another: finer is the one that lies within what the other leaves open."""

    EQUAL = "equal"
    NEAR = "near"
    FINER = "finer"
    COARSER = "coarser"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Quantity:
    """From `low` to `high` of something; `units` are names of what is counted, none where the text does not say."""

    low: float
    high: float
    units: frozenset[str]
    shown: str
    spot: Spot

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


ROUND = MappingProxyType(
    {
        **dict.fromkeys(("about", "around", "some", "roughly", "approximately", "estimated"), (0.9, 1.1)),
        **dict.fromkeys(("nearly", "almost"), (0.88, 1.0)), "close to": (0.9, 1.05),
    }
)  # fmt: skip
FROM = (
    "more than",
    "at least",
    "over",
    "above",
    "upwards of",
    "no fewer than",
    "no less than",
    "exceeded",
    "exceeding",
)
UPTO = ("fewer than", "less than", "under", "below", "up to", "as many as", "as much as", "at most", "no more than")
_BEFORE = re.compile(rf"\b({'|'.join((*ROUND, *FROM, *UPTO))})\s+(?:an?\s+|the\s+)?[$€£]?$", re.IGNORECASE)
_BETWEEN = re.compile(r"^\s*(?:to|and|or|-|–)\s*$")
VAGUE = MappingProxyType({"dozens": (20, 200), "scores": (20, 200), "hundreds": (100, 2e3), "thousands": (1e3, 1e5)})
VAGUE_PHRASES = MappingProxyType(
    {
        "tens of thousands": (1e4, 2e5), "hundreds of thousands": (1e5, 2e6), "millions": (1e6, 2e8),
        "billions": (1e9, 2e11), **VAGUE,
    }
)  # fmt: skip
_VAGUE = re.compile(rf"\b({'|'.join(VAGUE_PHRASES)})\b", re.IGNORECASE)
SHARES = MappingProxyType(
    {
        "half": 50.0, "a third": 100 / 3, "two thirds": 200 / 3, "a quarter": 25.0, "three quarters": 75.0,
        "a fifth": 20.0, "a tenth": 10.0,
    }
)  # fmt: skip
_SHARE = re.compile(rf"\b(?:{'|'.join(SHARES)})\b(?! (?:of a|of the year|point|hour|year|time|day))", re.IGNORECASE)
_SIGNS = MappingProxyType(
    {"%": "%", "percent": "%", "per cent": "%", "pct": "%", "$": "$", "dollar": "$", "dollars": "$", "€": "euro"}
    | {"euro": "euro", "euros": "euro", "£": "pound", "pound": "pound", "pounds": "pound"}
)
_SIGN = re.compile(r"\s*(%|percent\b|per cent\b|pct\b|dollars?\b|euros?\b|pounds?\b)", re.IGNORECASE)
SCALES = MappingProxyType(
    {
        "kilogram": ("gram", 1e3), "gram": ("gram", 1.0), "tonne": ("gram", 1e6), "kilometre": ("metre", 1e3),
        "metre": ("metre", 1.0), "meter": ("metre", 1.0), "minute": ("second", 60.0), "hour": ("second", 3600.0),
        "day": ("second", 86_400.0), "week": ("second", 604_800.0),
    }
)  # fmt: skip
FEWEST_DIGITS = 2  # that a rounded number must keep: 7 is not 7.4
PEOPLE = frozenset({"people", "person", "other"})
SLACK, ROUND_SLACK = 1.3, 2.0


def quantities(text: str, words: Sequence[Word], taken: Sequence[Spot]) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence in their order, those within `taken` (dates) left out."""
    found = [one for one in _numbers(text, words) if not overlaps(one.spot, taken)]
    spots = [*taken, *(one.spot for one in found)]
    found += [one for one in _phrases(text, words) if not overlaps(one.spot, spots)]
    return tuple(_ranges(sorted(found, key=lambda one: one.spot), text))


def overlaps(spot: Spot, others: Sequence[Spot]) -> bool:
    """Whether a stretch touches one of the others."""
    return any(spot[0] < end and start < spot[1] for start, end in others)


def _numbers(text: str, words: Sequence[Word]) -> Iterator[Quantity]:
    at = 0
    for number in wording.words(text):
        parts = (re.escape(part) for part in number.text.split())
        found = re.compile(r"\W+(?:and\W+)?".join(parts)).search(text, at) if number.is_number else None
        if found is None:
            continue
        at = found.end()
        value = number.key[1:]
        if value.endswith(".") or ":" in value or number.text.casefold() == "one" or len(value) > wording.MOST_DIGITS:
            continue
        yield _quantity(float(Decimal(value)), found.span(), text, words)


def _phrases(text: str, words: Sequence[Word]) -> Iterator[Quantity]:
    for found in _VAGUE.finditer(text):
        low, high = VAGUE_PHRASES[found[0].casefold()]
        yield Quantity(low, high, _units(found.span(), text, words)[0], found[0], found.span())
    for found in _SHARE.finditer(text):
        value = SHARES[found[0].casefold()]
        low, high = _bounds(value, text[: found.start()], slack=1.1)
        yield Quantity(low * 0.97, high * 1.03, frozenset({"%"}), found[0], found.span())


def _quantity(value: float, spot: Spot, text: str, words: Sequence[Word]) -> Quantity:
    units, factor = _units(spot, text, words)
    slack = ROUND_SLACK if len(f"{value:g}".strip("0").replace(".", "").split("e")[0].rstrip("0")) == 1 else SLACK
    low, high = _bounds(value * factor, text[: spot[0]], slack)
    sign = _SIGN.match(text, spot[1])
    whole = (spot[0], sign.end()) if sign else spot
    return Quantity(low, high, units, text[whole[0] : whole[1]], whole)


def _bounds(value: float, before: str, slack: float) -> tuple[float, float]:
    """Return from where to where the words before a number let it go: "more than 50" is not 5,000."""
    found = _BEFORE.search(before[-40:])
    word = " ".join(found[1].casefold().split()) if found else ""
    if word in ROUND:
        low, high = ROUND[word]
        return value * low, value * high
    if word in FROM:
        return value, value * slack
    return (0.0, value) if word in UPTO else (value, value)


def _units(spot: Spot, text: str, words: Sequence[Word]) -> tuple[frozenset[str], float]:
    before, after = text[: spot[0]].rstrip()[-1:], text[spot[1] :]
    if before in _SIGNS:
        return frozenset({_SIGNS[before]}), 1.0
    if sign := _SIGN.match(after):
        return frozenset({_SIGNS[sign[1].casefold()]}), 1.0
    nouns = _counted(spot, words)
    keys = frozenset(key for noun in nouns for key in keys_of(noun.lemma, noun.lower))
    if any(noun.lemma in PEOPLE for noun in nouns):
        return frozenset(), 1.0
    for key in keys:
        if key.rstrip("-") in SCALES:
            name, factor = SCALES[key.rstrip("-")]
            return frozenset({name}), factor
    return keys, 1.0


def _counted(spot: Spot, words: Sequence[Word]) -> list[Word]:
    """Return the nouns that a number counts: the next ones but for what describes them."""
    nouns: list[Word] = []
    for word in [word for word in words if word.start >= spot[1]][:5]:
        if word.pos == "NOUN":
            nouns.append(word)
        elif nouns or (word.pos not in {"ADJ", "VERB"} and word.text not in {"-", "of"}):
            break
    return nouns


def _ranges(found: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """Join "45 to 50" and "between 45 and 50" into one."""
    place = 0
    while place < len(found):
        one = found[place]
        other = found[place + 1] if place + 1 < len(found) else None
        if other and _BETWEEN.match(text[one.spot[1] : other.spot[0]]) and not one.units and one.low < other.high:
            is_range = (
                re.search(r"\b(?:between|from)\s+$", text[: one.spot[0]]) or "to" in text[one.spot[1] : other.spot[0]]
            )
            if is_range:
                spot = (one.spot[0], other.spot[1])
                yield Quantity(one.low, other.high, other.units, text[spot[0] : spot[1]], spot)
                place += 2
                continue
        yield one
        place += 1


def are_of_one(one: Quantity, other: Quantity) -> bool:
    """Whether they may count the same: in one unit, or one of them says none."""
    signs = {"%", "$", "euro", "pound"}
    if not one.units or not other.units:
        return not (one.units | other.units) & signs
    return not one.units.isdisjoint(other.units)


def fit(one: Quantity, other: Quantity) -> Fit:
    """Say how the one stands to the other."""
    if _near(one.low, other.low) and _near(one.high, other.high):
        return Fit.EQUAL
    if one.is_exact and other.is_exact:
        return _rounded(one.low, other.low)
    if other.low * 0.999 <= one.low and one.high <= other.high * 1.001:
        return Fit.FINER
    if one.low * 0.999 <= other.low and other.high <= one.high * 1.001:
        return Fit.COARSER
    middle, middle_there = (one.low + one.high) / 2, (other.low + other.high) / 2
    is_near = one.low <= middle_there <= one.high and other.low <= middle <= other.high
    return Fit.NEAR if is_near else Fit.APART


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1)


def _rounded(one: float, other: float) -> Fit:
    """Whether one number is the other, rounded to two digits or more."""
    digits = [len(f"{value:.12g}".replace(".", "").replace("-", "").strip("0")) for value in (one, other)]
    finer, coarser = (one, other) if digits[0] > digits[1] else (other, one)
    kept = min(digits)
    if kept < FEWEST_DIGITS or float(f"{finer:.{kept - 1}e}") != coarser:
        return Fit.APART
    return Fit.FINER if finer is one else Fit.COARSER
