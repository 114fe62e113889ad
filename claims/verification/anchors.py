"""What became of an evidence quote on today's page. Never guess: a look-alike sentence is shown, not believed.

Quotes are held as W3C TextQuoteSelector (exact, prefix, suffix) with TextPositionSelector (start, end), both in Unicode
code points of the snapshot's text (Web Annotation Data Model, 4.2.4 and 4.2.5).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from sources.fetching.changes import bounds
from sources.fetching.digest import normalised

CONTEXT = 32
LOOKS_ALIKE = 0.5
MOST_SENTENCES = 50_000  # told apart in a text; what is behind them is taken for one
MOST_COMPARED = 5_000


class Anchor(StrEnum):
    """What became of a quote."""

    HOLDS = "holds"
    MOVED = "moved"
    REWORDED = "reworded"
    DENIED = "denied"
    REMOVED = "removed"
    PAGE_GONE = "page_gone"
    GATED = "gated"
    UNREACHABLE = "unreachable"


STANDS = frozenset({Anchor.HOLDS, Anchor.MOVED})
CHANGED = frozenset({Anchor.REWORDED, Anchor.DENIED, Anchor.REMOVED})


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a snapshot's text with what stood around it; `end` is exclusive."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the quote; `sentence` is what stands there today (empty if nothing), `quote` its new place."""

    anchor: Anchor
    sentence: str = ""
    quote: Quote | None = None


class QuoteNotFound(ValueError):
    """The quote does not stand in the text."""


def quote_at(text: str, start: int, end: int) -> Quote:
    """Pin text[start:end]; raises QuoteNotFound where that is empty or outside the text."""
    if not 0 <= start < end <= len(text):
        raise QuoteNotFound(f"{start}–{end} is not a stretch of a text of {len(text)} characters.")
    return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start, end)


def find_quote(text: str, exact: str) -> Quote:
    """Pin the first place where the quote stands verbatim, white space aside; raises QuoteNotFound."""
    words = exact.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if found is None:
        raise QuoteNotFound("The quote does not stand in the page's text: copy it character for character.")
    return quote_at(text, found.start(), found.end())


def anchor(quote: Quote, old: str, new: str) -> Found:
    """Say what became of a quote of the old text in the new one."""
    before, now = table(old), table(new)
    was = before.around(quote.start, quote.end)
    again = _same_words(quote, new)
    if again is None:
        return _without_its_words(before.words_of(was), before, now)
    today = now.around(again.start, again.end)
    if before.keys_of(was) == now.keys_of(today):
        in_place = before.neighbours(was) & now.neighbours(today)
        return Found(Anchor.HOLDS if in_place else Anchor.MOVED, now.words_of(today), again)
    denied = _denies(before.words_of(was), now.words_of(today))
    return Found(Anchor.DENIED if denied else Anchor.REWORDED, now.words_of(today), again)


def _without_its_words(sentence: str, before: Table, now: Table) -> Found:
    today = _nearest(sentence, now, besides=before)
    if not today:
        return Found(Anchor.REMOVED)
    return Found(Anchor.DENIED if _denies(sentence, today) else Anchor.REWORDED, today)


def _same_words(quote: Quote, text: str) -> Quote | None:
    """Return where the exact words stand now; of several places the one whose surroundings fit best."""
    pattern = re.compile(r"\s+".join(map(re.escape, quote.exact.split())))
    places = [quote_at(text, m.start(), m.end()) for m in pattern.finditer(text) if m.end() > m.start()]
    if not places:
        return None

    def fit(place: Quote) -> tuple[float, int]:
        alike = SequenceMatcher(None, quote.prefix, place.prefix, autojunk=False).ratio()
        alike += SequenceMatcher(None, quote.suffix, place.suffix, autojunk=False).ratio()
        return alike, -abs(place.start - quote.start)

    return max(places[:200], key=fit)


