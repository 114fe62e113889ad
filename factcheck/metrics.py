"""What /metrics tells Prometheus: this process's requests, and how the desk stands by the database at this moment.

Labels are codes of ours, routes of the URL table and kinds of work; nothing that anybody outside wrote. A scrape asks a
fixed number of questions, a few more for each kind of work never, and gives up after `WITHIN_S`: what was found by then
is told, with `factcheck_scrape_complete 0`.
"""

from __future__ import annotations

import hmac
import math
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from claims.models import Claim, Flag, Outbox
from factcheck import ledger
from factcheck.chores import ROUTINES, TICK
from factcheck.lib import clock
from factcheck.middleware import REGISTRY
from factcheck.models import Chore
from sources.models import Document

WITHIN_S = 10.0
# Several scrapers, or one in a hurry, cost the database no more than one: each process remembers for so long.
REMEMBERED_S = 15.0
LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")

Read = Callable[[datetime], Iterable[Metric]]


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scraper that shows METRICS_TOKEN; without that setting, this machine only, and not through a proxy."""
    if not _may_read(request):
        why = "Send 'Authorization: Bearer METRICS_TOKEN'; where that is not set, only this machine is answered.\n"
        response = HttpResponse(why, status=HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8")
    else:
        registry = CollectorRegistry()
        registry.register(DESK)
        requests = REGISTRY
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            requests = CollectorRegistry()
            MultiProcessCollector(requests)  # type: ignore[no-untyped-call]  # upstream
        told = generate_latest(registry) + generate_latest(requests)
        response = HttpResponse(told, content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _may_read(request: HttpRequest) -> bool:
    if token := settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), token.encode())
    if settings.BEHIND_PROXY or any(name in request.headers for name in FORWARDED):
        return False
    return request.META.get("REMOTE_ADDR") in LOOPBACK


class Desk(Collector):
    """Reads the gauges at a scrape, and tells the same again to whoever asks within `REMEMBERED_S`."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.reading, self.read_at, self.told = Lock(), -math.inf, list[Metric]()

    def collect(self) -> Iterator[Metric]:
        """Yield what was read of late; of scrapers at once one reads, the others wait for it."""
        with self.reading:
            if time.monotonic() - self.read_at >= REMEMBERED_S:
                self.told = list(self.read())
                self.read_at = time.monotonic()
            told = self.told
        yield from told

    def read(self) -> Iterator[Metric]:
        """Yield what can be read in time, and whether that was all."""
        until, complete = time.monotonic() + WITHIN_S, 1
        now = clock.now()
        try:
            for read in READS:
                with transaction.atomic():
                    _bound(until)
                    found = list(read(now))
                yield from found
        except (DatabaseError, TimeoutError):
            complete = 0
        yield from disk()
        yield _gauge("factcheck_scrape_complete", "1 where the database answered each question in time.", complete)


def _bound(until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(left * 1000)))])


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _by(name: str, says: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for word, value in values:
        family.add_metric([word], value)
    return family


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def work(now: datetime) -> Iterable[Metric]:
    """How each kind of work stands: three questions a kind."""
    kinds = ledger.backlog()
    yield _by("factcheck_work_due", "Rows that are due and free.", "work", ((one.name, one.due) for one in kinds))
    yield _by("factcheck_work_leased", "Rows in work.", "work", ((one.name, one.leased) for one in kinds))
    stuck = ((one.name, one.quarantined) for one in kinds)
    yield _by("factcheck_work_quarantined", "Rows that are stuck until somebody requeues them.", "work", stuck)
    ages = ((one.name, _age(one.oldest_due_at, now)) for one in kinds)
    yield _by("factcheck_work_oldest_due_seconds", "For how long the oldest free row waits.", "work", ages)


def chores(now: datetime) -> Iterable[Metric]:
    """When each chore was last done, the tick among them; one that never was counts from its being due.

    What no routine of this version knows is another version's, or nobody's any more.
    """
    known = Chore.objects.filter(name__in=[TICK, *ROUTINES]).order_by("name")
    rows = known.values_list("name", "done_at", "due_at")[:100]
    ages = {name: _age(done_at or due_at, now) for name, done_at, due_at in rows}
    yield _gauge("factcheck_tick_age_seconds", "Since the last tick; -1 if there was none.", ages.pop(TICK, -1.0))
    yield _by("factcheck_chore_age_seconds", "Since the chore was last done.", "chore", ages.items())


def feed(now: datetime) -> Iterable[Metric]:
    """What waits for a place in the feed."""
    waiting = Outbox.objects.waiting().order_by().aggregate(count=Count("pk"), since=Min("event__at"))
    yield _gauge("factcheck_outbox_waiting", "Events without a place in the feed.", waiting["count"])
    yield _gauge("factcheck_feed_lag_seconds", "For how long the oldest of them waits.", _age(waiting["since"], now))


def claims(_now: datetime) -> Iterable[Metric]:
    """Claims by status, standing flags by reason."""
    statuses = Claim.objects.order_by().values_list("status").annotate(Count("pk"))
    yield _by("factcheck_claims", "Claims by status.", "status", statuses)
    reasons = Flag.objects.standing().order_by().values_list("reason").annotate(Count("pk"))
    yield _by("factcheck_flags_standing", "Flags that nobody cleared, by reason.", "reason", reasons)


def documents(now: datetime) -> Iterable[Metric]:
    """Pages by their last look, and those that nobody could see for too long."""
    outcomes = Document.objects.watched().order_by().values_list("outcome").annotate(Count("pk"))
    told = ((outcome or "none_yet", count) for outcome, count in outcomes)
    yield _by("factcheck_documents", "Watched pages by the outcome of the last look.", "outcome", told)
    blind = Document.objects.blind(now).count()
    yield _gauge("factcheck_documents_blind", "Watched pages unseen for longer than MONITOR_BLIND_AFTER.", blind)


def disk() -> Iterable[Metric]:
    """How much room the disk of this process has."""
    room = shutil.disk_usage(settings.BASE_DIR)
    yield _gauge("factcheck_disk_free_bytes", "Free room on the disk of the program.", room.free)
    yield _gauge("factcheck_disk_free_ratio", "The same, as a part of the whole.", room.free / room.total)


READS: tuple[Read, ...] = (work, chores, feed, claims, documents)
DESK = Desk()
