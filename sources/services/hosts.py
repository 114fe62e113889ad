"""Hosts are asked politely: one page at a time, a rest in between, and left alone while they do not answer.

A page and its host are leased together, by the same token, in one statement; what the host has to be given after the
look is written when the look is. Leases go by the database's clock.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from django.db import connection, models
from django.db.models.functions import Greatest

from factcheck import leases, ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure, Response
from factcheck.lib.crashpoints import crashpoint
from sources.fetching import pace
from sources.models import Document, Host, Snapshot

# A dead worker's hosts are free again after so long. A fetch ends after 20 s at the latest, whatever the host does.
HOLD = timedelta(seconds=30)
BEGUN_WITHIN_S = 8.0
FAILURES = 5
OPEN = timedelta(minutes=5)
# What a host that asks for rest without saying how long is given, doubled by each time in a row.
THROTTLED = timedelta(seconds=30)
MOST_REST = timedelta(hours=24)
NAMED_AT_ONCE = 500
# What speaks of the host and not of one page of it.
OF_HOST = frozenset({
    Failure.DNS, Failure.CONNECT, Failure.TLS, Failure.DEADLINE, Failure.PROTOCOL, Failure.TRUNCATED,
})  # fmt: skip

# Since when a page could be looked at: due, and its host neither asked by somebody nor at rest nor left alone.
WAITS_SINCE = Greatest(
    "due_at", "host__next_allowed_at", "host__busy_until", "host__open_until", output_field=models.DateTimeField()
)


class OnHost(Protocol):
    """A row that is asked for at a host: a page, or whatever else."""

    @property
    def host(self) -> Host | None:
        """Return the host."""

    @property
    def host_id(self) -> int | None:
        """Return its key."""


@dataclass(frozen=True, slots=True)
class Held:
    """A page that is ours to look at, and its host with it; the page's snapshot comes without its text."""

    lease: ledger.Lease
    page: Document
    since: float = field(default_factory=time.monotonic)

    @property
    def is_suspect(self) -> bool:
        """Whether somebody who held it before did not finish: it may have killed them."""
        return self.lease.attempts > 1

    @property
    def is_too_late(self) -> bool:
        """Whether it waited so long for a visitor that a visit might outlast the hold on the host."""
        return time.monotonic() - self.since > BEGUN_WITHIN_S


@dataclass(frozen=True, slots=True)
class Rest:
    """What a host is given after a request: so many seconds of rest, and what is known of it now."""

    for_s: float
    fail_count: int = 0
    open_s: float | None = None
    because: str = ""
    asked: int = 1


