"""Work is a row that is due: leased, done, and finished with its effects, or tried again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Claim
from factcheck import ledger, schedule
from factcheck.lib import clock
from factcheck.models import Chore
from factcheck.schedule import drain, tick
from sources.models import Document
from tests.factories import claim as make_claim

pytestmark = pytest.mark.django_db

PAST = timedelta(minutes=5)


def due_page(name: str, *, ago: timedelta = PAST, **fields: Any) -> Document:
    return Document.objects.create(
        identity=f"http://{name}.test/", url=f"http://{name}.test/", due_at=clock.now() - ago, **fields
    )


def work(do: Any = None, **fields: Any) -> ledger.Work:
    return ledger.Work("trial", Document, do or (lambda _held: None), **fields)


def finished(held: ledger.Lease) -> None:
    with transaction.atomic():
        ledger.finish(held, due_at=None)


def test_the_oldest_is_leased_first_and_nobody_twice() -> None:
    young, old = due_page("young", ago=timedelta(minutes=1)), due_page("old", ago=timedelta(hours=1))
    due_page("later", ago=-timedelta(hours=1))
    assert [held.pk for held in ledger.lease(work(), batch=5)] == [old.pk, young.pk]
    assert ledger.lease(work()) == []


def test_a_batch_takes_no_more_than_asked() -> None:
    for name in "abc":
        due_page(name)
    assert len(ledger.lease(work(), batch=2)) == 2


def test_every_lease_has_its_own_token() -> None:
    due_page("a"), due_page("b")
    first, second = ledger.lease(work())
    assert first.token != second.token
    assert first.attempts == second.attempts == 1


def test_a_lease_that_ran_out_is_given_to_the_next_and_the_first_comes_too_late() -> None:
    page = due_page("slow")
    first = ledger.lease(work(lease_for=timedelta(seconds=-1)))[0]
    second = ledger.lease(work())[0]
    with pytest.raises(ledger.LeaseLost), transaction.atomic():
        ledger.finish(first, due_at=None)
    finished(second)
    page.refresh_from_db()
    assert (page.due_at, page.attempts, page.lease_token) == (None, 0, None)


def test_finish_outside_a_transaction_is_a_mistake(transactional_db: None) -> None:
    due_page("a")
    held = ledger.lease(work())[0]
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.finish(held, due_at=None)


def test_finish_writes_the_next_due_time_and_the_effects_columns() -> None:
    page = due_page("a")
    next_time = clock.now() + timedelta(hours=1)
    ledger.finish(ledger.lease(work())[0], due_at=next_time, due_because="in an hour")
    page.refresh_from_db()
    assert (page.due_at, page.due_because) == (next_time, "in an hour")


def test_what_breaks_is_tried_later_and_stuck_after_three_times() -> None:
    page = due_page("broken")

    def breaks(_held: ledger.Lease) -> None:
        raise ValueError("no such thing")

    for attempt in (1, 2, 3):
        Document.objects.update(due_at=clock.now() - PAST)
        assert ledger.drain(work(breaks)) == 1
        page.refresh_from_db()
        assert page.attempts == attempt
        assert page.last_error == "ValueError: no such thing"
    assert page.quarantined_at is not None
    Document.objects.update(due_at=clock.now() - PAST)
    assert ledger.lease(work()) == []


def test_what_killed_its_workers_is_laid_aside_also_while_much_else_waits() -> None:
    past = clock.now() - PAST
    poison = due_page("poison", attempts=3, lease_until=past, lease_token="00000000-0000-0000-0000-000000000001")
    for name in "abc":
        due_page(name)
    left: list[str] = []
    seconds = iter([0.0, 1.0, 100.0])
    assert ledger.drain(work(finished, batch=1), monotonic=lambda: next(seconds), then=lambda: left.append("more")) == 1
    poison.refresh_from_db()
    assert poison.quarantined_at is not None
    assert left == ["more"]
    assert ledger.drain(work(finished), then=lambda: left.append("again")) == 2
    assert left == ["more"]


def test_what_kills_its_worker_three_times_is_stuck_too() -> None:
    page = due_page("poison")
    dying = work(lease_for=timedelta(seconds=-1))
    assert [len(ledger.lease(dying)) for _time in range(4)] == [1, 1, 1, 0]
    page.refresh_from_db()
    assert page.quarantined_at is not None
    assert page.last_error == "died 3 times without finishing"


def test_a_stuck_row_can_be_let_go_again() -> None:
    page = due_page("stuck", quarantined_at=clock.now(), attempts=3)
    assert ledger.requeue(Document.objects.filter(pk=page.pk), now=clock.now() - PAST) == 1
    assert [held.attempts for held in ledger.lease(work())] == [1]
    assert ledger.requeue(Document.objects.filter(pk=page.pk), now=clock.now()) == 0


def test_the_wait_after_a_failure_grows_and_has_jitter() -> None:
    page = due_page("a")
    held = ledger.lease(work())[0]
    before = clock.now()
    ledger.fail(held, "x" * 5000, rng=random.Random(1))
    page.refresh_from_db()
    assert page.due_at is not None
    assert before < page.due_at < before + ledger.BACKOFF * 2 + timedelta(seconds=5)
    assert len(page.last_error) == ledger.ERROR_LENGTH


def test_a_failure_told_after_the_lease_was_lost_changes_nothing() -> None:
    page = due_page("a")
    lost = ledger.lease(work(lease_for=timedelta(seconds=-1)))[0]
    kept = ledger.lease(work())[0]
    ledger.fail(lost, "too late")
    page.refresh_from_db()
    assert (page.lease_token, page.last_error) == (kept.token, "")


def test_a_result_whose_lease_was_lost_is_thrown_away() -> None:
    page = due_page("a")

    def loses(held: ledger.Lease) -> None:
        Document.objects.update(lease_token="00000000-0000-0000-0000-000000000000")
        finished(held)

    assert ledger.drain(work(loses), for_s=0.05) == 1
    page.refresh_from_db()
    assert page.last_error == ""
    assert page.due_at is not None


def test_draining_ends_when_its_time_is_over() -> None:
    for name in "abc":
        due_page(name)
    seconds = iter([0.0, 1.0, 100.0])
    assert ledger.drain(work(finished, batch=1), for_s=20, monotonic=lambda: next(seconds)) == 1


def test_the_tick_hints_at_what_is_due_and_at_nothing_else(now: datetime) -> None:
    sent: list[str] = []
    assert ledger.tick(sent.append) == []
    Chore.objects.update(due_at=None)  # that tick swept as well: it made the chores' rows, due at once
    due_page("a")
    make_claim(now)
    Claim.objects.update(due_at=clock.now() - PAST)
    assert ledger.tick(sent.append) == sent
    assert set(sent) - {"house"} == {"desk", "fetch", "split"}
    ledger.lease(ledger.register.works["look"])
    assert set(ledger.due_names()) - {"chores"} == {"review", "match", "triage"}


def test_a_sweep_that_breaks_stops_neither_the_others_nor_the_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[str] = []

    def breaks() -> None:
        raise ValueError("no room")

    register = ledger.Register(works=ledger.register.works)
    register.sweep("first", breaks)
    register.sweep("second", lambda: swept.append("second"))
    monkeypatch.setattr(ledger, "register", register)
    due_page("a")
    assert ledger.tick(lambda _name: None) == ["fetch"]
    assert swept == ["second"]


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_send_one_hint() -> None:
    due_page("a")
    with connection.copy().cursor() as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", [ledger._TICK_LOCK])
        assert ledger.tick(lambda _name: None) == []
        other.connection.close()


def test_the_oldest_due_row_is_the_measure_of_health() -> None:
    assert ledger.oldest_due_at() is None
    due_page("young", ago=timedelta(minutes=1))
    old = due_page("old", ago=timedelta(hours=1))
    assert ledger.oldest_due_at() == old.due_at
    ledger.lease(work(), batch=2)
    assert ledger.oldest_due_at() is None  # what is in work does not wait


def test_a_hint_does_the_work_and_junk_does_nothing(now: datetime) -> None:
    late = make_claim(now)
    Claim.objects.update(due_at=clock.now() - PAST, holds_until=clock.now() - PAST)
    drain("no such work")
    drain("desk")
    assert late.flags.get().reason == "too_old"


def test_a_hint_whose_time_was_over_hints_again_at_its_own_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(schedule, "hint", sent.append)
    due_page("a"), due_page("b")
    trial = ledger.Work("trial", Document, finished, batch=1, queue="trial")
    monkeypatch.setattr(ledger, "register", ledger.Register(works={"trial": trial}))
    monkeypatch.setattr(ledger.drain, "__kwdefaults__", {**(ledger.drain.__kwdefaults__ or {}), "for_s": 0.0})
    drain("trial")
    drain("trial")
    assert sent == ["trial", "trial"]
    drain("trial")
    assert sent == ["trial", "trial"]


def test_everything_that_is_due_is_done_and_swept_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[int] = []
    register = ledger.Register()
    register.sweep("count", lambda: swept.append(Document.objects.filter(due_at=None).count()))
    monkeypatch.setattr(ledger, "register", register)
    monkeypatch.setattr(ledger.drain, "__kwdefaults__", {**(ledger.drain.__kwdefaults__ or {}), "for_s": 0.0})
    due_page("a"), due_page("b")
    assert ledger.drain_all([work(finished, batch=1)]) == 2
    assert swept == [1, 2, 2]


def test_the_tick_task_survives_a_broker_with_nothing_due() -> None:
    tick()


def test_a_shifted_clock_makes_work_due(monkeypatch: pytest.MonkeyPatch) -> None:
    due_page("tomorrow", ago=-timedelta(hours=20))
    assert ledger.lease(work()) == []
    monkeypatch.setenv("CLOCK_OFFSET", "86400")
    assert len(ledger.lease(work())) == 1
