"""What became of an evidence quote on today's page. Never guess: a look-alike sentence is shown, not believed.

Quotes are held as W3C TextQuoteSelector (exact, prefix, suffix) with TextPositionSelector (start, end), both in Unicode
code points of the snapshot's text (Web Annotation Data Model, 4.2.4 and 4.2.5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from types import MappingProxyType

CONTEXT = 32
LOOKS_ALIKE = 0.5
MOST_SENTENCES = 5000


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

# What a look that saw no text says of the quotes on the page; other outcomes leave the anchor as it was.
OF_OUTCOME: Mapping[str, Anchor] = MappingProxyType(
    {
        "gone": Anchor.PAGE_GONE,
        "gated": Anchor.GATED,
        "unreachable": Anchor.UNREACHABLE,
    }
)


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
    again = _same_words(quote, new)
    if again is not None:
        around_before, around_now = (
            sentence_at(old, quote.start, quote.end),
            sentence_at(new, again.start, again.end),
        )
        kept = _key(around_before) == _key(around_now)
        if kept:
            in_place = _neighbours(old, quote.start, quote.end) & _neighbours(new, again.start, again.end)
            return Found(Anchor.HOLDS if in_place else Anchor.MOVED, around_now, again)
        return Found(Anchor.DENIED if _denies(around_before, around_now) else Anchor.REWORDED, around_now, again)
    before = sentence_at(old, quote.start, quote.end)
    today = _nearest(before, new, besides=old)
    if not today:
        return Found(Anchor.REMOVED)
    return Found(Anchor.DENIED if _denies(before, today) else Anchor.REWORDED, today)


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


_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9À-Þ])|\n{2,}")


def sentences(text: str) -> list[str]:
    """Return the text's sentences by punctuation and blank lines, trimmed: enough to compare pages by."""
    return [part.strip() for part in _END.split(text)[:MOST_SENTENCES] if part.strip()]


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the sentence (or sentences) go that hold text[start:end]."""
    ends = [m.end() for m in _END.finditer(text)]
    left = max((at for at in ends if at <= start), default=0)
    right = min((at for at in ends if at >= end), default=len(text))
    return left, right


def sentence_at(text: str, start: int, end: int) -> str:
    """Return the sentence (or sentences) that hold text[start:end], trimmed."""
    left, right = sentence_span(text, start, end)
    return text[left:right].strip()


def _neighbours(text: str, start: int, end: int) -> set[str]:
    """Return the sentences right before and after, or a mark for the text's own edge."""
    sentence = sentence_at(text, start, end)
    all_of_them = sentences(text)
    keys = [_key(one) for one in all_of_them]
    try:
        at = keys.index(_key(sentence))
    except ValueError:
        return {"<edge>"}
    return {keys[at - 1] if at else "<start>", keys[at + 1] if at + 1 < len(keys) else "<end>"}


def _key(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.casefold()))


_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_DIGIT = re.compile(r"\d")


def _nearest(sentence: str, text: str, *, besides: str) -> str:
    """Return today's sentence that looks most like the old one, among those that did not stand there before."""
    known = {_key(one) for one in sentences(besides)}
    words = set(_WORD.findall(sentence.casefold()))
    best, nearest = LOOKS_ALIKE, ""
    for candidate in sentences(text):
        if _key(candidate) in known:
            continue
        theirs = set(_WORD.findall(candidate.casefold()))
        alike = 2 * len(words & theirs) / max(1, len(words) + len(theirs))
        if alike > best:
            best, nearest = alike, candidate
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
