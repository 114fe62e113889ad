"""Where a page is also kept outside, and what people decide of that."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.access.admin import acting, door
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.models import Archiving, Document
from sources.services import archiving

SHOWN = 5


class Archivings:
    """The part of a document's page that tells of copies outside."""

    admin_site: admin.AdminSite

    def kept_outside(self, document: Document) -> dict[str, Any]:
        """Return the newest copies outside, and whether any more are asked for."""
        newest = Archiving.objects.filter(snapshot__document=document).select_related("snapshot")
        return {
            "outside": newest.defer("snapshot__text", "snapshot__blocks", "snapshot__links")[:SHOWN],
            "has_archive": bool(settings.ARCHIVE_URL and document.url),
        }

    def _archive_urls(self) -> list[URLPattern]:
        views = {"keep_inside": self.keep_inside, "archive": self.archive}
        return [
            path(f"<int:pk>/{name}/", door(self.admin_site, require_POST(view)), name=f"sources_document_{name}")
            for name, view in views.items()
        ]

    def keep_inside(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tell no archive outside of this page any more."""
        acting(request, Action.WORK_CLAIMS)
        archiving.keep_inside(get_object_or_404(Document, pk=pk), now=clock.now())
        messages.success(request, _("Kept inside: no archive outside is told of this page from now on."))
        return redirect("admin:sources_document_change", pk)

    def archive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the archive once more for the newest version."""
        acting(request, Action.WORK_CLAIMS)
        is_asked = archiving.ask_again(get_object_or_404(Document, pk=pk), now=clock.now())
        said = {True: _("The archive is asked again."), False: _("There is nothing to ask again for.")}
        messages.info(request, said[is_asked])
        return redirect("admin:sources_document_change", pk)
