"""The door by which a person supplies what they saw of a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.access.admin import Framed, acting
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.models import Document
from sources.services import supplying

MOMENT = "%Y-%m-%dT%H:%M"


class SupplyForm(forms.Form):
    """What was seen, and when."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("The page as your browser saves it (HTML), a PDF file, or a screenshot (PNG, JPEG)."),
        widget=forms.FileInput({"accept": ".html,.htm,.pdf,.png,.jpg,.jpeg"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        required=False,
        max_length=supplying.MOST_LETTERS,
        help_text=gettext_lazy("For a screenshot, or where there is no file: type or paste it word by word."),
        widget=forms.Textarea({"rows": 12}),
    )
    seen_at = forms.DateTimeField(
        label=gettext_lazy("Seen at"), widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > supplying.MOST_BYTES:
            most = supplying.MOST_BYTES >> 20
            raise ValidationError(_("A file has at most %(most)s MB here."), params={"most": most})
        return file


class Supplying(Framed):
    """The page on which somebody supplies a version; mixed into an admin."""

    def supply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for what was seen, and keep it."""
        by = acting(request, Action.WORK_CLAIMS)
        document = get_object_or_404(Document, pk=pk)
        now = clock.now()
        is_posted = request.method == "POST"
        form = SupplyForm(
            request.POST if is_posted else None,
            request.FILES if is_posted else None,
            initial={"seen_at": localtime(now).strftime(MOMENT)},
            label_suffix="",
        )
        if is_posted and form.is_valid():
            asked = form.cleaned_data
            body = asked["file"].read() if asked["file"] else b""
            try:
                supplied = supplying.supply(
                    document, body=body, text=asked["text"], seen_at=asked["seen_at"], by=by, now=now
                )
            except supplying.SupplyRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                new, same = _("Kept. Claims that rest on it hear of it now."), _("Noted: it says what it said before.")
                messages.success(request, new if supplied.is_new else same)
                return redirect("admin:sources_document_change", pk)
        context = {"title": _("Supply what you saw"), "document": document, "form": form}
        return self.page(request, "sources/admin/supply.html", context)