# The oldest page of each free host, oldest first; of a page that failed before, see factcheck.leases. A page that has
# no host yet waits until `name_pages` gave it one. statement_timestamp() is one moment, so that indexes serve.
_TAKE = """
    WITH ready AS MATERIALIZED (
        SELECT host.id AS host_id, page.id FROM sources_host AS host
        CROSS JOIN LATERAL (
            SELECT id, due_at FROM sources_document
            WHERE host_id = host.id AND due_at <= {now} AND {is_not_stuck} AND attempts < %(tries)s
                AND (lease_until IS NULL OR lease_until < {now})
            ORDER BY due_at LIMIT 1
        ) AS page
        WHERE (host.next_allowed_at IS NULL OR host.next_allowed_at <= {now})
            AND (host.busy_until IS NULL OR host.busy_until < {now})
            AND (host.open_until IS NULL OR host.open_until <= {now})
        ORDER BY page.due_at, page.id LIMIT %(most)s FOR NO KEY UPDATE OF host SKIP LOCKED
    ), free AS MATERIALIZED (
        SELECT page.id, page.attempts, page.due_at FROM sources_document AS page
        WHERE page.id = ANY (ARRAY(SELECT id FROM ready))
            AND page.due_at <= {now} AND {is_not_stuck} AND page.attempts < %(tries)s
            AND (page.lease_until IS NULL OR page.lease_until < {now})
        FOR NO KEY UPDATE OF page SKIP LOCKED
    ), ranked AS (
        SELECT id, row_number() OVER turn AS place, max(attempts) OVER turn AS worst
        FROM free WINDOW turn AS (ORDER BY due_at, id ROWS UNBOUNDED PRECEDING)
    ), taken AS (
        UPDATE sources_document AS page SET lease_until = {now} + %(lease_for)s, lease_token = gen_random_uuid(),
            attempts = page.attempts + 1
        FROM ranked WHERE page.id = ranked.id AND (ranked.worst = 0 OR (ranked.place = 1 AND %(alone)s))
        RETURNING page.id, page.lease_token, page.attempts, page.due_at, page.host_id
    ), busy AS (
        UPDATE sources_host AS host SET busy_until = {now} + %(hold)s, busy_token = taken.lease_token
        FROM taken WHERE host.id = taken.host_id
    )
    SELECT taken.id, taken.lease_token, taken.attempts, taken.due_at, {columns}
    FROM taken JOIN sources_document AS page USING (id) JOIN sources_host AS host ON host.id = taken.host_id
    LEFT JOIN sources_snapshot AS snapshot ON snapshot.id = page.snapshot_id
    ORDER BY taken.due_at, taken.id
"""
_NOW = "statement_timestamp() + %(offset)s"
# So written that the planner does not think of the index of all that is due, of which it believes that it is little:
# with 500 pages due on 100 hosts it would be read once for each host (measured: 47 ms instead of 2).
_IS_NOT_STUCK = "coalesce(quarantined_at, 'infinity') = 'infinity'"
_FREE = """
    UPDATE sources_host AS host SET busy_until = NULL, busy_token = NULL,
        next_allowed_at = {now} + seen.for_s * interval '1 second',
        fail_count = seen.fail_count, open_until = {now} + seen.open_s * interval '1 second',
        open_because = seen.because, day = %(today)s,
        looks_today = seen.asked + CASE WHEN host.day = %(today)s THEN host.looks_today ELSE 0 END
    FROM unnest(%(ids)s::bigint[], %(tokens)s::uuid[], %(for_s)s::float8[], %(fail_counts)s::integer[],
        %(open_s)s::float8[], %(because)s::text[], %(asked)s::integer[])
        AS seen (id, token, for_s, fail_count, open_s, because, asked)
    WHERE host.id = seen.id AND host.busy_token = seen.token
"""


def take(*, most: int, lease_for: timedelta, alone: bool) -> list[Held]:
    """Lease the oldest due page of each free host, of `most` hosts; committed when this returns.

    A page that somebody did not finish is given out alone, and only to who has nothing else in work.
    """
    values: dict[str, Any] = {
        "offset": clock.offset(), "lease_for": lease_for, "hold": min(lease_for, HOLD), "tries": leases.TRIES,
        "most": most, "alone": alone,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(now=_NOW, is_not_stuck=_IS_NOT_STUCK, columns=_COLUMNS), values)
        taken = [_held(row) for row in cursor.fetchall()]
    if not taken:
        leases.quarantine(Document)
        return []
    crashpoint("claim.after_lease")
    return taken


# A page comes with its host and its snapshot, but without that one's text: most looks need no more than its digest.
_OF_LEASE = 4
_TEXTS = frozenset({"text", "blocks", "links"})
_MODELS: tuple[tuple[str, type[models.Model]], ...] = (("page", Document), ("host", Host), ("snapshot", Snapshot))
_FIELDS = {
    name: [field for field in model._meta.concrete_fields if model is not Snapshot or field.name not in _TEXTS]
    for name, model in _MODELS
}
_COLUMNS = ", ".join(f'{name}."{field.column}"' for name, fields in _FIELDS.items() for field in fields)
_NAMES = {name: [field.attname for field in fields] for name, fields in _FIELDS.items()}


def _held(row: tuple[Any, ...]) -> Held:
    values = iter(row[_OF_LEASE:])
    made: list[Any] = [
        model.from_db(connection.alias, _NAMES[name], [_read(field, next(values)) for field in _FIELDS[name]])
        for name, model in _MODELS
    ]
    page, host, snapshot = made
    page.host, page.snapshot = host, snapshot if page.snapshot_id else None
    return Held(ledger.Lease(Document, *row[:_OF_LEASE]), page)


