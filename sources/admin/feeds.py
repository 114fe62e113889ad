"""The feeds that are watched: the list, adding one, and one feed's page with what it told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from factcheck.access.admin import NO_FORMS, ByRole, Forms, PageAdmin, WordFilter, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock
from factcheck.lib.addresses import MAX_URL, UrlRefused
from sources.fetching.types import Outcome
from sources.models import Feed, Source
from sources.models.feed import MOST_TO_BEGIN_WITH
from sources.services import feeds
from sources.services import sources as naming

ENTRIES_A_PAGE = 50
KEY_LENGTH = 18
_FAILED = [one for one in Outcome if one not in {Outcome.CHANGED, Outcome.UNCHANGED}]


class FeedForm(forms.Form):
    """Which feed is watched, whose it is, and whether it begins with what stands there."""

    url = forms.CharField(
        label=gettext_lazy("Address of the feed"),
        max_length=MAX_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("RSS, Atom or JSON Feed. The address of a page finds the feeds that it names."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Whose feed it is; without it, the source whose home the address is on."),
    )
    begin_with = forms.IntegerField(
        label=gettext_lazy("Entries to begin with"),
        min_value=0,
        max_value=MOST_TO_BEGIN_WITH,
        initial=0,
        required=False,
        help_text=gettext_lazy("So many of the newest come in at once; otherwise only what is published from now on."),
    )


class FeedStateFilter(WordFilter):
    """By how it stands."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """What asks for somebody."""
        return [
            ("failing", _("cannot be read")),
            ("stuck", _("stuck")),
            ("paused", _("paused")),
        ]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Feeds of one state."""
        match chosen:
            case "failing":
                return queryset.watched().filter(outcome__in=_FAILED)
            case "stuck":
                return queryset.filter(quarantined_at__isnull=False)
            case _:
                return queryset.filter(paused_at__isnull=False)


class FeedInline(ByRole, admin.TabularInline[Feed, Source]):
    """The feeds of a source, each leading to its page."""

    model = Feed
    fields = readonly_fields = ("feed", "look", "seen_at")
    extra = 0
    verbose_name_plural = gettext_lazy("Feeds that are watched")

    @admin.display(description=gettext_lazy("feed"))
    def feed(self, feed: Feed) -> SafeString:
        """Show the title, leading to the page."""
        return _linked(feed)

    @admin.display(description=gettext_lazy("last look"))
    def look(self, feed: Feed) -> SafeString:
        """Show what the last look came to."""
        return state(feed)


