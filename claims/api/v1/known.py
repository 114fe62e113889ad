"""What others checked over REST: to be read by the desk alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Claim, KnownCheck, KnownMatch
from claims.models.known_feed import MEANINGS
from factcheck.access.roles import Action
from factcheck.api.doors import Listing
from factcheck.api.fields import Page, Switch, Text, Word

MEANING_WORDS = [str(code) for code, _word in MEANINGS]


class KnownCheckOut(serializers.Serializer[KnownCheck]):
    """A fact-check that others published. `comes_to` is what their rating comes to in ours: never our verdict."""

    uid = serializers.UUIDField()
    url = serializers.CharField()
    text = serializers.CharField(help_text="The claim that was checked.")
    claimant = serializers.CharField()
    publisher = serializers.CharField(source="checker")
    title = serializers.CharField()
    language = serializers.CharField()
    rating = serializers.CharField(help_text="In the publisher's words; may be empty where there is a number.")
    value = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)
    worst = serializers.FloatField(allow_null=True)
    comes_to = Word("KnownMeaning", ["", *MEANING_WORDS], source="status")
    reviewed_at = serializers.DateTimeField(allow_null=True)
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(allow_null=True, help_text="When its publisher last changed what it says.")
    gone_at = serializers.DateTimeField(allow_null=True)


class KnownMatchOut(serializers.Serializer[KnownMatch]):
    """Why a fact-check may be about the claim; a suggestion until a person accepts it."""

    known_check = KnownCheckOut(source="known")
    relation = Word("KnownRelation", KnownMatch.Kind.values, source="kind")
    state = Word("KnownMatchState", KnownMatch.State.values)
    sure = serializers.FloatField(help_text="0 to 1.")
    because = serializers.ListField(child=serializers.CharField())
    found_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(source="at", allow_null=True)


class KnownChecksQuery(Page):
    """Which known fact-checks."""

    q = Text(required=False, max_length=200, help_text="Words of the claim, who said it, or the publisher; ten count.")
    comes_to = Word("KnownMeaningIn", MEANING_WORDS, required=False)
    url = Text(required=False, max_length=2048, help_text="The address of the fact-check.")
    gone = Switch(required=False, help_text="true: no longer published; false: still there.")


class KnownChecks(Listing):
    """Known fact-checks, newest first."""

    actions = {"GET": (Action.SEE_DESK,)}
    query = KnownChecksQuery
    shape = KnownCheckOut
    tag = "known fact-checks"

    @extend_schema(
        operation_id="known_checks_list", summary="What others checked", responses={200: KnownCheckOut(many=True)}
    )
    def get(self, request: Request) -> Response:
        """Fact-checks by others as they were read last, newest first."""
        rows = _rows()
        if "comes_to" in self.asked:
            rows = rows.filter(status=self.asked["comes_to"])
        if "url" in self.asked:
            rows = rows.filter(url=self.asked["url"])
        if "gone" in self.asked:
            rows = rows.filter(gone_at__isnull=not self.asked["gone"])
        for word in self.asked.get("q", "").split()[:10]:
            rows = rows.filter(Q(text__icontains=word) | Q(claimant__icontains=word) | Q(publisher__icontains=word))
        return self.page(rows)


class KnownChecksOfClaim(Listing):
    """What others found on one claim."""

    actions = {"GET": (Action.SEE_DESK,)}
    query = Page
    shape = KnownMatchOut
    tag = "known fact-checks"

    @extend_schema(
        operation_id="claim_known_checks_list",
        summary="What others found on a claim",
        responses={200: KnownMatchOut(many=True)},
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """Suggested and accepted matches, newest first; dismissed ones are left out."""
        claim = get_object_or_404(Claim, uid=uid)
        rows: Any = KnownMatch.objects.filter(claim=claim, known__erased_at__isnull=True)
        shown = rows.exclude(state=KnownMatch.State.DISMISSED).select_related("known__source")
        return self.page(shown.defer("known__vector", "known__words"))


def _rows() -> QuerySet[KnownCheck]:
    return KnownCheck.objects.filter(erased_at__isnull=True).select_related("source").defer("vector", "words")
