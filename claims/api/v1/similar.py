"""What resembles one claim, over REST; for the desk alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.shapes import Standing
from claims.models import Claim
from claims.services import index
from factcheck.access.roles import Action
from factcheck.api.doors import Door

MOST = 20


class SimilarOut(Standing):
    """A claim that resembles another."""

    uid = serializers.UUIDField()
    text = serializers.CharField()
    likeness = serializers.FloatField(help_text="Of what a machine makes of both texts, 0 to 1. It decides nothing.")


class SimilarListOut(serializers.Serializer[Any]):
    """The claims that resemble one, the most alike first."""

    results = SimilarOut(many=True, help_text="At most 20; none until a worker has compared a new claim.")


class SimilarClaims(Door):
    """Which other claims may say the same, or the opposite."""

    actions = {"GET": (Action.SEE_DESK,)}
    tag = "claims"

    @extend_schema(operation_id="claims_similar", summary="Claims that resemble one", responses={200: SimilarListOut})
    def get(self, request: Request, uid: UUID) -> Response:
        """The claims that resemble it most, by words and meaning: a machine's guess, for the desk alone."""
        near = {one.claim_id: one for one in index.similar(get_object_or_404(Claim, uid=uid), limit=MOST)}
        rows = Claim.objects.in_bulk(list(near))
        found = [_told(rows[pk], round(one.cosine, 4)) for pk, one in near.items() if pk in rows]
        return self.written({"results": found}, SimilarListOut)


def _told(claim: Any, likeness: float) -> Any:
    claim.likeness = likeness
    return claim
