"""What a rating of others comes to in ours: by its words, by how it begins, or by its place on its own scale."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

MAX_WORDS = 120
_SIGN = re.compile(r"[\W_]+")
_BREAK = re.compile(r"[.:;,!?()\[\]\u2013\u2014|/\u2026]|\s-\s")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table: words, or a stretch of a scale from 0 (worst) to 1 (best), both ends included.

    A rule of one publisher goes before one of any. An empty status says that the rating means nothing of ours.
    """

    key: int
    status: str
    words: str = ""
    publisher: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """The status, by which rule, and by what of the rating; all empty where no rule fits."""

    status: str = ""
    rule: int | None = None
    because: str = ""


class Table:
    """The rules, ready to be asked."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Sort them; of two that say the same the later one counts."""
        self._words: dict[tuple[str, str], Rule] = {}
        self._scales: list[Rule] = []
        for rule in sorted(rules, key=lambda one: one.key):
            if rule.words:
                self._words[rule.publisher, rule.words] = rule
            else:
                self._scales.insert(0, rule)

    def meaning(self, rating: str, *, publisher: str = "", place: float | None = None) -> Meaning:
        """Return what a rating means; `place` is where its number lies between worst (0) and best (1).

        Words count before numbers: many write any number, as the format wants one.
        """
        ways = ((normalised(rating), "its words"), (beginning(rating), "how it begins"))
        for words, because in ways:
            for name in (publisher, ""):
                if words and (rule := self._words.get((name, words))):
                    return Meaning(rule.status, rule.key, because)
        for name in (publisher, ""):
            for rule in self._scales:
                if rule.publisher == name and _lies_in(rule, place):
                    return Meaning(rule.status, rule.key, "its number")
        return Meaning()


def _lies_in(rule: Rule, place: float | None) -> bool:
    return place is not None and (rule.low or 0.0) <= place <= (1.0 if rule.high is None else rule.high)


def normalised(rating: str) -> str:
    """Return words by which ratings are compared: without case, accents and signs."""
    bare = unicodedata.normalize("NFKD", rating.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _SIGN.sub(" ", letters).strip()[:MAX_WORDS].strip()


def beginning(rating: str) -> str:
    """Return what stands before the first sign: “False. The picture is from 2011” begins with “false”."""
    return next((words for part in _BREAK.split(rating) if (words := normalised(part))), "")


def place(value: float | None, best: float | None, worst: float | None) -> float | None:
    """Return where a number lies between worst (0) and best (1)."""
    if value is None or best is None or worst is None or best <= worst:
        return None
    return (value - worst) / (best - worst)


@cache
def seeds() -> tuple[tuple[str, str], ...]:
    """Return the words that a desk begins with, each with its status."""
    text = resources.files("claims.known").joinpath("ratings.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split("|") for line in lines if line and not line.startswith("#"))
    return tuple((words.strip(), status.strip()) for words, status in pairs)


# A scale by itself says little in the middle.
SEEDED_SCALES = ((0.0, 0.25, "refuted"), (0.2501, 0.7499, "conflicting"), (0.75, 1.0, "supported"))
