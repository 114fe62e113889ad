"""The figures of the desk, as they are now; reads only, each in one question whose cost does not grow with the period.

What a clock decides is decided here, when it is read. A day is a day in the desk's time zone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from claims.models import Flag
from claims.verification.priority import ASKED_FOR
from claims.verification.staleness import StaleReason
from claims.verification.status import OPEN, VERDICTS, Status
from sources.fetching.types import Outcome
from sources.models import Document

MOST = 1000  # counted exactly
SHOWN = 8
_VERDICTS, _OPEN = (sorted(status.value for status in some) for some in (VERDICTS, OPEN))


@dataclass(frozen=True, slots=True)
class Period:
    """The last so many days of the desk, today included."""

    days: int
    now: datetime

    @property
    def dates(self) -> list[date]:
        """Its days, the oldest first."""
        today = timezone.localtime(self.now).date()
        return [today - timedelta(days=ago) for ago in range(self.days - 1, -1, -1)]

    @property
    def start(self) -> datetime:
        """When its first day began."""
        first = self.dates[0]
        return datetime(first.year, first.month, first.day, tzinfo=timezone.get_current_timezone())

    @property
    def values(self) -> dict[str, Any]:
        """What the questions ask with."""
        return {
            "start": self.start, "now": self.now, "zone": settings.TIME_ZONE, "verdicts": _VERDICTS, "open": _OPEN,
            "most": MOST + 1, "shown": SHOWN,
        }  # fmt: skip


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


# -- claims by status ------------------------------------------------------------------------------

_TODAY = "SELECT status, count(*) FROM claims_claim GROUP BY status"
# By plain columns alone, of which the planner knows how many groups they make.
_BORN = """
    SELECT date(claim.created_at AT TIME ZONE %(zone)s), claim.status, first.old, claim.kind, count(*)
    FROM claims_claim AS claim
    LEFT JOIN claims_statuschange AS first ON first.claim_id = claim.id AND first.number = 1
    WHERE claim.created_at >= %(start)s GROUP BY 1, 2, 3, 4
"""
_MOVED = """
    SELECT date(at AT TIME ZONE %(zone)s), old, new, count(*) FROM claims_statuschange
    WHERE at >= %(start)s GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class ByStatus:
    """How many claims stood where at the end of each day; `undecided` came in meanwhile and await a verdict still."""

    days: Sequence[tuple[date, Mapping[str, int]]]
    born: int
    undecided: int


def by_status(period: Period) -> ByStatus:
    """Count back from today by what came in and what was moved: so no day has to be remembered."""
    standing = Counter(dict(_rows(_TODAY, {})))
    born, moved = _rows(_BORN, period.values), _rows(_MOVED, period.values)
    came: dict[date, Counter[str]] = defaultdict(Counter)
    for day, status, first, _kind, many in born:
        came[day][first or status] += many
    for day, old, new, many in moved:
        came[day].update({new: many, old: -many})
    days = []
    for day in reversed(period.dates):
        days.append((day, {status.value: standing[status.value] for status in Status}))
        standing.subtract(came[day])
    undecided = sum(many for _day, status, _old, kind, many in born if status in OPEN and kind in ASKED_FOR)
    return ByStatus(days[::-1], sum(many for *_day, many in born), undecided)


# -- the queue -------------------------------------------------------------------------------------

