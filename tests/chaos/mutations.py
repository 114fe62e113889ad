"""Faults of the design, planted from outside, that the harness must catch: else its silence says nothing.

`Planted` is an app of tests.chaos.settings only. CHAOS_PLANT names what is broken; CHAOS_LEASE_S shortens the leases
and CHAOS_SLOW_S makes the first try of every fifth splitting outlast them; CHAOS_LINGER_S keeps transactions open
behind every seventh event, so that ids are committed out of order. A sound design survives all three.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import AppConfig
from django.db import transaction


class Planted(AppConfig):
    """Changes the process as its environment says, once everything is loaded."""

    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        """Plant."""
        _lease_for(float(os.environ.get("CHAOS_LEASE_S", "0")))
        _slow(float(os.environ.get("CHAOS_SLOW_S", "0")))
        _linger(float(os.environ.get("CHAOS_LINGER_S", "0")))
        plant = os.environ.get("CHAOS_PLANT", "")
        if plant:
            PLANTS[plant].plant()


def _lease_for(seconds: float) -> None:
    from factcheck import ledger

    for name, work in list(ledger.register.works.items()):
        if seconds and name != "chores":
            ledger.register.add(replace(work, lease_for=timedelta(seconds=seconds)))


def _slow(seconds: float) -> None:
    from claims import splitting
    from claims.services import articles
    from factcheck import ledger
    from factcheck.lib import clock

    def split(held: ledger.Lease) -> None:
        def slowly(*given: Any, **named: Any) -> Any:
            time.sleep(seconds if held.pk % 5 == 0 and held.attempts == 1 else 0)
            return splitting.split(*given, **named)

        articles.split_due(held, now=clock.now(), split=slowly)

    if seconds:
        # Nobody renews the lease: a process that is frozen does not either.
        ledger.register.add(replace(ledger.register.works["split"], do=split, most=None))


def _linger(seconds: float) -> None:
    from claims.services import events

    record = events.record

    def slowly(*given: Any, **named: Any) -> Any:
        event = record(*given, **named)
        time.sleep(seconds if event.pk % 7 == 0 else 0)
        return event

    if seconds:
        events.record = slowly


def _nothing() -> None:
    """What is planted is a setting."""


def _unfence() -> None:
    """Finish without asking whether the lease is still ours."""
    from factcheck import ledger

    def finish(held: ledger.Lease, *, due_at: datetime | None, **fields: Any) -> None:
        rows = held.model._default_manager.filter(pk=held.pk)
        rows.update(due_at=due_at, lease_until=None, lease_token=None, attempts=0, last_error="", **fields)

    ledger.finish = finish


def _effect_apart() -> None:
    """Commit the claims first, and finish the row in a second transaction."""
    from claims.services import articles
    from factcheck import ledger

    store, finish = articles._store, ledger.finish

    @contextmanager
    def later() -> Any:
        asked: list[Any] = []

        def note(held: ledger.Lease, **fields: Any) -> None:
            asked.append((held, fields))

        ledger.finish = note
        try:
            yield asked
        finally:
            ledger.finish = finish

    def apart(*given: Any, **named: Any) -> None:
        with later() as asked:
            store(*given, **named)
        time.sleep(0.5)
        with transaction.atomic():
            for held, fields in asked:
                finish(held, **fields)

    articles._store = apart


def _hint_only() -> None:
    """Send a message for each new article, and write no row that is due."""
    from claims.models import Article
    from claims.services import articles
    from factcheck import ledger
    from factcheck.celery import app
    from factcheck.lib import clock

    article_of = articles._article_of

    @app.task(name="chaos.split", ignore_result=True)
    def split(pk: int) -> None:
        ledger.reschedule(Article.objects.filter(pk=pk), due_at=clock.now())
        ledger.drain(ledger.register.works["split"])

    def hinted(*given: Any, **named: Any) -> tuple[Article, bool]:
        article, is_new = article_of(*given, **named)
        if is_new and article.due_at:
            Article.objects.filter(pk=article.pk).update(due_at=None)
            transaction.on_commit(lambda: split.apply_async((article.pk,), retry=False), robust=True)
        return article, is_new

    articles._article_of = hinted


def _id_greater() -> None:
    """Number the events behind the last one numbered, as if ids were committed in their order."""
    from claims.models import Event, Feed, Outbox
    from claims.services import events

    @transaction.atomic
    def number(*, now: datetime, most: int = events.MOST, wait: bool = True) -> int:
        last = Feed.objects.order_by("-position").values_list("position", "event_id").first() or (0, 0)
        new = list(Event.objects.filter(pk__gt=last[1]).order_by("pk").values_list("pk", flat=True)[:most])
        Feed.objects.bulk_create(Feed(position=last[0] + 1 + place, event_id=pk) for place, pk in enumerate(new))
        Outbox.objects.filter(event_id__in=new).update(dispatched_at=now)
        return len(new)

    events.number = number


@dataclass(frozen=True)
class Plant:
    """One fault of the design, and the smallest run in which the harness must see it."""

    what: str
    plant: Callable[[], None]
    faults: tuple[str, ...]
    # What must be found, in the words of the checker: anything else shows only that something broke.
    finding: str
    kills: int = 4
    ingests: int = 80
    gap_s: float = 1.5
    drain_within_s: float = 75.0
    env: dict[str, str] = field(default_factory=dict)
    owner: tuple[str, ...] = ()


SPLIT_TWICE = r"splittings of article \S+: \d+ instead of 1"
_LAZY_WAL = (
    "ALTER SYSTEM SET wal_writer_delay = '10s'",
    "ALTER SYSTEM SET wal_writer_flush_after = '1GB'",
    "SELECT pg_reload_conf()",
)
PLANTS = {
    "async-commit": Plant(
        "synchronous_commit=off",
        _nothing,
        ("PostgreSQL backend killed", "postmaster killed", "postmaster quit at once"),
        finding=r"article \S+ was answered and is not there",
        owner=_LAZY_WAL,
    ),
    "no-fence": Plant(
        "finishing asks for no token, and the lease is shorter than the work",
        _unfence,
        ("worker's child killed",),
        finding=SPLIT_TWICE,
        kills=2,
        ingests=50,
        drain_within_s=150,
        env={"CHAOS_LEASE_S": "3", "CHAOS_SLOW_S": "8"},
    ),
    "effect-apart": Plant(
        "the effect is committed before the row is finished",
        _effect_apart,
        ("worker's child killed", "worker killed"),
        finding=SPLIT_TWICE,
    ),
    "hint-only": Plant(
        "ingest sends a hint and writes no due row",
        _hint_only,
        ("Valkey killed", "worker killed"),
        finding=r"article \S+ is to be split and its row is not due",
    ),
    "id-greater": Plant(
        "the outbox is read by “id > last”",
        _id_greater,
        ("worker's child killed",),
        finding="events without a place",
        kills=2,
        env={"CHAOS_LINGER_S": "0.4"},
    ),
}
