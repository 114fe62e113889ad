"""How two statements stand to each other: stands in until the part that decides it is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CERTAIN = 0.99


class Kind(StrEnum):
    """How one stands to the other."""

    SAME = "same"
    CONTRADICTS = "contradicts"
    SUPERSEDES = "supersedes"
    NARROWS = "narrows"
    RELATED = "related"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said, when, how surely, and from whom."""

    text: str
    language: str = "en"
    at: datetime | None = None
    certainty: str = "asserted"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """How one stands to the other: read "one KIND other", or where reversed "other KIND one"."""

    kind: Kind
    sure: float
    because: tuple[str, ...]
    is_reversed: bool = False


def relate(one: Statement, other: Statement, *, likeness: float) -> Relation:
    """Return how they stand to each other."""
    if one.text.casefold() == other.text.casefold():
        return Relation(Kind.SAME, 1.0, ("word for word the same",))
    return Relation(Kind.RELATED, likeness, ())
