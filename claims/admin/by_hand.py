"""A claim by hand: from nothing, or from words that were selected in an article."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from claims.admin.chains import ChainField
from claims.admin.forms import ClaimForm
from claims.admin.page import MOVED_ON
from claims.models import Appearance, Article
from claims.models.claim import TEXT_LENGTH
from claims.services import attributions, claims
from claims.services.attributions import Named
from claims.services.claims import Seen
from claims.services.evidence import QUOTE_LENGTH
from claims.verification import anchors
from factcheck.access.admin import Framed, acting
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.models import Snapshot

_A_NUMBER = re.compile(r"[0-9]{1,9}")
FARTHEST = 10**9
_ENDS = (".", "!", "?", "…")


class SelectedForm(ClaimForm):
    """A claim by hand, with where its quote was seen, and who the article has it from."""

    field_order = ["text", "article", "quote", "certainty", "chain", "kind", "language"]
    chain = ChainField()
    version = forms.IntegerField(required=False, min_value=1, max_value=FARTHEST, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, max_value=FARTHEST, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = dict(self.cleaned_data)
        version, start = given.pop("version"), given.pop("start")
        return {**given, "seen": Seen(version, start) if version and start is not None else None}


class ByHand(Framed):
    """The page on which a claim is written down; mixed into the admin of claims."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take a claim by hand."""
        by = acting(request, Action.SUBMIT)
        form = SelectedForm(request.POST) if request.method == "POST" else SelectedForm(initial=begun(request.GET))
        status = 200
        if form.is_bound and form.is_valid():
            try:
                claim = claims.make(now=clock.now(), by=by, **form.asked())
            except claims.ClaimRefused as refusal:
                form.add_error("quote" if refusal.code in {"quote_not_found", "text_moved"} else None, str(refusal))
                status = MOVED_ON if refusal.code == "text_moved" else status
            else:
                messages.success(request, _("The claim is written down."))
                return redirect("admin:claims_claim_change", claim.pk)
        context = {"title": _("A claim by hand"), "form": form}
        return self.page(request, "claims/admin/add.html", context, status=status)


def begun(asked: QueryDict) -> dict[str, Any]:
    """Return what the form begins with: the article, and of selected words their quote and how the text says it."""
    named = {name: asked.get(name, "") for name in ("article", "version", "start", "end")}
    article = named["article"]
    numbers = {name: int(value) for name, value in named.items() if _A_NUMBER.fullmatch(value)}
    if len(numbers) < len(named):
        return {"article": article}
    page = Article.objects.filter(pk=numbers["article"]).values("document")
    version = Snapshot.objects.filter(document__in=page, number=numbers["version"]).first()
    if version is None or not version.text[numbers["start"] : numbers["end"]].strip():
        return {"article": article}
    start, end = _whole_words(version.text, numbers["start"], numbers["end"])
    quote = version.text[start:end]
    read = _as_read(numbers["article"], version, start, end)
    return {
        "article": article,
        "text": _sentence(quote),
        "quote": quote,
        "language": version.language or "en",
        "version": version.number,
        "start": start,
        **read,
    }


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the selected words go: whole ones, without the space around them."""
    end = min(end, start + QUOTE_LENGTH, len(text))
    start, end = end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _sentence(quote: str) -> str:
    """Return the words as a sentence to be edited."""
    said = " ".join(quote.split())[: TEXT_LENGTH - 1]
    said = said[:1].upper() + said[1:]
    return said if said.endswith(_ENDS) else f"{said}."


def _as_read(article: int, version: Snapshot, start: int, end: int) -> dict[str, Any]:
    """Return how splitting read the sentence: as the claim that shares most of these words, or else their sentence."""
    here = Appearance.objects.standing().filter(article=article, snapshot=version)
    around = anchors.sentence_span(version.text, start, end)
    near = here.across(start, end) if here.across(start, end).exists() else here.across(*around)
    best = max(near, key=lambda one: _shared(one, start, end), default=None)
    if best is None:
        outlet = version.document.publisher
        return {"chain": (Named(outlet.name),) if outlet else ()}
    return {"certainty": best.certainty, "kind": best.kind, "chain": tuple(attributions.of(best))}


def _shared(one: Appearance, start: int, end: int) -> int:
    """Return how much of text[start:end] it covers; negative is how far it is away."""
    return sum(min(end, span["end"]) - max(start, span["start"]) for span in one.spans)
