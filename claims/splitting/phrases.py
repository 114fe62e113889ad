"""The words of a sentence as its letters show them, before anything is parsed."""

import re

WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
STRAIGHT = str.maketrans("’‘", "''")
LONGEST_PHRASE = 4


def phrases(text: str) -> set[str]:
    """Every run of one to four words, lower-cased and parted by single spaces: what a lexicon can be asked for."""
    words = WORD.findall(text.translate(STRAIGHT).lower())
    runs = range(1, LONGEST_PHRASE + 1)
    return {" ".join(words[start : start + length]) for length in runs for start in range(len(words) - length + 1)}
