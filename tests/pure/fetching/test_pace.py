from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.pace import BACKOFF, LATEST, Paced, Terms, in_minutes, in_words, next_look, retry_after
from sources.fetching.types import Outcome

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
USUAL = Terms()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Highest(Random):
    """A die that always falls on its highest side."""

    def random(self):
        return 1.0


def look(outcome=Outcome.UNCHANGED, *, rng=None, page=None, on=USUAL, **given):
    facts: dict[str, Any] = {"failures": 0, "page": page or Paced(rate=0.1)} | given
    return next_look(now=NOW, outcome=outcome, rng=rng or Highest(), on=on, **facts)


@pytest.mark.parametrize("outcome", [Outcome.UNCHANGED, Outcome.CHANGED])
def test_the_more_a_page_changes_the_sooner_the_next_look(outcome):
    waits = [look(outcome, page=Paced(rate=rate)).at - NOW for rate in (1e-6, 0.001, 0.01, 0.1, 1, 2, 10, 60, 1e6)]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] == DAY
    assert waits[-1] == 10 * MINUTE


def test_under_a_budget_a_page_that_nobody_can_follow_gets_the_longest_wait():
    assert look(page=Paced(rate=60), on=Terms(is_scarce=True)).at == NOW + DAY


def test_what_rests_on_a_page_brings_the_next_look_forward():
    assert look(page=Paced(rate=0.1, stake=9)).at - NOW < 0.5 * (look().at - NOW)


def test_where_looks_are_dear_the_next_look_is_later():
    assert look(on=Terms(price=1.0)).at > look().at


def test_no_wait_is_longer_than_the_longest_allowed():
    assert look(page=Paced(rate=0), on=Terms(latest=3 * HOUR)).at == NOW + 3 * HOUR
    assert look(page=Paced(rate=0), on=Terms(latest=MINUTE)).at == NOW + MINUTE


@pytest.mark.parametrize(
    ("page", "because"),
    [
        (
            Paced(rate=1.4, stake=7, stake_why="3 unconfirmed claims rest on it", edits_lately=4, last_changed_at=NOW),
            "checked every 10 min: 4 edits in the last 6 h, 3 unconfirmed claims rest on it",
        ),
        (Paced(rate=0.5, edits_lately=1, last_changed_at=NOW), "checked every 34 min: 1 edit in the last 6 h"),
        (Paced(rate=1e-9, looks_since_change=7), "checked every 24 h: no edit in 7 looks"),
        (Paced(rate=1e-9, last_changed_at=NOW), "checked every 24 h: a new text just now"),
        (
            Paced(rate=0.001, looks_since_change=30, last_changed_at=NOW - 9 * DAY),
            "checked every 11 h: no edit for 9 days",
        ),
    ],
)
def test_the_reason_says_what_the_wait_hangs_on(page, because):
    assert look(page=page).because == because


@pytest.mark.parametrize(
    ("span", "words"),
    [(timedelta(0), "1 min"), (20 * MINUTE, "20 min"), (119 * MINUTE, "119 min"), (2.5 * HOUR, "2.5 h"), (DAY, "24 h")],
)
def test_a_wait_is_said_in_minutes_or_hours(span, words):
    assert in_minutes(span) == words


def test_looks_are_spread_by_a_tenth():
    waits = [look(rng=Random(seed), page=Paced(rate=0)).at - NOW for seed in range(200)]
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


@given(st.sampled_from(Outcome), st.integers(0, 10**6), st.none() | st.timedeltas(), st.integers(), st.floats(0, 1e9))
def test_the_next_look_is_soon_and_explained_whatever_happened(outcome, failures, hint, seed, rate):
    page, rng = Paced(rate=rate), Random(seed)
    got = next_look(now=NOW, page=page, outcome=outcome, failures=failures, rng=rng, on=USUAL, hint=hint)
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
