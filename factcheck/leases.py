"""Rows on which work is due: leased in one statement, finished under the lease's token, tried again, or stuck.

A lease is committed at once and ends by itself; its token guards the finish, so whoever lost the lease changes nothing.
What failed once is leased alone from then on: should it kill its worker, it takes no other row with it.
"""

from __future__ import annotations

import logging
import random
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.lib import clock

log = logging.getLogger(__name__)

TRIES = 3
LEASE = timedelta(seconds=60)
BACKOFF = timedelta(seconds=5)
BACKOFF_MOST = timedelta(minutes=15)
ERROR_LENGTH = 2000
# What the database refuses for reasons that pass: locks, time limits, deadlocks, its own restart. 08: the connection.
PASSING = {"55P03", "57014", "40001", "40P01", "57P01", "57P02", "57P03"}
PASSES_WITHIN = timedelta(seconds=30)


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
            models.Index(
                fields=["quarantined_at"],
                name="%(app_label)s_%(class)s_stuck",
                condition=Q(quarantined_at__isnull=False),
            ),
            models.Index(
                fields=["lease_until"],
                name="%(app_label)s_%(class)s_held",
                condition=Q(lease_until__isnull=False),
            ),
        ]


@dataclass(frozen=True, slots=True)
class Lease:
    """One row held until its lease is over; `attempts` counts this one too."""

    model: type[Due]
    pk: int
    token: uuid.UUID
    attempts: int
    due_at: datetime


# One statement, so one round trip and one commit. Of the free rows, oldest first, it takes those in front of the first
# that failed before; if that one is the oldest it is taken alone. Materialized: a planner that runs the inner query
# again for each row would lock more than the batch.
_LEASE = """
    WITH free AS MATERIALIZED (
        SELECT {pk} AS pk, attempts, due_at FROM {table}
        WHERE due_at <= clock_timestamp() + %(offset)s AND quarantined_at IS NULL AND attempts < %(tries)s
            AND (lease_until IS NULL OR lease_until < clock_timestamp() + %(offset)s)
        ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    ), ranked AS (
        SELECT pk, row_number() OVER turn AS place, max(attempts) OVER turn AS worst
        FROM free WINDOW turn AS (ORDER BY due_at, pk ROWS UNBOUNDED PRECEDING)
    )
    UPDATE {table} AS leased SET lease_until = clock_timestamp() + %(offset)s + %(lease_for)s,
        lease_token = gen_random_uuid(), attempts = leased.attempts + 1
    FROM ranked WHERE leased.{pk} = ranked.pk AND (ranked.worst = 0 OR ranked.place = 1)
    RETURNING leased.{pk}, leased.lease_token, leased.attempts, leased.due_at
"""
_QUARANTINE = """
    UPDATE {table} SET quarantined_at = clock_timestamp() + %(offset)s, lease_until = NULL, lease_token = NULL,
        last_error = CASE WHEN last_error = '' THEN 'died %(tries)s times without finishing' ELSE last_error END
    WHERE due_at <= clock_timestamp() + %(offset)s AND quarantined_at IS NULL AND attempts >= %(tries)s
        AND lease_until < clock_timestamp() + %(offset)s
"""

_ALONE_LOCK = 0x616C6F6E
_IS_HELD = "SELECT EXISTS (SELECT FROM {table} WHERE lease_until >= clock_timestamp() + %(offset)s)"


def take_alone(model: type[Due], *, lease_for: timedelta) -> list[Lease]:
    """Lease one row while none of its table is held: two who ask at once do not both find it so."""
    table = connection.ops.quote_name(model._meta.db_table)
    values: dict[str, Any] = {"offset": clock.offset()}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_ALONE_LOCK, table])
            is_ours = cursor.fetchone()[0]
            cursor.execute(_IS_HELD.format(table=table), values)
            is_held = cursor.fetchone()[0]
        return take(model, batch=1, lease_for=lease_for) if is_ours and not is_held else []


def take(model: type[Due], *, batch: int, lease_for: timedelta) -> list[Lease]:
    """Lease up to `batch` due rows, oldest first, by the database's clock; committed when this returns."""
    table, pk = map(connection.ops.quote_name, (model._meta.db_table, model._meta.pk.attname))
    values: dict[str, Any] = {"offset": clock.offset(), "lease_for": lease_for, "batch": batch, "tries": TRIES}
    with connection.cursor() as cursor:
        cursor.execute(_LEASE.format(table=table, pk=pk), values)
        taken = [Lease(model, *row) for row in cursor.fetchall()]
    if not taken:  # what killed its worker too often is not free either: now there is time to say so
        quarantine(model)
    return sorted(taken, key=lambda held: (held.due_at, held.pk))


def quarantine(model: type[Due]) -> None:
    """Lay aside what died too often: no lease takes it, and it would wait for ever."""
    values: dict[str, Any] = {"offset": clock.offset(), "tries": TRIES}
    with connection.cursor() as cursor:
        cursor.execute(_QUARANTINE.format(table=connection.ops.quote_name(model._meta.db_table)), values)


