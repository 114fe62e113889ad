"""Many hosts at once: threads visit them, one host each; the main thread leases, and writes down what they saw.

The round rolls: whoever comes back makes room for the next, so that a host that drips holds up nobody but itself.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from django.db import connections

from factcheck.ledger import Lease

CHUNK = 32
LINGER_S = 0.25
# For so long others are still begun while what was begun in time is under way: longer than a fetch and its reading.
OVERTIME_S = 35.0


class Held(Protocol):
    """A row that is ours, and its host with it."""

    @property
    def lease(self) -> Lease:
        """Return its lease."""

    @property
    def is_suspect(self) -> bool:
        """Say whether somebody who held it before did not finish."""


class Seen(Protocol):
    """What came of a visit."""

    @property
    def held(self) -> Held:
        """Return what was visited."""


H = TypeVar("H", bound=Held)
S = TypeVar("S", bound=Seen)


@dataclass
class Round(Generic[H, S]):
    """`look` runs in threads and never raises; `take` and `keep` in the thread that calls `run`.

    `take` is told how many at most, and whether nothing else is in work; it returns what was leased.
    """

    take: Callable[[int, bool], list[H]]
    look: Callable[[H], S]
    keep: Callable[[list[S]], None]
    at_once: int
    monotonic: Callable[[], float] = time.monotonic
    _begun: dict[int, float] = field(default_factory=dict)
    _line: queue.SimpleQueue[H | None] = field(default_factory=queue.SimpleQueue)
    _back: queue.SimpleQueue[S] = field(default_factory=queue.SimpleQueue)
    _unkept: list[S] = field(default_factory=list)
    _is_alone: bool = False
    _ahead: int = 0
    _came_at: float = 0.0
    _took_none_at: float | None = None

    def run(self, until: float) -> int:
        """Visit until nothing is free any more or the time is over; return how many visits were written down."""
        done = 0
        with self._visitors():
            while True:
                self._begin(until)
                if self._begun:
                    self._gather()
                if self._is_time_to_keep():
                    done += self._kept()
                elif not self._begun:
                    return done

    @contextmanager
    def _visitors(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._visit, name="visit", daemon=True) for _one in range(self.at_once)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for _one in threads:
                self._line.put(None)
            for thread in threads:
                thread.join()

    def _visit(self) -> None:
        while held := self._line.get():
            self._back.put(self.look(held))
        for connection in connections.all(initialized_only=True):  # a look should need none; if it did, it is this
            connection.close()  # thread's own, and nobody else would close it

    def _begin(self, until: float) -> None:
        now, wanted = self.monotonic(), self.at_once + self._ahead
        room = wanted - len(self._begun)
        if self._is_alone or 2 * room < wanted or not self._is_open(now, until) or self._rests(now):
            return
        taken = self.take(room, not self._begun and not self._unkept)
        self._took_none_at = None if len(taken) == room else now
        for held in taken:
            self._is_alone = held.is_suspect
            self._begun[held.lease.pk] = now
            self._line.put(held)

    def _is_open(self, now: float, until: float) -> bool:
        """Say whether others may be begun: in time, or while what was begun in time is under way."""
        if now < until:
            return True
        return now < until + OVERTIME_S and any(begun < until for begun in self._begun.values())

    def _rests(self, now: float) -> bool:
        """Say whether no host was free a moment ago, and none was freed since."""
        return self._took_none_at is not None and now - self._took_none_at < LINGER_S

    def _gather(self) -> None:
        """Wait for somebody to come back, not for long, and take in all who did."""
        try:
            came = self._back.get(timeout=LINGER_S)
        except queue.Empty:
            return
        self._came_at = self._came_at if self._unkept else self.monotonic()
        while True:
            self._unkept.append(came)
            del self._begun[came.held.lease.pk]
            if self._back.empty():
                return
            came = self._back.get()

    def _is_time_to_keep(self) -> bool:
        """Say whether to write: enough for a chunk, nobody to wait for, or somebody waits for a host or for us."""
        if not self._unkept:
            return False
        is_late = self.monotonic() - self._came_at >= LINGER_S
        return len(self._unkept) >= CHUNK or not self._begun or is_late or self._took_none_at is not None

    def _kept(self) -> int:
        seen, self._unkept = self._unkept, []
        # Where hosts are quick, as many more are leased ahead as come back in a moment: a lease costs like a visit.
        self._ahead = min(len(seen), CHUNK)
        self._took_none_at = None
        self._is_alone = self._is_alone and bool(self._begun)
        self.keep(seen)
        return len(seen)
