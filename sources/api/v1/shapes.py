"""What the REST door says of sources and documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from factcheck.api.fields import Word
from sources.fetching.types import Outcome
from sources.models import Document, Snapshot, Source

OUTCOMES = [outcome.value for outcome in Outcome]


class SourceRef(serializers.Serializer[Any]):
    """A source, in short."""

    uid = serializers.UUIDField()
    name = serializers.CharField()


class DocumentRef(serializers.Serializer[Any]):
    """A document, in short; `url` is empty for a text that somebody supplied."""

    uid = serializers.UUIDField()
    url = serializers.CharField()
    title = serializers.CharField()


class VersionOut(serializers.Serializer[Snapshot]):
    """A version of a document: what it said at that moment. Positions in it count Unicode code points."""

    number = serializers.IntegerField()
    taken_at = serializers.DateTimeField()
    complete = serializers.BooleanField()
    truncated = serializers.CharField(help_text="Why it is not complete.")
    erased_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when words of it are blacked out (█), or all of it was taken down."
    )
    erased_why = serializers.CharField(help_text="Why they are.")


class SourceOut(serializers.Serializer[Source]):
    """Who says it."""

    uid = serializers.UUIDField()
    name = serializers.CharField()
    kind = Word("SourceKind", Source.Kind.values)
    names = serializers.SerializerMethodField(help_text="The names it goes by.")
    home_domains = serializers.ListField(child=serializers.CharField())
    reliability_grade = Word(
        "ReliabilityGrade", Source.Grade.values, help_text="The Admiralty code; for the desk only."
    )
    parent = SourceRef(allow_null=True)
    merged_into = SourceRef(allow_null=True, help_text="The source that it turned out to be; ask for that one.")
    created_at = serializers.DateTimeField()
    links = serializers.SerializerMethodField()

    def get_names(self, source: Source) -> list[str]:
        """Return those that the view fetched."""
        return [known.name for known in source.names.all()]

    def get_links(self, source: Source) -> dict[str, str]:
        """Return where to go from here."""
        own = reverse("api-source", args=[source.uid])
        return {
            "self": own,
            "documents": f"{reverse('api-documents')}?source={source.uid}",
            "claims": f"/api/v1/claims?source={source.uid}",
        }


class DocumentOut(serializers.Serializer[Document]):
    """A page that is looked at, and how the last look went; or a text without address."""

    uid = serializers.UUIDField()
    url = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    publisher = SourceRef(allow_null=True)
    wire = SourceRef(allow_null=True, help_text="The agency from which the page says to have its text.")
    snapshot = VersionOut(allow_null=True, help_text="The newest version.")
    outcome = Word("Outcome", ["", *OUTCOMES], help_text="Of the last look; empty before the first one.")
    outcome_detail = serializers.CharField()
    checked_at = serializers.DateTimeField(allow_null=True)
    seen_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField(allow_null=True)
    gone_at = serializers.DateTimeField(allow_null=True)
    failures = serializers.IntegerField(help_text="Failed looks in a row.")
    due_at = serializers.DateTimeField(allow_null=True)
    due_because = serializers.CharField()
    overdue = serializers.SerializerMethodField(help_text="Whether the next look should have begun by now.")
    blind = serializers.SerializerMethodField(help_text="Whether it could not be seen for too long.")
    paused_at = serializers.DateTimeField(allow_null=True)
    stuck_since = serializers.DateTimeField(source="quarantined_at", allow_null=True)
    created_at = serializers.DateTimeField()
    links = serializers.SerializerMethodField()

    def get_overdue(self, document: Document) -> bool:
        """Compute it from the clock of this request."""
        now: datetime = self.context["now"]
        return document.due_at is not None and document.due_at <= now

    def get_blind(self, document: Document) -> bool:
        """Compute it from the clock of this request."""
        return document.is_blind(self.context["now"])

    def get_links(self, document: Document) -> dict[str, str]:
        """Return where to go from here."""
        uid = [document.uid]
        return {
            "self": reverse("api-document", args=uid),
            "checks": reverse("api-checks", args=uid),
            "versions": reverse("api-versions", args=uid),
            "look": reverse("api-look", args=uid),
        }


class CheckOut(serializers.Serializer[Any]):
    """One look at a document."""

    at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    outcome = Word("LookOutcome", OUTCOMES)
    detail = serializers.CharField()
    http_status = serializers.IntegerField(allow_null=True)
    took_ms = serializers.IntegerField()
    snapshot = serializers.SerializerMethodField(help_text="The number of the version that this look kept, if any.")

    def get_snapshot(self, check: Any) -> int | None:
        """Look it up among those that the view fetched at once."""
        return self.context["numbers"].get(check.snapshot_id)  # type: ignore[no-any-return]
