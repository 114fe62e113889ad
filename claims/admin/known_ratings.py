"""What ratings of others come to in ours, for editors to change; and what is lost by it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.known import comes_to
from claims.known.ratings import normalised
from claims.models import KnownRating
from claims.services import known_ratings
from factcheck.access.admin import DeskAdmin, acting, door
from factcheck.access.roles import Action
from factcheck.lib.addresses import registrable_domain


class KnownRatingForm(forms.ModelForm[KnownRating]):
    """A row of the table: by words, or by a stretch of a scale."""

    class Meta:
        model = KnownRating
        fields = ("words", "site", "low", "high", "status")

    def clean_words(self) -> str:
        """Write the words as they are compared."""
        return normalised(self.cleaned_data["words"])

    def clean_site(self) -> str:
        """Take an address or a host for its domain."""
        site: str = self.cleaned_data["site"].strip()
        return registrable_domain(site if "://" in site else f"https://{site}/") if site else ""

    def clean(self) -> dict[str, Any]:
        """Say in words what the table's constraint asks for."""
        asked = super().clean() or {}
        low, high = asked.get("low"), asked.get("high")
        if asked.get("words") and (low is not None or high is not None):
            raise ValidationError(_("Give words or a stretch of the scale, not both."))
        if not asked.get("words") and (low is None or high is None or not 0 <= low <= high <= 1):
            raise ValidationError(
                _("Give words, or a stretch of the scale between 0 and 1, from the lower to the higher.")
            )
        return asked


@admin.register(KnownRating)
class KnownRatingAdmin(DeskAdmin[KnownRating]):
    """The row of one publisher goes before the one of any, words before numbers."""

    to_add = to_change = Action.MANAGE_RATINGS
    form: Any = KnownRatingForm
    change_list_template = "claims/admin/known_rating_list.html"
    list_display = ("rating", "site", "comes")
    list_display_links = ("rating",)
    search_fields = ("words", "site")
    search_help_text = gettext_lazy("Words of the rating, or the publisher's domain.")

    @admin.display(description=gettext_lazy("rating"), ordering="words")
    def rating(self, row: KnownRating) -> str:
        """Show the words, or the stretch."""
        return str(row)

    @admin.display(description=gettext_lazy("comes to"), ordering="status")
    def comes(self, row: KnownRating) -> str:
        """Show what it comes to."""
        return comes_to(row.status)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save it, and give every fact-check its meaning anew."""
        super().save_model(request, obj, form, change)
        count = known_ratings.remap()
        messages.info(request, _("%(count)s known fact-checks come to something else now.") % {"count": count})

    def get_urls(self) -> list[URLPattern]:
        """Add the report of what is lost."""
        lost = path("lost/", door(self.admin_site, self.lost), name="claims_knownrating_lost")
        return [lost, *super().get_urls()]

    def lost(self, request: HttpRequest) -> HttpResponse:
        """Show what the mapping loses."""
        acting(request, Action.SEE_DESK)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        lost = known_ratings.lost()
        context = {
            "title": _("What is lost in mapping"),
            "lost": lost,
            "collapsed": [(comes_to(status), found) for status, found in lost.collapsed.items()],
        }
        return self.page(request, "claims/admin/known_lost.html", context)
