"""Work is a row that is due. PostgreSQL is the ledger; a Celery message only hints that something may be due.

A worker *leases* due rows in one statement and commits at once, does the slow part outside any transaction, and
*finishes* in one transaction together with its effects and the next due time, guarded by the lease's token: whoever
lost the lease throws the result away. A row leased three times without finishing is quarantined, never deleted.
"""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factcheck.lib import clock

log = logging.getLogger(__name__)

TRIES = 3
LEASE = timedelta(seconds=60)
BACKOFF = timedelta(seconds=5)
BACKOFF_MOST = timedelta(minutes=15)
ERROR_LENGTH = 2000


class LeaseLost(Exception):
    """Somebody else holds the row by now: throw the result away."""


class Due(models.Model):
    """A row on which work may be due; None in `due_at` means that nothing is."""

    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    quarantined_at = models.DateTimeField(_("stuck since"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_lease_has_token",
                condition=Q(lease_until__isnull=True, lease_token__isnull=True)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="%(app_label)s_%(class)s_due",
                condition=Q(due_at__isnull=False, quarantined_at__isnull=True),
            ),
        ]


@dataclass(frozen=True, slots=True)
class Lease:
    """One row held until `LEASE` has passed; `attempts` counts this one too."""

    model: type[Due]
    pk: int
    token: uuid.UUID
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of due row and the function that does one of them: it must end in `finish`, or raise."""

    name: str
    model: type[Due]
    do: Callable[[Lease], None]
    batch: int = 10
    lease_for: timedelta = LEASE


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


register = Register()

# A poisonous row is taken out before the next lease, so that it cannot be handed out a fourth time.
_QUARANTINE = """
    UPDATE {table} SET quarantined_at = clock_timestamp() + %(offset)s, lease_until = NULL, lease_token = NULL,
        last_error = CASE WHEN last_error = '' THEN 'died %(tries)s times without finishing' ELSE last_error END
    WHERE quarantined_at IS NULL AND due_at IS NOT NULL AND attempts >= %(tries)s
        AND lease_until < clock_timestamp() + %(offset)s
