"""What splitting reads and keeps at most, and how it says what it left out."""

from claims.splitting.tree import Sentence

MOST_TEXT = 200_000
LONGEST_SENTENCE = 5_000
MOST_CLAIMS = 500
TEXT_CUT = f"only the first {MOST_TEXT:,} characters were read"
SENTENCE_LEFT_OUT = f"a sentence longer than {LONGEST_SENTENCE:,} characters was left out"
CLAIMS_CUT = f"only the first {MOST_CLAIMS} claims were kept"


def is_too_long(sentence: Sentence) -> bool:
    """Whether a sentence is left out."""
    return sentence.end - sentence.start > LONGEST_SENTENCE