def now_there() -> models.Expression:
    """Return the time as the database has it, for conditions and updates: leases go by no other clock."""
    return Now() + models.Value(clock.offset(), output_field=models.DurationField())


def free() -> Q:
    """Return the condition of rows that somebody could lease now, or when they are due."""
    return Q(quarantined_at__isnull=True) & (Q(lease_until__isnull=True) | Q(lease_until__lt=now_there()))


def finish(held: Lease, *, due_at: datetime | None, **fields: Any) -> None:
    """Give the row back, with its next due time and other columns; call it first in the transaction of the effects.

    Raises LeaseLost where the token no longer fits: nothing of the transaction may stay then.
    """
    _must_be_in_transaction()
    changed = {**_FREE, "due_at": due_at, **fields}
    rows = held.model._default_manager.filter(pk=held.pk, lease_token=held.token).update(**changed)
    if rows == 0:
        raise LeaseLost(f"{held.model.__name__} {held.pk}")


def finish_many(held: Sequence[Lease], *, due_at: datetime | None, **fields: Any) -> list[Lease]:
    """Give many rows of one model back at once; return those that were still ours: write the effects of these only.

    Call it first in the transaction of the effects. The rows stay locked until it ends.
    """
    _must_be_in_transaction()
    if not held:
        return []
    rows = held[0].model._default_manager.filter(
        pk__in=[one.pk for one in held], lease_token__in=[one.token for one in held]
    )
    ours = set(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    rows.filter(pk__in=ours).update(due_at=due_at, **_FREE, **fields)
    lost = [one.pk for one in held if one.pk not in ours]
    if lost:
        log.info("%s %s: the leases were lost, their results are thrown away", held[0].model.__name__, lost)
    return [one for one in held if one.pk in ours]


_FREE: dict[str, Any] = {"lease_until": None, "lease_token": None, "attempts": 0, "last_error": ""}


def _must_be_in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("finish belongs into the transaction of its effects")


def release(held: Sequence[Lease]) -> None:
    """Give rows back that were leased and not begun: they count as not tried, and others may take them at once."""
    for one in held:
        one.model._default_manager.filter(pk=one.pk, lease_token=one.token).update(
            lease_until=None, lease_token=None, attempts=one.attempts - 1
        )


def told(error: Exception) -> str:
    """Return what a row keeps of an error."""
    return f"{type(error).__name__}: {error}"[-ERROR_LENGTH:]


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


def is_passing(error: BaseException | None) -> bool:
    """Say whether the database refused something for a reason that is not the row's, the lost connection among them."""
    while error and not isinstance(error, psycopg.OperationalError):
        error = error.__cause__
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate  # none where the connection itself is gone
    return state is None or state in PASSING or state.startswith("08")


def leave_cut_connection() -> None:
    """Let go of a connection on which something failed and that is dead: Celery would keep it for a hundred tasks."""
    if connection.errors_occurred and not connection.in_atomic_block and not connection.is_usable():
        connection.close()


def give_back(held: Lease, error: str, *, rng: random.Random | None = None) -> None:
    """Give a row back that is not to blame: it counts as not tried, and waits until the trouble may be over."""
    wait = PASSES_WITHIN * (1 + (rng or random.SystemRandom()).random())
    held.model._default_manager.filter(pk=held.pk, lease_token=held.token).update(
        due_at=clock.now() + wait,
        lease_until=None,
        lease_token=None,
        attempts=held.attempts - 1,
        last_error=error[-ERROR_LENGTH:],
    )


@contextmanager
def renewing(held: Lease, *, lease_for: timedelta, most: timedelta) -> Iterator[None]:
    """Prolong the lease while this process lives and the block runs, for `most` at the longest.

    So a lease can be short, and the row of a dead worker soon free, although the work itself may take long.
    """
    over, pause = threading.Event(), lease_for.total_seconds() / 3

    def renew() -> None:
        try:
            for _time in range(round(most / lease_for * 3)):
                if over.wait(pause):
                    break
                _prolong(held, lease_for)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease of {held.model.__name__} {held.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _prolong(held: Lease, lease_for: timedelta) -> None:
    try:
        held.model._default_manager.filter(pk=held.pk, lease_token=held.token).update(
            lease_until=now_there() + lease_for
        )
    except DatabaseError:  # the next time may come through; if none does, the lease ends and the token guards us
        log.warning("the lease of %s %s could not be prolonged", held.model.__name__, held.pk)
        connection.close()


def reschedule(rows: models.QuerySet[Any], *, due_at: datetime | None, **fields: Any) -> int:
    """Make rows due anew: whoever holds one loses it, whatever was stuck is free. Return how many."""
    return rows.update(due_at=due_at, quarantined_at=None, **_FREE, **fields)


def requeue(rows: models.QuerySet[Any], *, now: datetime) -> int:
    """Let quarantined rows be tried again from the beginning; return how many."""
    return reschedule(rows.filter(quarantined_at__isnull=False), due_at=now)
