"""The queue: what to look at next and why; one row at a time, or many at once with a result for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.admin import queue
from claims.models import Claim, SavedFilter, StatusChange, Triage
from claims.models.saved import QUERY_LENGTH
from claims.models.verdict import CODES
from claims.services import saving, triage, verdicts
from claims.services.triage import TriageRefused
from claims.services.verdicts import VerdictRefused
from claims.verification.status import OFFERED, Code, Status
from factcheck.access import stuck
from factcheck.access.admin import NO_FORMS, Forms, PageAdmin, acting, door, may
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock

MOST_AT_ONCE = 200
MOVED_ON = 409
_A_KEY = re.compile(r"[0-9]{1,18}")
Do = Callable[[Claim, User, HttpRequest, datetime], Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of many."""

    told: str
    language: str
    outcome: str
    is_done: bool


def _snooze(claim: Claim, by: User, request: HttpRequest, now: datetime) -> Any:
    days = request.POST.get("days", "")
    until = now + timedelta(days=int(days)) if _A_KEY.fullmatch(days) and len(days) <= 3 else now  # noqa: PLR2004  a thousand days
    return triage.snooze(claim, until=until, because=request.POST.get("because", ""), by=by, now=now)


def _take_into_review(claim: Claim, by: User, _request: HttpRequest, now: datetime) -> Any:
    return verdicts.change_status(claim, to=Status.IN_REVIEW, seen=Status(claim.status), by=by, now=now)


def _close(claim: Claim, by: User, request: HttpRequest, now: datetime) -> Any:
    chosen = request.POST.get("code", "")
    code = Code(chosen) if chosen in OFFERED else None
    seen = Status(claim.status)
    return verdicts.change_status(claim, to=Status.NOT_CHECKABLE, seen=seen, code=code, by=by, now=now)


# What can be done with one row, or with many.
DOING: Mapping[str, tuple[Do, Any]] = MappingProxyType(
    {
        "take": (lambda claim, by, _request, now: triage.take(claim, by=by, now=now), gettext_lazy("taken by you")),
        "release": (lambda claim, by, _request, now: triage.release(claim, by=by, now=now), gettext_lazy("released")),
        "snooze": (_snooze, gettext_lazy("put aside")),
        "wake": (lambda claim, by, _request, _now: triage.wake(claim, by=by), gettext_lazy("back in the queue")),
        "promote": (
            lambda claim, by, _request, now: triage.promote(claim, by=by, now=now), gettext_lazy("put into the queue"),
        ),
        "demote": (
            lambda claim, by, _request, now: triage.demote(claim, by=by, now=now), gettext_lazy("no longer kept there"),
        ),
        "in_review": (_take_into_review, gettext_lazy("in review")),
        "not_checkable": (_close, gettext_lazy("not checkable")),
    }
)  # fmt: skip
MANY = ("take", "release", "snooze", "in_review", "not_checkable")


