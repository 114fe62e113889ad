"""Uncertainty: whether a sentence hedges, or leaves open who, how many or how exactly.

What counts follows Farkas et al. (2010), the CoNLL shared task on hedges and on the "weasels" of Wikipedia. Each entry
found leaves the sentence less certain, independently of the others, by how far its class weakens what is said.
"""

import re
from collections.abc import Iterator

from claims.splitting import lexicons
from claims.splitting.phrases import phrases

WEAKENS = {"hedges": 0.6, "vague": 0.5, "unnamed": 0.5, "imprecise": 0.2}
MONTH = re.compile(r"(?<=\S )May\b")


def uncertain(text: str) -> float:
    """Return 0 to 1: from 0.5 on the sentence is uncertain."""
    certain = 1.0
    for lexicon, _ in hedges_in(text):
        certain *= 1 - WEAKENS[lexicon]
    return round(1 - certain, 3)


def hedges_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the class and the entry of all that weakens the sentence, each entry once."""
    runs = phrases(MONTH.sub("", text))
    for lexicon in WEAKENS:
        for entry in sorted(runs & lexicons.words(lexicon)):
            yield lexicon, entry
