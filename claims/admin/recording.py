"""The doors of what the desk writes down beside a claim. Each translates a form, calls one service, and goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from claims.admin.page import MOVED_ON, OK, Shown
from claims.admin.record_forms import AnswerForm, ContactForm, FileForm, NoteForm, SearchForm, StatementForm
from claims.models import Claim, Contact, Evidence, Statement
from claims.models.notes import Way
from claims.services import audit, contacts, evidence, notes, statements
from claims.services.contacts import Asked, ContactRefused
from claims.services.evidence import EvidenceRefused
from claims.services.notes import Looked, NoteRefused
from claims.services.statements import StatementRefused, Taken
from factcheck.access.admin import acting
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.services import supplying
from sources.services.supplying import SupplyRefused

Do = Callable[..., Any]
REFUSALS = (ContactRefused, EvidenceRefused, NoteRefused, StatementRefused, SupplyRefused)


class Recording(Shown):
    """The POST doors of the contact log, the search log and the notes; mixed into the admin of claims."""

    def ask(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down that somebody was asked."""

        def do(claim: Claim, asked: dict[str, Any], by: User) -> str:
            way = Way(asked.pop("way"))
            contacts.ask(claim, Asked(**asked, way=way), by=by, now=clock.now())
            return _("It is in the contact log.")

        return self._written(request, pk, ContactForm(request.POST, prefix="contact"), do, "contacts")

    def answer(self, request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
        """Write down what somebody answered."""
        acting(request, Action.WORK_CLAIMS)
        contact = get_object_or_404(Contact.objects.select_related("claim"), pk=contact_pk, claim=pk)

        def do(_claim: Claim, asked: dict[str, Any], by: User) -> str:
            told = {"answered_at": asked["answered_at"], "by": by, "now": clock.now()}
            contacts.answer(contact, asked["answer"], **told)
            return _("The answer is noted.")

        return self._written(request, pk, AnswerForm(request.POST, prefix=f"answer-{contact_pk}"), do, "contacts")

    def log_search(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down where somebody looked."""

        def do(claim: Claim, asked: dict[str, Any], by: User) -> str:
            notes.log_search(claim, Looked(**asked), by=by, now=clock.now())
            return _("It is in the search log.")

        return self._written(request, pk, SearchForm(request.POST, prefix="search"), do, "searches")

    def note(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a note."""

        def do(claim: Claim, asked: dict[str, Any], by: User) -> str:
            notes.write(claim, asked["text"], by=by, now=clock.now())
            return _("The note is written.")

        return self._written(request, pk, NoteForm(request.POST, prefix="note"), do, "notes")

    def state(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what somebody told the desk as evidence."""

        def do(claim: Claim, asked: dict[str, Any], by: User) -> str:
            stance, way, terms = (asked.pop(name) for name in ("stance", "way", "terms"))
            taken = Taken(**asked, way=Way(way), terms=Statement.Terms(terms))
            statements.take(claim, taken, stance=Evidence.Stance(stance), by=by, now=clock.now())
            return _("The statement is evidence now.")

        return self._written(request, pk, StatementForm(request.POST, prefix="statement"), do, "evidence")

    def attach_file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Attach a file as evidence."""

        def do(claim: Claim, asked: dict[str, Any], by: User) -> str:
            file, stance = asked["file"], Evidence.Stance(asked["stance"])
            offered = supplying.offered(file.read(), name=file.name, text=asked["typed"], title=asked["title"])
            evidence.attach_file(claim, offered, quote=asked["quote"], stance=stance, by=by, now=clock.now())
            return _("The file is evidence now.")

        return self._written(request, pk, FileForm(request.POST, request.FILES, prefix="file"), do, "evidence")

    def reveal(self, request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
        """Show whose confidential statement it is, on this answer alone: no address and no cache leads back to it."""
        by = acting(request, Action.WORK_CLAIMS)
        whole = Evidence.objects.select_related("claim", "statement")
        held = get_object_or_404(whole, pk=evidence_pk, claim=pk)
        try:
            named = statements.reveal(held, by=by, now=clock.now())
        except StatementRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, held.claim, status=MOVED_ON)
        answer = self.shown(request, held.claim, refused={"revealed": (held.pk, named)})
        patch_cache_control(answer, no_store=True, private=True)
        return answer

    def verify(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hold the claim's history against itself, and say what was found."""
        acting(request, Action.SEE_DESK)
        claim = get_object_or_404(Claim, pk=pk)
        return self.shown(request, claim, refused={"verified": audit.verified(claim.uid)})

    def _written(self, request: HttpRequest, pk: int, form: forms.Form, do: Do, part: str) -> HttpResponse:
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        refused = {str(form.prefix): form}
        if not form.is_valid():
            return self.shown(request, claim, refused=refused)
        try:
            said = do(claim, dict(form.cleaned_data), by)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            meanwhile = refusal.code == "already_answered"
            return self.shown(request, claim, status=MOVED_ON if meanwhile else OK, refused=refused)
        messages.success(request, said)
        return redirect(reverse("admin:claims_claim_change", args=[claim.pk]) + f"#{part}")
