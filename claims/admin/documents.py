"""A document's page, with the claims that rest on it: what `sources` cannot know; and taking a version of it down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import words
from claims.models import Appearance, Claim, Evidence
from claims.services import erasure
from factcheck.access.admin import acting, door
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.admin.documents import DocumentAdmin
from sources.models import Document, Snapshot
from sources.services.erasure import ErasureRefused

MOST_CLAIMS = 100


class TakedownForm(forms.Form):
    """Why a version goes, and whether quotes of it go along."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    with_quotes = forms.BooleanField(label=gettext_lazy("Also the quotes pinned in it"), required=False)


class RestingAdmin(DocumentAdmin):
    """The page of a document, and who would miss it."""

    page_template = "claims/admin/document.html"

    def known_above(self, document: Document) -> dict[str, Any]:
        """Return the claims whose article or evidence this is."""
        resting = Claim.objects.resting_on(document).with_company().order_by("-id")[: MOST_CLAIMS + 1]
        return {
            "resting": [
                (claim, words.standing(claim), [words.another_look(flag) for flag in claim.open_flags])  # type: ignore[attr-defined]  # with_company
                for claim in resting[:MOST_CLAIMS]
            ],
            "most": MOST_CLAIMS,
        }

    def get_urls(self) -> list[URLPattern]:
        """Add the takedown of one version."""
        takedown = door(self.admin_site, self.take_down)
        return [
            path("<int:pk>/versions/<int:number>/takedown/", takedown, name="sources_document_takedown"),
            *super().get_urls(),
        ]

    def take_down(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Ask once more and for the reason, then empty the version."""
        by = acting(request, Action.ERASE)
        snapshot = get_object_or_404(Snapshot.objects.select_related("document"), document=pk, number=number)
        form = TakedownForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                erasure.take_down(snapshot, by=by, now=clock.now(), **form.cleaned_data)
            except ErasureRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Taken down. What it was and why it went stays in the history."))
                return redirect("admin:sources_document_change", pk)
        context = {
            "title": _("Take down a version"),
            "snapshot": snapshot,
            "form": form,
            "places": Appearance.objects.filter(snapshot=snapshot).count(),
            "quotes": Evidence.objects.filter(snapshot=snapshot).exclude(exact="").count(),
        }
        return self.page(request, "claims/admin/takedown.html", context)


admin.site.unregister(Document)
admin.site.register(Document, RestingAdmin)
