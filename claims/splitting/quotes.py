"""Where a passage quotes directly: stretches between double quotation marks, also those that stay open."""

import re
from dataclasses import dataclass

from claims.splitting.passage import Passage

MARKS = re.compile('["“”«»„]')
OPENERS = frozenset("“«„")
CLOSERS = frozenset("”»")
SPEECH_WORDS = 4
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class QuoteRegion:
    """What stands between two quotation marks, in code points of the article.

    `is_speech`: it is what somebody said, by its length or its final mark, not a word held with tongs.
    """

    start: int
    end: int
    is_speech: bool


def find_quotes(passage: Passage) -> list[QuoteRegion]:
    """Return the quoted stretches of a passage, in order; a mark inside a quotation does not nest."""
    regions: list[QuoteRegion] = []
    opened: int | None = None
    for match in MARKS.finditer(passage.shown):
        if opened is None:
            if match[0] not in CLOSERS:
                opened = match.end()
        elif match[0] not in OPENERS:
            regions.append(_region(passage, opened, match.start()))
            opened = None
    if opened is not None and opened < len(passage.shown):
        regions.append(_region(passage, opened, len(passage.shown)))
    return regions


def _region(passage: Passage, start: int, end: int) -> QuoteRegion:
    quoted = passage.shown[start:end].rstrip()
    is_speech = len(WORD.findall(quoted)) >= SPEECH_WORDS or quoted.endswith((".", "!", "?", ","))
    return QuoteRegion(passage.start + start, passage.start + end, is_speech)
