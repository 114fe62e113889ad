"""Work of the house comes round: done once each time, by whoever is up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from factcheck import chores, doctor, ledger
from factcheck.lib import clock
from factcheck.models import Chore

pytestmark = pytest.mark.django_db
WORK = ledger.Work("trial", Chore, chores.do, batch=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times: list[datetime] = []
    for name in list(chores.ROUTINES):
        monkeypatch.delitem(chores.ROUTINES, name)
    monkeypatch.setitem(chores.ROUTINES, "sweep", chores.Routine(timedelta(hours=1), times.append))
    return times


def test_a_chore_gets_its_row_is_done_and_comes_round_again(done: list[datetime]) -> None:
    chores.make_rows()
    chores.make_rows()
    assert ledger.drain(WORK) == 1
    row = Chore.objects.get()
    assert row.name == "sweep"
    assert done == [row.done_at]
    assert row.due_at == done[0] + timedelta(hours=1)
    assert ledger.drain(WORK) == 0


def test_a_chore_that_stopped_before_it_was_done_comes_round_again_soon(done: list[datetime]) -> None:
    def unfinished(now: datetime) -> bool:
        done.append(now)
        return True

    chores.ROUTINES["sweep"] = chores.Routine(timedelta(hours=1), unfinished)
    chores.make_rows()
    assert ledger.drain(WORK) == 1
    assert Chore.objects.get().due_at == done[0] + chores.SOON


def test_a_chore_that_breaks_is_never_given_up_and_says_why(done: list[datetime]) -> None:
    def broken(_now: datetime) -> None:
        raise OSError("the disk is full")

    chores.ROUTINES["sweep"] = chores.Routine(timedelta(hours=1), broken)
    chores.make_rows()
    for _try in range(ledger.TRIES):
        Chore.objects.update(due_at=clock.now())
        ledger.drain(WORK)
    row = Chore.objects.get()
    assert (row.quarantined_at, row.attempts, row.done_at) == (None, 0, None)
    assert row.last_error == "OSError: the disk is full"
    assert row.due_at is not None
    assert timedelta(minutes=50) < row.due_at - clock.now() <= timedelta(hours=1)
    (found,) = doctor.chores()
    assert found.state is doctor.State.WRONG
    assert "The chore sweep fails, it was never done: OSError: the disk is full" in found.says
    chores.ROUTINES["sweep"] = chores.Routine(timedelta(hours=1), done.append)
    Chore.objects.update(due_at=clock.now())
    ledger.drain(WORK)
    assert Chore.objects.get().last_error == ""
    assert [one.state for one in doctor.chores()] == [doctor.State.WELL]


def test_a_chore_that_the_database_refuses_for_a_moment_is_not_put_off_for_an_hour(done: list[datetime]) -> None:
    def refused(_now: datetime) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '55P03'; END$$")

    chores.ROUTINES["sweep"] = chores.Routine(timedelta(hours=1), refused)
    Chore.objects.create(name="sweep", due_at=clock.now(), attempts=2)
    ledger.drain(WORK)
    row = Chore.objects.get()
    assert row.attempts == 2
    assert row.due_at is not None
    assert row.due_at < clock.now() + timedelta(minutes=2)


def test_a_chore_that_is_due_more_often_than_hourly_is_tried_again_as_often() -> None:
    assert chores.Routine(timedelta(minutes=5), print).again == timedelta(minutes=5)
    assert chores.Routine(timedelta(days=1), print).again == timedelta(hours=1)


def test_a_chore_that_this_version_does_not_know_is_left_to_one_that_does(done: list[datetime]) -> None:
    Chore.objects.create(name="newer", due_at=clock.now())
    assert ledger.drain(WORK) == 1
    row = Chore.objects.get()
    assert done == []
    assert (row.done_at, row.lease_token, row.attempts) == (None, None, 0)
    assert row.due_at is not None
    assert timedelta(minutes=50) < row.due_at - clock.now() <= timedelta(hours=1)


def test_a_chore_that_an_older_version_laid_to_rest_is_woken_but_the_tick_is_none(done: list[datetime]) -> None:
    for name in ("sweep", "nobody's", chores.TICK):
        Chore.objects.create(name=name)
    chores.make_rows()
    assert list(Chore.objects.filter(due_at__isnull=False).values_list("name", flat=True)) == ["sweep"]
    assert ledger.drain(WORK) == 1
    assert len(done) == 1


def test_a_chore_that_killed_its_workers_comes_round_again_too(done: list[datetime]) -> None:
    now = clock.now()
    stuck = {"due_at": now - timedelta(hours=3), "attempts": 3, "last_error": "died 3 times"}
    row = Chore.objects.create(name="sweep", quarantined_at=now - timedelta(minutes=59), **stuck)
    chores.make_rows()
    assert ledger.drain(WORK) == 0
    Chore.objects.update(quarantined_at=now - timedelta(minutes=61))
    chores.make_rows()
    row.refresh_from_db()
    assert (row.quarantined_at, row.last_error) == (None, "died 3 times")
    assert ledger.drain(WORK) == 1


def test_the_backlog_says_how_each_kind_of_work_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger.register, "works", {"trial": WORK})
    now = clock.now()
    old = now - timedelta(minutes=3)
    Chore.objects.create(name="old", due_at=old)
    Chore.objects.create(name="held", due_at=now)
    Chore.objects.create(name="later", due_at=now + timedelta(hours=1))
    Chore.objects.create(name="stuck", due_at=old, quarantined_at=now)
    assert ledger.backlog() == [ledger.Backlog("trial", due=2, leased=0, quarantined=1, oldest_due_at=old)]
    ledger.lease(WORK, batch=1)
    assert ledger.backlog() == [ledger.Backlog("trial", due=1, leased=1, quarantined=1, oldest_due_at=now)]
