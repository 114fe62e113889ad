"""Sources over REST."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.access.roles import Action
from factcheck.api.doors import Door, Listing
from factcheck.api.fields import Page, Text, Word
from sources.api.v1.shapes import SourceOut
from sources.models import Source

ROWS = Source.objects.select_related("parent", "merged_into").prefetch_related("names")


class SourcesQuery(Page):
    """Which sources."""

    kind = Word("SourceKind", Source.Kind.values, required=False)
    q = Text(required=False, max_length=200, help_text="Part of a name it goes by.")


class Sources(Listing):
    """Sources, newest first."""

    actions = {"GET": (Action.SEE_DESK,)}
    query = SourcesQuery
    shape = SourceOut
    tag = "sources"

    @extend_schema(operation_id="sources_list", summary="Sources", responses={200: SourceOut(many=True)})
    def get(self, request: Request) -> Response:
        """Outlets, people, organisations and datasets that say things, newest first."""
        rows = ROWS.standing()
        if "kind" in self.asked:
            rows = rows.filter(kind=self.asked["kind"])
        if "q" in self.asked:
            named = Source.objects.filter(names__name__icontains=self.asked["q"])
            rows = rows.filter(pk__in=named.values("pk"))
        return self.page(rows)


class OneSource(Door):
    """One source."""

    actions = {"GET": (Action.SEE_DESK,)}
    tag = "sources"

    @extend_schema(operation_id="sources_get", summary="One source", responses={200: SourceOut})
    def get(self, request: Request, uid: UUID) -> Response:
        """The names it goes by, where it publishes, whose it is."""
        return self.written(get_object_or_404(ROWS, uid=uid), SourceOut)
