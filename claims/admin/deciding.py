"""What can be done with links and drifts: one by one on a claim's page, many at once on the page of suggestions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import linked
from claims.admin.page import MOVED_ON, Shown
from claims.models import Claim, Drift, Link
from claims.services import drifting, linking
from claims.services.drifting import DriftRefused
from claims.services.linking import LinkRefused
from factcheck.access.admin import Framed, acting, may
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock

MOST_AT_ONCE = 200
_KEY = re.compile(r"(link|drift)-([0-9]{1,18})")
_A_UID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Do = Callable[..., Any]
LINKS: Mapping[str, tuple[Do, Any]] = MappingProxyType(
    {
        "accept": (linking.accept, gettext_lazy("Noted: the link stands.")),
        "dismiss": (linking.dismiss, gettext_lazy("It is off the table.")),
        "undo": (linking.undo, gettext_lazy("That is taken back.")),
    }
)
DRIFTS: Mapping[str, tuple[Do, Any]] = MappingProxyType(
    {
        "accept": (drifting.accept, gettext_lazy("Noted: the text says more than its source.")),
        "dismiss": (drifting.dismiss, gettext_lazy("It is off the table.")),
        "undo": (drifting.undo, gettext_lazy("That is taken back.")),
    }
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of many."""

    told: str
    outcome: str
    is_done: bool


class Deciding(Framed, Shown):
    """The POST doors of links and drifts; mixed into the admin of claims."""

    def link(self, request: HttpRequest, pk: int, link_pk: int, do: str) -> HttpResponse:
        """Accept, dismiss or undo a link of the claim, or of one that is one with it."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        group = list(Claim.objects.together_with(claim).values_list("pk", flat=True))
        row = get_object_or_404(Link.objects.of([pk, *group]), pk=link_pk)
        return self._done(request, claim, row, LINKS, do, by=by, part="links")

    def drift(self, request: HttpRequest, pk: int, drift_pk: int, do: str) -> HttpResponse:
        """Accept, dismiss or undo a drift of the claim, or of one that is one with it."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        row = get_object_or_404(Drift, pk=drift_pk, claim__in=Claim.objects.together_with(claim).values("pk"))
        return self._done(request, claim, row, DRIFTS, do, by=by, part="side-by-side")

    def _done(
        self, request: HttpRequest, claim: Claim, row: Any, doing: Mapping[str, tuple[Do, Any]], do: str, *, by: User,
        part: str,
    ) -> HttpResponse:  # fmt: skip
        if do not in doing:
            raise Http404
        act, told = doing[do]
        try:
            act(row, by=by, now=clock.now())
        except (LinkRefused, DriftRefused) as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, claim, status=MOVED_ON)
        messages.success(request, told)
        if request.POST.get("back") == "suggestions":
            return redirect("admin:claims_claim_suggestions")
        return redirect(reverse("admin:claims_claim_change", args=[claim.pk]) + f"#{part}")

    def join(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Join the claim to another by its identifier, or by the address of its page."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        other = named(request.POST.get("other", ""))
        if other is None:
            messages.error(request, _("There is no such claim: give its identifier, or the address of its page."))
            return self.shown(request, claim)
        try:
            linking.join(claim, other, by=by, now=clock.now())
        except LinkRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, claim, status=MOVED_ON)
        messages.success(request, _("The claims are one now."))
        return redirect(reverse("admin:claims_claim_change", args=[claim.pk]) + "#elsewhere")

    def suggestions(self, request: HttpRequest) -> HttpResponse:
        """Show what awaits somebody; dismiss the chosen ones, each by itself, and say of each what became of it."""
        acting(request, Action.WORK_CLAIMS if request.method == "POST" else Action.SEE_DESK)
        results = _dismiss_many(request) if request.method == "POST" else []
        asked = request.GET.get("kind", "")
        kind = asked if asked in linked.NARROWED else ""
        shown, rows = linked.suggestions(kind, request.GET.get("p", "1"))
        context = {
            "title": _("Suggestions"),
            "kinds": list(linked.NARROWED.items()),
            "kind": kind,
            "rows": rows,
            "shown": shown,
            "results": results,
            "may_work": may(request, Action.WORK_CLAIMS),
        }
        return self.page(request, "claims/admin/suggestions.html", context)


def _dismiss_many(request: HttpRequest) -> list[Result]:
    by = acting(request, Action.WORK_CLAIMS)
    keys = [found for one in request.POST.getlist("row")[:MOST_AT_ONCE] if (found := _KEY.fullmatch(one))]
    if not keys:
        messages.info(request, _("Nothing was chosen."))
    return [result for what, pk in (key.groups() for key in keys) if (result := _dismiss(what, int(pk), by=by))]


def _dismiss(what: str, pk: int, *, by: User) -> Result | None:
    row: Link | Drift | None = (Link if what == "link" else Drift).objects.filter(pk=pk).first()
    if row is None:
        return None
    act = linking.dismiss if what == "link" else drifting.dismiss
    told = str(row) if what == "link" else f"{row.claim} {row}"
    try:
        act(row, by=by, now=clock.now())  # type: ignore[arg-type]  # each its own
    except (LinkRefused, DriftRefused) as refusal:
        return Result(told, str(refusal), is_done=False)
    return Result(told, _("dismissed"), is_done=True)


def named(typed: str) -> Claim | None:
    """Return the claim of an identifier or of a page's address."""
    if uid := _A_UID.search(typed[:500]):
        return Claim.objects.filter(uid=UUID(uid[0])).first()
    key = re.search(r"/claims/claim/([0-9]{1,18})/", typed[:500])
    return Claim.objects.filter(pk=int(key[1])).first() if key else None
