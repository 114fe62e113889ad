"""Write what happened, in the transaction in which it happened."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from claims.models import Article, Claim, Event, Feed, Outbox, Payload
from claims.verification import chain
from factcheck.access.models import User
from factcheck.lib.crashpoints import crashpoint
from sources.models import Document, Erasure


def record(
    subject: Claim | Article | Document | Erasure,
    what: str,
    *,
    now: datetime,
    by: User | None = None,
    **payload: Any,
) -> Event:
    """Append an event to its subject's log; the subject's number follows without gap, whoever writes at once."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event belongs into the transaction of what it tells of")
    kind = Event.Subject(str(subject._meta.model_name))
    sequence, prev = _follows(subject.uid)
    salt = secrets.token_bytes(chain.SALT_BYTES)
    committed = chain.commitment(salt, payload)
    event: Event = Event.objects.create(
        subject=kind,
        subject_uid=subject.uid,
        sequence=sequence,
        type=what,
        at=now,
        by=by,
        commitment=committed,
        prev=prev,
        digest=chain.digest(
            prev=prev,
            subject=f"{kind}:{subject.uid}",
            sequence=sequence,
            type=what,
            at=now,
            by=by.pk if by else None,
            commitment=committed,
        ),
    )
    Payload.objects.create(event=event, salt=salt, body=payload)
    Outbox.objects.create(event=event)
    return event


# Held shared by whoever records one event, alone by whoever records very many.
_ALL = 0x66636576
_ALONE = ContextVar("alone", default=False)
ATTEMPTS = 120


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else record anything until we commit: for very many events, of which each would cost a lock.

    Everybody's events wait for it, so begin it when all is found and what is left to do is short.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("what is recorded alone belongs into one transaction")
    _hold_all()
    before = _ALONE.set(True)
    try:
        yield
    finally:
        _ALONE.reset(before)


def _hold_all() -> None:
    """Wait for everybody who records now, in short turns: whoever waits for our rows meanwhile gives way, not we."""
    for _attempt in range(ATTEMPTS - 1):
        with suppress(OperationalError):
            _try_to_hold_all()
            return
    _try_to_hold_all()


@transaction.atomic
def _try_to_hold_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (usual,) = cursor.fetchone()
        # Shorter than the server's deadlock_timeout, after which it would end one of both.
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ALL])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


def _follows(uid: UUID) -> tuple[int, str]:
    """Return the next number on this subject and the digest it follows; others wait until we commit."""
    if not _ALONE.get():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_ALL])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [uid.int & 0x7FFFFFFFFFFFFFFF])
    crashpoint("audit.after_head_lock")
    last = Event.objects.filter(subject_uid=uid).order_by("-sequence").values_list("sequence", "digest").first()
    return (last[0] + 1, last[1]) if last else (1, chain.GENESIS)


@transaction.atomic
def erase(event: Event, *, why: str, by: User, now: datetime) -> bool:
    """Empty what an event says; that it happened stays, and the chain still verifies. False where it was erased."""
    rows = Payload.objects.filter(event=event, erased_at__isnull=True).update(
        salt=None, body=None, erased_at=now, erased_by=by, erased_why=why[:300]
    )
    return bool(rows)


SEQUENCER = 0x66637366
MOST = 1000
BATCHES = 5
_LOCK, _TRY_LOCK = "SELECT pg_advisory_xact_lock(%s)", "SELECT pg_try_advisory_xact_lock(%s)"


@transaction.atomic
def number(*, now: datetime, most: int = MOST, wait: bool = True) -> int:
    """Give the events that wait their places in the feed; return how many: none if it may not wait for another.

    One at a time does it, and it sees committed events only: so a place that a reader has passed is never filled in
    later, as it would be with "id > last seen", where ids commit out of order.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK if wait else _TRY_LOCK, [SEQUENCER])
        if cursor.fetchone()[0] is False:
            return 0
    crashpoint("outbox.after_lock")
    waiting = list(Outbox.objects.waiting().values_list("event_id", flat=True)[:most])
    last = Feed.objects.order_by("-position").values_list("position", flat=True).first() or 0
    Feed.objects.bulk_create(Feed(position=last + 1 + place, event_id=pk) for place, pk in enumerate(waiting))
    Outbox.objects.filter(event_id__in=waiting).update(dispatched_at=now)
    return len(waiting)


def number_some(*, now: datetime) -> int:
    """Number for a moment, as each tick does: ticks neither queue behind one another nor last; return how many."""
    done = 0
    for _batch in range(BATCHES):
        batch = number(now=now, wait=False)
        done += batch
        if not batch:
            break
    return done


def number_all(*, now: datetime) -> int:
    """Number until nothing waits; return how many."""
    done = 0
    while batch := number(now=now):
        done += batch
    return done
