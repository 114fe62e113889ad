"""The pages that are looked at: the list, one page's looks and versions, and looking again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from factcheck import ledger
from factcheck.access.admin import NO_FORMS, Forms, PageAdmin, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.admin import health, timeline
from sources.admin.archiving import Archivings
from sources.admin.filters import HostFilter, OutcomeFilter, WatchFilter
from sources.admin.supplying import Supplying
from sources.admin.versions import Versions
from sources.admin.words import when
from sources.models import Document
from sources.services import documents

CHECKS_A_PAGE, MOST_SNAPSHOTS, TEXT_SHOWN = 50, 50, 20_000


@admin.register(Document)
class DocumentAdmin(PageAdmin[Document], Versions, Supplying, Archivings):
    """Documents come in with articles and evidence; here one sees how they are watched."""

    page_template = "sources/admin/document.html"
    list_display = ("document", "publisher", "look", "looked", "seen", "changed", "due")
    list_display_links = None
    list_filter = (OutcomeFilter, WatchFilter, HostFilter)
    list_select_related = ("publisher",)
    search_fields = ("title", "url", "publisher__name")
    search_help_text = gettext_lazy("Words of the title, the address or the publisher.")

    @admin.display(description=gettext_lazy("document"))
    def document(self, document: Document) -> SafeString:
        """Show the title, leading to the page."""
        return format_html(
            '<a class="claim-text" href="{}" lang="{}" dir="auto">{}</a> <small dir="ltr">{}</small>',
            reverse("admin:sources_document_change", args=[document.pk]),
            document.language,
            Truncator(str(document)).chars(160),
            Truncator(document.url).chars(80),
        )

    @admin.display(description=gettext_lazy("last look"), ordering="outcome")
    def look(self, document: Document) -> SafeString:
        """Show what the last look came to, and whether the page is stuck or paused."""
        return state(document)

    @admin.display(description=gettext_lazy("looked at"), ordering="checked_at")
    def looked(self, document: Document) -> str:
        """Show when it was last looked at."""
        return when(document.checked_at)

    @admin.display(description=gettext_lazy("seen"), ordering="seen_at")
    def seen(self, document: Document) -> str:
        """Show when it was last seen."""
        return when(document.seen_at)

    @admin.display(description=gettext_lazy("changed"), ordering="changed_at")
    def changed(self, document: Document) -> str:
        """Show when it last changed."""
        return when(document.changed_at)

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, document: Document) -> SafeString:
        """Show when it is looked at next, and why then."""
        because = document.due_because if document.due_at else ""
        return format_html("{} <small>{}</small>", when(document.due_at), because)

    def get_urls(self) -> list[URLPattern]:
        """Add what can be done with one document, and the pages of what is kept of it."""
        views = {"look": self.look_now, "pause": self.pause, "resume": self.resume, "requeue": self.requeue}
        posts = {name: door(self.admin_site, require_POST(view)) for name, view in views.items()}
        routes = [path(f"<int:pk>/{name}/", view, name=f"sources_document_{name}") for name, view in posts.items()]
        return [*routes, *self._archive_urls(), *self._kept_urls(), *super().get_urls()]

    def _kept_urls(self) -> list[URLPattern]:
        views = {"": self.version, "text/": self.text, "raw/": self.raw}
        compare = door(self.admin_site, require_safe(self.compare))
        panels = door(self.admin_site, require_safe(self.health))
        return [
            path("<int:pk>/supply/", door(self.admin_site, self.supply), name="sources_document_supply"),
            path("health/", panels, name="sources_document_health"),
            path("<int:pk>/compare/", compare, name="sources_document_compare"),
            *(
                path(
                    f"<int:pk>/versions/<int:number>/{rest}",
                    door(self.admin_site, require_safe(view)),
                    name=f"sources_document_{rest.strip('/') or 'version'}",
                )
                for rest, view in views.items()
            ),
        ]

    def shown(
        self, request: HttpRequest, row: Document, *, status: int = 200, refused: Forms = NO_FORMS
    ) -> HttpResponse:
        """Return the page of a document."""
        text, now = row.snapshot.text if row.snapshot else "", clock.now()
        context = {
            "title": Truncator(str(row)).chars(80),
            "document": row,
            "state": state(row),
            "is_blind": row.is_blind(now),
            "is_host_resting": row.host is not None and row.host.open_until is not None and row.host.open_until > now,
            "text": text[:TEXT_SHOWN],
            "is_shortened": len(text) > TEXT_SHOWN,
            "timeline": timeline.svg(list(row.checks.all()[: timeline.MOST_LOOKS])),
            "looks": Paginator(row.checks.all(), CHECKS_A_PAGE).get_page(request.GET.get("page")),
            "snapshots": row.snapshots.defer("text", "blocks", "links")[:MOST_SNAPSHOTS],
            "many_snapshots": row.snapshots.count(),
            "version": row.snapshot,
            "may_work": may(request, Action.WORK_CLAIMS),
            "may_erase": may(request, Action.ERASE),
            **self.kept_outside(row),
            **self.known_above(row),
        }
        return self.page(request, self.page_template, context, status=status)

    def known_above(self, document: Document) -> dict[str, Any]:
        """Return what an app above knows of this document."""
        return {}

    def look_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at the page at once."""
        found = _asked(request, pk)
        is_due = documents.look_now(found, now=clock.now())
        said = {True: _("It is looked at now."), False: _("Nobody looks at it: it is paused or has no address.")}
        messages.info(request, said[is_due])
        return redirect("admin:sources_document_change", pk)

    def pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop looking at it."""
        documents.pause(_asked(request, pk), now=clock.now())
        messages.success(request, _("Paused: nobody looks at it until it is resumed."))
        return redirect("admin:sources_document_change", pk)

    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at it again."""
        documents.resume(_asked(request, pk), now=clock.now())
        messages.success(request, _("Resumed: it is looked at now."))
        return redirect("admin:sources_document_change", pk)

    def requeue(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a stuck document be tried again."""
        found = _asked(request, pk)
        rows = ledger.requeue(Document.objects.filter(pk=found.pk), now=clock.now())
        said = {0: _("It is not stuck: there is nothing to try again."), 1: _("It is tried again now.")}
        messages.info(request, said[rows])
        return redirect("admin:sources_document_change", pk)

    def health(self, request: HttpRequest) -> HttpResponse:
        """Show what we do not see as we should."""
        acting(request, Action.SEE_DESK)
        now = clock.now()
        context = {
            "title": _("What we cannot see"),
            "panels": health.panels(now=now),
            "visits": health.visits(now=now),
            "now": now,
        }
        return self.page(request, "sources/admin/health.html", context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Read the rows of the list alone."""
        return Document.objects.all()


def _asked(request: HttpRequest, pk: int) -> Document:
    """Return the document of an action; 403 without the role, 404 where there is none."""
    acting(request, Action.WORK_CLAIMS)
    return get_object_or_404(Document, pk=pk)


def state(document: Document) -> SafeString:
    """Return what the last look came to, in words with a shape; what stops the looking comes first."""
    stops = (
        (document.quarantined_at, "stuck", _("stuck: look now, or try again")),
        (document.paused_at, "paused", _("paused")),
        (document.is_late(clock.now()), "late", _("nobody looked since %(at)s") % {"at": when(document.checked_at)}),
        (document.outcome, document.outcome, document.get_outcome_display()),
        (not document.url, "supplied", _("text without address")),
        (True, "waiting", _("not looked at yet")),
    )
    code, words = next((code, words) for holds, code, words in stops if holds)
    return format_html('<span class="badge look look-{}">{}</span>', code, words)