@dataclass(frozen=True, slots=True)
class Table:
    """A text's sentences with their places and keys, cut once however many quotes are held against it."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    keys: tuple[str, ...]

    def around(self, start: int, end: int) -> range:
        """Return the numbers of the sentences that hold text[start:end]."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return range(first, max(first + 1, min(len(self.ends), bisect_left(self.ends, end) + 1)))

    def span_of(self, numbers: range) -> tuple[int, int]:
        """Return from where to where these sentences go; a text without any is taken whole."""
        if not self.starts:
            return 0, len(self.text)
        return self.starts[numbers.start], self.ends[numbers[-1]]

    def words_of(self, numbers: range) -> str:
        """Return these sentences as they stand."""
        start, end = self.span_of(numbers)
        return self.text[start:end].strip()

    def keys_of(self, numbers: range) -> tuple[str, ...]:
        """Return what two spellings of these sentences share."""
        return self.keys[numbers.start : numbers.stop]

    def neighbours(self, numbers: range) -> set[str]:
        """Return the keys right before and after, or a mark for the text's own edge."""
        before = self.keys[numbers.start - 1] if numbers.start else "<start>"
        return {before, self.keys[numbers.stop] if numbers.stop < len(self.keys) else "<end>"}


@lru_cache(maxsize=8)
def table(text: str) -> Table:
    """Cut a text into its sentences."""
    places = bounds(text)
    if len(places) > MOST_SENTENCES:
        places = [*places[: MOST_SENTENCES - 1], (places[MOST_SENTENCES - 1][0], places[-1][1])]
    starts, ends = tuple(start for start, _end in places), tuple(end for _start, end in places)
    return Table(text, starts, ends, tuple(_key(text[start:end]) for start, end in places))


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the sentence (or sentences) go that hold text[start:end]."""
    cut = table(text)
    return cut.span_of(cut.around(start, end))


def sentence_at(text: str, start: int, end: int) -> str:
    """Return the sentence (or sentences) that hold text[start:end], trimmed."""
    cut = table(text)
    return cut.words_of(cut.around(start, end))


def _key(sentence: str) -> str:
    """White space, case, the shape of quotation marks and the full stop do not count; every other sign does."""
    return normalised(sentence).casefold().strip(" .\"'")


_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_DIGIT = re.compile(r"\d")


def _nearest(sentence: str, now: Table, *, besides: Table) -> str:
    """Return today's sentence that looks most like the old one, among those that did not stand there before."""
    known, words = frozenset(besides.keys), frozenset(_WORD.findall(sentence.casefold()))
    best, nearest = LOOKS_ALIKE, ""
    for number, key in enumerate(now.keys[:MOST_COMPARED]):
        theirs = frozenset(_WORD.findall(key)) if key not in known else frozenset()
        alike = 2 * len(words & theirs) / max(1, len(words) + len(theirs))
        if alike > best:
            best, nearest = alike, now.words_of(range(number, number + 1))
    return nearest


_NEGATIONS = frozenset(
    {
        "not",
        "no",
        "never",
        "nobody",
        "none",
        "nothing",
        "neither",
        "nor",
        "without",
        "false",
        "untrue",
        "denied",
        "denies",
        "deny",
        "denying",
        "refuted",
        "wrong",
        "incorrect",
    }
)
_NT = re.compile(r"n[’']t\b")


def _denies(before: str, today: str) -> bool:
    """Say whether today's sentence denies the old one: a negation more, or another number in the same words."""
    if _negations(today) > _negations(before):
        return True
    numbers_before, numbers_today = _numbers(before), _numbers(today)
    if not numbers_before or not numbers_today or numbers_before & numbers_today:
        return False
    plain_before, plain_today = _without_numbers(before), _without_numbers(today)
    return SequenceMatcher(None, plain_before, plain_today, autojunk=False).ratio() > 0.8  # noqa: PLR2004


def _negations(sentence: str) -> int:
    words = _WORD.findall(sentence.casefold())
    return sum(word in _NEGATIONS for word in words) + len(_NT.findall(sentence.casefold()))


def _numbers(sentence: str) -> set[str]:
    return {word for word in _WORD.findall(sentence) if _DIGIT.search(word)}


def _without_numbers(sentence: str) -> list[str]:
    return [word for word in _WORD.findall(sentence.casefold()) if not _DIGIT.search(word)]