@admin.register(Feed)
class FeedAdmin(PageAdmin[Feed]):
    """Feeds: what they tell of comes in by itself."""

    to_add = Action.SUBMIT
    list_display = ("feed", "of", "look", "looked", "read", "due", "came_in")
    list_display_links = None
    list_filter = (FeedStateFilter,)
    list_select_related = ("source",)
    search_fields = ("title", "url", "source__name")
    search_help_text = gettext_lazy("Words of the title, the address or the source.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        """Bring along what the list shows of each."""
        return Feed.objects.with_counts()

    @admin.display(description=gettext_lazy("feed"))
    def feed(self, feed: Feed) -> SafeString:
        """Show the title, leading to the page."""
        return _linked(feed)

    @admin.display(description=gettext_lazy("source"), ordering="source__name")
    def of(self, feed: Feed) -> SafeString:
        """Show whose it is."""
        return format_html('<span dir="auto">{}</span>', feed.source or "")

    @admin.display(description=gettext_lazy("last look"), ordering="outcome")
    def look(self, feed: Feed) -> SafeString:
        """Show what the last look came to, and whether it is stuck or paused."""
        return format_html("{} <small>{}</small>", state(feed), Truncator(feed.outcome_detail).chars(80))

    @admin.display(description=gettext_lazy("looked at"), ordering="checked_at")
    def looked(self, feed: Feed) -> str:
        """Show when it was last looked at."""
        return when(feed.checked_at)

    @admin.display(description=gettext_lazy("read"), ordering="seen_at")
    def read(self, feed: Feed) -> str:
        """Show when it was last read."""
        return when(feed.seen_at)

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, feed: Feed) -> SafeString:
        """Show when it is looked at next, and why then."""
        return format_html("{} <small>{}</small>", when(feed.due_at), feed.due_because if feed.due_at else "")

    @admin.display(description=gettext_lazy("articles"))
    def came_in(self, feed: Any) -> str:
        """Show how many of its entries came in."""
        return _("%(taken)s of %(many)s entries") % {"taken": feed.taken, "many": feed.many}

    def get_urls(self) -> list[URLPattern]:
        """Add what can be done with a feed."""
        views = {
            "look": self.look_now, "pause": self.pause, "resume": self.resume, "instead": self.instead,
            "take": self.take_in,
        }  # fmt: skip
        posts = {name: door(self.admin_site, require_POST(view)) for name, view in views.items()}
        return [
            *(path(f"<int:pk>/{name}/", view, name=f"sources_feed_{name}") for name, view in posts.items()),
            path("add/", door(self.admin_site, self.add_view), name="sources_feed_add"),
            *super().get_urls(),
        ]

    def shown(self, request: HttpRequest, row: Feed, *, status: int = 200, refused: Forms = NO_FORMS) -> HttpResponse:
        """Return the page of a feed."""
        told = row.entries.select_related("document")
        entries = Paginator(told, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
        leads = self.known_above([one.document_id for one in entries if one.document_id])
        context = {
            "title": Truncator(str(row)).chars(80),
            "feed": row,
            "state": state(row),
            "entries": entries,
            "rows": [(one, leads.get(one.document_id or 0, "")) for one in entries],
            "may_work": may(request, Action.WORK_CLAIMS),
        }
        return self.page(request, "sources/admin/feed.html", context, status=status)

    def known_above(self, documents: Sequence[int]) -> Mapping[int, str]:
        """Return where an app above shows these documents."""
        return {pk: reverse("admin:sources_document_change", args=[pk]) for pk in documents}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Watch a feed."""
        by = acting(request, Action.SUBMIT)
        known = {"source": request.GET.get("source", "")[:300], "begin_with": 0}
        form = FeedForm(request.POST if request.method == "POST" else None, initial=known)
        if request.method == "POST" and form.is_valid():
            asked, now = form.cleaned_data, clock.now()
            source = _source(asked["source"])
            try:
                feed, is_new = feeds.watch(
                    asked["url"], now=now, by=by, source=source, begin_with=asked["begin_with"] or 0
                )
            except UrlRefused as refusal:
                form.add_error("url", str(refusal))
            else:
                said = _("The feed is watched; its first look comes within a minute. Load this page again then.")
                messages.success(request, said if is_new else _("This feed was watched already."))
                return redirect("admin:sources_feed_change", feed.pk)
        return self.page(request, "sources/admin/feed_add.html", {"title": _("Watch a feed"), "form": form})

    def look_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at the feed at once, also where it is stuck."""
        is_due = feeds.look_now(_asked(request, pk), now=clock.now())
        said = {True: _("It is looked at now."), False: _("Nobody looks at it: it is paused.")}
        messages.info(request, said[is_due])
        return redirect("admin:sources_feed_change", pk)

    def pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop looking at it."""
        feeds.pause(_asked(request, pk), now=clock.now())
        messages.success(request, _("Paused: nothing comes in by it until it is resumed."))
        return redirect("admin:sources_feed_change", pk)

    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at it again."""
        feeds.resume(_asked(request, pk), now=clock.now())
        messages.success(request, _("Resumed: it is looked at now."))
        return redirect("admin:sources_feed_change", pk)

    def instead(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Watch one of the feeds that the page there names."""
        feed = _asked(request, pk)
        try:
            is_moved = feeds.point_at(feed, request.POST.get("url", "")[:MAX_URL], now=clock.now())
        except UrlRefused as refusal:
            messages.error(request, str(refusal))
        else:
            said = {True: _("That feed is watched instead."), False: _("That feed is watched already, by itself.")}
            messages.info(request, said[is_moved])
        return redirect("admin:sources_feed_change", pk)

    def take_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let entries come in that were left out."""
        feed = _asked(request, pk)
        chosen = [key for key in request.POST.getlist("entry") if _is_key(key)][:ENTRIES_A_PAGE]
        count = feeds.take_in([int(key) for key in chosen], feed, now=clock.now())
        said = ngettext("%(count)s entry comes in now.", "%(count)s entries come in now.", count)
        messages.info(request, said % {"count": count} if count else _("Nothing was chosen that was left out."))
        return redirect("admin:sources_feed_change", pk)


def _is_key(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= KEY_LENGTH


def _asked(request: HttpRequest, pk: int) -> Feed:
    """Return the feed of an action; 403 without the role, 404 where there is none."""
    acting(request, Action.WORK_CLAIMS)
    return get_object_or_404(Feed, pk=pk)


def _source(name: str) -> Source | None:
    return naming.find_or_make(name.strip(), kind=Source.Kind.OUTLET) if name.strip() else None


def _linked(feed: Feed) -> SafeString:
    return format_html(
        '<a class="claim-text" href="{}" dir="auto">{}</a> <small dir="ltr">{}</small>',
        reverse("admin:sources_feed_change", args=[feed.pk]),
        Truncator(str(feed)).chars(160),
        Truncator(feed.url).chars(80),
    )


def when(at: Any) -> str:
    """Return a time in the desk's zone."""
    return date_format(localtime(at), "j M Y, H:i") if at else "–"


def state(feed: Feed) -> SafeString:
    """Return what the last look came to, in words with a shape; what stops the looking comes first."""
    read = {Outcome.CHANGED: _("read: new entries"), Outcome.UNCHANGED: _("read: nothing new")}
    stops = (
        (feed.quarantined_at, "stuck", _("stuck: look now")),
        (feed.paused_at, "paused", _("paused")),
        (feed.outcome, feed.outcome, read.get(Outcome(feed.outcome)) if feed.outcome else ""),
        (True, "waiting", _("not looked at yet")),
    )
    code, words = next((code, words) for holds, code, words in stops if holds)
    return format_html('<span class="badge look look-{}">{}</span>', code, words or feed.get_outcome_display())
