"""What people mend of what splitting made. Each translates a form, calls one service, and goes back to the page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin.mending_forms import RereadForm, SplitForm, WordingForm
from claims.admin.page import MOVED_ON, OK, Shown
from claims.models import Appearance, Claim
from claims.services import parts, rereading, wording
from claims.services.parts import SplitRefused
from claims.services.rereading import RereadRefused
from claims.services.verdicts import VerdictRefused
from factcheck.access.admin import Framed, acting
from factcheck.access.roles import Action
from factcheck.lib import clock

_MEANWHILE = frozenset({"moved", "decided", "ended"})


class Mending(Framed, Shown):
    """The doors of mending; mixed into the admin of claims."""

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the claim's sentence anew."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        form = WordingForm(request.POST)
        if not form.is_valid():
            return self.shown(request, claim, refused={"wording": form})
        asked = form.cleaned_data
        try:
            said = wording.edit(claim, asked["text"], seen=asked["seen"], why=asked["why"], by=by, now=clock.now())
        except wording.WordingRefused as refusal:
            form.add_error("text", str(refusal))
            claim.refresh_from_db()
            status = MOVED_ON if refusal.code in _MEANWHILE else OK
            return self.shown(request, claim, status=status, refused={"wording": form})
        messages.success(request, _("The claim now says: “%(text)s”") % {"text": said.text})
        return redirect(reverse("admin:claims_claim_change", args=[claim.pk]) + "#edits")

    def reread(self, request: HttpRequest, pk: int, place_pk: int) -> HttpResponse:
        """Correct how one place is read: how sure the text is, of what kind, and whom it has it from."""
        by = acting(request, Action.WORK_CLAIMS)
        place = get_object_or_404(Appearance.objects.select_related("claim", "article"), pk=place_pk, claim=pk)
        form = RereadForm(request.POST, prefix=f"reread-{place_pk}")
        if not form.is_valid():
            return self.shown(request, place.claim, refused={f"reread-{place_pk}": form})
        try:
            rereading.reread(place, **form.cleaned_data, by=by, now=clock.now())
        except RereadRefused as refusal:
            form.add_error(None, str(refusal))
            status = MOVED_ON if refusal.code in _MEANWHILE else OK
            return self.shown(request, place.claim, status=status, refused={f"reread-{place_pk}": form})
        messages.success(request, _("It is read like that now."))
        return redirect(_place(place))

    def take_back(self, request: HttpRequest, pk: int, place_pk: int, what: str) -> HttpResponse:
        """Read one place as splitting does again."""
        by = acting(request, Action.WORK_CLAIMS)
        if what not in rereading.What.values:
            raise Http404
        place = get_object_or_404(Appearance.objects.select_related("claim", "article"), pk=place_pk, claim=pk)
        try:
            rereading.take_back(place, what, by=by, now=clock.now())
        except RereadRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, place.claim, status=MOVED_ON)
        messages.success(request, _("It is read as splitting reads it again."))
        return redirect(_place(place))

    def split_up(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Split the claim up into several."""
        by = acting(request, Action.MOVE_STATUS)
        claim = get_object_or_404(Claim, pk=pk)
        form = SplitForm(request.POST, prefix="split")
        if not form.is_valid():
            return self.shown(request, claim, refused={"split": form})
        asked = form.cleaned_data
        try:
            made = parts.split_up(claim, asked["parts"], seen=asked["seen"], by=by, now=clock.now())
        except (SplitRefused, VerdictRefused) as refusal:
            form.add_error(None, str(refusal))
            claim.refresh_from_db()
            status = MOVED_ON if refusal.code in _MEANWHILE else OK
            return self.shown(request, claim, status=status, refused={"split": form})
        messages.success(request, _("It is %(many)s claims now.") % {"many": len(made)})
        return redirect(reverse("admin:claims_claim_change", args=[claim.pk]) + "#parts")

    def put_together(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo that."""
        by = acting(request, Action.MOVE_STATUS)
        claim = get_object_or_404(Claim, pk=pk)
        try:
            parts.put_together(claim, by=by, now=clock.now())
        except (SplitRefused, VerdictRefused) as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, claim, status=MOVED_ON)
        messages.success(request, _("It is one claim again."))
        return redirect("admin:claims_claim_change", claim.pk)


def _place(place: Appearance) -> str:
    return reverse("admin:claims_claim_change", args=[place.claim_id]) + f"#appearance-{place.pk}"
