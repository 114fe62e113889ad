"""The servers that pages stand on: how each is asked, whether it answers, and what an editor may change of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from factcheck.access.admin import NO_FORMS, Forms, PageAdmin, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.admin.documents import state
from sources.admin.filters import HostStateFilter
from sources.admin.words import seconds, when
from sources.models import Document, Host
from sources.models.document import OUTCOMES
from sources.services import tending, visiting

PAGES_SHOWN = 50
NOT_FOUND = range(400, 500)
_KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


class PaceForm(forms.Form):
    """How a host is asked; an empty field is as the desk's settings have it."""

    gap_s = forms.FloatField(
        label=gettext_lazy("Seconds between two requests"),
        required=False,
        min_value=0,
        max_value=tending.MOST_GAP,
        widget=forms.NumberInput({"step": "0.1"}),
    )
    most_a_day = forms.IntegerField(
        label=gettext_lazy("Most requests a day"),
        required=False,
        min_value=0,
        max_value=tending.MOST_LOOKS,
        help_text=gettext_lazy("By UTC. 0: as many as are due. Empty: as the desk's settings have it."),
    )

    visit_every_days = forms.IntegerField(
        label=gettext_lazy("Days between two visits"),
        required=False,
        min_value=1,
        max_value=visiting.MOST_DAYS,
    )

    def __init__(self, data: Any = None, *, host: Host) -> None:
        super().__init__(data, initial=_pace_of(host), label_suffix="")
        told = _("At least %(least)s. Empty: %(usual)s, as the desk's settings have it.")
        lengths = {"least": seconds(tending.least_gap()), "usual": seconds(settings.HOST_GAP)}
        self.fields["gap_s"].help_text = told % lengths
        told = _("Where it lets no machine in: when a person is reminded to look. Empty: every %(usual)s days.")
        self.fields["visit_every_days"].help_text = told % {"usual": settings.VISIT_EVERY_DAYS}

    def clean_gap_s(self) -> float | None:
        """Refuse what would press a server that is not ours."""
        gap: float | None = self.cleaned_data["gap_s"]
        if gap is not None and gap < tending.least_gap():
            told = _("A host rests for %(least)s at least.")
            raise forms.ValidationError(told, params={"least": seconds(tending.least_gap())})
        return gap


