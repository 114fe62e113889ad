"""Work of the house comes round: done once each time, by whoever is up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from factcheck import chores, ledger
from factcheck.lib import clock
from factcheck.models import Chore

pytestmark = pytest.mark.django_db
WORK = ledger.Work("trial", Chore, chores.do, batch=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times: list[datetime] = []
    monkeypatch.setattr(chores, "ROUTINES", {"sweep": chores.Routine(timedelta(hours=1), times.append)})
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


def test_a_chore_that_breaks_is_tried_again_and_at_last_stuck_where_people_see_it(done: list[datetime]) -> None:
    def broken(_now: datetime) -> None:
        raise OSError("the disk is full")

    chores.ROUTINES["sweep"] = chores.Routine(timedelta(hours=1), broken)
    chores.make_rows()
    for _try in range(ledger.TRIES):
        Chore.objects.update(due_at=clock.now())
        ledger.drain(WORK)
    row = Chore.objects.get()
    assert row.quarantined_at
    assert "the disk is full" in row.last_error


def test_a_chore_that_no_version_knows_any_more_is_laid_to_rest(done: list[datetime]) -> None:
    Chore.objects.create(name="gone", due_at=clock.now())
    assert ledger.drain(WORK) == 1
    assert Chore.objects.get().due_at is None
    assert done == []


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
    assert ledger.backlog() == [ledger.Backlog("trial", due=1, leased=1, quarantined=1, oldest_due_at=old)]
