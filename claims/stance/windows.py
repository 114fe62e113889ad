"""Where in a long text a claim may be answered: few windows of sentences that share the most words with it."""

import re
from functools import lru_cache

from sources.fetching.changes import bounds

MOST = 8  # windows of a text
SENTENCES = 3  # of a window; each stands in two windows, so that no neighbours are torn apart everywhere
STEP = 2
_WORD = re.compile(r"[^\W_]+")
_STEM = 6  # letters of a word that count


def best(claim: str, text: str) -> list[tuple[int, int]]:
    """Return where the windows stand that share the most with the claim, in the order of the text."""
    asked = words(claim)
    ranked = sorted(_cut(text), key=lambda span: (-len(asked & words(text[span[0] : span[1]])), span))
    return sorted(ranked[:MOST])


def words(text: str) -> frozenset[str]:
    """The words of a text by their first letters, in lower case."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()))


def shared(claim: str, passage: str) -> float:
    """What share of the claim's words a passage has too."""
    asked = words(claim)
    return len(asked & words(passage)) / max(len(asked), 1)


@lru_cache(maxsize=4)
def _cut(text: str) -> tuple[tuple[int, int], ...]:
    """Every window of a text; one at least."""
    sentences = bounds(text) or [(0, len(text))]
    starts = range(0, max(len(sentences) - (SENTENCES - STEP), 1), STEP)
    return tuple((sentences[start][0], sentences[min(start + SENTENCES, len(sentences)) - 1][1]) for start in starts)