@admin.register(Host)
class HostAdmin(PageAdmin[Host]):
    """Hosts come in with the pages that stand on them; editors say how they are asked."""

    list_display = ("host", "watched", "due", "pace", "budget", "standing", "robots", "last_answer")
    list_display_links = None
    list_filter = (HostStateFilter,)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Part of its name.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Host]:
        """Count the pages of each row that is shown, and find the one looked at last."""
        now = clock.now()
        pages = Document.objects.watched().filter(host=OuterRef("pk")).order_by()
        late = pages.filter(due_at__lte=now, quarantined_at__isnull=True)
        last = Document.objects.filter(host=OuterRef("pk"), checked_at__isnull=False).order_by("-checked_at")
        return Host.objects.annotate(
            pages=_counted(pages),
            pages_due=_counted(late),
            last_outcome=Subquery(last.values("outcome")[:1]),
            last_at=Subquery(last.values("checked_at")[:1]),
        )

    @admin.display(description=gettext_lazy("host"), ordering="name")
    def host(self, host: Host) -> SafeString:
        """Show the name, leading to the host's page."""
        address = reverse("admin:sources_host_change", args=[host.pk])
        return format_html('<a class="claim-text" href="{}" dir="ltr">{}</a>', address, Truncator(host.name).chars(60))

    @admin.display(description=gettext_lazy("pages watched"), ordering="pages")
    def watched(self, host: Any) -> str:
        """Show how many pages of it are watched, in words: on a narrow screen there are no headings."""
        return ngettext("%(count)s page", "%(count)s pages", host.pages) % {"count": host.pages}

    @admin.display(description=gettext_lazy("due now"), ordering="pages_due")
    def due(self, host: Any) -> str:
        """Show how many of them wait for their look."""
        return _("%(count)s due") % {"count": host.pages_due}

    @admin.display(description=gettext_lazy("gap"))
    def pace(self, host: Host) -> SafeString:
        """Show the rest between two requests, and who wants it so."""
        return format_html("{} <small>{}</small>", seconds(host.gap), _gap_because(host))

    @admin.display(description=gettext_lazy("requests today"))
    def budget(self, host: Host) -> str:
        """Show how many of those it may get it has had."""
        return _budget(host, clock.now())

    @admin.display(description=gettext_lazy("left alone"), ordering="open_until")
    def standing(self, host: Host) -> SafeString:
        """Show until when it is left alone, and why."""
        return _standing(host, clock.now())

    @admin.display(description=gettext_lazy("robots.txt"), ordering="robots_at")
    def robots(self, host: Host) -> SafeString:
        """Show what its robots.txt came to, how old that is, and the delay it asks for."""
        now = clock.now()
        return format_html("{} <small>{}</small>", _robots(host), _robots_age(host, now))

    @admin.display(description=gettext_lazy("last answer"), ordering="last_at")
    def last_answer(self, host: Any) -> SafeString:
        """Show what the last look at one of its pages came to."""
        if not host.last_outcome:
            return format_html("{}", "–")
        word = dict(OUTCOMES)[host.last_outcome]
        badge = '<span class="badge look look-{}">{}</span> <small>{}</small>'
        return format_html(badge, host.last_outcome, word, when(host.last_at))

    def get_urls(self) -> list[URLPattern]:
        """Add what can be done with one host."""
        views = {
            "pace": self.set_pace, "again": self.try_again, "robots": self.read_robots_again, "visited": self.visited,
        }  # fmt: skip
        posts = {name: door(self.admin_site, require_POST(view)) for name, view in views.items()}
        routes = [path(f"<int:pk>/{name}/", view, name=f"sources_host_{name}") for name, view in posts.items()]
        return [*routes, *super().get_urls()]

    def shown(self, request: HttpRequest, row: Host, *, status: int = 200, refused: Forms = NO_FORMS) -> HttpResponse:
        """Return the page of a host."""
        now = clock.now()
        looked = row.documents.order_by("-checked_at", "-pk").filter(checked_at__isnull=False)
        context = {
            "title": row.name,
            "host": row,
            "standing": _standing(row, now),
            "is_open": row.open_until is not None and row.open_until > now,
            "is_delayed": row.next_allowed_at is not None and row.next_allowed_at > now,
            "gap": seconds(row.gap),
            "gap_because": _gap_because(row),
            "budget": _budget(row, now),
            "crawl_delay": seconds(row.crawl_delay_s) if row.crawl_delay_s else "",
            "robots": _robots(row),
            "robots_age": _robots_age(row, now),
            "pages": row.documents.watched().count(),
            "answers": _answers(row),
            "visits": Visits.of(row, now),
            "looked": [(page, state(page)) for page in looked[:PAGES_SHOWN]],
            "form": refused.get("pace") or PaceForm(host=row),
            "may_set": may(request, Action.MANAGE_POLICIES),
            "may_work": may(request, Action.WORK_CLAIMS),
        }
        return self.page(request, "sources/admin/host.html", context, status=status)

    def set_pace(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how it is asked."""
        acting(request, Action.MANAGE_POLICIES)
        host = get_object_or_404(Host, pk=pk)
        form = PaceForm(request.POST, host=host)
        if not form.is_valid():
            return self.shown(request, host, refused={"pace": form})
        asked, was = form.cleaned_data, _pace_in_words(host)
        tending.set_pace(host, now=clock.now(), **asked)
        host.refresh_from_db()
        self.log_change(request, host, f"{was} → {_pace_in_words(host)}")
        messages.success(request, _("Kept: it is asked like this from now on."))
        if asked["gap_s"] is not None and asked["gap_s"] < (host.crawl_delay_s or 0):
            told = _("Its robots.txt asks for %(delay)s between two requests: that is what it is given, not less.")
            messages.warning(request, told % {"delay": seconds(host.crawl_delay_s or 0)})
        return redirect("admin:sources_host_change", pk)

    def try_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask it once more now."""
        host = _tended(request, pk)
        try:
            page = tending.try_again(host, now=clock.now())
        except tending.TendingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:sources_host_change", pk)
        self.log_change(request, host, "tried again")
        messages.success(request, _told(page, _("It is asked now. If it fails again, it is left alone again.")))
        return redirect("admin:sources_host_change", pk)

    def read_robots_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have its robots.txt read before the next look."""
        host = _tended(request, pk)
        page = tending.read_robots_again(host, now=clock.now())
        self.log_change(request, host, "robots.txt to be read again")
        messages.success(request, _told(page, _("Its robots.txt is read before the next look, which is due now.")))
        return redirect("admin:sources_host_change", pk)

    def visited(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write that somebody looked, and found nothing new on the pages that they were shown."""
        by = acting(request, Action.WORK_CLAIMS)
        host = get_object_or_404(Host, pk=pk)
        typed = request.POST.getlist("page")[: visiting.MOST_PAGES]
        seen = {int(one) for one in typed if _KEY.fullmatch(one)}
        many = visiting.visited(host, seen=seen, by=by, now=clock.now())
        self.log_change(request, host, f"looked at {many} pages, nothing new")
        told = _("Noted: you looked, and nothing was new. %(pages)s pages count as seen. You are reminded again later.")
        messages.success(request, told % {"pages": many})
        return redirect("admin:sources_host_change", pk)


@dataclass(frozen=True, slots=True)
class Visits:
    """The pages of a host that a person is to look at, until when, and whether there are more than are shown."""

    pages: list[Document]
    due_at: datetime
    is_due: bool
    is_more: bool
    many_unseen: int

    @classmethod
    def of(cls, host: Host, now: datetime) -> Visits | None:
        """Return them; None where a machine is let in."""
        found = list(visiting.pages(host).select_related("publisher")[: visiting.MOST_PAGES + 1])
        if not found:
            return None
        due_at: datetime = found[0].visit_due_at
        pages = found[: visiting.MOST_PAGES]
        unseen = sum(1 for page in pages if page.snapshot_id is None)
        return cls(pages, due_at, due_at <= now, len(found) > len(pages), unseen)


def _tended(request: HttpRequest, pk: int) -> Host:
    """Return the host of an action; 403 without the role, 404 where there is none."""
    acting(request, Action.WORK_CLAIMS)
    return get_object_or_404(Host, pk=pk)


def _told(page: Document | None, words: str) -> str:
    return words if page is not None else _("No page of it is watched, so nobody asks it.")


def _counted(pages: QuerySet[Document]) -> Coalesce:
    count = pages.values("host").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _gap_because(host: Host) -> str:
    if host.crawl_delay_s and host.gap == host.crawl_delay_s:
        return _("as its robots.txt asks")
    return _("set for this host") if host.gap_s is not None else _("as everywhere")


def _pace_of(host: Host) -> dict[str, Any]:
    return {name: getattr(host, name) for name in PaceForm.base_fields}


def _pace_in_words(host: Host) -> str:
    words = {"gap_s": "gap in s", "most_a_day": "most a day", "visit_every_days": "days between visits"}
    told = {words[name]: "–" if value is None else f"{value:g}" for name, value in _pace_of(host).items()}
    return ", ".join(f"{name} {value}" for name, value in told.items())


def _budget(host: Host, now: datetime) -> str:
    used, most = host.used_on(now.date()), host.most_looks
    if most:
        return _("%(used)s of %(most)s requests") % {"used": used, "most": most}
    return ngettext("%(used)s request", "%(used)s requests", used) % {"used": used}


def _standing(host: Host, now: datetime) -> SafeString:
    if host.open_until is not None and host.open_until > now:
        until = _("until %(at)s") % {"at": when(host.open_until)}
        return format_html('<span class="badge flag">{}</span> <small dir="auto">{}</small>', until, host.open_because)
    if host.fail_count:
        told = ngettext("%(count)s failure in a row", "%(count)s failures in a row", host.fail_count)
        return format_html('<span class="badge">{}</span>', told % {"count": host.fail_count})
    return format_html("{}", "–")


def _robots(host: Host) -> str:
    if host.robots_at is None and host.robots_status is None:
        return _("not read yet")
    if host.robots_status in NOT_FOUND or not host.robots_text:
        return _("asks for nothing")
    return _("read")


def _robots_age(host: Host, now: datetime) -> str:
    told = [_("%(age)s ago") % {"age": timesince(host.robots_at, now)}] if host.robots_at else []
    if host.crawl_delay_s:
        told.append(_("asks for %(delay)s") % {"delay": seconds(host.crawl_delay_s)})
    return ", ".join(told)


def _answers(host: Host) -> list[tuple[str, object, int]]:
    """Return how many watched pages the last look at which came to what."""
    counts = host.documents.watched().exclude(outcome="").order_by().values_list("outcome").annotate(many=Count("pk"))
    words = dict(OUTCOMES)
    return [(outcome, words[outcome], many) for outcome, many in sorted(counts, key=lambda one: (-one[1], one[0]))]