BANDS = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
# A claim waits since it stands where it stands; one that is decided, since something it rests on changed.
_AGES = """
    SELECT width_bucket(extract(epoch FROM %(now)s - CASE WHEN claim.status = ANY(%(open)s) THEN claim.status_since
        ELSE coalesce(flag.since, claim.status_since) END), %(bands)s::numeric[]) AS band, count(*)
    FROM claims_triage AS row JOIN claims_claim AS claim ON claim.id = row.claim_id
    LEFT JOIN (SELECT claim_id, min(since) AS since FROM claims_flag WHERE cleared_at IS NULL GROUP BY claim_id)
        AS flag ON flag.claim_id = row.claim_id
    WHERE row.priority IS NOT NULL AND (row.snoozed_until IS NULL OR row.snoozed_until <= %(now)s)
        AND (row.lapses_at IS NULL OR row.lapses_at > %(now)s)
    GROUP BY band
"""
_ASIDE = """
    SELECT (SELECT count(*) FROM (SELECT FROM claims_triage WHERE priority IS NOT NULL AND snoozed_until > %(now)s
            LIMIT %(most)s) AS aside),
        (SELECT count(*) FROM (SELECT FROM claims_triage WHERE due_at <= %(now)s AND quarantined_at IS NULL
            LIMIT %(most)s) AS unsettled)
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """The queue by how long its claims wait, one number a band and one for what is older than all; what is beside it.

    Where rows are `unsettled`, nobody knows yet whether those belong into the queue.
    """

    ages: Sequence[int]
    aside: int
    unsettled: int


def backlog(period: Period) -> Backlog:
    """Return how the queue stands now, whatever the period."""
    bands = [int(band.total_seconds()) for band in BANDS]
    ages = dict(_rows(_AGES, {**period.values, "bands": bands}))
    ((aside, unsettled),) = _rows(_ASIDE, period.values)
    return Backlog([ages.get(band, 0) for band in range(len(BANDS) + 1)], aside, unsettled)


# -- verdicts --------------------------------------------------------------------------------------

_FIRST = """
    SELECT count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
        ORDER BY extract(epoch FROM change.at - claim.created_at))
    FROM claims_statuschange AS change JOIN claims_claim AS claim ON claim.id = change.claim_id
    WHERE change.at >= %(start)s AND change.new = ANY(%(verdicts)s) AND NOT EXISTS (
        SELECT FROM claims_statuschange AS before WHERE before.claim_id = change.claim_id
            AND before.number < change.number AND before.new = ANY(%(verdicts)s))
"""
_FLIPS = """
    SELECT claim.id, claim.text, claim.language, before.new, change.new, change.at
    FROM claims_statuschange AS change JOIN claims_claim AS claim ON claim.id = change.claim_id
    JOIN LATERAL (
        SELECT new FROM claims_statuschange WHERE claim_id = change.claim_id AND number < change.number
            AND new = ANY(%(verdicts)s) ORDER BY number DESC LIMIT 1
    ) AS before ON before.new <> change.new
    WHERE change.at >= %(start)s AND change.new = ANY(%(verdicts)s) ORDER BY change.at DESC, change.id DESC
    LIMIT %(most)s
"""
# A claim that was decided several times counts once. Who says it: its claimant, else the innermost of a chain of today.
_DECIDED = """
    WITH decided AS MATERIALIZED (
        SELECT claim.id, claim.topic, claim.claimant_id FROM claims_claim AS claim WHERE claim.id IN (
            SELECT claim_id FROM claims_statuschange WHERE at >= %(start)s AND new = ANY(%(verdicts)s))
    ), said AS (
        SELECT decided.topic, coalesce(decided.claimant_id, told.source_id) AS source_id
        FROM decided LEFT JOIN LATERAL (
            SELECT link.source_id FROM claims_appearance AS place JOIN claims_attribution AS link
                ON link.appearance_id = place.id
            WHERE place.claim_id = decided.id AND place.ended_at IS NULL AND link.source_id IS NOT NULL
            ORDER BY link.position DESC, place.id LIMIT 1) AS told ON true
    ), counted AS (
        SELECT grouping(topic) AS is_source, topic, source_id, count(*) AS many FROM said
        GROUP BY GROUPING SETS ((topic), (source_id))
    ), ranked AS (
        SELECT counted.*, row_number() OVER (
            PARTITION BY is_source, coalesce(topic, '') = '' AND source_id IS NULL ORDER BY many DESC, topic, source_id
        ) AS place FROM counted
    )
    SELECT is_source = 1, coalesce(topic, ''), source_id, coalesce(name, ''), many
    FROM ranked LEFT JOIN sources_source ON sources_source.id = source_id WHERE place <= %(shown)s
    ORDER BY is_source, many DESC, topic, source_id
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many claims got their first verdict, and after how long since they first appeared here."""

    many: int
    median: timedelta | None
    slow: timedelta | None


def pace(period: Period) -> Pace:
    """Return how long first verdicts took that were given in the period; nine in ten came sooner than `slow`."""
    ((many, seconds),) = _rows(_FIRST, period.values)
    median, slow = (timedelta(seconds=float(one)) for one in seconds) if many else (None, None)
    return Pace(many, median, slow)


@dataclass(frozen=True, slots=True)
class Flip:
    """A claim whose verdict was changed to another one."""

    claim: int
    text: str
    language: str
    old: str
    new: str
    at: datetime


def flips(period: Period) -> list[Flip]:
    """Return verdicts that became another by way of reopening, the newest first; at most one more than is counted."""
    return [Flip(*row) for row in _rows(_FLIPS, period.values)]


@dataclass(frozen=True, slots=True)
class Decided:
    """How many claims got a verdict, of one topic or one speaker; without a name nobody knows which."""

    name: str
    source: int | None
    many: int


def decided(period: Period) -> tuple[list[Decided], list[Decided]]:
    """Return by topic and by speaker how many claims got a verdict, the most first."""
    rows = _rows(_DECIDED, period.values)
    topics = [Decided(topic, None, many) for is_source, topic, _pk, _name, many in rows if not is_source]
    return topics, [Decided(name, pk, many) for is_source, _topic, pk, name, many in rows if is_source]


# -- flags and pages -------------------------------------------------------------------------------

_SETTLED = """
    WITH settled AS MATERIALIZED (
        SELECT flag.reason, flag.cleared_how = 'no_difference' AS is_none, page.publisher_id FROM claims_flag AS flag
        LEFT JOIN sources_document AS page ON page.id = flag.document_id
        WHERE flag.cleared_at >= %(start)s AND flag.cleared_how IN ('no_difference', 'reviewed')
    ), counted AS (
        SELECT grouping(reason) AS is_source, reason, publisher_id, count(*) FILTER (WHERE is_none) AS none,
            count(*) AS every, row_number() OVER (
                PARTITION BY grouping(reason) ORDER BY count(*) FILTER (WHERE is_none) DESC, reason, publisher_id
            ) AS place
        FROM settled GROUP BY GROUPING SETS ((reason), (publisher_id))
    )
    SELECT is_source = 1, coalesce(reason, ''), publisher_id, coalesce(name, ''), none, every
    FROM counted LEFT JOIN sources_source ON sources_source.id = publisher_id
    WHERE place <= %(shown)s AND every > 0 ORDER BY is_source, none DESC, reason, publisher_id
