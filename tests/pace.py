"""Catch work that grows without end, on fast and slow machines alike.

A limit here is in seconds of processor time on the machine that the tests were written on; a slower or busier machine
gets as much more as it needs for a piece of work that is always the same. Figures of speed belong in `bench/`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from contextlib import contextmanager

_WORDS = re.compile(r"(\w+)\s+(\w+)")
_YARDSTICK_S = 0.05  # what the piece of work takes on the machine of the limits


def _yardstick() -> float:
    """Return how many times slower than that machine this one is now."""
    text = "the bridge fell on Monday " * 2_000
    start = time.process_time()
    for _ in range(10):
        {one.group(2).upper(): len(one.group()) for one in _WORDS.finditer(text)}
        sorted(text.split())
    return (time.process_time() - start) / _YARDSTICK_S


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Fail where the block takes more processor time than this, on a machine as slow as ours is before or after it."""
    slowness = _yardstick()
    start = time.process_time()
    yield
    took = time.process_time() - start
    if took > seconds * max(1.0, slowness):
        limit = seconds * max(1.0, slowness, _yardstick())
        assert took <= limit, f"it took {took:.1f} s of processor time, and {limit:.1f} s are allowed"
