"""Kinds of work take turns; a batch is done at once, and what breaks it is found alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factcheck import leases, ledger
from factcheck.lib import clock
from factcheck.models import Chore
from sources.models import Document
from tests.test_ledger import due_page, finished

pytestmark = pytest.mark.django_db


def due_chores(many: int, **fields: Any) -> list[Chore]:
    past = clock.now() - timedelta(hours=1)
    rows = [Chore(name=f"{n}", due_at=past + timedelta(seconds=n), **fields) for n in range(many)]
    return Chore.objects.bulk_create(rows)


def many_at_once(held: Sequence[ledger.Lease]) -> None:
    with transaction.atomic():
        for one in ledger.finish_many(held, due_at=None, done_at=clock.now()):
            if Chore.objects.get(pk=one.pk).name == "2":
                raise ValueError("poison")


def one_alone(held: ledger.Lease) -> None:
    many_at_once([held])


WORK = ledger.Work("trial", Chore, one_alone, batch=5, do_batch=many_at_once)


def lose(held: ledger.Lease) -> None:
    """Let somebody else hold the row."""
    Chore.objects.filter(pk=held.pk).update(lease_token="00000000-0000-0000-0000-000000000000")


def test_a_batch_is_finished_in_one_transaction_but_for_rows_whose_lease_was_lost() -> None:
    due_chores(3)
    held = ledger.lease(WORK)
    lose(held[1])
    with transaction.atomic():
        ours = ledger.finish_many(held, due_at=None, done_at=clock.now())
    assert ours == [held[0], held[2]]
    assert list(Chore.objects.order_by("name").values_list("done_at", flat=True))[1] is None
    assert list(Chore.objects.filter(due_at=None).values_list("name", flat=True)) == ["0", "2"]
    assert Chore.objects.get(name="1").lease_token is not None


def test_no_rows_are_finished_without_a_query_or_outside_a_transaction(transactional_db: None) -> None:
    with transaction.atomic():
        assert ledger.finish_many([], due_at=None) == []
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.finish_many([], due_at=None)


def test_a_row_that_breaks_its_batch_is_found_alone_and_the_others_are_done() -> None:
    due_chores(5)
    assert ledger.drain(WORK) == 5
    poison = Chore.objects.get(name="2")
    assert "poison" in poison.last_error
    assert poison.attempts == 1
    assert Chore.objects.filter(due_at=None, done_at__isnull=False, last_error="").count() == 4


def test_what_failed_before_is_leased_alone_so_that_it_can_take_nobody_along() -> None:
    rows = due_chores(4)
    Chore.objects.filter(pk=rows[2].pk).update(attempts=1)
    assert [held.pk for held in ledger.lease(WORK)] == [rows[0].pk, rows[1].pk]
    assert [held.pk for held in ledger.lease(WORK)] == [rows[2].pk]
    assert [held.pk for held in ledger.lease(WORK)] == [rows[3].pk]


def test_a_row_that_kills_its_worker_is_stuck_alone() -> None:
    """Each lease that nobody finishes stands for a worker that died over the poisonous row of the batch."""
    rows = due_chores(4)
    poison = rows[1].pk
    dying = ledger.Work("trial", Chore, one_alone, batch=4, lease_for=timedelta(seconds=-1))
    while held := ledger.lease(dying):
        if poison not in [one.pk for one in held]:
            for one in held:
                finished(one)
    assert list(Chore.objects.filter(quarantined_at__isnull=False).values_list("pk", flat=True)) == [poison]
    assert Chore.objects.filter(due_at=None).count() == 3


def logging_work(name: str, model: Any, done: list[str], **fields: Any) -> ledger.Work:
    def do(held: ledger.Lease) -> None:
        done.append(name)
        finished(held)

    return ledger.Work(name, model, do, **fields)


def test_thousands_of_one_kind_do_not_hold_up_another() -> None:
    done: list[str] = []
    due_chores(30)
    for name in "ab":
        due_page(name)
    ledger.drain(logging_work("many", Chore, done, batch=5), logging_work("few", Document, done, batch=1))
    assert done[:12] == ["many"] * 5 + ["few"] + ["many"] * 5 + ["few"]
    assert len(done) == 32


def clock_of(*seconds: float) -> Callable[[], float]:
    passing = iter(seconds)
    return lambda: next(passing)


def test_every_kind_has_its_turn_though_the_first_takes_all_the_time() -> None:
    done: list[str] = []
    due_chores(6)
    due_page("a"), due_page("b")
    first = logging_work("slow", Chore, done, batch=2)
    other = logging_work("other", Document, done, batch=1)
    # began at 0; the first batch may begin at 1 and is through with its first row at 50; the other has its turn; over.
    assert ledger.drain(first, other, for_s=3, monotonic=clock_of(0, 1, 50, 51, 52)) == 2
    assert done == ["slow", "other"]


def test_rows_for_which_no_time_is_left_are_given_back_as_if_never_tried() -> None:
    rows = due_chores(3)
    done: list[str] = []
    slow = logging_work("slow", Chore, done, batch=3, lease_for=timedelta(seconds=60))
    # More than half the lease is over before the second row would begin.
    assert ledger.drain(slow, for_s=1000, monotonic=clock_of(0, 0, 31, 2000)) == 1
    left = Chore.objects.filter(pk__in=[rows[1].pk, rows[2].pk])
    assert set(left.values_list("attempts", "lease_until", "lease_token")) == {(0, None, None)}
    assert [held.attempts for held in ledger.lease(slow)] == [1, 1]


def test_what_is_given_back_after_the_lease_was_lost_stays_the_others() -> None:
    due_chores(1)
    held = ledger.lease(WORK)
    lose(held[0])
    leases.release(held)
    assert Chore.objects.get().lease_token is not None


def test_work_that_outlasts_its_lease_keeps_it_while_its_process_lives(transactional_db: None) -> None:
    due_chores(1)
    waited: list[bool] = []

    def do(held: ledger.Lease) -> None:
        for _time in range(200):
            ends = Chore.objects.values_list("lease_until", flat=True).get()
            assert ends is not None
            waited.append(ends > first)
            if waited[-1]:
                break
            pause.wait(0.05)
        finished(held)

    import threading

    pause = threading.Event()
    work = ledger.Work("long", Chore, do, lease_for=timedelta(seconds=1), most=timedelta(seconds=60))
    first = clock.now() + timedelta(seconds=1.2)
    assert ledger.drain(work, for_s=0) == 1
    assert waited[-1]
    assert Chore.objects.get().due_at is None


def test_a_lease_is_prolonged_so_long_and_no_longer(transactional_db: None) -> None:
    due_chores(1)
    held = ledger.lease(WORK)[0]
    with leases.renewing(held, lease_for=timedelta(milliseconds=30), most=timedelta(milliseconds=30)):
        import threading

        renewing = next(one for one in threading.enumerate() if one.name.startswith("lease of"))
        renewing.join(20)
        assert not renewing.is_alive()


def test_a_lease_that_cannot_be_prolonged_now_may_be_later(
    caplog: pytest.LogCaptureFixture, transactional_db: None
) -> None:
    due_chores(1)
    held = ledger.lease(WORK)[0]

    def gone(*_question: Any) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(gone):
        leases._prolong(held, timedelta(seconds=60))
    assert "could not be prolonged" in caplog.text
    leases._prolong(held, timedelta(hours=1))
    ends = Chore.objects.get().lease_until
    assert ends is not None
    assert ends > clock.now() + timedelta(minutes=50)


def test_a_lease_is_prolonged_by_the_databases_clock(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    due_chores(1)
    held = ledger.lease(WORK)[0]
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real - timedelta(hours=2))  # this machine's clock is slow
    leases._prolong(held, timedelta(minutes=10))
    ends = Chore.objects.get().lease_until
    assert ends is not None
    assert timedelta(minutes=9) < ends - real < timedelta(minutes=20)
    Chore.objects.update(lease_until=None, lease_token=None)
    assert ledger.due_names() == ["chores"]


def test_whether_work_waits_too_long_is_asked_of_free_rows_only() -> None:
    due_chores(1)
    works = [WORK]
    assert ledger.is_waiting(works, longer_than=timedelta(minutes=5))
    assert not ledger.is_waiting(works, longer_than=timedelta(hours=2))
    ledger.lease(WORK)
    assert not ledger.is_waiting(works, longer_than=timedelta(minutes=5))


ALONE = ledger.Work("alone", Chore, one_alone, alone=True, batch=5)


@pytest.mark.parametrize("sqlstate", ["55P03", "57014", "40001", "40P01", "57P01", "08006"])
def test_a_refusal_that_passes_is_not_the_rows_fault(sqlstate: str) -> None:
    (row,) = due_chores(1)
    Chore.objects.update(attempts=2)

    def refused(_held: ledger.Lease) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DO $$BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '{sqlstate}'; END$$")

    before = clock.now()
    assert ledger.drain(ledger.Work("trial", Chore, refused)) == 1
    row.refresh_from_db()
    assert (row.attempts, row.quarantined_at, row.lease_token) == (2, None, None)
    assert "not now" in row.last_error
    assert row.due_at is not None
    assert row.due_at >= before + timedelta(seconds=30)


def test_a_wrong_statement_counts_as_a_try() -> None:
    due_chores(1)

    def wrong(_held: ledger.Lease) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    ledger.drain(ledger.Work("trial", Chore, wrong))
    assert Chore.objects.get().attempts == 1


def test_a_connection_that_was_cut_under_a_row_costs_it_no_try(transactional_db: None) -> None:
    due_chores(1)

    def cut(_held: ledger.Lease) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert ledger.drain(ledger.Work("trial", Chore, cut)) == 1
    row = Chore.objects.get()
    assert (row.attempts, row.quarantined_at, row.lease_token) == (0, None, None)
    assert "OperationalError" in row.last_error


def test_of_what_is_done_alone_no_two_rows_are_in_work_at_once() -> None:
    first, second = due_chores(2)
    assert [held.pk for held in ledger.lease(ALONE)] == [first.pk]
    assert ledger.lease(ALONE) == []
    Chore.objects.filter(pk=first.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    Chore.objects.filter(pk=first.pk).update(due_at=clock.now())
    assert [held.pk for held in ledger.lease(ALONE)] == [second.pk]


def test_two_who_ask_for_the_same_at_once_do_not_both_find_it_free(transactional_db: None) -> None:
    due_chores(2)
    with connection.copy().cursor() as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [leases._ALONE_LOCK, '"factcheck_chore"'])
        assert ledger.lease(ALONE) == []
        other.execute("ROLLBACK")
        other.connection.close()
    assert len(ledger.lease(ALONE)) == 1


def test_chores_have_a_queue_of_their_own_and_are_done_one_at_a_time() -> None:
    work = ledger.register.works["chores"]
    assert (work.queue, work.alone) == ("house", True)
    assert [one.name for one in ledger.register.on(["house"])] == ["chores"]


def test_every_kind_of_work_belongs_to_a_queue_that_workers_serve() -> None:
    from factcheck.celery import TICK, app

    served = {queue.name for queue in app.conf.task_queues}
    assert {work.queue for work in ledger.register.works.values()} == served - {TICK}
    assert {work.name for work in ledger.register.on(["split", "fetch"])} == {
        "look",
        "poll",
        "archive",
        "poll_known",
        "split",
        "match",
        "stance",
        "match_known",
    }
