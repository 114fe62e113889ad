"""What raises a flag, and how long a status holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claims.verification.anchors import Anchor
from claims.verification.staleness import (
    Holding,
    StaleReason,
    due_at,
    holds_for,
    is_flaggable,
    is_overdue,
    reason_for,
)
from claims.verification.status import CLOSED, Status

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
HOURS, DAYS = timedelta(hours=6), timedelta(days=180)


@pytest.mark.parametrize(
    ("fate", "reason"),
    [
        (Anchor.HOLDS, None),
        (Anchor.MOVED, None),
        (Anchor.GATED, None),
        (Anchor.UNREACHABLE, None),
        (Anchor.REWORDED, StaleReason.QUOTE_CHANGED),
        (Anchor.DENIED, StaleReason.QUOTE_CHANGED),
        (Anchor.REMOVED, StaleReason.QUOTE_CHANGED),
        (Anchor.PAGE_GONE, StaleReason.SOURCE_GONE),
    ],
)
def test_a_failed_look_raises_nothing_a_changed_quote_does(fate: Anchor, reason: StaleReason | None) -> None:
    assert reason_for(fate) is reason


def test_closed_claims_raise_nothing() -> None:
    assert {status for status in Status if not is_flaggable(status)} == CLOSED


def test_the_narrowest_policy_decides() -> None:
    policies = [Holding("supported", "", DAYS), Holding("supported", "forecast", HOURS), Holding("refuted", "", DAYS)]
    assert holds_for(policies, status=Status.SUPPORTED, kind="forecast") == HOURS
    assert holds_for(policies, status=Status.SUPPORTED, kind="fact") == DAYS
    assert holds_for(policies, status=Status.IN_REVIEW, kind="fact") is None


def test_a_status_without_policy_holds_for_ever() -> None:
    assert due_at(SINCE, None) is None
    assert not is_overdue(SINCE, None, now=SINCE + 1000 * DAYS)


def test_a_status_is_overdue_from_the_moment_it_no_longer_holds() -> None:
    assert not is_overdue(SINCE, HOURS, now=SINCE + HOURS - timedelta(seconds=1))
    assert is_overdue(SINCE, HOURS, now=SINCE + HOURS)
