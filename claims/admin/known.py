"""What others checked: the list, the page of one, and bringing in a desk's own archive."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import words
from claims.known.archives import COLUMNS
from claims.known.types import Told
from claims.models import KnownCheck
from claims.models.known_feed import MEANINGS
from claims.services import known_imports, known_ratings
from claims.services.known_imports import ImportRefused
from factcheck.access.admin import NO_FORMS, Forms, PageAdmin, WordFilter, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock

MOST_UPLOADED = 2 * 1024 * 1024
MOST_VERSIONS, MOST_MATCHES, MOST_PREVIEWED = 50, 50, 50
_MEANING_WORDS = dict(MEANINGS)


def comes_to(status: str) -> SafeString:
    """Return what a rating comes to in ours; never to be taken for our own status."""
    if not status:
        return words.badge("known", "none", _("nothing of ours"), label=_("Comes to:"))
    return words.badge("known", status, _MEANING_WORDS[status], label=_("Comes to:"))


def rating(known: KnownCheck) -> str:
    """Return the rating as its publisher has it, in words or as a number on its scale."""
    number = "" if known.value is None else f"{known.value:g} ({known.worst:g}–{known.best:g})"
    return known.rating or number


class ComesToFilter(WordFilter):
    """By what the rating comes to."""

    title = gettext_lazy("comes to")
    parameter_name = "comes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Ours, and none."""
        return [*MEANINGS, ("none", _("nothing of ours"))]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Those of one meaning."""
        return queryset.filter(status="" if chosen == "none" else chosen)


class WayFilter(WordFilter):
    """By how it came here."""

    title = gettext_lazy("came by")
    parameter_name = "way"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Every way."""
        return KnownCheck.Way.choices

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Those of one way."""
        return queryset.filter(way=chosen)


class StandingFilter(WordFilter):
    """By what became of it."""

    title = gettext_lazy("what became of it")
    parameter_name = "became"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """What asks for a look."""
        return [("changed", _("changed by its publisher")), ("gone", _("gone"))]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Those that changed, or are gone."""
        return queryset.exclude(**{f"{'changed' if chosen == 'changed' else 'gone'}_at": None})


