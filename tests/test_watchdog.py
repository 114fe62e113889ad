"""Who should have heard something and did not is deaf; who is busy, or has nothing to hear, is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from factcheck import schedule, watchdog
from factcheck.celery import TICK, app, waiting
from factcheck.lib import clock
from factcheck.models import Chore

pytestmark = pytest.mark.django_db


class Passing:
    """A clock that stands until it is moved."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def ear(*queues: str, busy: bool = False) -> tuple[watchdog.Ear, Passing]:
    passing = Passing()
    return watchdog.Ear(set(queues), lambda: busy, passing), passing


@pytest.fixture(autouse=True)
def _kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog closes its thread's connection; here that is the test's own."""
    monkeypatch.setattr(connection, "close", lambda: None)


@pytest.fixture(autouse=True)
def deaf_after(settings: Any) -> None:
    settings.DEAF_AFTER, settings.CELERY_TASK_TIME_LIMIT = 60, 300


def test_who_serves_the_ticks_and_hears_none_is_deaf() -> None:
    one, passing = ear(TICK, "desk")
    assert not one.is_deaf()
    passing.at = 59
    assert not one.is_deaf()
    passing.at = 60
    assert one.is_deaf()
    one.hear(sender="a task")
    assert not one.is_deaf()


def test_who_hears_no_tick_because_others_take_them_is_not_deaf() -> None:
    one, passing = ear(TICK)
    passing.at = 60
    Chore.objects.create(name=TICK, done_at=clock.now())
    assert not one.is_deaf()
    Chore.objects.update(done_at=clock.now() - timedelta(minutes=2))
    assert one.is_deaf()


def test_who_is_busy_is_not_deaf_until_the_time_limit_would_have_ended_the_work() -> None:
    one, passing = ear(TICK, busy=True)
    passing.at = 359
    assert not one.is_deaf()
    passing.at = 360
    assert one.is_deaf()


def test_who_serves_no_ticks_is_deaf_only_while_work_of_its_queues_waits() -> None:
    one, passing = ear("house")
    other, passing_other = ear("fetch")
    passing.at = passing_other.at = 100
    assert not one.is_deaf()
    Chore.objects.create(name="waits", due_at=clock.now() - timedelta(seconds=61))
    assert one.is_deaf()
    assert not other.is_deaf()
    Chore.objects.update(due_at=clock.now())
    assert not one.is_deaf()


def test_without_the_database_nobody_can_tell() -> None:
    one, passing = ear("desk")
    passing.at = 100

    def gone(*_question: Any) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(gone):
        assert not one.is_deaf()


@pytest.fixture
def empty_broker() -> Iterator[None]:
    def empty() -> None:
        with app.connection_for_write() as broker:
            channel: Any = broker.channel()
            for queue in app.conf.task_queues:
                channel.queue_purge(queue.name)

    empty()
    yield
    empty()


@pytest.mark.usefixtures("empty_broker")
def test_one_hint_waits_on_a_queue_however_many_are_sent() -> None:
    for _time in range(3):
        schedule.hint("desk")
    schedule.hint("fetch")
    assert [waiting(name) for name in ("desk", "fetch", "split")] == [1, 1, 0]


@pytest.mark.usefixtures("empty_broker")
def test_ticks_do_not_pile_up_while_every_worker_is_away() -> None:
    beat = watchdog.Metronome(app=app, lazy=True)
    beat.sent_at = 0.0
    (entry,) = (beat.Entry(**{**given, "name": name, "app": app}) for name, given in app.conf.beat_schedule.items())
    for _time in range(watchdog.TICKS_WAITING + 3):
        beat.apply_async(entry, advance=False)
    assert waiting(TICK) == watchdog.TICKS_WAITING
    assert not beat.is_mute()
    beat.sent_at -= 61
    assert beat.is_mute()
