"""What splitting reads and keeps at most, and how it says what it left out."""

from claims.splitting.tree import Sentence

MOST_TEXT = 200_000
LONGEST_SENTENCE = 5_000
LONGEST_WORD = 200
MOST_FRAMES = 40  # of one sentence; with more it is an attack on our time: frames are compared with one another
MOST_CLAIMS = 500
TEXT_CUT = f"only the first {MOST_TEXT:,} characters were read"
SENTENCE_LEFT_OUT = f"a sentence longer than {LONGEST_SENTENCE:,} characters was left out"
WORD_LEFT_OUT = f"a word longer than {LONGEST_WORD} characters was passed over"
FRAMES_CUT = f"of a sentence in which who says what is told more than {MOST_FRAMES} times, the rest was not heeded"
CLAIMS_CUT = f"only the first {MOST_CLAIMS} claims were kept"


def is_too_long(sentence: Sentence) -> bool:
    """Whether a sentence is left out."""
    return sentence.end - sentence.start > LONGEST_SENTENCE
