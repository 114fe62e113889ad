"""What is kept of a document over REST: each version, its text, any two held against each other, and supplying one."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.access.idempotency import Made, once
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.api.doors import Door, Listing
from factcheck.api.fields import Body, Count, Query, Text
from factcheck.api.problems import Problem
from sources.api.v1.shapes_of_versions import DifferenceOut, KeptVersionOut, SuppliedOut, VersionTextOut
from sources.fetching.weights import weigh
from sources.models import Change, Document, Snapshot
from sources.services import comparing, supplying
from sources.services.supplying import SupplyRefused

LETTERS_COMPARED, MOST_REASONS = 150_000, 500
_BASE64 = supplying.MOST_BYTES * 4 // 3 + 4
CHANGED = (Change.Found.FIRST, Change.Found.CHANGED, Change.Found.UNSTABLE)


class Versions(Listing):
    """The versions of one document."""

    actions = {"GET": (Action.SEE_DESK,)}
    shape = KeptVersionOut
    tag = "documents"

    @extend_schema(
        operation_id="documents_versions", summary="Versions of a document", responses={200: KeptVersionOut(many=True)}
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """Every version that is kept, newest first, with how much it changed; without the text."""
        rows = get_object_or_404(Document, uid=uid).snapshots.defer("text", "blocks", "links")
        return self.page(rows.select_related("document", "captured_by_user"))

    def shapes(self, rows: Any) -> Any:
        """Fetch what the looks found at once."""
        return super().shapes(with_changes(rows))


class OneVersion(Door):
    """One version, with its text."""

    actions = {"GET": (Action.SEE_DESK,)}
    tag = "documents"

    @extend_schema(operation_id="documents_version", summary="One version", responses={200: VersionTextOut})
    def get(self, request: Request, uid: UUID, number: int) -> Response:
        """What the document said then, as text: for the desk alone, it is the publisher's. Markup is never given."""
        version = _versions(uid).filter(number=number).first()
        if version is None:
            raise Problem("not_found", _("There is no such version of this document."))
        return self.written(with_changes([version])[0], VersionTextOut)


class DifferenceQuery(Query):
    """Which two versions."""

    was = Count(min_value=1, help_text="The number of the earlier one.")
    now = Count(min_value=1, help_text="The number of the later one.")


class Differences(Door):
    """Two versions held against each other."""

    actions = {"GET": (Action.SEE_DESK,)}
    query = DifferenceQuery
    tag = "documents"

    @extend_schema(operation_id="documents_difference", summary="Two versions", responses={200: DifferenceOut})
    def get(self, request: Request, uid: UUID) -> Response:
        """What is different, sentence by sentence, what of it is substantive, and whether a notice says so."""
        kept = {one.number: one for one in _versions(uid).filter(number__in=self.asked.values())}
        if not kept.keys() >= set(self.asked.values()):
            raise Problem("not_found", _("There is no such version of this document: see its list of versions."))
        was, now = kept[self.asked["was"]], kept[self.asked["now"]]
        weight = weigh(comparing.seen_in(was, most=LETTERS_COMPARED), comparing.seen_in(now, most=LETTERS_COMPARED))
        told = {
            "was": was,
            "now": now,
            "weight": weight.weight,
            "is_stealth": weight.is_stealth,
            "notices": weight.notices,
            "reasons": weight.because[:MOST_REASONS],
            "reasons_count": len(weight.because),
            "is_whole": weight.is_whole and max(len(was.text), len(now.text)) <= LETTERS_COMPARED,
        }
        return self.written(told, DifferenceOut)


class SupplyIn(Body):
    """What a person saw: a file, or its words, or a screenshot with its words."""

    default_error_messages = {"nothing": gettext_lazy("Give a file, a text, or a screenshot with its text.")}

    file = Text(
        required=False, allow_blank=True, default="", max_length=_BASE64,
        help_text="The page as saved by a browser (HTML), a PDF file, or a screenshot (PNG, JPEG): base64, 5 MB.",
    )  # fmt: skip
    text = Text(
        required=False, allow_blank=True, default="", trim_whitespace=False,
        help_text="What it says, word by word: for a screenshot, or where there is no file.",
    )  # fmt: skip
    seen_at = serializers.DateTimeField(required=False, help_text="When it was seen; now unless given.")

    def validate_file(self, value: str) -> bytes:
        """Read base64 strictly."""
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError(_("This is not base64 (RFC 4648)."), code="invalid") from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse nothing at all."""
        if not attrs["file"] and not attrs["text"].strip():
            self.fail("nothing")
        return attrs


class Supply(Door):
    """Supply what a person saw."""

    actions = {"POST": (Action.WORK_CLAIMS,)}
    refusals = (SupplyRefused,)
    problems = {"POST": (409, 422)}
    tag = "documents"

    @extend_schema(
        operation_id="documents_supply", summary="Supply what you saw", request=SupplyIn,
        responses={200: SuppliedOut, 201: SuppliedOut},
    )  # fmt: skip
    @once
    def post(self, request: Request, uid: UUID) -> Made:
        """Keep what a person saw of a page as a version of it, in that person's name; its claims hear of it.

        200 where it says what it said before, which is noted as seen.
        """
        document = get_object_or_404(Document, uid=uid)
        sent = self.body(SupplyIn)
        supplied = supplying.supply(
            document,
            body=sent["file"],
            text=sent["text"],
            seen_at=sent.get("seen_at", self.now),
            by=cast(User, request.user),  # only a person's token comes this far
            now=self.now,
        )
        return Made(HTTPStatus.CREATED if supplied.is_new else HTTPStatus.OK, str(supplied.snapshot.number))

    def show(self, made: Made, uid: UUID) -> Response:
        """Write the version that says it."""
        (version,) = with_changes([_versions(uid).get(number=int(made.what))])
        is_new = made.status == HTTPStatus.CREATED
        answer = self.written({"is_new": is_new, "version": version}, SuppliedOut, status=made.status)
        if is_new:
            answer["Location"] = answer.data["version"]["links"]["self"]
        return answer


def with_changes(versions: list[Any]) -> list[Any]:
    """Put what was found when each version was kept beside it, as `change`; of several looks the first."""
    found = Change.objects.filter(after__in=[one.pk for one in versions], found__in=CHANGED).order_by("-pk")
    changes = {change.after_id: change for change in found}
    for version in versions:
        version.change = changes.get(version.pk)
    return versions


def _versions(uid: UUID) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(document__uid=uid).select_related("document", "captured_by_user")
