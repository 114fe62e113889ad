"""What we do not see as we should: pages unseen for too long, stuck, behind walls, on failing sites, or in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from factcheck.lib import clock
from sources.fetching.types import Outcome
from sources.models import Document, Host
from sources.services import visiting

SHOWN = 50  # of each sort


@dataclass(frozen=True, slots=True)
class Line:
    """One page, since when it is so, and what the last look said."""

    document: Document
    since: datetime | None
    said: str


@dataclass(frozen=True, slots=True)
class Visits:
    """The hosts that let no machine in, each with its `walled` pages and `visit_due_at`, and how many are due."""

    hosts: list[Host]
    many_due: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One sort of trouble: what to do about it, its pages, and the list that has them all."""

    name: str
    title: str
    what_to_do: str
    narrowed: str
    lines: list[Line]
    is_more: bool


def panels(*, now: datetime) -> list[Panel]:
    """Return each sort of trouble with its pages, one question each; those that last longest first."""
    pages = Document.objects.all()
    return [
        Panel(
            "blind",
            _("Not seen for too long"),
            _("They could be read before, and their claims are flagged. Look yourself, and supply what you saw."),
            "watch=blind",
            *_lines(pages.blind(now), "seen_at"),
        ),
        Panel(
            "stuck",
            _("Stuck"),
            _("Looking failed three times for a reason of ours. Read why on the page, then let it be tried again."),
            "watch=stuck",
            *_lines(pages.filter(quarantined_at__isnull=False), "quarantined_at"),
        ),
        Panel(
            "resting",
            _("On sites that are left alone for a while"),
            _("The site failed five times in a row. It is asked again by itself; if it stays down, look yourself."),
            "watch=resting",
            *_lines(pages.on_resting_hosts(now), "checked_at"),
        ),
        Panel(
            "pending",
            _("Perhaps changed, awaiting the second look"),
            _("One look saw something else. Nothing is flagged until a second one sees the same."),
            f"outcome={Outcome.CHANGE_PENDING}",
            *_lines(pages.filter(outcome=Outcome.CHANGE_PENDING), "pending_since"),
        ),
    ]


def visits(*, now: datetime) -> Visits:
    """Return where somebody has to look themselves, what is due longest first."""
    rows: list[Any] = list(visiting.reminders()[: SHOWN + 1])
    many_due = sum(1 for row in rows if row.visit_due_at <= now)
    if many_due > SHOWN:
        many_due = visiting.many_due(now=now)
    return Visits(rows[:SHOWN], many_due, len(rows) > SHOWN)


def visits_due() -> int:
    """Count the hosts at which somebody has to look themselves by now."""
    return visiting.many_due(now=clock.now())


def _lines(found: QuerySet[Document], since: str) -> tuple[list[Line], bool]:
    """Return the first pages, and whether there are more."""
    rows: list[Any] = list(found.select_related("publisher").order_by(since, "pk")[: SHOWN + 1])
    lines = [Line(row, getattr(row, since), row.last_error or row.outcome_detail) for row in rows[:SHOWN]]
    return lines, len(rows) > SHOWN
