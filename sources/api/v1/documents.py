"""Documents over REST: what is watched, how the looks went, look now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.access.idempotency import Made, once
from factcheck.access.roles import Action
from factcheck.api.doors import Door, Listing, Nothing
from factcheck.api.fields import Page, Switch, Text, Uid, Word
from factcheck.api.problems import Problem
from factcheck.lib.addresses import UrlRefused, canonical_url
from sources.api.v1.shapes import OUTCOMES, CheckOut, DocumentOut
from sources.models import Document, Snapshot
from sources.services import documents


class DocumentsQuery(Page):
    """Which documents."""

    outcome = serializers.ListField(
        child=Word("LookOutcome", OUTCOMES), required=False, max_length=9, help_text="Of the last look; repeatable."
    )
    source = Uid(required=False, help_text="The publisher's uid.")  # type: ignore[assignment]  # a field, not DRF's option
    url = Text(required=False, help_text="The page of this address, however it is spelled.")
    blind = Switch(required=False, help_text="true: those that could not be seen for too long.")


class Documents(Listing):
    """Documents, newest first."""

    actions = {"GET": (Action.SEE_DESK,)}
    refusals = (UrlRefused,)
    problems = {"GET": (422,)}
    query = DocumentsQuery
    shape = DocumentOut
    tag = "documents"

    @extend_schema(operation_id="documents_list", summary="Documents", responses={200: DocumentOut(many=True)})
    def get(self, request: Request) -> Response:
        """Pages that are looked at, and texts without address, newest first."""
        rows = Document.objects.with_version()
        asked = self.asked
        if "outcome" in asked:
            rows = rows.filter(outcome__in=asked["outcome"])
        if "source" in asked:
            rows = rows.filter(publisher__uid=asked["source"])
        if "url" in asked:
            rows = rows.filter(identity=canonical_url(asked["url"]))
        if "blind" in asked:
            blind = Document.objects.blind(self.now)
            rows = rows.filter(pk__in=blind) if asked["blind"] else rows.exclude(pk__in=blind)
        return self.page(rows)


class OneDocument(Door):
    """One document."""

    actions = {"GET": (Action.SEE_DESK,)}
    tag = "documents"

    @extend_schema(operation_id="documents_get", summary="One document", responses={200: DocumentOut})
    def get(self, request: Request, uid: UUID) -> Response:
        """How the last look at it went, when the next one is due and why."""
        return self.written(_document(uid), DocumentOut)


class Look(Door):
    """Look now."""

    actions = {"POST": (Action.WORK_CLAIMS,)}
    problems = {"POST": (409,)}
    tag = "documents"

    @extend_schema(operation_id="documents_look", summary="Look at it now", request=None, responses={202: DocumentOut})
    @once
    def post(self, request: Request, uid: UUID) -> Made:
        """Make it due at once, also one that is stuck. The answer does not wait for the look."""
        self.body(Nothing, may_be_empty=True)
        if not documents.look_now(_document(uid), now=self.now):
            raise Problem("not_watched", _("It has no address, or somebody paused it."))
        return Made(202, str(uid))

    def show(self, made: Made, uid: UUID) -> Response:
        """Write the document that is due now."""
        return self.written(_document(uid), DocumentOut, status=made.status)


class Checks(Listing):
    """The looks at one document."""

    actions = {"GET": (Action.SEE_DESK,)}
    cursor_field = "due_at"
    shape = CheckOut
    tag = "documents"

    @extend_schema(
        operation_id="documents_checks", summary="Looks at one document", responses={200: CheckOut(many=True)}
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """Every look, newest first, also those that found nothing."""
        return self.page(_document(uid).checks.all())

    def shapes(self, rows: Any) -> Any:
        """Fetch the numbers of the kept versions at once."""
        kept = [check.snapshot_id for check in rows if check.snapshot_id is not None]
        self.numbers = dict(Snapshot.objects.filter(pk__in=kept).values_list("pk", "number"))
        return super().shapes(rows)

    def get_serializer_context(self) -> dict[str, Any]:
        """Add those numbers."""
        return {**super().get_serializer_context(), "numbers": self.numbers}


def _document(uid: UUID) -> Document:
    return get_object_or_404(Document.objects.with_version(), uid=uid)
