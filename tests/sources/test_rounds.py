"""A round visits many hosts at once and rolls on: who drips holds up nobody else."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.db import connections

from factcheck.ledger import Lease
from sources.models import Document
from sources.services.hosts import Held
from sources.services.rounds import Round
from sources.services.visits import Seen

LATER = 10.0


def held(number: int, *, attempts: int = 1) -> Held:
    lease = Lease(Document, number, uuid.uuid4(), attempts, datetime(2026, 3, 2, tzinfo=UTC))
    return Held(lease, Document(pk=number, url=f"http://h{number}.test/"))


@dataclass
class Sites:
    """Gives out what waits, is visited in threads, and notes what is written down."""

    waiting: list[Held]
    visit: Callable[[Held], None] = lambda _held: None
    kept: list[list[int]] = field(default_factory=list)
    taken: list[tuple[int, bool]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, most: int, alone: bool) -> list[Held]:
        self.taken.append((most, alone))
        given, self.waiting = self.waiting[:most], self.waiting[most:]
        return given

    def look(self, one: Held) -> Seen:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
        self.visit(one)
        with self.lock:
            self.at_once -= 1
        return Seen(one, None, time.monotonic())

    def keep(self, seen: list[Seen]) -> None:
        self.kept.append([one.held.lease.pk for one in seen])

    def round(self) -> Round[Held, Seen]:
        return Round(self.take, self.look, self.keep, 4)

    @property
    def done(self) -> list[int]:
        return sorted(pk for chunk in self.kept for pk in chunk)


def test_everything_that_waits_is_visited_and_written_down_once() -> None:
    sites = Sites([held(number) for number in range(100)])
    assert sites.round().run(time.monotonic() + LATER) == 100
    assert sites.done == list(range(100))
    assert sites.most_at_once <= 4
    assert threading.active_count() < 20


def test_with_nothing_to_do_it_ends_at_once() -> None:
    sites = Sites([])
    assert sites.round().run(time.monotonic() + LATER) == 0
    assert sites.taken == [(4, True)]


def test_who_drips_holds_up_nobody_else() -> None:
    over = threading.Event()

    def drip(one: Held) -> None:
        if one.lease.pk == 0:
            over.wait(LATER)

    sites = Sites([held(number) for number in range(60)], drip)

    def ends() -> None:
        while len(sites.done) < 59:
            time.sleep(0.005)
        over.set()

    watcher = threading.Thread(target=ends)
    watcher.start()
    assert sites.round().run(time.monotonic() + LATER) == 60
    watcher.join()
    assert sites.kept[-1] == [0]


def test_when_the_time_is_over_nobody_is_begun() -> None:
    sites = Sites([held(number) for number in range(50)])
    assert sites.round().run(time.monotonic() - 1.0) == 0
    assert sites.taken == []


def test_while_what_was_begun_in_time_is_under_way_others_are_begun_but_not_for_ever() -> None:
    seconds = count(0, 0.5)
    over = threading.Event()
    sites = Sites([], lambda one: (over.wait(LATER) if one.lease.pk == 0 else None, None)[1])
    numbers = count()

    def take(most: int, alone: bool) -> list[Held]:
        sites.taken.append((most, alone))
        return [held(next(numbers)) for _one in range(most)]

    def monotonic() -> float:
        now = next(seconds)
        if now > 60.0:
            over.set()
        return now

    done = Round(take, sites.look, sites.keep, 4, monotonic=monotonic).run(2.0)
    assert done == len(sites.done) > 4
    assert next(seconds) < 600.0


def test_a_suspect_is_visited_with_nobody_beside_it() -> None:
    others: list[int] = []
    sites = Sites([held(0, attempts=2), *(held(number) for number in range(1, 9))])
    sites.visit = lambda one: others.append(sites.at_once) if one.lease.pk == 0 else None
    waiting, sites.waiting = sites.waiting, []

    def take(most: int, alone: bool) -> list[Held]:
        given, waiting[:] = (
            (waiting[:1], waiting[1:]) if waiting[:1] and waiting[0].is_suspect else (waiting[:most], waiting[most:])
        )
        return given

    assert Round(take, sites.look, sites.keep, 4).run(time.monotonic() + LATER) == 9
    assert others == [1]
    assert sites.kept[0] == [0]


def test_while_no_host_is_free_it_asks_again_only_now_and_then() -> None:
    over = threading.Event()
    sites = Sites([held(0)], lambda _one: (over.wait(0.6), None)[1])
    assert sites.round().run(time.monotonic() + LATER) == 1
    assert len(sites.taken) <= 5


@pytest.mark.django_db(transaction=True)
def test_a_look_that_asks_the_database_after_all_leaves_no_connection_behind() -> None:
    opened: list[Any] = []

    def asks(_one: Held) -> None:
        Document.objects.exists()
        opened.append(connections["default"])

    assert Sites([held(0)], asks).round().run(time.monotonic() + LATER) == 1
    assert [connection.connection for connection in opened] == [None]
