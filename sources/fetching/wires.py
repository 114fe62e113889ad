"""Which agency an article has its text from, as the page says: dateline, byline, publisher or a line of credit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from sources.fetching.types import BlockKind, Reading

FIRST, LAST = 3, 6  # passages in which a dateline, or a line of credit, stands
DATELINE_WITHIN = 120
LONGEST_CREDIT = 300
_NO_TEXT = frozenset({BlockKind.HEADLINE, BlockKind.CAPTION})
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
# Pictures have agencies of their own.
_PICTURE = re.compile(
    r"\b(?:photos?|pictures?|images?|foto|bild|video|graphics?|getty|grafik)\b|©\s*$|(?-i:\b[A-Z]{2,7}/[A-Z][a-z])",
    re.IGNORECASE,
)
_FIRST_LINES = (
    r"^(?P<place>[^()\n]{{0,90}})\(\s*(?:the\s+)?(?P<agency>{names})(?:\s*[/,][^()]{{1,40}})?\s*\)\s*\.?\s*[–—:.-]"
)
_ALONE = r"^\W*(?:the\s+)?(?:[a-z]{{2,4}}\s*/\s*){{0,3}}(?P<agency>{names})(?:\s*/\s*\w{{2,20}}){{0,3}}\W*$"
# Alone between commas and the like: a person may be called Hina or Petra.
_BY = (
    r"(?:^|[,/|(;•·–—-]|\bby|\bof|\bfor|\bvon|\bund|\band|\bpar|\bavec|\bwith)\s*(?:the\s+)?(?P<agency>{names})"
    r"(?=\s*(?:$|[,/|);•·–—-]|and\b|und\b|et\b|news\b|staff\b|writers?\b|reporters?\b|correspondents?\b|journalists?\b))"
)
_CREDITS = (
    r"(?P<agency>{names})[^.]{{0,90}}\bcontributed\s+(?:to\b|reporting\b|material\b)",
    (
        r"\b(?:with|additional|further)\s+(?:additional\s+)?(?:reporting|material|inputs?|information|files?)"
        r"\s+(?:by|from)\s+(?:[^.]{{0,40}}\W)?(?P<agency>{names})"
    ),
    r"(?:^|\()\W*(?:with|avec|mit|con|com|med|via)\s+(?:the\s+)?(?P<agency>{names})[^.]{{0,30}}\W*$",
    r"\b(?:source|quelle|fuente|fonte|kilde|källa)n?s?\s*:(?:.{{0,40}}?\W)?\s*(?P<agency>{names})",
    r"(?:©|\(c\)|\bcopyright\b)\W*(?:\d{{4}}\W*)?(?:by\s+)?(?:the\s+)?(?P<agency>{names})",
    (
        r"\b(?:material|informationen|información|informations|informações)\s+(?:von|der|de|da)\s+(?:la\s+|l['’])?"
        r"(?P<agency>{names})"
    ),
    r"\b(?:first|originally)\s+(?:published|appeared)\s+(?:by|on|in|at)\s+(?:the\s+)?(?P<agency>{names})",
    r"\b(?:distributed|provided|supplied|syndicated)\s+by\s+(?:the\s+)?(?P<agency>{names})",
)


def wire_of(reading: Reading, agencies: Collection[str]) -> str:
    """Return whom the page says to have its text from: one of `agencies` without its article, '' where it says nothing.

    The surest place wins: dateline, then byline, publisher, and a line of credit at the head or the foot. That an
    agency is quoted, or took the picture, is none. Names are found as they are written, so "AP" is not "ap".
    """
    if not agencies:
        return ""
    names = _names(frozenset(agencies))
    return next(_found(reading, names), "")


@lru_cache(maxsize=4)
def _names(agencies: frozenset[str]) -> str:
    """Return what finds any of the names, in their own case within a pattern that minds none."""
    bare = {_ARTICLE.sub("", name) for name in agencies}
    longest_first = sorted(bare, key=lambda name: (-len(name), name))
    each = (r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return rf"(?<!\w)(?-i:{'|'.join(each)})(?!\w)"


@lru_cache(maxsize=64)
def _pattern(shape: str, names: str) -> re.Pattern[str]:
    return re.compile(shape.format(names=names), re.IGNORECASE)


def _found(reading: Reading, names: str) -> Iterator[str]:
    texts = [reading.text[one.start : one.end].strip() for one in reading.blocks if one.kind not in _NO_TEXT]
    for text in texts[:FIRST]:
        yield from _agency(_pattern(_FIRST_LINES, names), text[:DATELINE_WITHIN])
    for said in (reading.byline, reading.publisher):
        if not _PICTURE.search(said):
            yield from _agency(_pattern(_BY, names), said)
    for text in [*texts[-LAST:][::-1], *texts[:FIRST]]:
        if len(text) <= LONGEST_CREDIT and not _PICTURE.search(text):
            for shape in (_ALONE, *_CREDITS):
                yield from _agency(_pattern(shape, names), text)


def _agency(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    found = pattern.search(text)
    if found is not None:
        yield " ".join(found["agency"].split())