def _read(field: Any, value: Any) -> Any:
    """Return a column's value as the model has it: JSON comes as text."""
    return field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value


def name_pages() -> None:
    """Give each page its host that has none: an older version of the program knew of no hosts."""
    pages = list(Document.objects.filter(host=None).exclude(url="").order_by("pk")[:NAMED_AT_ONCE])
    for page in pages:
        Document.objects.filter(pk=page.pk, host=None).update(host=of(page.url))


def of(url: str) -> Host:
    """Find or make the host of a URL that passed the check."""
    return Host.objects.get_or_create(name=Host.name_of(url))[0]


def rest_after(page: OnHost, answer: Response | Failed | None, *, now: datetime, since_s: float = 0.0) -> Rest:
    """Say what a page's host is given after an answer, which came so many seconds ago; None: it was not asked."""
    host = page.host
    if host is None or answer is None:
        return Rest(0.0, host.fail_count if host else 0, asked=0)
    asked = _requests(host, answer)
    trouble = _trouble(host, answer)
    failures = host.fail_count + 1 if trouble else 0
    waits = [host.gap * max(asked, 1), _wanted(answer, failures, now=now), _budget(host, asked, now=now)]
    for_s = max(0.0, max(waits) - since_s)
    is_open = failures >= FAILURES
    because = f"{failures} failures in a row, the last: {trouble}" if is_open else ""
    return Rest(for_s, failures, OPEN.total_seconds() if is_open else None, because[:200], asked)


def _requests(host: Host, answer: Response | Failed) -> int:
    """Count the requests that the host itself got, redirects on it too."""
    hops = [*answer.redirects, answer.url] if isinstance(answer, Response) else [answer.url]
    return sum(1 for url in hops if _is_of(host, url))


def _is_of(host: Host, url: str) -> bool:
    is_plainly = url.startswith((f"http://{host.name}/", f"https://{host.name}/"))
    return is_plainly or Host.name_of(url) == host.name


def _trouble(host: Host, answer: Response | Failed) -> str:
    """Say in what the host itself failed, '' where it answered, be it with a refusal."""
    if not _is_of(host, answer.url):
        return ""
    if isinstance(answer, Failed):
        return answer.detail if answer.failure in OF_HOST else ""
    is_bad = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS
    return f"status {answer.status}" if is_bad else ""


def _wanted(answer: Response | Failed, failures: int, *, now: datetime) -> float:
    """Return for how long a host that answers 429 or 503 wants to be left alone, in seconds."""
    if not isinstance(answer, Response):
        return 0.0
    if answer.status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return 0.0
    asked = pace.retry_after(answer.headers.get("retry-after", ""), now=now)
    if asked is None:
        asked = min(THROTTLED * 2 ** min(max(failures - 1, 0), FAILURES), MOST_REST)
    return asked.total_seconds()


def _budget(host: Host, asked: int, *, now: datetime) -> float:
    """Return the seconds until tomorrow where the day's looks are used up."""
    if not host.most_looks or asked + host.used_on(now.date()) < host.most_looks:
        return 0.0
    return (tomorrow(now) - now).total_seconds()


def tomorrow(now: datetime) -> datetime:
    """Return when the next day's looks begin."""
    return datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)


def free(held: Iterable[tuple[ledger.Lease, OnHost, Rest]], *, now: datetime) -> None:
    """Give hosts back in one statement, each with its rest; one that somebody else holds by now stays theirs."""
    rows = [(page.host_id, lease.token, rest) for lease, page, rest in held if page.host_id is not None]
    if not rows:
        return
    rests = [rest for _host, _token, rest in rows]
    values: dict[str, Any] = {
        "offset": clock.offset(),
        "today": now.date(),
        "ids": [host for host, _token, _rest in rows],
        "tokens": [token for _host, token, _rest in rows],
        "for_s": [min(rest.for_s, MOST_REST.total_seconds()) for rest in rests],
        "fail_counts": [rest.fail_count for rest in rests],
        "open_s": [rest.open_s for rest in rests],
        "because": [rest.because for rest in rests],
        "asked": [rest.asked for rest in rests],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FREE.format(now=_NOW), values)
