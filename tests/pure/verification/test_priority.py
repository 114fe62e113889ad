"""What enters the queue, in which order, and what lapses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.verification.priority import BEGINNING, PUT_OFF, Entry, Facts, Why, entry
from claims.verification.staleness import StaleReason
from claims.verification.status import BIRTH, CLOSED, VERDICTS, Status

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
PLAIN = Facts(status=Status.UNREVIEWED, kind="fact", check_worthiness=0.5, last=NOW, seen=NOW, place=6)
VERDICT = replace(PLAIN, status=Status.SUPPORTED)


def queued(facts: Facts) -> Entry | None:
    return entry(facts, an_article=5, lapses_after=WEEK)


def why(facts: Facts) -> list[str]:
    found = queued(facts)
    return [one.value for one in found.why] if found else []


def before(one: Facts, other: Facts) -> bool:
    first, second = queued(one), queued(other)
    assert first
    assert second
    return first.priority > second.priority


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (PLAIN, []),
        (replace(PLAIN, place=5), ["worth"]),
        (replace(PLAIN, place=None), []),
        (replace(PLAIN, place=1, kind="opinion"), []),
        (replace(PLAIN, place=1, kind="forecast"), ["worth"]),
        (replace(PLAIN, status=Status.UNCONFIRMED), ["unconfirmed"]),
        (replace(PLAIN, status=Status.UNCONFIRMED, kind="opinion"), ["unconfirmed"]),
        (replace(PLAIN, status=Status.IN_REVIEW), ["in_review"]),
        (replace(PLAIN, is_by_hand=True), ["by_hand"]),
        (replace(PLAIN, is_promoted=True, kind="opinion"), ["promoted"]),
        (replace(PLAIN, is_like_followed=True), ["followed"]),
        (replace(PLAIN, has_known=True), ["known"]),
        (replace(PLAIN, has_drift=True), ["drift"]),
        (replace(PLAIN, has_evidence=True), []),
        (replace(PLAIN, has_evidence=True, place=1), ["evidence", "worth"]),
        (replace(PLAIN, flags=frozenset({StaleReason.SOURCE_CHANGED})), ["flagged"]),
        (VERDICT, []),
        (replace(VERDICT, is_promoted=True, is_by_hand=True, place=1, has_known=True, has_drift=True), []),
        (replace(VERDICT, flags=frozenset({StaleReason.TOO_OLD})), ["verdict_flagged"]),
        (replace(VERDICT, has_counterclaim=True), ["counterclaim"]),
        (replace(VERDICT, has_evidence=True), ["evidence"]),
        (replace(PLAIN, status=Status.NOT_CHECKABLE, is_promoted=True, place=1), []),
    ],
)
def test_what_comes_in_and_why(facts: Facts, reasons: list[str]) -> None:
    assert why(facts) == reasons


def test_the_most_urgent_reason_is_told_first_and_puts_it_before_others() -> None:
    told = [
        replace(VERDICT, flags=frozenset({StaleReason.QUOTE_CHANGED})),
        replace(VERDICT, has_counterclaim=True),
        replace(PLAIN, status=Status.UNCONFIRMED),
        replace(PLAIN, has_known=True),
        replace(PLAIN, place=1),
    ]
    for one, other in pairwise(told):
        assert before(one, other)
    both = replace(PLAIN, status=Status.UNCONFIRMED, has_known=True, place=1)
    assert why(both) == ["unconfirmed", "known", "worth"]
    assert before(both, replace(PLAIN, status=Status.UNCONFIRMED))


def test_what_is_newer_worthier_and_further_spread_goes_first() -> None:
    one = replace(PLAIN, place=1)
    assert before(replace(one, last=NOW + timedelta(minutes=1)), one)
    assert before(replace(one, check_worthiness=0.6), one)
    assert before(replace(one, articles=2), one)
    assert before(replace(one, articles=2, sources=2), replace(one, articles=2))


def test_a_verdict_that_was_shaken_a_week_ago_goes_before_anything_new() -> None:
    shaken = replace(VERDICT, last=NOW - WEEK, flags=frozenset({StaleReason.QUOTE_CHANGED}), check_worthiness=0.0)
    assert before(shaken, replace(PLAIN, status=Status.UNCONFIRMED, check_worthiness=1.0))


def test_what_nobody_touched_lapses_a_week_after_it_appeared_last() -> None:
    lapses = NOW + WEEK
    aged = replace(PLAIN, status=Status.UNCONFIRMED, last=NOW + DAY, flags=frozenset({StaleReason.TOO_OLD}))
    for facts in (replace(PLAIN, place=1), aged):
        found = queued(facts)
        assert found
        assert found.lapses_at == lapses


@pytest.mark.parametrize(
    "facts",
    [
        replace(PLAIN, place=1, is_taken=True),
        replace(PLAIN, is_promoted=True),
        replace(PLAIN, is_by_hand=True),
        replace(PLAIN, status=Status.IN_REVIEW),
        replace(PLAIN, flags=frozenset({StaleReason.QUOTE_CHANGED})),
        replace(VERDICT, has_counterclaim=True),
        replace(VERDICT, flags=frozenset({StaleReason.TOO_OLD})),
    ],
)
def test_what_somebody_touched_or_what_changed_stays(facts: Facts) -> None:
    found = queued(facts)
    assert found
    assert found.lapses_at is None


FACTS = st.builds(
    Facts,
    status=st.sampled_from(Status),
    kind=st.sampled_from(["fact", "forecast", "opinion"]),
    check_worthiness=st.floats(0, 1),
    last=st.integers(0, 30_000).map(lambda hours: BEGINNING + timedelta(hours=hours)),
    seen=st.just(NOW),
    flags=st.frozensets(st.sampled_from(StaleReason)),
    place=st.none() | st.integers(1, 100),
    articles=st.integers(0, 10_000),
    sources=st.integers(0, 10_000),
)


@given(FACTS)
def test_whoever_is_in_says_why_and_closed_claims_without_flags_are_out(facts: Facts) -> None:
    found = queued(facts)
    if facts.status in CLOSED and not facts.flags:
        assert found is None
    if facts.flags or facts.status not in VERDICTS | CLOSED | BIRTH:
        assert found
    if found:
        assert found.why
        assert set(found.why) <= set(PUT_OFF)
        assert 0 <= found.priority < 2**40
        assert [PUT_OFF[one] for one in found.why] == sorted((PUT_OFF[one] for one in found.why), reverse=True)


def test_every_reason_has_its_weight() -> None:
    assert set(PUT_OFF) == set(Why)