class ImportForm(forms.Form):
    """A file, or the one that was looked at a moment ago."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "CSV or JSON, or a DataFeed of ClaimReviews; 2 MB at most. Larger ones: manage.py import_known."
        ),
        widget=forms.FileInput({"accept": ".csv,.json,.txt"}),
    )
    looked_at = forms.CharField(required=False, widget=forms.HiddenInput)
    leaving_out = forms.BooleanField(
        label=gettext_lazy("Leave out the rows that are refused"),
        required=False,
        help_text=gettext_lazy("Otherwise nothing comes in where one is refused."),
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MOST_UPLOADED:
            most = MOST_UPLOADED >> 20
            raise ValidationError(_("A file has at most %(most)s MB here."), params={"most": most})
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
            raise ValidationError(_("Choose a file first."))
        return asked


@admin.register(KnownCheck)
class KnownCheckAdmin(PageAdmin[KnownCheck]):
    """Known fact-checks come in by feeds and files; nobody edits what others published."""

    change_list_template = "claims/admin/known_list.html"
    list_display = ("claim", "checker", "rated", "published", "became")
    list_display_links = None
    list_filter = (ComesToFilter, WayFilter, StandingFilter)
    list_select_related = ("source",)
    search_fields = ("text", "claimant", "publisher", "rating", "url")
    search_help_text = gettext_lazy("Words of the claim, who said it, the publisher, the rating or the address.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnownCheck]:
        """Leave the vectors where they are."""
        return KnownCheck.objects.defer("vector", "words")

    @admin.display(description=gettext_lazy("claim that was checked"))
    def claim(self, known: KnownCheck) -> SafeString:
        """Show the claim, leading to its page, and who said it."""
        return format_html(
            '<a class="claim-text" href="{}" lang="{}" dir="auto">{}</a> <small dir="auto">{}</small>',
            reverse("admin:claims_knowncheck_change", args=[known.pk]),
            known.language,
            Truncator(known.text).chars(280),
            known.claimant,
        )

    @admin.display(description=gettext_lazy("checked by"), ordering="publisher")
    def checker(self, known: KnownCheck) -> SafeString:
        """Show who published it."""
        return format_html('<span dir="auto">{}</span>', known.checker)

    @admin.display(description=gettext_lazy("rating"), ordering="status")
    def rated(self, known: KnownCheck) -> SafeString:
        """Show the rating as it was published, and what it comes to."""
        return format_html('<q dir="auto">{}</q> {}', Truncator(rating(known)).chars(80), comes_to(known.status))

    @admin.display(description=gettext_lazy("published"), ordering="reviewed_at")
    def published(self, known: KnownCheck) -> str:
        """Show when it was published."""
        return date_format(timezone.localtime(known.reviewed_at), "j M Y") if known.reviewed_at else "–"

    @admin.display(description=gettext_lazy("what became of it"))
    def became(self, known: KnownCheck) -> str:
        """Show whether it was changed or is gone."""
        return state(known)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that brings files in."""
        bring = path("import/", door(self.admin_site, self.bring_in), name="claims_knowncheck_import")
        return [bring, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say who may bring files in."""
        may_bring = {"may_bring": may(request, Action.SUBMIT)}
        return super().changelist_view(request, {**may_bring, **(extra_context or {})})

    def shown(
        self, request: HttpRequest, row: KnownCheck, *, status: int = 200, refused: Forms = NO_FORMS
    ) -> HttpResponse:
        """Return the page of a known fact-check."""
        context = {
            "title": Truncator(row.text).chars(80),
            "known": row,
            "rating": rating(row),
            "comes_to": comes_to(row.status),
            "state": state(row),
            "versions": [
                (version, rating(version), comes_to(version.status))  # type: ignore[arg-type]  # both are Reviewed
                for version in row.versions.all()[:MOST_VERSIONS]
            ],
            "matches": row.matches.shown().select_related("claim")[:MOST_MATCHES],
        }
        return self.page(request, "claims/admin/known.html", context, status=status)

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """Look at a file, show what would come in, and bring it in when that was seen."""
        by = acting(request, Action.SUBMIT)
        is_posted = request.method == "POST"
        form = ImportForm(request.POST if is_posted else None, request.FILES if is_posted else None, label_suffix="")
        told: Told | None = None
        if is_posted and form.is_valid():
            asked, now = form.cleaned_data, clock.now()
            try:
                told = known_imports.look(asked["body"], now=now, most=MOST_UPLOADED)
                if asked["looked_at"] and not asked["file"]:
                    kept = known_imports.bring_in(told, by=by, now=now, leaving_out=asked["leaving_out"])
                    messages.success(
                        request,
                        _("%(new)s came in, %(changed)s were changed, %(same)s were here already.")
                        % {"new": kept.new, "changed": kept.changed, "same": kept.same + kept.known_better},
                    )
                    return redirect("admin:claims_knowncheck_changelist")
            except ImportRefused as refusal:
                told = refusal.told
                form.add_error(None, str(refusal))
            body = base64.b64encode(asked["body"]).decode("ascii")
            form = _again(form, body, leaving_out=asked["leaving_out"])
        context = {"title": _("Bring in a file"), "form": form, "columns": COLUMNS.items(), **_preview(told)}
        return self.page(request, "claims/admin/known_import.html", context)


def _again(form: ImportForm, body: str, *, leaving_out: bool) -> ImportForm:
    """Return the form with the file that was looked at in it, and what was refused."""
    again = ImportForm({"looked_at": body, "leaving_out": leaving_out}, label_suffix="")
    again.full_clean()
    for error in form.non_field_errors():
        again.add_error(None, error)
    return again


def _preview(told: Told | None) -> dict[str, Any]:
    """Return what would come in: the first rows with what they come to, and every row that is refused."""
    if told is None:
        return {"told": None}
    rules = known_ratings.table()
    rows = []
    for one in told.published[:MOST_PREVIEWED]:
        known = KnownCheck(site=one.site, rating=one.rating, value=one.value, best=one.best, worst=one.worst)
        rows.append((one, rating(known), comes_to(known_ratings.meaning_of(known, rules).status)))
    return {"told": told, "rows": rows, "more": len(told.published) - len(rows)}


def state(known: KnownCheck) -> str:
    """Return what became of it, in words."""
    if known.erased_at:
        return _("erased")
    if known.gone_at:
        return _("gone since %(day)s") % {"day": words.day(known.gone_at)}
    return _("changed %(day)s") % {"day": words.day(known.changed_at)} if known.changed_at else ""
