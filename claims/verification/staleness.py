"""What raises a flag, and when a verdict has grown too old. No clock here: times come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from claims.verification.anchors import CHANGED, Anchor
from claims.verification.spelling import is_respelled
from claims.verification.status import CLOSED, Status
from sources.fetching.types import Outcome


class StaleReason(StrEnum):
    """Why a claim wants another look. Beside the status, never a status."""

    QUOTE_CHANGED = "quote_changed"
    SOURCE_GONE = "source_gone"
    SOURCE_CHANGED = "source_changed"
    CORRECTION = "correction"
    TOO_OLD = "too_old"
    COUNTERCLAIM = "counterclaim"
    CERTAINTY_CHANGED = "certainty_changed"
    MONITOR_BLIND = "monitor_blind"


@dataclass(frozen=True, slots=True)
class Holding:
    """How long a status holds, None: for ever; an empty `kind` or `topic` means any. The narrowest that fits decides.

    Of two that are as narrow, the one for a topic goes before the one for a kind. Topics are compared capitals aside.
    """

    status: str
    kind: str
    holds_for: timedelta | None
    topic: str = ""


def is_flaggable(status: Status) -> bool:
    """Say whether the desk still stands behind, or still works on, the claim: closed ones raise nothing."""
    return status not in CLOSED


def reason_for(anchor: Anchor, *, was: str = "", today: str = "") -> StaleReason | None:
    """Return the flag that a pinned quote's fate raises; None while it stands or could not be seen.

    A sentence that is only spelled otherwise raises nothing: minor changes never do.
    """
    if anchor is Anchor.REWORDED and was and is_respelled(was, today):
        return None
    if anchor in CHANGED:
        return StaleReason.QUOTE_CHANGED
    if anchor is Anchor.PAGE_GONE:
        return StaleReason.SOURCE_GONE
    return None


def shown(anchor: Anchor, outcome: str, *, is_out_of_sight: bool) -> Anchor:
    """Return what is shown of a quote's fate by what the last look came to: that its page cannot be seen goes first.

    Never written: only a change, and a page that is gone, may touch a claim.
    """
    if outcome == Outcome.GATED:
        return Anchor.GATED
    return Anchor.UNREACHABLE if is_out_of_sight else anchor


def holding_for(holdings: Iterable[Holding], *, status: str, kind: str, topic: str = "") -> Holding | None:
    """Return what decides how long a status of that kind of claim, on that topic, holds; None where nothing does."""
    fitting = [
        one
        for one in holdings
        if one.status == status and one.kind in {"", kind} and one.topic.casefold() in {"", topic.strip().casefold()}
    ]
    return max(fitting, key=narrowness, default=None)


def narrowness(one: Holding) -> tuple[bool, bool]:
    """Return what goes before what: the greatest decides."""
    return bool(one.topic), bool(one.kind)


def holds_for(holdings: Iterable[Holding], *, status: str, kind: str, topic: str = "") -> timedelta | None:
    """Return how long a status of that kind of claim, on that topic, holds; None: for ever."""
    found = holding_for(holdings, status=status, kind=kind, topic=topic)
    return found.holds_for if found else None


def due_at(since: datetime, held_for: timedelta | None) -> datetime | None:
    """Return when the status grows too old."""
    return None if held_for is None else since + held_for


def is_overdue(since: datetime, held_for: timedelta | None, *, now: datetime) -> bool:
    """Say whether the status is older than it holds; by the clock of the reader, never stored."""
    due = due_at(since, held_for)
    return due is not None and due <= now
