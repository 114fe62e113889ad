"""Work is a row that is due. PostgreSQL is the ledger; a Celery message only hints that something may be due.

A worker *leases* due rows in one statement and commits at once, does the slow part outside any transaction, and
*finishes* in one transaction together with its effects and the next due time, guarded by the lease's token: whoever
lost the lease throws the result away. A row leased three times without finishing is quarantined, never deleted.
The rows themselves are in factcheck.leases; here is which kinds of work there are, and how they take turns.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from factcheck.leases import (
    BACKOFF,
    BACKOFF_MOST,
    ERROR_LENGTH,
    LEASE,
    TRIES,
    Due,
    Lease,
    LeaseLost,
    fail,
    finish,
    finish_many,
    free,
    give_back,
    is_passing,
    leave_cut_connection,
    now_there,
    quarantine,
    release,
    renewing,
    requeue,
    reschedule,
    take,
    take_alone,
    told,
)
from factcheck.lib import logs
from factcheck.lib.crashpoints import crashpoint

__all__ = [
    "BACKOFF",
    "BACKOFF_MOST",
    "ERROR_LENGTH",
    "LEASE",
    "TRIES",
    "Due",
    "Lease",
    "LeaseLost",
    "fail",
    "finish",
    "finish_many",
    "release",
    "requeue",
    "reschedule",
]

log = logging.getLogger(__name__)

DESK, FETCH, HOUSE, SPLIT = "desk", "fetch", "house", "split"
DUE = models.F("due_at")
# Long enough to be worth a message, short enough that whoever waits behind it does not wait long.
TURN_S = 3.0


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of due row and the function that does one of them: it must end in `finish`, or raise.

    `do_batch` does a whole batch in one transaction, of those rows that `finish_many` gives back; if it raises, the
    rows are done one by one. `do_round` leases and does rows in its own way until a moment of `time.monotonic`, and
    returns how many. `most` is for work that may outlast its lease: it is prolonged for that long at most. Of what is
    done `alone` no two rows are in work at once. `waits_since` is since when a row could be leased, where that is not
    its due time: later than now, it waits for something else than us. `title` is what people call it. `prepare` is what
    each process of a worker does before its first: it does not take long, but begins what does.
    """

    name: str
    model: type[Due]
    do: Callable[[Lease], None]
    batch: int = 10
    lease_for: timedelta = LEASE
    queue: str = DESK
    do_batch: Callable[[Sequence[Lease]], None] | None = None
    do_round: Callable[[Work, float], int] | None = None
    most: timedelta | None = None
    alone: bool = False
    waits_since: models.F | models.Func = DUE
    title: Any = ""
    prepare: Callable[[], None] | None = None


@dataclass(slots=True)
class Register:
    """The kinds of work of this process, by name, in order of registration; and what each tick sweeps."""

    works: dict[str, Work] = field(default_factory=dict)
    sweeps: dict[str, Callable[[], Any]] = field(default_factory=dict)

    def add(self, work: Work) -> None:
        """Make a kind of work known; registering the same name again replaces it."""
        self.works[work.name] = work

    def sweep(self, name: str, do: Callable[[], Any]) -> None:
        """Make known what every tick does itself: short, set-based, harmless when done twice at once."""
        self.sweeps[name] = do

    def on(self, queues: Iterable[str]) -> list[Work]:
        """Return the kinds of work of these queues."""
        served = set(queues)
        return [work for work in self.works.values() if work.queue in served]


register = Register()


def lease(work: Work, *, batch: int | None = None) -> list[Lease]:
    """Take up to `batch` due rows, oldest first, by the database's clock; committed when this returns."""
    if work.alone:
        taken = take_alone(work.model, lease_for=work.lease_for)
    else:
        taken = take(work.model, batch=batch or work.batch, lease_for=work.lease_for)
    if taken:
        crashpoint("claim.after_lease")
    return taken


def drain(
    *works: Work,
    for_s: float = TURN_S,
    monotonic: Callable[[], float] = time.monotonic,
    then: Callable[[], Any] = lambda: None,
) -> int:
    """Do what is due, a batch of each kind in turn, until nothing is or the time is over; return how many rows.

    Every kind has its turn, however long the others take; when the time is over, no further row is begun, and `then`
    is called, since work is left.
    """
    until, done, turns = monotonic() + for_s, 0, deque(works)
    first = len(turns)
    while turns and (first > 0 or monotonic() < until):
        first -= 1
        work = turns.popleft()
        rows = _do_batch(work, until, monotonic)
        if rows:
            done += rows
            turns.append(work)
    for work in turns:  # of the others `lease` has seen to it, as it found nothing
        quarantine(work.model)
    if turns:
        then()
    return done


