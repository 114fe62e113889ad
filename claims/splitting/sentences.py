"""What a single sentence is like, whoever wrote it: worth checking, an opinion of its writer, uncertain.

Each is 0 to 1, and 0.5 is where no becomes yes.
"""

from dataclasses import dataclass

from claims.splitting.hedging import uncertain
from claims.splitting.subjectivity import opinion
from claims.splitting.worth import worth


@dataclass(frozen=True, slots=True)
class Judgement:
    """Three answers about a sentence, each for itself: a hedged opinion may be worth checking."""

    check_worthy: float
    opinion: float
    uncertain: float


def judge(text: str) -> Judgement:
    """Judge a sentence by its words alone: nothing is parsed."""
    return Judgement(check_worthy=worth(text), opinion=opinion(text), uncertain=uncertain(text))
