"""Claims in files: the list as CSV, XLSX or JSON; claims and evidence from tables. Mixed into the admin of claims."""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.exports import files
from claims.imports.types import COLUMNS, NEEDED, What
from claims.services import exporting, importing
from claims.services.exporting import ExportRefused
from claims.services.import_words import NOTICES, where, why
from claims.services.importing import ImportRefused, Outcome
from factcheck.access.admin import Framed, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock

log = logging.getLogger(__name__)
MOST_SHOWN = 50
_TITLES = {What.CLAIMS: gettext_lazy("Claims from a file"), What.EVIDENCE: gettext_lazy("Evidence from a file")}


class TableForm(forms.Form):
    """A file, or the one that was looked at a moment ago."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A table as CSV, its columns named in the first row."),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt"}),
    )
    looked_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> UploadedFile[Any] | None:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > importing.MOST_BYTES:
            most = importing.MOST_BYTES >> 20
            raise ValidationError(_("A file has at most %(most)s MB here. Divide it."), params={"most": most})
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for a file, and take the bytes of whichever there is."""
        asked = super().clean() or {}
        try:
            kept = base64.b64decode(asked.get("looked_at", ""), validate=True)
        except (binascii.Error, ValueError):
            kept = b""
        asked["body"] = asked["file"].read() if asked.get("file") else kept
        if not asked["body"] and not self.errors:
            raise ValidationError(_("Choose a file first; an empty one has nothing to bring in."))
        return asked


class Files(Framed):
    """The doors of files."""

    get_changelist_instance: Callable[[HttpRequest], Any]  # the admin's

    def file_urls(self) -> list[URLPattern]:
        """Return the addresses of files."""
        return [
            path("export/<str:form>/", door(self.admin_site, self.exported), name="claims_claim_export"),
            path("import/", door(self.admin_site, self.bring_claims), name="claims_claim_import"),
            path("import/evidence/", door(self.admin_site, self.bring_evidence), name="claims_claim_import_evidence"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Offer the list as a file, and to bring files in."""
        offered = {
            "export_forms": list(files.FORMS),
            "export_most": f"{exporting.MOST:,}",
            "may_bring": may(request, Action.SUBMIT),
        }
        shown: HttpResponse = super().changelist_view(request, {**offered, **(extra_context or {})})  # type: ignore[misc]  # the admin's
        return shown

    def exported(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """Hand out the list, narrowed and ordered as it is shown, as a file written while it is read."""
        by = acting(request, Action.SEE_DESK)
        if form not in files.FORMS:
            raise Http404
        try:
            keys = exporting.keys(self.get_changelist_instance(request).queryset)
        except ExportRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(f"{reverse('admin:claims_claim_changelist')}?{request.GET.urlencode()}")
        except IncorrectLookupParameters:
            return redirect("admin:claims_claim_changelist")
        now = clock.now()
        log.info("person %s exports %s claims as %s", by.pk, len(keys), form)
        file = StreamingHttpResponse(files.written(form, exporting.rows(keys, now=now)), content_type=files.FORMS[form])
        file["Content-Disposition"] = f'attachment; filename="claims-{now:%Y-%m-%d}.{form}"'
        file["X-Content-Type-Options"] = "nosniff"
        return file

    def bring_claims(self, request: HttpRequest) -> HttpResponse:
        """Bring in claims."""
        return self._bring_in(request, What.CLAIMS)

    def bring_evidence(self, request: HttpRequest) -> HttpResponse:
        """Bring in evidence."""
        return self._bring_in(request, What.EVIDENCE)

    def _bring_in(self, request: HttpRequest, what: What) -> HttpResponse:
        """Look at a file, show what it would come to, and bring it in once that was seen."""
        by = acting(request, Action.SUBMIT if what is What.CLAIMS else Action.WORK_CLAIMS)
        is_posted = request.method == "POST"
        form = TableForm(request.POST if is_posted else None, request.FILES if is_posted else None, label_suffix="")
        outcome: Outcome | None = None
        if is_posted and form.is_valid():
            asked, now = form.cleaned_data, clock.now()
            try:
                if asked["looked_at"] and not asked["file"]:
                    outcome = importing.bring_in(asked["body"], what, by=by, now=now)
                    messages.success(request, " ".join(told(outcome, is_done=True)))
                    return redirect("admin:claims_claim_changelist")
                outcome = importing.look(asked["body"], what, by=by, now=now)
            except ImportRefused as refusal:
                outcome = refusal.outcome
            kept = "" if outcome.faults else base64.b64encode(asked["body"]).decode("ascii")
            form = TableForm(initial={"looked_at": kept}, label_suffix="")
        context = {"title": _TITLES[what], "form": form, "what": what.value, **_columns(what), **_shown(outcome)}
        return self.page(request, "claims/admin/bring_in.html", context)


def _columns(what: What) -> dict[str, Any]:
    return {
        "columns": [(name, name in NEEDED[what]) for name in COLUMNS[what]],
        "template": f"claims/import-{what.value}.csv",
        "most_rows": importing.MOST_ROWS,
        "most_bytes": importing.MOST_BYTES >> 20,
    }


def _shown(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"outcome": None}
    return {
        "outcome": outcome,
        "told": told(outcome, is_done=False),
        "notices": [NOTICES[code] for code in outcome.notices],
        "faults": [(where(fault), why(fault)) for fault in outcome.faults],
        "made": outcome.made[:MOST_SHOWN],
        "more": max(0, len(outcome.made) - MOST_SHOWN),
    }


def told(outcome: Outcome, *, is_done: bool) -> list[str]:
    """Return in words what came of a file, or would come of it."""
    said = (
        _claims_told(outcome, is_done=is_done) if outcome.what is What.CLAIMS else _pages_told(outcome, is_done=is_done)
    )
    many = len(outcome.known)
    known = ngettext("%(many)s is known already.", "%(many)s are known already.", many) % {"many": many}
    return [*said, *([known] if many else [])]


def _claims_told(outcome: Outcome, *, is_done: bool) -> list[str]:
    many = len(outcome.made)
    said = (
        ngettext("%(many)s claim was made.", "%(many)s claims were made.", many)
        if is_done
        else ngettext("%(many)s claim would be made.", "%(many)s claims would be made.", many)
    )
    return [said % {"many": many}]


def _pages_told(outcome: Outcome, *, is_done: bool) -> list[str]:
    many, later = len(outcome.made), len(outcome.waiting)
    said = (
        ngettext("%(many)s page is evidence now.", "%(many)s pages are evidence now.", many)
        if is_done
        else ngettext("%(many)s page would become evidence.", "%(many)s pages would become evidence.", many)
    )
    waiting = ngettext(
        "%(many)s page is new to us: it is looked at first, and suggested until somebody accepts it.",
        "%(many)s pages are new to us: they are looked at first, and suggested until somebody accepts them.",
        later,
    )
    return [said % {"many": many}, *([waiting % {"many": later}] if later else [])]
