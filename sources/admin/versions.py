"""What is kept of a page: each version as text and as the bytes it was read from, and any two of them side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck import storage
from factcheck.access.admin import Framed, acting, may
from factcheck.access.roles import Action
from sources.admin import differences
from sources.models import Document, RawBytes, Snapshot

PART = 50_000  # letters a page of a kept text


class CompareForm(forms.Form):
    """Which two versions, by their numbers."""

    was = forms.IntegerField(label=gettext_lazy("Version"), min_value=1, max_value=2_000_000_000)
    now = forms.IntegerField(label=gettext_lazy("with version"), min_value=1, max_value=2_000_000_000)


class Versions(Framed):
    """The pages of kept versions; mixed into an admin."""

    def version(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show a kept version as text: what is left of a page that is gone."""
        acting(request, Action.SEE_DESK)
        version = _version(pk, number)
        letters = [version.text[at : at + PART] for at in range(0, len(version.text), PART)]
        document = version.document
        raw = RawBytes.objects.filter(snapshot=version).defer("content").first()
        context = {
            "title": _("Version %(number)s of %(page)s")
            % {"number": number, "page": Truncator(str(document)).chars(80)},
            "document": document,
            "version": version,
            "is_current": document.snapshot_id == version.pk,
            "parts": Paginator(letters, 1).get_page(request.GET.get("page")),
            "raw": raw if raw is not None and raw.erased_at is None else None,
            "may_erase": may(request, Action.ERASE),
        }
        return self.page(request, "sources/admin/version.html", context)

    def text(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Send a kept version's whole text as a file."""
        acting(request, Action.SEE_DESK)
        return _as_file(_version(pk, number).text.encode("utf-8", "replace"), f"document-{pk}-version-{number}.txt")

    def raw(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Send the bytes a version was read from as a file that no browser runs."""
        acting(request, Action.SEE_DESK)
        version = _version(pk, number)
        kept = RawBytes.objects.filter(snapshot=version).first()
        if kept is None or kept.erased_at is not None:
            messages.error(request, _("Its bytes are not kept: they were erased, or have become too old."))
            return redirect("admin:sources_document_version", pk, number)
        try:
            return _as_file(kept.unpacked(), f"document-{pk}-version-{number}.raw.txt")
        except (storage.Unavailable, storage.Damaged) as error:
            told = _("The bytes could not be read now (%(why)s). Try again later, or tell whoever runs the service.")
            messages.error(request, told % {"why": error})
        return redirect("admin:sources_document_version", pk, number)

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show any two versions side by side; without numbers the last two."""
        acting(request, Action.SEE_DESK)
        document = get_object_or_404(Document, pk=pk)
        form = CompareForm(request.GET if "was" in request.GET else _last_two(document))
        context: dict[str, Any] = {
            "title": _("Two versions of %(page)s") % {"page": Truncator(str(document)).chars(80)},
            "document": document,
            "form": form,
        }
        numbers = form.cleaned_data if form.is_valid() else {}
        kept = {one.number: one for one in document.snapshots.filter(number__in=numbers.values())}
        chosen = [kept[number] for number in numbers.values() if number in kept]
        if len(chosen) == len(CompareForm.base_fields):
            context |= {"chosen": chosen, "sides": differences.sides(*chosen), "words": differences.WORDS}
        elif numbers:
            form.add_error(None, _("There is no such version: choose numbers from the list of versions."))
        return self.page(request, "sources/admin/compare.html", context)


def _version(pk: int, number: int) -> Snapshot:
    return get_object_or_404(Snapshot.objects.select_related("document"), document=pk, number=number)


def _last_two(document: Document) -> dict[str, int]:
    last = document.snapshots.order_by("-number").values_list("number", flat=True).first() or 0
    return {"was": max(1, last - 1), "now": max(1, last)}


def _as_file(body: bytes, name: str) -> HttpResponse:
    """Return bytes of outside as a text file to save: never shown, never guessed at, never run."""
    answer = HttpResponse(body, content_type="text/plain")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
