"""What is held against each other, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What one claim is to another."""

    SAME = "same"
    CONTRADICTS = "contradicts"
    SUPERSEDES = "supersedes"
    NARROWS = "narrows"
    RELATED = "related"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as one text has it; `at` is when it was said."""

    text: str
    language: str = "en"
    at: datetime | None = None
    certainty: str = "asserted"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Read "one KIND other", or where reversed "other KIND one"; `sure` 0 to 1, `because` in words for people."""

    kind: Kind
    sure: float
    because: tuple[str, ...]
    is_reversed: bool = False
