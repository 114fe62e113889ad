"""Where an article says more than its source did: stands in until the part that decides it is here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as a text has it."""

    text: str
    certainty: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """What the article added."""

    kind: str
    because: str


def drift(source: Said, article: Said) -> Drift | None:
    """Return what the article says more than its source; None where it says no more."""
    if source.certainty in {"unconfirmed", "possible", "probable"} and article.certainty == "asserted":
        return Drift("hedge_dropped", f"its source has it as {source.certainty}")
    return None
