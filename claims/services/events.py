"""Write what happened, in the transaction in which it happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from claims.models import Article, Claim, Event
from factcheck.access.models import User


def record(
    subject: Claim | Article,
    what: str,
    *,
    now: datetime,
    by: User | None = None,
    **payload: Any,
) -> Event:
    """Append an event to its subject's log; the subject's number follows without gap, whoever writes at once."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event belongs into the transaction of what it tells of")
    kind = Event.Subject.CLAIM if isinstance(subject, Claim) else Event.Subject.ARTICLE
    return Event.objects.create(
        subject=kind,
        subject_uid=subject.uid,
        sequence=_next_number(subject.uid),
        type=what,
        at=now,
        by=by,
        payload=payload,
    )


def _next_number(uid: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [uid.int & 0x7FFFFFFFFFFFFFFF])
    last: int | None = Event.objects.filter(subject_uid=uid).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1
