"""What people do about hosts: say how they are asked, have them tried again, have robots.txt read again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from factcheck import ledger
from sources.fetching.types import Outcome
from sources.models import Document, Host
from sources.services import documents, hosts

LEAST_GAP, MOST_GAP = 0.2, 3600.0
MOST_LOOKS = 1_000_000
# The clocks of the database and of this process may differ by so much.
APART = timedelta(seconds=5)


class TendingRefused(Exception):
    """What was asked for a host was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def least_gap() -> float:
    """Return the shortest rest that a host's own row may say: none only on a desk that asks nobody else's servers."""
    return min(LEAST_GAP, settings.HOST_GAP)


@transaction.atomic
def set_pace(
    host: Host, *, gap_s: float | None, most_a_day: int | None, visit_every_days: int | None, now: datetime
) -> None:
    """Say how a host is asked, None as the desk's settings have it; its looks of today count.

    And after how many days a person is reminded to look, where it lets no machine in.
    """
    locked = Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    rested = _is_used_up(locked, now=now)
    locked.gap_s, locked.most_a_day, locked.visit_every_days = gap_s, most_a_day, visit_every_days
    until, tomorrow = locked.next_allowed_at, hosts.tomorrow(now)
    if _is_used_up(locked, now=now):
        locked.next_allowed_at = max(until or tomorrow, tomorrow)
    elif rested and until is not None and until <= tomorrow + APART:
        locked.next_allowed_at = now + timedelta(seconds=locked.gap)
    locked.save(update_fields=["gap_s", "most_a_day", "visit_every_days", "next_allowed_at"])


def _is_used_up(host: Host, *, now: datetime) -> bool:
    return bool(host.most_looks) and host.used_on(now.date()) >= host.most_looks


@transaction.atomic
def try_again(host: Host, *, now: datetime) -> Document | None:
    """Ask a host again now that is left alone: of its pages the one that waits longest; None where none is watched.

    If that look fails too, the host is left alone again. Raises TendingRefused where its looks of today are used up.
    """
    locked = Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    if _is_used_up(locked, now=now):
        told = _("Its %(most)s looks of today (UTC) are used up. Allow it more a day, or wait until tomorrow.")
        raise TendingRefused("used_up", told % {"most": locked.most_looks})
    Host.objects.filter(pk=host.pk).update(open_until=None, next_allowed_at=None)
    return _look_at_the_first(locked, now=now)


@transaction.atomic
def read_robots_again(host: Host, *, now: datetime) -> Document | None:
    """Have robots.txt read before the next look, and look again at pages that it closed; None: nothing is watched.

    What was read before holds until then.
    """
    Host.objects.filter(pk=host.pk).update(robots_at=None)
    closed = host.documents.watched().filter(outcome=Outcome.BLOCKED, quarantined_at__isnull=True)
    ledger.reschedule(closed, due_at=now, due_because="robots.txt is read again")
    return _look_at_the_first(host, now=now)


def _look_at_the_first(host: Host, *, now: datetime) -> Document | None:
    watched = host.documents.watched().filter(quarantined_at__isnull=True)
    page = watched.order_by(F("due_at").asc(nulls_last=True), "pk").first()
    if page is not None:
        documents.look_now(page, now=now)
    return page
