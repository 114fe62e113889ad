"""Rates in Valkey, and going on without it. How often it was tried is counted; no clock decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from factcheck.lib.rate import Rate
from factcheck.limits import OPEN_FOR_S, STEP_S, Limiter, Taken
from tests.valkey import Valkey, valkey

TEN = Rate(10, 3600)


class Monotonic:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def server() -> Iterator[Valkey]:
    with valkey() as one:
        yield one


@pytest.fixture
def time() -> Monotonic:
    return Monotonic()


@pytest.fixture
def limiter(server: Valkey, time: Monotonic) -> Limiter:
    """Patient with a machine that has much to do, since these tests are not about time."""
    return Limiter(server.url, step_s=1.0, monotonic=time)


def taken(limiter: Limiter, what: str = "a", rate: Rate = TEN) -> Taken:
    found = limiter.take(what, rate)
    assert found is not None
    return found


def test_ten_of_an_hour_may_come_at_once_and_the_eleventh_is_told_when_to_come_again(limiter: Limiter) -> None:
    left = [taken(limiter).left for _one in range(10)]
    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    refused = taken(limiter)
    assert not refused.is_let_in
    assert refused.left == 0
    assert 300 < refused.wait <= 360
    assert 3500 < refused.full_in <= 3600
    assert taken(limiter, "b").left == 9


def test_what_was_refused_costs_nothing(limiter: Limiter) -> None:
    for _one in range(10):
        taken(limiter)
    assert taken(limiter).wait == taken(limiter).wait


def test_a_fast_rate_is_paid_back_while_it_runs(limiter: Limiter) -> None:
    rate = Rate(1_000_000, 1)
    assert all(taken(limiter, rate=rate).is_let_in for _one in range(50))


def test_of_forty_at_once_exactly_ten_are_let_in(limiter: Limiter) -> None:
    found: list[bool] = []
    start = threading.Barrier(40)

    def take() -> None:
        start.wait()
        found.append(taken(limiter).is_let_in)

    threads = [threading.Thread(target=take) for _one in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 30 + [True] * 10


def test_a_rate_that_was_lowered_is_paid_back_within_its_own_window(limiter: Limiter) -> None:
    for _one in range(10):
        taken(limiter)
    lowered = taken(limiter, rate=Rate(1, 60))
    assert not lowered.is_let_in
    assert lowered.full_in <= 60


def test_a_value_that_is_not_ours_counts_as_none(limiter: Limiter, server: Valkey) -> None:
    taken(limiter)
    with redis.Redis.from_url(server.url) as plain:
        for key in plain.scan_iter():
            plain.set(key, "junk")
    assert taken(limiter).left == 9


def test_a_key_of_another_kind_limits_nothing_and_breaks_nothing(limiter: Limiter, server: Valkey) -> None:
    taken(limiter)
    with redis.Redis.from_url(server.url) as plain:
        (key,) = plain.scan_iter()
        plain.delete(key)
        plain.lpush(key, "x")
    assert limiter.take("a", TEN) is None


def test_keys_go_when_they_are_paid_back(limiter: Limiter, server: Valkey) -> None:
    taken(limiter, rate=Rate(10, 60))
    with redis.Redis.from_url(server.url) as plain:
        assert [plain.ttl(key) for key in plain.scan_iter()] == [6]


def test_flushall_gives_everybody_a_full_rate(limiter: Limiter, server: Valkey) -> None:
    for _one in range(11):
        taken(limiter)
    server.flush()
    assert taken(limiter).left == 9


def test_a_frozen_server_is_tried_once_and_then_left_alone(limiter: Limiter, server: Valkey, time: Monotonic) -> None:
    taken(limiter)
    server.freeze()
    assert [limiter.take("a", TEN) for _request in range(1000)] == [None] * 1000
    assert limiter.tries == 2
    for probe in (3, 4):
        time.at += OPEN_FOR_S
        assert [limiter.take("a", TEN) for _request in range(100)] == [None] * 100
        assert limiter.tries == probe
    server.thaw()
    assert limiter.take("a", TEN) is None
    time.at += OPEN_FOR_S
    assert taken(limiter).is_let_in


def test_of_many_at_once_behind_a_failure_one_probes(limiter: Limiter, server: Valkey, time: Monotonic) -> None:
    server.freeze()
    limiter.take("a", TEN)
    time.at += OPEN_FOR_S
    start = threading.Barrier(20)

    def take() -> None:
        start.wait()
        limiter.take("a", TEN)

    threads = [threading.Thread(target=take) for _one in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert limiter.tries == 2


def test_a_killed_server_is_found_again(limiter: Limiter, server: Valkey, time: Monotonic) -> None:
    taken(limiter)
    server.kill()
    assert [limiter.take("a", TEN) for _request in range(100)] == [None] * 100
    assert limiter.tries == 2
    server.start()
    time.at += OPEN_FOR_S
    assert taken(limiter).left == 9


def test_a_try_takes_a_fifth_of_a_second_at_most() -> None:
    """Connect, AUTH, SELECT, EVAL: each step has its own time, and none is tried again."""
    connection: Any = Limiter("redis://user:secret@127.0.0.1:1/3")._server.connection_pool.make_connection()
    assert connection.socket_timeout == connection.socket_connect_timeout == STEP_S
    assert 4 * STEP_S <= 0.2
    assert connection.retry.get_retries() == 0
    assert connection.protocol == 2
