"""Evidence over REST: what a claim is held against, attached and decided on by people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.owners import person
from claims.api.v1.shapes import EvidenceOut
from claims.models import Claim, Evidence
from claims.services import evidence
from claims.services.evidence import EvidenceRefused
from factcheck.access.idempotency import Made, once
from factcheck.access.roles import Action
from factcheck.api.doors import Door, Listing, Nothing
from factcheck.api.fields import Body, Page, Text, Uid, Word
from factcheck.api.problems import Problem
from factcheck.lib.addresses import UrlRefused
from sources.models import Document
from sources.services import documents


class AcceptIn(Body):
    """How the page bears on the claim, and the sentence that does."""

    stance = Word("StanceIn", Evidence.Stance.values)
    quote = Text(
        required=False, allow_blank=True, default="",
        help_text="Verbatim, as it stands on the page; empty pins the page as a whole.",
    )  # fmt: skip


class EvidenceIn(AcceptIn):
    """A page, by the uid of its document or by its URL."""

    default_error_messages = {"one_of": gettext_lazy("Give exactly one of document and url.")}

    document = Uid(required=False)
    url = Text(required=False, allow_blank=True, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none and both."""
        if ("document" in attrs) == ("url" in attrs):
            self.fail("one_of")
        return attrs


class EvidenceQuery(Page):
    """Which evidence."""

    state = Word("EvidenceState", Evidence.State.values, required=False)


class EvidenceOfClaim(Listing):
    """What one claim is held against."""

    actions = {"GET": (Action.SEE_DESK,), "POST": (Action.WORK_CLAIMS,)}
    refusals = (EvidenceRefused, UrlRefused)
    problems = {"POST": (409, 422)}
    query = EvidenceQuery
    shape = EvidenceOut
    tag = "evidence"

    @extend_schema(operation_id="evidence_list", summary="Evidence of a claim", responses={200: EvidenceOut(many=True)})
    def get(self, request: Request, uid: UUID) -> Response:
        """Suggested, accepted and dismissed evidence, newest first."""
        rows = _whole(get_object_or_404(Claim, uid=uid).evidence.all())
        if "state" in self.asked:
            rows = rows.filter(state=self.asked["state"])
        return self.page(rows)

    @extend_schema(
        operation_id="evidence_attach", summary="Attach evidence", request=EvidenceIn, responses={201: EvidenceOut}
    )
    @once
    def post(self, request: Request, uid: UUID) -> Made:
        """Attach a page as accepted evidence, pinned to the version that stands there now.

        409 `not_read_yet` for a page that was not looked at yet: it is watched from then on, so try again soon.
        """
        claim, sent = get_object_or_404(Claim, uid=uid), self.body(EvidenceIn)
        document = self._document(sent)
        stance = Evidence.Stance(sent["stance"])
        made = evidence.attach(claim, document, quote=sent["quote"], stance=stance, by=person(request), now=self.now)
        return Made(201, str(made.pk))

    def show(self, made: Made, uid: UUID) -> Response:
        """Write the evidence that was attached."""
        return _shown(self, made)

    def _document(self, sent: dict[str, Any]) -> Document:
        if "url" in sent:
            return documents.watch(sent["url"], now=self.now)[0]
        document = Document.objects.select_related("snapshot").filter(uid=sent["document"]).first()
        if document is None:
            raise Problem("document_unknown", _("There is no document %(uid)s.") % {"uid": sent["document"]})
        return document


class Accept(Door):
    """Stand behind a suggestion."""

    actions = {"POST": (Action.WORK_CLAIMS,)}
    refusals = (EvidenceRefused,)
    problems = {"POST": (409, 422)}
    tag = "evidence"

    @extend_schema(
        operation_id="evidence_accept", summary="Accept a suggestion", request=AcceptIn, responses={200: EvidenceOut}
    )
    @once
    def post(self, request: Request, uid: UUID, evidence_uid: UUID) -> Made:
        """Accept it, pinned to the version that stands there now. 409 `already_decided` where somebody was first."""
        suggested, sent = _evidence(uid, evidence_uid), self.body(AcceptIn)
        stance = Evidence.Stance(sent["stance"])
        accepted = evidence.accept(suggested, quote=sent["quote"], stance=stance, by=person(request), now=self.now)
        return Made(200, str(accepted.pk))

    def show(self, made: Made, uid: UUID, evidence_uid: UUID) -> Response:
        """Write the evidence that was accepted."""
        return _shown(self, made)


class Dismiss(Door):
    """Take evidence off the table."""

    actions = {"POST": (Action.WORK_CLAIMS,)}
    refusals = (EvidenceRefused,)
    problems = {"POST": (409,)}
    tag = "evidence"

    @extend_schema(
        operation_id="evidence_dismiss", summary="Dismiss evidence", request=None, responses={200: EvidenceOut}
    )
    @once
    def post(self, request: Request, uid: UUID, evidence_uid: UUID) -> Made:
        """Dismiss a suggestion, or withdraw accepted evidence; the row stays. 409 `already_decided` if it was."""
        self.body(Nothing, may_be_empty=True)
        dismissed = evidence.dismiss(_evidence(uid, evidence_uid), by=person(request), now=self.now)
        return Made(200, str(dismissed.pk))

    def show(self, made: Made, uid: UUID, evidence_uid: UUID) -> Response:
        """Write the evidence that was dismissed."""
        return _shown(self, made)


def _evidence(uid: UUID, evidence_uid: UUID) -> Evidence:
    return get_object_or_404(Evidence, uid=evidence_uid, claim__uid=uid)


def _shown(door: Door, made: Made) -> Response:
    return door.written(_whole(Evidence.objects.all()).get(pk=made.what), EvidenceOut, status=made.status)


def _whole(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    version = ("snapshot__text", "snapshot__blocks", "snapshot__links")
    return rows.select_related("document", "statement", "snapshot", "by", "guess").defer(*version)
