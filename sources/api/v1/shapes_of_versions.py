"""What the REST door says of versions and of what is different between two."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from factcheck.api.fields import Word
from sources.api.v1.shapes import VersionOut
from sources.fetching.types import BlockKind
from sources.models import Change, Snapshot

WEIGHTS = ["", *Change.Weight.values]
REASONS = [
    "number", "name", "negation", "status", "certainty", "quote", "added", "removed", "correction", "notice",
    "reworded", "moved", "link",
]  # fmt: skip


class FoundOut(serializers.Serializer[Change]):
    """What was found when the version was kept, held against the one before it."""

    found = Word("Found", Change.Found.values)
    at = serializers.DateTimeField()
    weight = Word("ChangeWeight", WEIGHTS, help_text="Empty where there was no version before.")
    is_stealth = serializers.BooleanField(help_text="Substantive, and no notice of it was found.")
    has_notice = serializers.BooleanField(help_text="A correction or another notice goes with it.")


class KeptVersionOut(VersionOut):
    """A version that is kept; who supplied it, where it was not our own look; how much it changed."""

    captured_by = Word("CapturedBy", Snapshot.CapturedBy.values)
    supplied_by = serializers.SerializerMethodField(help_text="The person who supplied it.")
    title = serializers.CharField()
    byline = serializers.CharField()
    language = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="As the page says.")
    modified_at = serializers.DateTimeField(allow_null=True, help_text="As the page says.")
    digest = serializers.CharField(help_text="Of the readable text without the page's machinery: SHA-256, in hex.")
    change = FoundOut(allow_null=True)
    links = serializers.SerializerMethodField()

    def get_supplied_by(self, version: Snapshot) -> str | None:
        """Return the name of whoever supplied it."""
        return version.captured_by_user.get_username() if version.captured_by_user else None

    def get_links(self, version: Snapshot) -> dict[str, str]:
        """Return where to go from here."""
        uid = version.document.uid
        told = {
            "self": reverse("api-version", args=[uid, version.number]),
            "document": reverse("api-document", args=[uid]),
        }
        if version.number > 1:
            both = f"was={version.number - 1}&now={version.number}"
            told["difference"] = f"{reverse('api-difference', args=[uid])}?{both}"
        return told


class BlockOut(serializers.Serializer[Any]):
    """A stretch of the text; `cite` is whom a quotation has it from, as the page says."""

    kind = Word("BlockKind", [kind.value for kind in BlockKind])
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    cite = serializers.CharField(allow_blank=True, default="")


class VersionTextOut(KeptVersionOut):
    """A version with its text. It is the publisher's: for the desk, not to be shown in public."""

    text = serializers.CharField()
    blocks = BlockOut(many=True)


class ReasonOut(serializers.Serializer[Any]):
    """One thing that is different: the sentence as it was and as it is, empty where it was or is not."""

    kind = Word("DifferenceKind", REASONS)
    was = serializers.CharField()
    now = serializers.CharField()
    is_substantive = serializers.BooleanField()


class VersionNumberOut(serializers.Serializer[Snapshot]):
    """Which version."""

    number = serializers.IntegerField()
    taken_at = serializers.DateTimeField()


class DifferenceOut(serializers.Serializer[Any]):
    """Two versions held against each other; noise of the page's machinery is left out."""

    was = VersionNumberOut()
    now = VersionNumberOut()
    weight = Word("DifferenceWeight", ["none", *Change.Weight.values])
    is_stealth = serializers.BooleanField(help_text="Substantive, and no notice of it was found.")
    notices = serializers.ListField(child=serializers.CharField(), help_text="Corrections that were not there before.")
    reasons = ReasonOut(many=True, help_text="The first 500.")
    reasons_count = serializers.IntegerField(help_text="How many there are in all.")
    is_whole = serializers.BooleanField(
        help_text="false: the texts are so long, or differ so much, that not everything was held against everything."
    )


class SuppliedOut(serializers.Serializer[Any]):
    """The version that says what the person saw, and whether it is a new one."""

    is_new = serializers.BooleanField()
    version = KeptVersionOut()
