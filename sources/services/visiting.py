"""Hosts that let no machine in, behind a login, a bot wall or robots.txt, are a reminder to look yourself: one a host.

The reminder is no row of its own: it is there as long as a watched page of the host is walled, and is due by the clock,
so many days after a person or we saw the page. What we never saw is due since we know of it. Meanwhile such pages are
asked for as rarely as `sources.fetching.pace` has it, and those that robots.txt closes not at all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from factcheck.access.models import User
from sources.models import Change, Document, Host
from sources.models.walls import WALLED

MOST_PAGES = 200
MOST_DAYS = 365


def reminders() -> QuerySet[Any]:
    """Return the hosts to visit, with `walled` pages each and `visit_due_at`, the one due longest first."""
    walled = Document.objects.walled().values("pk")
    return (
        Host.objects.filter(documents__in=walled)
        .annotate(walled=Count("documents"), visit_due_at=Min(_due("documents__", "")))
        .select_related("visited_by")
        .order_by("visit_due_at", "pk")
    )


def many_due(*, now: datetime) -> int:
    """Count the hosts whose visit is due."""
    return reminders().filter(visit_due_at__lte=now).count()


def pages(host: Host) -> QuerySet[Any]:
    """Return the pages to visit on a host with `visit_due_at`, the one due longest first."""
    return host.documents.walled().annotate(visit_due_at=_due("", "host__")).order_by("visit_due_at", "pk")


def _due(page: str, host: str) -> Coalesce:
    """Return when a page is to be visited, by the ways to the page's columns and to the host's."""
    every = ExpressionWrapper(
        Coalesce(F(f"{host}visit_every_days"), Value(settings.VISIT_EVERY_DAYS)) * Value(timedelta(days=1)),
        output_field=DurationField(),
    )
    # PostgreSQL's GREATEST leaves out what is NULL.
    seen = Greatest(f"{page}seen_at", f"{host}visited_at", output_field=DateTimeField())
    again = ExpressionWrapper(seen + every, output_field=DateTimeField())
    return Coalesce(again, f"{page}created_at", output_field=DateTimeField())


@transaction.atomic
def visited(host: Host, *, seen: Collection[int], by: User, now: datetime) -> int:
    """Write that a person looked at a host and found nothing new; return of how many pages that is told.

    `seen` are the pages, by id, that the person was shown as walled: of those that we have a version of it is as if we
    had seen them ourselves. What the person did not see stays as it was.
    """
    walled = Q(pk__in=list(seen)[:MOST_PAGES], snapshot__isnull=False, gone_at__isnull=True) & WALLED
    locked = host.documents.select_for_update(no_key=True, of=("self",)).filter(walled).order_by("pk")
    looked_at = list(locked.only("pk", "snapshot_id", "blind_at"))
    again = [
        Change(document=page, found=Change.Found.SEEN_AGAIN, before_id=page.snapshot_id, at=now, due_at=now)
        for page in looked_at
        if page.blind_at is not None
    ]
    Change.objects.bulk_create(again)
    Document.objects.filter(pk__in=[page.pk for page in looked_at]).update(seen_at=now, blind_at=None)
    Host.objects.filter(pk=host.pk).update(visited_at=now, visited_by=by)
    return len(looked_at)