"""
# Materialized: a planner that runs the inner query again for each row would lock more than the batch.
_LEASE = """
    WITH free AS MATERIALIZED (
        SELECT id FROM {table}
        WHERE due_at <= clock_timestamp() + %(offset)s AND quarantined_at IS NULL AND attempts < %(tries)s
            AND (lease_until IS NULL OR lease_until < clock_timestamp() + %(offset)s)
        ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    UPDATE {table} AS leased SET lease_until = clock_timestamp() + %(offset)s + %(lease_for)s,
        lease_token = gen_random_uuid(), attempts = leased.attempts + 1
    FROM free WHERE leased.id = free.id
    RETURNING leased.id, leased.lease_token, leased.attempts, leased.due_at
"""


def lease(work: Work, *, batch: int | None = None) -> list[Lease]:
    """Take up to `batch` due rows, oldest first, by the database's clock; committed when this returns."""
    table = connection.ops.quote_name(work.model._meta.db_table)
    values: dict[str, Any] = {
        "offset": clock.offset(),
        "lease_for": work.lease_for,
        "batch": batch or work.batch,
        "tries": TRIES,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_QUARANTINE.format(table=table), values)
        cursor.execute(_LEASE.format(table=table), values)
        taken = [Lease(work.model, *row) for row in cursor.fetchall()]
    return sorted(taken, key=lambda taken_row: taken_row.due_at)


def finish(held: Lease, *, due_at: datetime | None, **fields: Any) -> None:
    """Give the row back, with its next due time and other columns; call it first in the transaction of the effects.

    Raises LeaseLost where the token no longer fits: nothing of the transaction may stay then.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("finish belongs into the transaction of its effects")
    rows = held.model._default_manager.filter(pk=held.pk, lease_token=held.token).update(
        due_at=due_at, lease_until=None, lease_token=None, attempts=0, last_error="", **fields
    )
    if rows == 0:
        raise LeaseLost(f"{held.model.__name__} {held.pk}")


def fail(held: Lease, error: str, *, rng: random.Random | None = None) -> None:
    """Give the row back for a later try, with full jitter, or quarantine it; harmless if the lease is lost."""
    now = clock.now()
    most = min(BACKOFF_MOST, BACKOFF * 2**held.attempts)
    wait = most * (rng or random.SystemRandom()).random()
    stuck = held.attempts >= TRIES
    held.model._default_manager.filter(pk=held.pk, lease_token=held.token).update(
        due_at=now + wait,
        lease_until=None,
        lease_token=None,
        quarantined_at=now if stuck else None,
        last_error=error[-ERROR_LENGTH:],
    )


def reschedule(rows: models.QuerySet[Any], *, due_at: datetime | None, **fields: Any) -> int:
    """Make rows due anew: whoever holds one loses it, whatever was stuck is free. Return how many."""
    return rows.update(
        due_at=due_at,
        lease_until=None,
        lease_token=None,
        attempts=0,
        quarantined_at=None,
        last_error="",
        **fields,
    )


def requeue(rows: models.QuerySet[Any], *, now: datetime) -> int:
    """Let quarantined rows be tried again from the beginning; return how many."""
    return reschedule(rows.filter(quarantined_at__isnull=False), due_at=now)


def drain(work: Work, *, for_s: float = 20.0, monotonic: Callable[[], float] = time.monotonic) -> int:
    """Do what is due of one kind until nothing is or the time is over; return how many rows were done or failed."""
    until, done = monotonic() + for_s, 0
    while monotonic() < until:
        taken = lease(work)
        if not taken:
            break
        for held in taken:
            _do(work, held)
        done += len(taken)
    return done


def _do(work: Work, held: Lease) -> None:
    try:
        work.do(held)
    except LeaseLost:
        log.info("%s %s: the lease was lost, the result is thrown away", work.name, held.pk)
    except Exception as error:  # the door of all work: whatever breaks is recorded on its row
        log.exception("%s %s failed", work.name, held.pk)
        fail(held, f"{type(error).__name__}: {error}")


def drain_all(works: Sequence[Work] | None = None) -> int:
    """Do everything that is due of every kind, until a round finds nothing: the fallback without any broker."""
    done, found = 0, True
    while found:
        counts = [drain(work) for work in (works or tuple(register.works.values()))]
        found = any(counts)
        done += sum(counts)
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
    now = clock.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return [
        work.name
        for work in register.works.values()
        if work.model._default_manager.filter(free, due_at__lte=now, quarantined_at__isnull=True).exists()
    ]


def oldest_due_at() -> datetime | None:
    """Return since when the oldest due row waits, over all kinds; None if nothing waits. The measure of health."""
    now = clock.now()
    oldest = [
        work.model._default_manager.filter(due_at__lte=now, quarantined_at__isnull=True)
        .order_by(F("due_at").asc())
        .values_list("due_at", flat=True)
        .first()
        for work in register.works.values()
    ]
    return min((due for due in oldest if due), default=None)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How one kind of work stands."""

    name: str
    due: int
    leased: int
    quarantined: int
    oldest_due_at: datetime | None


def backlog() -> list[Backlog]:
    """Return how each kind of work stands, by the same clock as the leases: for doctors and dashboards."""
    now = clock.now()
    free = Q(due_at__lte=now, quarantined_at__isnull=True)
    held = Q(lease_until__gte=now)
    found = []
    for work in register.works.values():
        counts = work.model._default_manager.filter(
            Q(due_at__lte=now) | Q(quarantined_at__isnull=False) | held
        ).aggregate(
            due=models.Count("pk", filter=free & ~held),
            leased=models.Count("pk", filter=held),
            quarantined=models.Count("pk", filter=Q(quarantined_at__isnull=False)),
            oldest_due_at=models.Min("due_at", filter=free),
        )
        found.append(Backlog(work.name, **counts))
    return found


# One number for "the tick of this database": two beats, or two ticks at once, do no harm.
_TICK_LOCK = 0x66637469


def tick(send: Callable[[str], None]) -> list[str]:
    """Send one hint for each kind of work that is due, if no other tick is at it, and sweep; return the names sent."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TICK_LOCK])
        if not cursor.fetchone()[0]:
            return []
        names = due_names()
    for name in names:
        send(name)
    _sweep()
    return names
