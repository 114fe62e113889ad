"""From words to verbatim spans: one to three, in the order of the text, without marks at their edges."""

from collections.abc import Sequence

from claims.splitting.clauses import stretches
from claims.splitting.tree import Word
from claims.splitting.types import Span

MOST_SPANS = 3


def spans_of(words: Sequence[Word], text: str) -> tuple[Span, ...]:
    """Join neighbouring words, then the nearest stretches until three are left."""
    ends = [(stretch[0].start, stretch[-1].end) for stretch in stretches(words)]
    joined = [ends[0]]
    for start, end in ends[1:]:
        between = text[joined[-1][1] : start]
        if any(char.isalnum() for char in between):
            joined.append((start, end))
        else:
            joined[-1] = (joined[-1][0], end)
    while len(joined) > MOST_SPANS:
        nearest = min(range(len(joined) - 1), key=lambda at: joined[at + 1][0] - joined[at][1])
        joined[nearest : nearest + 2] = [(joined[nearest][0], joined[nearest + 1][1])]
    return tuple(Span(start, end, text[start:end]) for start, end in joined)