"""
_EDITED = """
    SELECT page.id, coalesce(nullif(page.title, ''), page.url), page.language, edited.many, edited.stealth FROM (
        SELECT document_id, count(*) AS many, count(*) FILTER (WHERE is_stealth) AS stealth FROM sources_change
        WHERE weight = 'substantive' AND at >= %(start)s GROUP BY document_id
        ORDER BY many DESC, stealth DESC, document_id DESC LIMIT %(shown)s
    ) AS edited JOIN sources_document AS page ON page.id = edited.document_id
    ORDER BY edited.many DESC, edited.stealth DESC, page.id DESC
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """Calls for another look that people settled, for one reason or one publisher: how many made no difference."""

    name: str
    source: int | None
    none: int
    every: int


def settled(period: Period) -> tuple[list[Settled], list[Settled]]:
    """Return by reason and by publisher what came of calls for another look, most "no difference" first."""
    rows = _rows(_SETTLED, period.values)
    reasons = [Settled(reason, None, none, every) for by, reason, _pk, _name, none, every in rows if not by]
    return reasons, [Settled(name, pk, none, every) for by, _reason, pk, name, none, every in rows if by]


@dataclass(frozen=True, slots=True)
class Edited:
    """A page that was edited in substance, and how often without a notice that we found."""

    page: int
    title: str
    language: str
    many: int
    stealth: int


def edited(period: Period) -> list[Edited]:
    """Return the pages with the most substantive edits in the period."""
    return [Edited(*row) for row in _rows(_EDITED, period.values)]


def unseen(now: datetime) -> dict[str, int]:
    """Count what we cannot see now, each up to one more than is counted exactly."""
    watched = Document.objects.watched()
    pages: dict[str, Any] = {
        "blind": Document.objects.blind(now),
        **{outcome.value: watched.filter(outcome=outcome.value) for outcome in _UNSEEN},
        "flagged": Flag.objects.standing().filter(reason=StaleReason.MONITOR_BLIND.value),
    }
    return {name: found.order_by()[: MOST + 1].count() for name, found in pages.items()}


_UNSEEN = (Outcome.GATED, Outcome.UNREACHABLE, Outcome.UNSUPPORTED, Outcome.BLOCKED)