@admin.register(Triage)
class TriageAdmin(PageAdmin[Triage]):
    """The rows are made by the machine; what is done with them is asked of services, one by one."""

    def get_urls(self) -> list[URLPattern]:
        """Add what can be done with rows."""
        return [
            path("", door(self.admin_site, self.changelist_view), name="claims_triage_changelist"),
            path("keep/", door(self.admin_site, require_POST(self.keep)), name="claims_triage_keep"),
            path("forget/<int:pk>/", door(self.admin_site, require_POST(self.forget)), name="claims_triage_forget"),
            path("undo/<int:pk>/", door(self.admin_site, require_POST(self.undo)), name="claims_triage_undo"),
            path("do/<str:do>/<int:pk>/", door(self.admin_site, require_POST(self.one)), name="claims_triage_do"),
            *super().get_urls(),
        ]

    def shown(self, request: HttpRequest, row: Triage, *, status: int = 200, refused: Forms = NO_FORMS) -> HttpResponse:
        """Lead to the claim: a row has no page of its own."""
        return redirect("admin:claims_claim_change", row.pk)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the queue; do something with the chosen rows, each by itself, and say of each what became of it."""
        by = acting(request, Action.WORK_CLAIMS if request.method == "POST" else Action.SEE_DESK)
        results = self._many(request, by) if request.method == "POST" else []
        now = clock.now()
        context = {
            **queue.of(by, queue.asked(request.GET), now=now),
            "title": _("What to look at next"),
            "results": results,
            "stuck": queue.counted(many) if (many := stuck.count(most=queue.COUNTED)) else "",
            "may_work": may(request, Action.WORK_CLAIMS),
            "may_move": may(request, Action.MOVE_STATUS),
            "codes": [(code, word) for code, word in CODES if code in OFFERED],
            "many": [(name, DOING[name][1]) for name in MANY],
            "looked_at": now.isoformat(),
        }
        return self.page(request, "claims/admin/triage.html", context)

    def _many(self, request: HttpRequest, by: User) -> list[Result]:
        do = request.POST.get("do", "")
        keys = [int(one) for one in request.POST.getlist("row")[:MOST_AT_ONCE] if _A_KEY.fullmatch(one)]
        if do not in MANY or not keys:
            messages.info(request, _("Nothing was chosen: tick rows, and choose what is done with them."))
            return []
        claims = Claim.objects.in_bulk(keys)
        return [self._result(request, claims[key], do, by) for key in dict.fromkeys(keys) if key in claims]

    @staticmethod
    def _result(request: HttpRequest, claim: Claim, do: str, by: User) -> Result:
        act, told = DOING[do]
        try:
            act(claim, by, request, clock.now())
        except (TriageRefused, VerdictRefused) as refusal:
            return Result(claim.text, claim.language, str(refusal), is_done=False)
        return Result(claim.text, claim.language, str(told), is_done=True)

    def one(self, request: HttpRequest, do: str, pk: int) -> HttpResponse:
        """Do something with one row, and go back to where it was asked for."""
        by = acting(request, Action.WORK_CLAIMS)
        if do not in DOING:
            raise Http404
        result = self._result(request, get_object_or_404(Claim, pk=pk), do, by)
        (messages.success if result.is_done else messages.error)(
            request, f"“{result.told[:100]}”: {result.outcome}" if result.is_done else result.outcome
        )
        came_from = queue.back(request) or queue.article(request, pk)
        return redirect(came_from or reverse("admin:claims_claim_change", args=[pk]))

    def keep(self, request: HttpRequest) -> HttpResponse:
        """Keep what the queue is narrowed to, under a name of one's own."""
        by = acting(request, Action.SEE_DESK)
        wanted = queue.asked(dict(parse_qsl(request.POST.get("query", "")[:QUERY_LENGTH])))
        try:
            made = saving.keep(by, name=request.POST.get("name", ""), query=wanted.query(before=""), now=clock.now())
        except saving.SavingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Kept as “%(name)s”.") % {"name": made.name})
        return redirect(f"{reverse('admin:claims_triage_changelist')}?{wanted.query(before='')}")

    def forget(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a filter of one's own off the list."""
        by = acting(request, Action.SEE_DESK)
        one = get_object_or_404(SavedFilter, pk=pk, owner=by)
        one.delete()
        messages.success(request, _("“%(name)s” is off the list.") % {"name": one.name})
        return redirect("admin:claims_triage_changelist")

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take one's own last move of a claim back, where nobody moved it since."""
        by = acting(request, Action.MOVE_STATUS)
        change = get_object_or_404(StatusChange.objects.select_related("claim"), pk=pk, by=by)
        to = queue.undo_of(change)
        if to is None:
            raise Http404
        why = _("Undone: %(why)s") % {"why": change.why} if change.why else _("Undone by who made the move.")
        try:
            verdicts.change_status(change.claim, to=to, seen=Status(change.new), by=by, now=clock.now(), reason=why)
        except VerdictRefused as refusal:
            messages.error(request, str(refusal))
        else:
            change.claim.refresh_from_db()
            said = _("Taken back. Our status is “%(status)s” again.")
            messages.success(request, said % {"status": change.claim.get_status_display()})
        return redirect(queue.back(request) or reverse("admin:claims_triage_changelist"))
