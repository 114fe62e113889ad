"""What is kept for how long: looks by the month, raw pages while something rests on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from claims.models import Appearance, Article, Evidence
from sources.models import Check, Document, RawBytes

MONTHS_AHEAD = 24
# An anti-join, for a search through each change's list for each page would take for ever.
NOT_DECIDED_ON = """
    NOT EXISTS (SELECT FROM (SELECT unnest(snapshot_ids) AS id FROM claims_statuschange) AS decided
        WHERE decided.id = sources_rawbytes.snapshot_id)
"""
MOST = 1000  # raw pages at a time


@dataclass(frozen=True, slots=True)
class Thinned:
    """What a round of retention takes away, or would."""

    checks_before: date
    checks: int
    raw_before: datetime | None
    raw: int
    is_left: bool = False


def plan(*, now: datetime) -> Thinned:
    """Return what a round would take away now, and touch nothing."""
    before = _month(now)
    old = Check.objects.filter(due_at__lt=datetime.combine(before, time(), UTC))
    return Thinned(before, old.count(), _raw_before(now), _thinnable(now).count())


def thin(*, now: datetime, until: Callable[[], bool] = lambda: False) -> Thinned:
    """Take away what is too old, and make partitions ahead; doing it again takes away nothing more.

    Each step commits by itself, the months first, and raw pages go by the thousand: where one fails or `until` says
    so, the rest goes next time.
    """
    before = _month(now)
    old = Check.objects.filter(due_at__lt=datetime.combine(before, time(), UTC)).count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT factcheck_make_partitions('sources_check', %s)", [MONTHS_AHEAD])
        cursor.execute("SELECT factcheck_drop_partitions('sources_check', %s)", [before])
    gone, is_over = 0, False
    while not is_over and (some := _thin_some(now)):
        gone, is_over = gone + some, until()
    return Thinned(before, old, _raw_before(now), gone, is_left=is_over)


def _thin_some(now: datetime) -> int:
    rows = list(_thinnable(now).values_list("pk", flat=True)[:MOST])
    why = f"kept for {settings.KEEP_RAW_DAYS} days, and nothing rests on it"
    return RawBytes.objects.kept().filter(pk__in=rows).update(content=None, erased_at=now, erased_why=why)


def _month(now: datetime) -> date:
    """Return the first day of the oldest month of looks that is kept: months go whole."""
    return (now.astimezone(UTC) - timedelta(days=settings.KEEP_CHECKS_DAYS)).date().replace(day=1)


def _raw_before(now: datetime) -> datetime | None:
    return now - timedelta(days=settings.KEEP_RAW_DAYS) if settings.KEEP_RAW_DAYS else None


def _thinnable(now: datetime) -> QuerySet[RawBytes]:
    """Return raw bytes that are old enough, of versions that nobody pinned or decided on, split or sees today."""
    before = _raw_before(now)
    if before is None:
        return RawBytes.objects.none()
    here = OuterRef("snapshot_id")
    return RawBytes.objects.kept().filter(
        ~Exists(Document.objects.filter(snapshot=here)),
        ~Exists(Article.objects.filter(snapshot=here)),
        ~Exists(Evidence.objects.filter(snapshot=here)),
        ~Exists(Appearance.objects.standing().filter(snapshot=here)),
        RawSQL(NOT_DECIDED_ON, [], BooleanField()),  # noqa: S611  our own words
        snapshot__taken_at__lt=before,
    )
