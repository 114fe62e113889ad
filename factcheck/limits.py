"""Rates in Valkey: GCRA in one script, by the server's clock. Whatever is wrong with Valkey, requests go on without.

Each try is bounded to a fifth of a second in all; after one that failed nobody tries for some seconds, then one does.
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from factcheck.lib.rate import Rate

log = logging.getLogger(__name__)

# Of each step; there are four at most: connect, AUTH, SELECT, EVAL.
STEP_S = 0.05
OPEN_FOR_S = 5.0
_PREFIX = "limit:"

# One value a key: the time at which all that was taken is paid back (GCRA's "theoretical arrival time").
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local each, quota = tonumber(ARGV[1]), tonumber(ARGV[2])
local paid = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
paid = math.min(math.max(paid, now), now + each * quota)
local after = paid + each
local wait = after - each * quota - now
if wait > 0 then return {0, 0, math.ceil(wait), math.ceil(paid - now)} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, math.floor((each * quota - (after - now)) / each + 1e-9), 0, math.ceil(after - now)}
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a rate said to one request; times in seconds."""

    rate: Rate
    is_let_in: bool
    left: int
    wait: int
    full_in: int


class Limiter:
    """One connection pool and one breaker; threads share it."""

    def __init__(self, url: str, *, step_s: float = STEP_S, monotonic: Callable[[], float] = time.monotonic) -> None:
        pool = redis.ConnectionPool.from_url(
            url,
            socket_timeout=step_s,
            socket_connect_timeout=step_s,
            retry=Retry(NoBackoff(), 0),
            protocol=2,  # no HELLO before the first command,
            driver_info=None,  # nor any other step
        )
        self._server = redis.Redis(connection_pool=pool)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._open_until = 0.0
        self._is_broken = False
        self.tries = 0

    def take(self, what: str, rate: Rate) -> Taken | None:
        """Take one request from the rate of `what`; None where Valkey does not say, and then nothing is limited."""
        if not self._may_try():
            return None
        key = _PREFIX + hashlib.sha256(what.encode()).hexdigest()[:32]
        each = max(1, round(rate.window * 1_000_000 / rate.quota))
        try:
            answer: Any = self._server.eval(_TAKE, 1, key, str(each), str(rate.quota))
        except redis.RedisError as error:
            self._failed(error)
            return None
        self._worked()
        is_let_in, left, wait, full_in = answer
        return Taken(rate, bool(is_let_in), left, math.ceil(wait / 1_000_000), math.ceil(full_in / 1_000_000))

    def _may_try(self) -> bool:
        """Let everybody try while it works; behind a failure nobody, then one."""
        with self._lock:
            now = self._monotonic()
            if self._is_broken and now < self._open_until:
                return False
            if self._is_broken:
                self._open_until = now + OPEN_FOR_S  # this one probes, the others go without
            self.tries += 1
            return True

    def _failed(self, error: Exception) -> None:
        with self._lock:
            was_broken, self._is_broken = self._is_broken, True
            self._open_until = self._monotonic() + OPEN_FOR_S
        if not was_broken:
            log.warning("requests are not limited while Valkey does not answer: %s", error)

    def _worked(self) -> None:
        with self._lock:
            was_broken, self._is_broken = self._is_broken, False
        if was_broken:
            log.warning("Valkey answers again: requests are limited")


_made: dict[str, Limiter] = {}


def limiter() -> Limiter:
    """Return this process's limiter."""
    url = settings.REDIS_URL
    if url not in _made:
        _made[url] = Limiter(url)
    return _made[url]
