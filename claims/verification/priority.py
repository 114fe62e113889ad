"""What enters the desk's queue, why, and before what else.

A priority is a moment, in minutes: that of the last thing that happened to the claim, put off into the future by what
makes it urgent. "A quote under a verdict changed" counts as much as being a fortnight newer. So the order holds by
itself as time passes, nothing must be computed anew because it grew older, and an index can keep it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from claims.verification.staleness import StaleReason
from claims.verification.status import BIRTH, OPEN, VERDICTS, Status

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
# What asks for a verdict; an opinion is queued only where somebody puts it there.
ASKED_FOR = frozenset({"fact", "forecast"})


class Why(StrEnum):
    """Why a claim is in the queue; people read words of these."""

    VERDICT_FLAGGED = "verdict_flagged"
    COUNTERCLAIM = "counterclaim"
    SECOND = "second_person"
    CONDITION = "condition_met"
    FLAGGED = "flagged"
    UNCONFIRMED = "unconfirmed"
    KNOWN = "known"
    DRIFT = "drift"
    FOLLOWED = "followed"
    PROMOTED = "promoted"
    BY_HAND = "by_hand"
    IN_REVIEW = "in_review"
    WORTH = "worth"
    EVIDENCE = "evidence"


# By how much newer each makes a claim seem. The most urgent reason counts whole, every other one an hour.
PUT_OFF: Mapping[Why, timedelta] = MappingProxyType(
    {
        Why.VERDICT_FLAGGED: timedelta(days=14),
        Why.COUNTERCLAIM: timedelta(days=10),
        Why.SECOND: timedelta(days=4),
        Why.CONDITION: timedelta(days=4),
        Why.FLAGGED: timedelta(days=3),
        Why.UNCONFIRMED: timedelta(days=2),
        Why.KNOWN: timedelta(days=1, hours=12),
        Why.DRIFT: timedelta(days=1, hours=12),
        Why.FOLLOWED: timedelta(days=1),
        Why.PROMOTED: timedelta(days=1),
        Why.BY_HAND: timedelta(days=1),
        Why.IN_REVIEW: timedelta(hours=18),
        Why.EVIDENCE: timedelta(hours=12),
        Why.WORTH: timedelta(0),
    }
)
ALSO = timedelta(hours=1)
# The one most worth checking against the one least; each doubling of the articles it stands in, and of the sources that
# say it independently of each other.
WORTH, TWICE_THE_PLACES, TWICE_THE_SOURCES = timedelta(days=2), timedelta(hours=12), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a claim and of those joined to it.

    `place` is its place among the claims of its article by check-worthiness, counted from 1, the best of several
    articles; None where it stands in none. `last` is when something last happened: it appeared, or a flag rose. `seen`
    is when it last appeared somewhere.
    """

    status: Status
    kind: str
    check_worthiness: float
    last: datetime
    seen: datetime
    flags: frozenset[StaleReason] = frozenset()
    place: int | None = None
    articles: int = 1
    sources: int = 1
    is_by_hand: bool = False
    is_promoted: bool = False
    is_taken: bool = False
    is_like_followed: bool = False
    has_counterclaim: bool = False
    has_known: bool = False
    has_drift: bool = False
    has_evidence: bool = False
    has_condition_met: bool = False
    has_proposal: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the queue: why, the most urgent reason first; its priority; when it lapses if nobody touches it."""

    why: tuple[Why, ...]
    priority: int
    lapses_at: datetime | None


def entry(facts: Facts, *, an_article: int, lapses_after: timedelta) -> Entry | None:
    """Return the claim's row in the queue, or None where it has none; `an_article` is how many of each come in."""
    why = sorted(_why(facts, an_article), key=lambda reason: (-PUT_OFF[reason], reason))
    if not why:
        return None
    return Entry(tuple(why), _priority(facts, why), _lapses_at(facts, why, lapses_after))


def _why(facts: Facts, an_article: int) -> set[Why]:
    found = {
        Why.PROMOTED: facts.is_promoted and facts.status in OPEN,
        Why.COUNTERCLAIM: facts.has_counterclaim,
        Why.SECOND: facts.has_proposal,
        Why.CONDITION: facts.has_condition_met and facts.status in OPEN,
        Why.VERDICT_FLAGGED: bool(facts.flags) and facts.status in VERDICTS,
        Why.FLAGGED: bool(facts.flags) and facts.status not in VERDICTS,
        Why.UNCONFIRMED: facts.status is Status.UNCONFIRMED,
        Why.IN_REVIEW: facts.status is Status.IN_REVIEW,
    }
    if facts.status in BIRTH and facts.kind in ASKED_FOR:
        found |= {
            Why.BY_HAND: facts.is_by_hand,
            Why.WORTH: facts.place is not None and facts.place <= an_article,
            Why.FOLLOWED: facts.is_like_followed,
            Why.KNOWN: facts.has_known,
            Why.DRIFT: facts.has_drift,
        }
    why = {reason for reason, holds in found.items() if holds}
    # What a page suggests is looked at where the claim is looked at anyway, or has a verdict.
    if facts.has_evidence and (why or facts.status in VERDICTS):
        why.add(Why.EVIDENCE)
    return why


def _priority(facts: Facts, why: Iterable[Why]) -> int:
    first, *rest = why
    put_off = (
        PUT_OFF[first]
        + len(rest) * ALSO
        + facts.check_worthiness * WORTH
        + math.log2(max(1, facts.articles)) * TWICE_THE_PLACES
        + math.log2(max(1, facts.sources)) * TWICE_THE_SOURCES
    )
    return int((facts.last + put_off - BEGINNING) / timedelta(minutes=1))


def _lapses_at(facts: Facts, why: Iterable[Why], after: timedelta) -> datetime | None:
    """Only what nobody touched lapses, and whose age alone was flagged."""
    is_touched = facts.is_taken or facts.is_promoted or facts.is_by_hand or facts.status not in BIRTH
    changed = facts.flags - {StaleReason.TOO_OLD}
    if is_touched or changed or {Why.COUNTERCLAIM, Why.CONDITION} & set(why):
        return None
    return facts.seen + after
