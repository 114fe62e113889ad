"""What can be done with one claim. Each translates a form, calls one service, and goes back to the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin import queue
from claims.admin.forms import AcceptForm, AttachForm, MoveForm
from claims.admin.page import MOVED_ON, OK, Shown
from claims.models import Claim, Evidence, Flag, KnownMatch, Proposal
from claims.services import evidence, flags, grounds, known, seconding, verdicts, wording
from claims.verification.status import VERDICTS, Status
from factcheck.access.admin import acting
from factcheck.access.roles import Action
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused
from sources.services import documents

_MOVED_ON = (verdicts.StatusMoved, verdicts.EvidenceMoved, verdicts.Reworded, verdicts.AlreadyProposed)
_MEANWHILE = frozenset({"already_decided"})


class Acting(Shown):
    """The POST doors of a claim's page."""

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change the status."""
        by = acting(request, Action.MOVE_STATUS)
        claim = get_object_or_404(Claim, pk=pk)
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self.shown(request, claim, refused={"move": form})
        asked = form.cleaned_data
        try:
            made = seconding.decide(
                claim,
                to=Status(asked["to"]),
                seen=Status(asked["seen"]),
                looked_at=asked["looked_at"],
                saw=grounds.Seen.read(asked["saw"]),
                by=by,
                now=clock.now(),
                reason=asked["reason"],
                code=asked["code"],
                search_log=asked["search_log"],
            )
        except verdicts.VerdictRefused as refusal:
            form.add_error(None, str(refusal))
            claim.refresh_from_db()
            meanwhile = isinstance(refusal, _MOVED_ON)
            return self.shown(request, claim, status=MOVED_ON if meanwhile else OK, refused={"move": form})
        if isinstance(made, Proposal):
            return _back(request, claim, _("It is proposed: a colleague has to confirm this verdict."), "proposal")
        claim.refresh_from_db()
        _tell_what_rose(request, claim, since=asked["looked_at"])
        return _back(request, claim, _("Our status is now “%(status)s”.") % {"status": claim.get_status_display()})

    def attach(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Attach a page as evidence by its address; a page that is new to us is looked at first."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        form = AttachForm(request.POST, prefix="attach")
        if not form.is_valid():
            return self.shown(request, claim, refused={"attach": form})
        asked = form.cleaned_data
        now = clock.now()
        try:
            document, _is_new = documents.watch(asked["address"], now=now)
            evidence.attach(claim, document, quote=asked["quote"], stance=asked["stance"], by=by, now=now)
        except UrlRefused as refusal:
            form.add_error("address", str(refusal))
        except evidence.EvidenceRefused as refusal:
            form.add_error(_field(refusal), str(refusal))
        else:
            return _back(request, claim, _("The page is evidence now."), "evidence")
        return self.shown(request, claim, refused={"attach": form})

    def accept(self, request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
        """Accept a suggestion as evidence."""
        by = acting(request, Action.WORK_CLAIMS)
        suggestion = get_object_or_404(Evidence.objects.select_related("claim", "document"), pk=evidence_pk, claim=pk)
        form = AcceptForm(request.POST, prefix=f"accept-{evidence_pk}")
        if not form.is_valid():
            return self.shown(request, suggestion.claim, refused={f"accept-{evidence_pk}": form})
        asked = form.cleaned_data
        try:
            evidence.accept(suggestion, quote=asked["quote"], stance=asked["stance"], by=by, now=clock.now())
        except evidence.EvidenceRefused as refusal:
            return self._refused(request, suggestion, form, refusal)
        return _back(request, suggestion.claim, _("The page is evidence now."), "evidence")

    def _refused(
        self, request: HttpRequest, suggestion: Evidence, form: forms.Form, refusal: evidence.EvidenceRefused
    ) -> HttpResponse:
        form.add_error(_field(refusal), str(refusal))
        if refusal.code in _MEANWHILE:
            messages.error(request, str(refusal))
            return self.shown(request, suggestion.claim, status=MOVED_ON)
        return self.shown(request, suggestion.claim, refused={f"accept-{suggestion.pk}": form})

    def dismiss(self, request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
        """Take a suggestion, or accepted evidence, off the table."""
        by = acting(request, Action.WORK_CLAIMS)
        held = get_object_or_404(Evidence.objects.select_related("claim"), pk=evidence_pk, claim=pk)
        try:
            evidence.dismiss(held, by=by, now=clock.now())
        except evidence.EvidenceRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, held.claim, status=MOVED_ON)
        return _back(request, held.claim, _("It is off the table."), "evidence")

    def clear(self, request: HttpRequest, pk: int, flag_pk: int) -> HttpResponse:
        """Say that what raised the flag makes no difference."""
        by = acting(request, Action.WORK_CLAIMS)
        flag = get_object_or_404(Flag.objects.select_related("claim"), pk=flag_pk, claim=pk)
        if not flags.clear_flag(flag, how=Flag.Cleared.NO_DIFFERENCE, by=by, now=clock.now()):
            messages.error(request, _("Somebody settled it meanwhile."))
            return self.shown(request, flag.claim, status=MOVED_ON)
        return _back(request, flag.claim, _("Noted: it makes no difference."))

    def reword(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Put the article's own words back for one edit of the sentence, or write again what stood in their place."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        is_again = request.POST.get("as") == "written"
        do = wording.write_again if is_again else wording.put_back
        try:
            said = do(claim, number, by=by, now=clock.now())
        except wording.WordingRefused as refusal:
            messages.error(request, str(refusal))
            claim.refresh_from_db()
            return self.shown(request, claim, status=MOVED_ON)
        return _back(request, said, _("The claim now says: “%(text)s”") % {"text": said.text}, "edits")

    def accept_known(self, request: HttpRequest, pk: int, match_pk: int) -> HttpResponse:
        """Stand behind what others checked: it gives context."""
        return self._decide_known(request, pk, match_pk, known.accept, _("Its page is context of this claim."))

    def dismiss_known(self, request: HttpRequest, pk: int, match_pk: int) -> HttpResponse:
        """Say that what others checked is about something else."""
        return self._decide_known(request, pk, match_pk, known.dismiss, _("It is not shown here any more."))

    def _decide_known(
        self, request: HttpRequest, pk: int, match_pk: int, do: Callable[..., KnownMatch], said: str
    ) -> HttpResponse:
        by = acting(request, Action.WORK_CLAIMS)
        match = get_object_or_404(KnownMatch.objects.select_related("claim", "known"), pk=match_pk, claim=pk)
        try:
            do(match, by=by, now=clock.now())
        except known.MatchRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, match.claim, status=MOVED_ON)
        return _back(request, match.claim, said, "known")


def _tell_what_rose(request: HttpRequest, claim: Claim, *, since: datetime | None) -> None:
    """Say what wants another look by now, which the page did not show yet when it was opened."""
    if since is not None and Status(claim.status) in VERDICTS:
        for flag in Flag.objects.standing().filter(claim=claim, since__gt=since):
            messages.warning(request, _("Meanwhile: %(why)s. It still needs another look for that.") % {"why": flag})


def _field(refusal: evidence.EvidenceRefused) -> str | None:
    return "quote" if refusal.code.startswith("quote_") else None


def _back(request: HttpRequest, claim: Claim, said: str, part: str = "") -> HttpResponse:
    messages.success(request, said)
    if (came_from := queue.back(request)) and not part:
        return redirect(came_from)
    return redirect(reverse("admin:claims_claim_change", args=[claim.pk]) + (f"#{part}" if part else ""))
