"""Links and drifts over REST: what the machine makes of claims side by side, and what people decide of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.owners import person
from claims.api.v1.shapes import CERTAINTY_WORDS, Standing
from claims.models import Claim, Deciding, Drift, Link
from claims.services import drifting, linking
from claims.services.drifting import DriftRefused
from claims.services.linking import LinkRefused
from factcheck.access.idempotency import Made, once
from factcheck.access.roles import Action
from factcheck.api.doors import Door, Listing, Nothing
from factcheck.api.fields import Page, Word


class ClaimRef(Standing):
    """A claim that another is linked to."""

    uid = serializers.UUIDField()
    text = serializers.CharField()


class ClaimLinkOut(serializers.Serializer[Link]):
    """How two claims stand to each other, read "claim KIND other"; a guess until `by` names somebody."""

    uid = serializers.UUIDField()
    claim = ClaimRef()
    kind = Word("LinkKind", Link.Kind.values)
    other = ClaimRef()
    state = Word("LinkState", Deciding.values)
    because = serializers.ListField(child=serializers.CharField(), help_text="In words.")
    sure = serializers.FloatField(allow_null=True, help_text="0 to 1; null for one by hand.")
    likeness = serializers.FloatField(allow_null=True, help_text="Cosine of their vectors.")
    found_at = serializers.DateTimeField()
    by = serializers.CharField(source="by.username", default=None, allow_null=True, help_text="null: the machine.")
    at = serializers.DateTimeField(help_text="In this state since.")


class DriftOut(serializers.Serializer[Drift]):
    """Where a text says more than the text it has it from; a guess until `by` names somebody."""

    uid = serializers.UUIDField()
    claim = serializers.UUIDField(source="claim.uid", help_text="The claim whose text says more.")
    kind = Word("DriftKind", Drift.Kind.values)
    state = Word("LinkState", Deciding.values)
    appearance = serializers.UUIDField(source="appearance.uid")
    said = serializers.CharField()
    certainty = Word("Certainty", CERTAINTY_WORDS, source="appearance.certainty")
    source = serializers.UUIDField(source="source.uid", help_text="The appearance that it has it from.")  # type: ignore[assignment]  # a field, not DRF's option
    source_said = serializers.CharField()
    source_certainty = Word("Certainty", CERTAINTY_WORDS, source="source.certainty")
    because = serializers.ListField(child=serializers.CharField(), help_text="In words.")
    found_at = serializers.DateTimeField()
    by = serializers.CharField(source="by.username", default=None, allow_null=True, help_text="null: the machine.")
    at = serializers.DateTimeField(help_text="In this state since.")


class StateQuery(Page):
    """Which of them."""

    state = Word("LinkState", Deciding.values, required=False)


def _group(uid: UUID) -> QuerySet[Any, Any]:
    """Return the keys of the claim and of those that are one with it; 404 without the claim."""
    return Claim.objects.together_with(get_object_or_404(Claim, uid=uid)).values_list("pk", flat=True)


class Links(Listing):
    """What one claim has to do with others."""

    actions = {"GET": (Action.SEE_DESK,)}
    query = StateQuery
    shape = ClaimLinkOut
    tag = "links"

    @extend_schema(operation_id="links_list", summary="Links of a claim", responses={200: ClaimLinkOut(many=True)})
    def get(self, request: Request, uid: UUID) -> Response:
        """Suggested, accepted and dismissed links of the claim and of those joined with it, newest first."""
        rows = Link.objects.of(_group(uid)).whole()
        return self.page(rows.filter(state=self.asked["state"]) if "state" in self.asked else rows)


class Drifts(Listing):
    """Where texts of one claim say more than their source."""

    actions = {"GET": (Action.SEE_DESK,)}
    query = StateQuery
    shape = DriftOut
    tag = "links"

    @extend_schema(operation_id="drifts_list", summary="Drifts of a claim", responses={200: DriftOut(many=True)})
    def get(self, request: Request, uid: UUID) -> Response:
        """Suggested, accepted and dismissed drifts of the claim and of those joined with it, newest first."""
        rows = Drift.objects.of(_group(uid)).select_related("claim", "appearance", "source", "by")
        return self.page(rows.filter(state=self.asked["state"]) if "state" in self.asked else rows)


class Decide(Door):
    """Decide on one of them; what is decided, the doors below say."""

    actions = {"POST": (Action.WORK_CLAIMS,)}
    refusals = (LinkRefused, DriftRefused)
    problems = {"POST": (409, 422)}
    tag = "links"
    do: ClassVar[Callable[..., Any]]
    rows: ClassVar[type[Link | Drift]] = Link
    out: ClassVar[type[serializers.Serializer[Any]]] = ClaimLinkOut

    @once
    def post(self, request: Request, uid: UUID, row_uid: UUID) -> Made:
        """Decide. 409 `already_decided` where somebody was first."""
        self.body(Nothing, may_be_empty=True)
        group = _group(uid)
        rows: Any = self.rows.objects.of(group)
        decided = type(self).do(get_object_or_404(rows, uid=row_uid), by=person(request), now=self.now)
        return Made(200, str(decided.pk))

    def show(self, made: Made, uid: UUID, row_uid: UUID) -> Response:
        """Write it as it stands now."""
        return self.written(self.rows.objects.whole().get(pk=made.what), self.out, status=made.status)


def _door(what: str, do: str, summary: str, told: str) -> type[Decide]:
    """Return the door for one decision on links or drifts."""
    is_link = what == "link"
    shape = ClaimLinkOut if is_link else DriftOut
    service: Mapping[str, Any] = vars(linking if is_link else drifting)
    fields = {"__doc__": told, "do": staticmethod(service[do]), "rows": Link if is_link else Drift, "out": shape}
    made: type[Decide] = type(f"{do.title()}{what.title()}", (Decide,), {**fields, "__module__": __name__})
    schema = extend_schema(
        operation_id=f"{what}s_{do}", summary=summary, description=told, request=None, responses={200: shape}
    )
    described: type[Decide] = extend_schema_view(post=schema)(made)
    return described


AcceptLink = _door(
    "link", "accept", "Accept a link",
    "Stand behind a suggestion. Claims that say the same are joined; what speaks against a verdict flags it.",
)  # fmt: skip
DismissLink = _door("link", "dismiss", "Dismiss a link", "Take a suggestion off the table for good.")
UndoLink = _door(
    "link", "undo", "Undo a link",
    "Take a decision back: an accepted link is dismissed, joined claims part; a dismissed one is suggested again.",
)  # fmt: skip
AcceptDrift = _door("drift", "accept", "Accept a drift", "Agree that the text says more than its source.")
DismissDrift = _door("drift", "dismiss", "Dismiss a drift", "Say that it does not, or that it makes no difference.")
UndoDrift = _door("drift", "undo", "Undo a drift", "Take a decision back: it is a suggestion again.")
