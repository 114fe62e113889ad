"""The feed: every committed event once, in one order, whoever writes and whoever reads at the same time."""

from __future__ import annotations

import random
import threading
from datetime import datetime

import pytest
from django.db import OperationalError, connection, transaction

from claims.models import Claim, Event, Feed, Outbox
from claims.services import events
from factcheck import ledger
from tests.factories import claim

pytestmark = pytest.mark.django_db

WRITERS, EACH = 8, 60


def test_an_event_waits_in_the_outbox_until_it_is_numbered(now: datetime) -> None:
    claim(now), claim(now)
    assert Outbox.objects.waiting().count() == 2
    assert events.number(now=now, most=1) == 1
    assert events.number_all(now=now) == 1
    assert events.number(now=now) == 0
    assert list(Feed.objects.values_list("position", flat=True).order_by("position")) == [1, 2]
    assert [place.event.type for place in Feed.objects.all().after(1)] == ["claim.created"]
    assert not Outbox.objects.waiting().exists()
    assert str(Feed.objects.get(position=1)) == "1: claim.created"
    assert str(Outbox.objects.order_by("event_id")[0]) == "claim.created"


def test_a_tick_numbers_for_a_moment_only(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BATCHES", 2)
    for _claim in range(3):
        claim(now)
    kept = events.number
    monkeypatch.setattr(events, "number", lambda **given: kept(**given, most=1))
    assert events.number_some(now=now) == 2
    assert events.number_some(now=now) == 1


@pytest.mark.django_db(transaction=True)
def test_ticks_do_not_queue_behind_one_that_numbers(now: datetime) -> None:
    claim(now)
    with connection.copy().cursor() as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", [events.SEQUENCER])
        assert events.number_some(now=now) == 0
        other.execute("ROLLBACK")
        other.connection.close()
    assert events.number_some(now=now) == 1


def test_every_tick_numbers(now: datetime) -> None:
    claim(now)
    ledger.tick(lambda _name: None)
    assert Feed.objects.count() == 1


class Crowd:
    """Eight who write, two who number, one who reads, all at once."""

    def __init__(self, now: datetime, ones: list[Claim]) -> None:
        self.now, self.stop, self.seen = now, threading.Event(), list[tuple[int, int]]()
        self.writers = [threading.Thread(target=self.write, args=(one,)) for one in ones]
        self.others = [threading.Thread(target=act) for act in (self.sequence, self.sequence, self.read)]

    def write(self, one: Claim) -> None:
        """Hold transactions open for different times, so that ids commit out of order; give some up."""
        rng = random.Random(one.pk)
        for _event in range(EACH):
            with transaction.atomic():
                events.record(one, "claim.seen", now=self.now)
                self.stop.wait(rng.random() / 200)
                if rng.random() < 0.1:
                    transaction.set_rollback(True)
        connection.close()

    def sequence(self) -> None:
        while not self.stop.is_set():
            events.number(now=self.now, most=7)
        connection.close()

    def read(self) -> None:
        while not self.stop.is_set():
            self.read_on(most=5)
        connection.close()

    def read_on(self, *, most: int | None = None) -> None:
        """Go on behind the last position that was seen, as a client with a cursor does."""
        position = self.seen[-1][0] if self.seen else 0
        self.seen += [(place.position, place.event_id) for place in Feed.objects.all().after(position)[:most]]

    def run(self) -> None:
        for thread in (*self.others, *self.writers):
            thread.start()
        for thread in self.writers:
            thread.join()
        self.stop.set()
        for thread in self.others:
            thread.join()
        events.number_all(now=self.now)
        self.read_on()


@pytest.mark.django_db(transaction=True)
def test_readers_that_stop_and_resume_see_each_event_once_and_in_order(now: datetime) -> None:
    ones = [claim(now) for _writer in range(WRITERS)]
    crowd = Crowd(now, ones)
    crowd.run()
    assert [position for position, _event in crowd.seen] == list(range(1, Event.objects.count() + 1))
    assert {event for _position, event in crowd.seen} == set(Event.objects.values_list("pk", flat=True))
    for one in ones:
        numbers = Feed.objects.filter(event__subject_uid=one.uid).order_by("position")
        assert list(numbers.values_list("event__sequence", flat=True)) == list(range(1, numbers.count() + 1))


@pytest.mark.django_db(transaction=True)
def test_whoever_records_very_many_waits_for_the_others_and_they_for_it(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = claim(now), claim(now)
    recorded, go_on, later = threading.Event(), threading.Event(), list[str]()

    def slow() -> None:
        with transaction.atomic():
            events.record(one, "claim.seen", now=now)
            recorded.set()
            go_on.wait(30)
        connection.close()

    def after() -> None:
        with transaction.atomic():
            events.record(two, "claim.seen", now=now)
            later.append("recorded")
        connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=after)]
    threads[0].start()
    assert recorded.wait(30)
    monkeypatch.setattr(events, "ATTEMPTS", 2)
    with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic(), events.alone():
        pass  # it is refused before
    go_on.set()
    threads[0].join()
    with transaction.atomic(), events.alone(), connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("10s",)
        threads[1].start()
        events.record(two, "claim.seen", now=now)
        events.record(one, "claim.seen", now=now)
        assert not later
    threads[1].join()
    assert list(Event.objects.filter(subject_uid=two.uid).values_list("sequence", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_recording_alone_belongs_into_one_transaction() -> None:
    with pytest.raises(RuntimeError, match="one transaction"), events.alone():
        pass  # it is refused before
