from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.pace import BACKOFF, LATEST, in_words, next_look, retry_after
from sources.fetching.types import Outcome

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Highest(Random):
    """A die that always falls on its highest side."""

    def random(self):
        return 1.0


def look(outcome=Outcome.UNCHANGED, *, rng=None, **given):
    facts: dict[str, Any] = {"last_changed_at": NOW, "looks_since_change": 0, "failures": 0} | given
    return next_look(now=NOW, outcome=outcome, rng=rng or Highest(), **facts)


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), 10 * MINUTE),
        (59 * MINUTE, 10 * MINUTE),
        (HOUR, 20 * MINUTE),
        (3 * HOUR, 40 * MINUTE),
        (5 * HOUR, 80 * MINUTE),
        (DAY, 320 * MINUTE),
        (5 * DAY, 21 * HOUR + 20 * MINUTE),
        (30 * DAY, DAY),
        (10_000 * DAY, DAY),
        (-HOUR, 10 * MINUTE),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.UNCHANGED, Outcome.CHANGED])
def test_the_younger_the_last_change_the_sooner_the_next_look(outcome, age, wait):
    got = look(outcome, last_changed_at=NOW - age)
    assert got.at == NOW + wait
    assert got.because.startswith("it last changed ")


@pytest.mark.parametrize(
    ("looks", "wait"), [(0, 10 * MINUTE), (1, 20 * MINUTE), (7, 21 * HOUR + 20 * MINUTE), (10**9, DAY)]
)
def test_a_text_that_never_changed_is_looked_at_less_and_less(looks, wait):
    got = look(last_changed_at=None, looks_since_change=looks)
    assert got.at == NOW + wait
    assert got.because == f"it has not changed in {looks} looks"


def test_looks_are_spread_by_a_tenth():
    waits = [look(rng=Random(seed), last_changed_at=NOW - 30 * DAY).at - NOW for seed in range(200)]
    assert DAY * 0.9 <= min(waits) < DAY * 0.92
    assert DAY * 0.98 < max(waits) <= DAY


@pytest.mark.parametrize(("outcome", "failures"), [(Outcome.CHANGE_PENDING, 0), (Outcome.GONE, 0), (Outcome.GONE, 1)])
def test_what_a_first_look_saw_is_confirmed_ten_minutes_later(outcome, failures):
    got = look(outcome, failures=failures, rng=Random(1))
    assert got.at == NOW + 10 * MINUTE
    assert got.because == "a second look confirms what the first one saw"


@pytest.mark.parametrize("outcome", list(BACKOFF))
def test_failures_back_off_to_a_cap(outcome):
    base, cap = BACKOFF[outcome]
    waits = [look(outcome, failures=failures).at - NOW for failures in (2, 3, 4, 40, 10**6)]
    assert waits == [min(cap, base * 2), min(cap, base * 4), min(cap, base * 8), cap, cap]


def test_the_first_failure_waits_for_the_base_at_most():
    assert look(Outcome.UNREACHABLE, failures=1).at == NOW + 5 * MINUTE
    assert look(Outcome.UNREACHABLE, failures=0).at == NOW + 5 * MINUTE


def test_jitter_is_full_but_never_under_a_minute():
    waits = [look(Outcome.UNREACHABLE, failures=4, rng=Random(seed)).at - NOW for seed in range(200)]
    assert MINUTE <= min(waits) < 3 * MINUTE
    assert 38 * MINUTE < max(waits) <= 40 * MINUTE


def test_the_reason_of_a_failure_counts():
    got = look(Outcome.UNREACHABLE, failures=3)
    assert got.because == "unreachable 3 times in a row; tried again within 20 minutes"


def test_a_server_that_asks_for_time_gets_it_up_to_a_day():
    assert look(Outcome.THROTTLED, failures=1, hint=3 * HOUR).at == NOW + 3 * HOUR
    assert look(Outcome.THROTTLED, failures=1, hint=9 * DAY).at == NOW + LATEST
    assert look(Outcome.THROTTLED, failures=1, hint=MINUTE).at == NOW + 15 * MINUTE
    assert look(Outcome.THROTTLED, failures=1, hint=-DAY).at == NOW + 15 * MINUTE
    assert look(Outcome.THROTTLED, failures=1, hint=3 * HOUR).because == "the server asked to be left alone for 3 hours"


@given(
    st.sampled_from(Outcome), st.integers(0, 10**6), st.integers(0, 10**6), st.none() | st.timedeltas(), st.integers()
)
def test_the_next_look_is_soon_and_explained_whatever_happened(outcome, failures, looks, hint, seed):
    got = next_look(
        now=NOW,
        last_changed_at=None,
        looks_since_change=looks,
        outcome=outcome,
        failures=failures,
        rng=Random(seed),
        hint=hint,
    )
    assert NOW + MINUTE <= got.at <= NOW + 7 * DAY
    assert got.because


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("3600", HOUR),
        (" 120 ", 2 * MINUTE),
        ("0", timedelta(0)),
        ("99999999999999999999", DAY),
        ("Mon, 02 Mar 2026 10:00:00 GMT", HOUR),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("Mon, 02 Mar 2026 08:00:00 GMT", None),
        ("Mon, 02 Mar 2026 10:00:00 -0000", None),
        ("-5", None),
        ("banana", None),
        ("", None),
        ("1.5", None),
        ("١٢", None),
        ("Mon, 99 Mar 2026 10:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_garbage(value, wait):
    assert retry_after(value, now=NOW) == wait


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (30 * timedelta(seconds=1), "less than a minute"),
        (MINUTE, "1 minute"),
        (90 * MINUTE, "1 hour"),
        (50 * HOUR, "2 days"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(span, words):
    assert in_words(span) == words
