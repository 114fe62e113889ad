"""Where fact-checks by others are read: the list, adding one, and one's page with its state."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from claims.admin.known import rating
from claims.models import KnownFeed
from claims.models.known_feed import MOST_HOURS
from claims.services import known_feeds
from factcheck.access.admin import NO_FORMS, Forms, PageAdmin, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock
from factcheck.lib.addresses import MAX_URL, UrlRefused
from sources.admin.feeds import FeedStateFilter, state, when

MOST_PAGES = 100
Kind = KnownFeed.Kind


class KnownFeedForm(forms.Form):
    """What is read, and how often; a search has words in place of an address."""

    kind = forms.ChoiceField(label=gettext_lazy("What stands there"), choices=Kind.choices)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=MAX_URL,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Of the page, the feed or the file. Not for a search."),
    )
    title = forms.CharField(label=gettext_lazy("Name"), max_length=300, required=False)
    every_hours = forms.IntegerField(
        label=gettext_lazy("Ask every so many hours"), min_value=1, max_value=MOST_HOURS, initial=24
    )
    query = forms.CharField(
        label=gettext_lazy("Search for"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Words, for Google's Fact Check Tools alone."),
    )
    site = forms.CharField(
        label=gettext_lazy("Publisher's domain"),
        max_length=253,
        required=False,
        help_text=gettext_lazy("For a search, such as example.org: all that it publishes, or what fits the words."),
    )
    language = forms.RegexField(
        label=gettext_lazy("Language"),
        regex=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?\Z",
        required=False,
        help_text=gettext_lazy("For a search, such as en or pt-BR. Empty: any."),
    )
    max_age_days = forms.IntegerField(
        label=gettext_lazy("Not older than so many days"),
        min_value=0,
        max_value=36500,
        required=False,
        help_text=gettext_lazy("For a search. Empty: however old."),
    )


@admin.register(KnownFeed)
class KnownFeedAdmin(PageAdmin[KnownFeed]):
    """Feeds of fact-checks: asked again and again, so that corrections arrive."""

    to_add = Action.SUBMIT
    list_display = ("feed", "kind", "look", "looked", "due", "has")
    list_display_links = None
    list_filter = (FeedStateFilter,)
    search_fields = ("title", "url")
    search_help_text = gettext_lazy("Words of the name or the address.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnownFeed]:
        """Leave out the pages that a feed told of: its own page shows them."""
        rows = KnownFeed.objects.annotate(many=Count("checks"))
        match = request.resolver_match
        return rows.chosen() if match and str(match.url_name).endswith("_changelist") else rows

    @admin.display(description=gettext_lazy("feed"))
    def feed(self, feed: KnownFeed) -> SafeString:
        """Show the name, leading to the page."""
        return format_html(
            '<a class="claim-text" href="{}" dir="auto">{}</a> <small dir="ltr">{}</small>',
            reverse("admin:claims_knownfeed_change", args=[feed.pk]),
            Truncator(str(feed)).chars(160),
            Truncator(feed.url).chars(80),
        )

    @admin.display(description=gettext_lazy("last look"), ordering="outcome")
    def look(self, feed: Any) -> SafeString:
        """Show what the last look came to."""
        return format_html("{} <small>{}</small>", state(feed), Truncator(feed.outcome_detail).chars(80))

    @admin.display(description=gettext_lazy("looked at"), ordering="checked_at")
    def looked(self, feed: KnownFeed) -> str:
        """Show when it was last looked at."""
        return when(feed.checked_at)

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, feed: KnownFeed) -> SafeString:
        """Show when it is asked next, and why then."""
        return format_html("{} <small>{}</small>", when(feed.due_at), feed.due_because if feed.due_at else "")

    @admin.display(description=gettext_lazy("fact-checks"))
    def has(self, feed: Any) -> str:
        """Show how many came in by it; a narrow list has no head that would say of what."""
        return ngettext("%(many)s fact-check", "%(many)s fact-checks", feed.many) % {"many": feed.many}

    def get_urls(self) -> list[URLPattern]:
        """Add what can be done with one."""
        views = {"look": self.look_now, "pause": self.pause, "resume": self.resume}
        posts = {name: door(self.admin_site, require_POST(view)) for name, view in views.items()}
        return [
            *(path(f"<int:pk>/{name}/", view, name=f"claims_knownfeed_{name}") for name, view in posts.items()),
            path("add/", door(self.admin_site, self.add_view), name="claims_knownfeed_add"),
            *super().get_urls(),
        ]

    def shown(
        self, request: HttpRequest, row: KnownFeed, *, status: int = 200, refused: Forms = NO_FORMS
    ) -> HttpResponse:
        """Return the page of one."""
        pages = row.pages.order_by("-pk")
        context = {
            "title": Truncator(str(row)).chars(80),
            "feed": row,
            "state": state(row),  # type: ignore[arg-type]  # it has what a feed has
            "pages": [(one, state(one)) for one in pages[:MOST_PAGES]],  # type: ignore[arg-type]
            "many_pages": pages.count(),
            "checks": [
                (known, rating(known))
                for known in row.checks.defer("vector", "words").order_by("-last_seen_at", "-pk")[:MOST_PAGES]
            ],
            "many": row.checks.count(),
            "may_work": may(request, Action.WORK_CLAIMS),
        }
        return self.page(request, "claims/admin/known_feed.html", context, status=status)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Watch a feed of fact-checks."""
        by = acting(request, Action.SUBMIT)
        form = KnownFeedForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            asked = form.cleaned_data
            try:
                feed, is_new = _watched(asked, by=by)
            except UrlRefused as refusal:
                form.add_error("query" if asked["kind"] == Kind.TOOLS else "url", str(refusal))
            else:
                said = _("It is read within a minute. Load this page again then.")
                messages.success(request, said if is_new else _("This is watched already."))
                return redirect("admin:claims_knownfeed_change", feed.pk)
        context = {
            "title": _("Read what others checked"), "form": form, "has_key": bool(settings.FACTCHECK_TOOLS_KEY)
        }  # fmt: skip
        return self.page(request, "claims/admin/known_feed_add.html", context)

    def look_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask at once, also where it is stuck."""
        is_due = known_feeds.look_now(_asked(request, pk), now=clock.now())
        messages.info(request, {True: _("It is asked now."), False: _("Nobody asks: it is paused.")}[is_due])
        return redirect("admin:claims_knownfeed_change", pk)

    def pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask no more."""
        known_feeds.pause(_asked(request, pk), now=clock.now())
        messages.success(request, _("Paused: corrections do not arrive until it is resumed."))
        return redirect("admin:claims_knownfeed_change", pk)

    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask again."""
        known_feeds.resume(_asked(request, pk), now=clock.now())
        messages.success(request, _("Resumed: it is asked now."))
        return redirect("admin:claims_knownfeed_change", pk)


def _asked(request: HttpRequest, pk: int) -> KnownFeed:
    """Return the feed of an action; 403 without the role, 404 where there is none."""
    acting(request, Action.WORK_CLAIMS)
    return get_object_or_404(KnownFeed, pk=pk)


def _watched(asked: dict[str, Any], *, by: Any) -> tuple[KnownFeed, bool]:
    now = clock.now()
    if asked["kind"] == Kind.TOOLS:
        return known_feeds.search(
            asked["query"], language=asked["language"], site=asked["site"], max_age_days=asked["max_age_days"] or 0,
            every_hours=asked["every_hours"], now=now, by=by,
        )  # fmt: skip
    return known_feeds.watch(
        asked["url"], Kind(asked["kind"]), now=now, by=by, title=asked["title"], every_hours=asked["every_hours"]
    )
