from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from sources.fetching.polling import LATEST, SOONEST, next_look
from sources.fetching.types import Outcome

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def wait(*ago, outcome=Outcome.UNCHANGED, failures=0, hint=None, now=NOW):
    came_at = [NOW - one for one in ago]
    look = next_look(now=now, came_at=came_at, outcome=outcome, failures=failures, rng=Random(3), hint=hint)
    return look.at - now


def test_a_feed_is_looked_at_twice_as_often_as_entries_come():
    hourly = [number * HOUR for number in range(1, 11)]
    assert timedelta(minutes=26) < wait(*hourly) <= timedelta(minutes=30)
    assert wait(*(one / 10 for one in hourly)) <= SOONEST
    assert wait(*(one * 100 for one in hourly)) > LATEST * 0.89


def test_a_feed_that_falls_silent_is_looked_at_less_and_less():
    burst = [number * HOUR for number in range(1, 11)]
    waits = [wait(*burst, now=NOW + days * 24 * HOUR) for days in (0, 1, 5, 40)]
    assert waits == sorted(waits)
    assert LATEST * 0.89 < waits[-1] <= LATEST


def test_a_feed_of_which_nothing_is_known_is_looked_at_within_half_an_hour():
    assert timedelta(minutes=26) < wait() <= timedelta(minutes=30)
    assert wait(-HOUR) <= SOONEST  # a time in the future says nothing


@pytest.mark.parametrize("outcome", [one for one in Outcome if one.value in {"unreachable", "gated", "blocked"}])
def test_a_look_that_fails_is_repeated_later_and_later_up_to_a_bound(outcome):
    waits = [wait(HOUR, outcome=outcome, failures=failures) for failures in (0, 1, 2, 3, 99)]
    assert waits == sorted(waits)
    assert waits[0] == waits[1] > timedelta(minutes=2)
    assert waits[-1] <= timedelta(days=7)


def test_what_the_server_asks_for_is_heeded_up_to_a_day():
    assert wait(HOUR, hint=timedelta(hours=5)) == timedelta(hours=5)
    assert wait(HOUR, outcome=Outcome.THROTTLED, failures=1, hint=timedelta(days=9)) == timedelta(days=1)
    assert wait(HOUR, hint=timedelta(seconds=1)) > timedelta(minutes=20)
