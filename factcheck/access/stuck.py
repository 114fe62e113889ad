"""What the machine gave up on after three tries: every kind of work on one page, with its reason, to be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from factcheck import ledger
from factcheck.access.admin import acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock

SHOWN = 50  # of each kind
KEY_LENGTH = 18


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is stuck, and its own page where it has one."""

    pk: int
    told: str
    since: Any
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work of which something is stuck; `count` may be more than the rows that are shown."""

    name: str
    title: Any
    count: int
    rows: list[Row]


def routes(site: admin.AdminSite) -> list[URLPattern]:
    """Return the page and its one action, for the admin site."""

    def page(request: HttpRequest) -> HttpResponse:
        acting(request, Action.SEE_DESK)
        context = {
            **site.each_context(request),
            "title": _("Stuck: what to do"),
            "kinds": _kinds(),
            "may_work": may(request, Action.WORK_CLAIMS),
        }
        return TemplateResponse(request, "admin/stuck.html", context)

    return [
        path("stuck/", door(site, require_safe(page)), name="stuck"),
        path("stuck/<str:name>/", door(site, require_POST(_try_again)), name="stuck_again"),
    ]


def _try_again(request: HttpRequest, name: str) -> HttpResponse:
    """Let one row, the chosen ones or all of a kind be tried again."""
    acting(request, Action.WORK_CLAIMS)
    work = ledger.register.works.get(name)
    if work is None:
        raise Http404
    rows = _stuck(work)
    if "all" not in request.POST:
        chosen = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("row")
        keys = [key for key in chosen if key.isascii() and key.isdigit() and len(key) <= KEY_LENGTH]
        rows = rows.filter(pk__in=keys)
    count = ledger.requeue(rows, now=clock.now())
    if count:
        told = ngettext("%(count)s is tried again now.", "%(count)s are tried again now.", count)
        messages.success(request, told % {"count": count})
    else:
        messages.info(request, _("Nothing was chosen that is still stuck."))
    return redirect("admin:stuck")


def _stuck(work: ledger.Work) -> QuerySet[Any]:
    return work.model._default_manager.filter(quarantined_at__isnull=False)


def count(*, most: int) -> int:
    """Return how many pieces of work are stuck, of each kind at most one more than `most`, in one question."""
    tables = sorted({work.model._meta.db_table for work in ledger.register.works.values()})
    asked = "(SELECT count(*) FROM (SELECT FROM {} WHERE quarantined_at IS NOT NULL LIMIT %(most)s) AS stuck)"
    with connection.cursor() as cursor:
        each = " + ".join(asked.format(connection.ops.quote_name(table)) for table in tables)
        cursor.execute(f"SELECT {each}", {"most": most + 1})
        found: int = cursor.fetchone()[0]
    return found


def _kinds() -> list[Kind]:
    found = []
    for work in ledger.register.works.values():
        newest = _stuck(work).select_related().order_by("-quarantined_at", "-pk")
        rows = [Row(row.pk, str(row), row.quarantined_at, row.last_error, _page_of(row)) for row in newest[:SHOWN]]
        if rows:
            count = _stuck(work).count() if len(rows) == SHOWN else len(rows)
            found.append(Kind(work.name, work.title or work.name, count, rows))
    return found


def _page_of(row: Any) -> str:
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
