"""What became of an evidence quote on today's page. Never guess: a look-alike sentence is shown, not believed.

Quotes are held as W3C TextQuoteSelector (exact, prefix, suffix) with TextPositionSelector (start, end), both in Unicode
code points of the snapshot's text (Web Annotation Data Model, 4.2.4 and 4.2.5).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType

from sources.fetching.changes import bounds
from sources.fetching.contrast import contrast
from sources.fetching.digest import SHAPES, normalised
from sources.fetching.moves import aligned

CONTEXT = 32
LOOKS_ALIKE = 0.5
MOST_HELD = 20  # sentences of one quote that are looked for one by one: the first and the last
TELLING = 3  # words of a quote by which alone a sentence is known again


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


def find_quote(text: str, exact: str, *, near: int = 0) -> Quote:
    """Pin the place nearest to a character where the quote stands verbatim, white space aside; raises QuoteNotFound.

    Without one it is the first place.
    """
    words = exact.split()
    places = re.finditer(r"\s+".join(map(re.escape, words)), text) if words else iter(())
    found = min(places, key=lambda place: abs(place.start() - near), default=None)
    if found is None:
        raise QuoteNotFound("The quote does not stand in the page's text: copy it character for character.")
    return quote_at(text, found.start(), found.end())


def anchor(quote: Quote, old: str, new: str) -> Found:
    """Say what became of a quote of the old text in the new one.

    Its old place is looked at first. An equal sentence elsewhere is the quote, moved, only if it is new there and
    nothing like the quote took its place: one that stood there before is another sentence.
    """
    before, now, pairs = table(old), table(new), alignment(old, new)
    was = before.around(quote.start, quote.end)
    offset = quote.start - before.span_of(was)[0]
    again = _together(was, pairs)
    is_in_place = again is not None and bool(before.neighbours(was) & now.neighbours(again))
    if again is not None and _is_disowned(again, now, pairs, is_in_place=is_in_place):
        today: range | None = range(again.start - 1, again.stop)
    elif again is not None and is_in_place:
        return Found(Anchor.HOLDS, now.words_of(again), _place(quote, now, again, offset) or _whole(now, again))
    else:
        today = _in_its_place(quote, was, before, now, pairs)
        if today is None and again is not None:
            return Found(Anchor.MOVED, now.words_of(again), _place(quote, now, again, offset) or _whole(now, again))
        today = today or _elsewhere(quote, was, before, now, pairs)
    if today is None:
        return Found(Anchor.REMOVED)
    denied = contrast(before.words_of(was), now.words_of(today)).is_denial
    return Found(Anchor.DENIED if denied else Anchor.REWORDED, now.words_of(today), _place(quote, now, today, offset))


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


# What became of its sentence


@lru_cache(maxsize=8)
def alignment(old: str, new: str) -> Mapping[int, int]:
    """Return the number of each sentence of the old text that stands in the new one, and its number there."""
    return MappingProxyType(aligned(table(old).keys, table(new).keys))


def _together(was: range, pairs: Mapping[int, int]) -> range | None:
    """Return where these sentences stand one after the other as before, or None."""
    first = pairs.get(was.start)
    if first is None or any(pairs.get(number) != first + step for step, number in enumerate(was)):
        return None
    return range(first, first + len(was))


def _is_disowned(again: range, now: Table, pairs: Mapping[int, int], *, is_in_place: bool) -> bool:
    """Say whether the sentence is led in now by one that was not there and calls it false, or an earlier version."""
    lead = again.start - 1
    if lead < 0 or lead in pairs.values():
        return False
    words = now.words_of(range(lead, lead + 1))
    return _DISOWNS.search(words) is not None and (words.endswith(":") or not is_in_place)


def _in_its_place(quote: Quote, was: range, before: Table, now: Table, pairs: Mapping[int, int]) -> range | None:
    """Return what is most like the quote's sentences between those that stood around them, or what is left of them."""
    free = _between(was, pairs, len(now.keys))
    held = was if len(was) <= MOST_HELD else (*was[: MOST_HELD // 2], *was[-MOST_HELD // 2 :])
    alike = {_most_alike(before.keys[number], quote, free, now) for number in held if number < len(before.keys)} - {
        None
    }
    left = {pairs[number] for number in was if number in pairs and len(was) > 1}
    found = sorted(number for number in alike | left if number is not None)
    return range(found[0], min(found[-1], found[0] + len(was)) + 1) if found else None


def _between(was: range, pairs: Mapping[int, int], count: int) -> list[int]:
    """Return today's new sentences right after what stood before the quote, or right before what stood after it."""
    taken = frozenset(pairs.values())
    left = next((pairs[number] for number in range(was.start - 1, -1, -1) if number in pairs), -1)
    right = next((pairs[number] for number in range(was.stop, max(pairs, default=0) + 1) if number in pairs), count)
    free = {*takewhile(lambda number: number not in taken, range(left + 1, count))}
    return sorted(free | {*takewhile(lambda number: number not in taken, range(right - 1, -1, -1))})


def _elsewhere(quote: Quote, was: range, before: Table, now: Table, pairs: Mapping[int, int]) -> range | None:
    """Return today's sentence that looks most like the quote's, among those that did not stand there before."""
    known, taken = frozenset(before.keys), frozenset(pairs.values())
    free = [number for number, key in enumerate(now.keys) if number not in taken and key not in known]
    found = _most_alike(before.words_of(was).casefold(), quote, free, now)
    return None if found is None else range(found, found + 1)


def _most_alike(sentence: str, quote: Quote, numbers: Iterable[int], now: Table) -> int | None:
    """Return which of today's sentences shares the quote's words, or else most of the sentence's; None if none does."""
    words, is_telling = frozenset(_WORD.findall(sentence)), len(quote.exact.split()) >= TELLING
    best, nearest = LOOKS_ALIKE, None
    for number in numbers:
        theirs = frozenset(_WORD.findall(now.keys[number]))
        alike = 2 * len(words & theirs) / max(1, len(words) + len(theirs))
        if (
            is_telling
            and len(now.keys[number]) * 2 >= len(quote.exact)
            and _place(quote, now, range(number, number + 1), 0)
        ):
            alike += 1
        if alike >= best:
            best, nearest = alike, number
    return nearest


def _place(quote: Quote, now: Table, numbers: range, offset: int) -> Quote | None:
    """Return where the quote's words stand in these sentences, as far in as before; the shape of signs aside."""
    start, end = now.span_of(numbers)
    found = [(place.start(), place.end()) for place in _spelled(quote.exact).finditer(now.text, start, end)]
    nearest = min(found, key=lambda place: abs(place[0] - start - offset), default=None)
    return None if nearest is None else quote_at(now.text, *nearest)


def _whole(now: Table, numbers: range) -> Quote:
    return quote_at(now.text, *now.span_of(numbers))


@lru_cache(maxsize=256)
def _spelled(exact: str) -> re.Pattern[str]:
    """Return what finds the words however spaces, quotation marks, dashes and capitals are written."""
    letters = [_SHAPES.get(letter, re.escape(letter)) for word in normalised(exact).split() for letter in f"{word} "]
    return re.compile("".join(letters[:-1]) or r"(?!)", re.IGNORECASE)


_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_SHAPES: Mapping[str, str] = MappingProxyType(
    {plain: f"[{re.escape(plain + shapes)}]" for plain, shapes in SHAPES.items() if len(plain) == 1}
    | {" ": r"\s+", ".": r"[.…]"}
)
_DISOWNS = re.compile(
    r"\b(?:false|untrue|wrong|incorrect|inaccurate|misstated|mistaken|hoax|myths?|rumou?rs?|retract\w*|withdr[ae]w\w*"
    r"|in error|corrections?|(?:earlier|previous|original) version)\b",
    re.IGNORECASE,
)