def _do_batch(work: Work, until: float, monotonic: Callable[[], float]) -> int:
    """Lease a batch and do it, at once where the work can; rows for which there is no time left are given back."""
    if work.do_round:
        return work.do_round(work, until)
    half = work.lease_for.total_seconds() / 2
    enough = min(until, monotonic() + half)
    taken = lease(work)
    if len(taken) > 1 and work.do_batch and _done_at_once(work, work.do_batch, taken):
        return len(taken)
    for place, held in enumerate(taken):
        if place and monotonic() >= enough:
            release(taken[place:])
            return place
        _do(work, held)
    return len(taken)


def _done_at_once(work: Work, do_batch: Callable[[Sequence[Lease]], None], taken: Sequence[Lease]) -> bool:
    try:
        do_batch(taken)
    except Exception:  # a door: one of the rows broke it; done one by one, it is found
        log.exception("%s: a batch of %s failed, its rows are done one by one", work.name, len(taken))
        return False
    return True


def _do(work: Work, held: Lease) -> None:
    kept = renewing(held, lease_for=work.lease_for, most=work.most) if work.most else nullcontext()
    with doing(work, held), kept:
        work.do(held)


@contextmanager
def doing(work: Work, held: Lease) -> Iterator[None]:
    """Record on the row whatever breaks in this block, and give it back."""
    with logs.bound(work=work.name, row=held.pk, attempt=held.attempts, lease=str(held.token)[:8]):
        try:
            yield
        except LeaseLost:
            log.info("%s %s: the lease was lost, the result is thrown away", work.name, held.pk)
        except Exception as error:  # the door of all work: whatever breaks is recorded on its row
            log.exception("%s %s failed", work.name, held.pk)
            leave_cut_connection()
            (give_back if is_passing(error) else fail)(held, told(error))


def drain_all(works: Sequence[Work] | None = None) -> int:
    """Do everything that is due of every kind, until a round finds nothing: the fallback without any broker."""
    done = 0
    while rows := drain(*(works or register.works.values()), then=_sweep):
        done += rows
    _sweep()
    return done


def _sweep() -> None:
    """Do what each tick sweeps; one that breaks keeps neither the others nor the hints from going on."""
    for name, do in register.sweeps.items():
        try:
            do()
        except Exception:  # a door: the next tick tries again
            log.exception("the sweep %s failed", name)


def due_names() -> list[str]:
    """Return the kinds of work of which a row is due and free right now."""
    return [work.name for work in register.works.values() if _waiting(work).exists()]


def _waiting(work: Work, *, longer_than: timedelta = timedelta(0)) -> models.QuerySet[Any]:
    """Rows that somebody could lease, and could have for longer than that; since when stands in `waits_since`."""
    since = now_there() - longer_than
    rows = work.model._default_manager.filter(free(), due_at__lte=since)
    return rows.annotate(waits_since=work.waits_since).filter(waits_since__lte=since)


def is_waiting(works: Iterable[Work], *, longer_than: timedelta) -> bool:
    """Say whether a row that anybody could lease has been due for longer than that."""
    return any(_waiting(work, longer_than=longer_than).exists() for work in works)


def oldest_due_at() -> datetime | None:
    """Return since when the oldest due row waits, over all kinds; None if nothing waits. The measure of health.

    A row in work does not wait: it may take its time, and is free again when its worker dies. Nor does one whose
    turn has not come, such as a page behind others of its host.
    """
    oldest = [
        _waiting(work).order_by("waits_since").values_list("waits_since", flat=True).first()
        for work in register.works.values()
    ]
    return min((since for since in oldest if since), default=None)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How one kind of work stands."""

    name: str
    due: int
    leased: int
    quarantined: int
    oldest_due_at: datetime | None


def backlog() -> list[Backlog]:
    """Return how each kind of work stands, by the same clock as the leases: for doctors and dashboards.

    Three questions a kind, each by an index of its own: one with OR would read whole tables.
    """
    return [
        Backlog(
            work.name,
            **_waiting(work).aggregate(due=models.Count("pk"), oldest_due_at=models.Min("waits_since")),
            leased=work.model._default_manager.filter(lease_until__gte=now_there()).count(),
            quarantined=work.model._default_manager.filter(quarantined_at__isnull=False).count(),
        )
        for work in register.works.values()
    ]


# One number for "the tick of this database": two beats, or two ticks at once, do no harm.
_TICK_LOCK = 0x66637469


def tick(send: Callable[[str], None]) -> list[str]:
    """Send one hint to each queue with work that is due, if no other tick is at it, and sweep; return the queues."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TICK_LOCK])
        if not cursor.fetchone()[0]:
            return []
        queues = list(dict.fromkeys(register.works[name].queue for name in due_names()))
    try:
        for queue in queues:
            send(queue)
    finally:  # without a broker there are no hints; the sweeps need none
        _sweep()
    return queues
