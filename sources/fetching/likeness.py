"""Whether one text was copied from another, whatever was put before or behind it.

By containment of shingles: A. Broder, On the resemblance and containment of documents, 1997.
"""

from __future__ import annotations

import re

WORDS_A_SHINGLE = 5
MOST_WORDS = 20_000
FEWEST_SHINGLES = 30  # fewer say nothing: two short texts about one thing may well be alike
COPIED = 0.5
_WORD = re.compile(r"\w+")

Shingles = frozenset[int]


def shingles(text: str) -> Shingles:
    """Return the runs of five words of a text, as numbers that mean nothing outside this process.

    Of its first 20,000 words: an article has no more.
    """
    words: list[str] = []
    for match in _WORD.finditer(text.casefold()):
        words.append(match[0])
        if len(words) == MOST_WORDS:
            break
    last = len(words) - WORDS_A_SHINGLE + 1
    return frozenset(hash(tuple(words[start : start + WORDS_A_SHINGLE])) for start in range(last))


def is_copy(one: Shingles, other: Shingles) -> bool:
    """Say whether at least half of the shorter text stands in the longer, word by word."""
    fewest = min(len(one), len(other))
    return fewest >= FEWEST_SHINGLES and len(one & other) >= COPIED * fewest
