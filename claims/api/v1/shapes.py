"""What the REST door says of articles, claims and what they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.models import Appearance, Article, Claim, Evidence, StanceGuess, Statement
from claims.models.claim import ANCHORS, CERTAINTIES, KINDS
from claims.models.notes import Way
from claims.models.verdict import CODES
from claims.services import verdicts
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.roles import Action
from factcheck.api.fields import Word
from sources.api.v1.shapes import DocumentRef, SourceRef, VersionOut

STATUS_WORDS = [status.value for status in Status]
REASON_WORDS = [reason.value for reason in StaleReason]
CERTAINTY_WORDS = [code for code, _word in CERTAINTIES]
KIND_WORDS = [code for code, _word in KINDS]
CODE_WORDS = ["", *(code for code, _word in CODES)]
ANCHOR_WORDS = [code for code, _word in ANCHORS]
ARTICLE_WORDS = [*Article.State.values, "quarantined"]


class SelectorOut(serializers.Serializer[Any]):
    """A W3C TextQuoteSelector (exact, prefix, suffix) or TextPositionSelector (start, end; in Unicode code points)."""

    type = Word("SelectorType", ["TextQuoteSelector", "TextPositionSelector"])
    exact = serializers.CharField(required=False)
    prefix = serializers.CharField(required=False)
    suffix = serializers.CharField(required=False)
    start = serializers.IntegerField(required=False)
    end = serializers.IntegerField(required=False, help_text="Exclusive.")


def selectors(span: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write one span in the two ways of the Web Annotation Data Model (4.2.4, 4.2.5)."""
    return [
        {"type": "TextQuoteSelector", **{part: span[part] for part in ("exact", "prefix", "suffix")}},
        {"type": "TextPositionSelector", **{part: span[part] for part in ("start", "end")}},
    ]


class SpanOut(serializers.Serializer[Any]):
    """One verbatim stretch of the version's text, selected in two ways."""

    selector = SelectorOut(many=True)


class LinkOut(serializers.Serializer[Any]):
    """One link of the chain: who the text has it from, by which cue."""

    name = serializers.CharField()
    cue = serializers.CharField()
    source = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field, not DRF's option
        help_text="The source's uid, where the name names somebody."
    )

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_source(self, link: Any) -> str | None:
        """Return the uid."""
        return str(link.source.uid) if link.source else None


class AppearanceOut(serializers.Serializer[Appearance]):
    """One place where the claim stands. `certainty` and `kind` are what the text says, not what we say."""

    uid = serializers.UUIDField()
    article = serializers.UUIDField(source="article.uid")
    snapshot = serializers.IntegerField(source="snapshot.number", help_text="The version that the positions count in.")
    quote = serializers.CharField()
    spans = serializers.SerializerMethodField()
    certainty = Word("Certainty", CERTAINTY_WORDS)
    kind = Word("ClaimKind", KIND_WORDS)
    chain = LinkOut(many=True, help_text="Outermost first.")
    anchor = Word("Anchor", ANCHOR_WORDS, help_text="The quote today.")
    anchor_sentence = serializers.CharField()
    look_overdue = serializers.SerializerMethodField(help_text="Whether nobody looked at its page when it was due.")
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_look_overdue(self, appearance: Appearance) -> bool:
        """Compute it from the clock of this request."""
        return appearance.article.document.is_late(self.context["now"])

    @extend_schema_field(SpanOut(many=True))
    def get_spans(self, appearance: Appearance) -> list[dict[str, Any]]:
        """Write the spans as selectors."""
        return [{"selector": selectors(span)} for span in appearance.spans]


class FlagOut(serializers.Serializer[Any]):
    """Why the claim wants another look."""

    reason = Word("StaleReason", REASON_WORDS)
    since = serializers.DateTimeField()
    document = DocumentRef(allow_null=True)
    detail = serializers.DictField()


class EditOut(serializers.Serializer[Any]):
    """What the claim's sentence says in place of the article's own words, and why.

    Where a person wrote the whole sentence anew, `was` is the one before, and `start`, `end` and `at` are 0.
    """

    start = serializers.IntegerField(help_text="Where `was` stands in the article, in the version that was split.")
    end = serializers.IntegerField()
    was = serializers.CharField(help_text="The article's words; empty where something was put in.")
    now = serializers.CharField(help_text="What the sentence says instead; empty where something was left out.")
    at = serializers.IntegerField(help_text="Where `now` stands in the sentence, before anything was put back.")
    why = serializers.CharField()
    put_back = serializers.BooleanField(default=False, help_text="Whether somebody put the article's own words back.")


class Standing(serializers.Serializer[Any]):
    """Where our verification of a claim stands, never without whether that is older than it holds."""

    status = Word("Status", STATUS_WORDS)
    overdue = serializers.SerializerMethodField(help_text="Whether the status is older than it holds, at this moment.")

    def get_overdue(self, claim: Any) -> bool:
        """Compute it from the clock of this request."""
        return bool(claim.is_overdue(self.context["now"]))


class ClaimOut(serializers.Serializer[Claim]):
    """A claim, where our verification of it stands, and where it was said."""

    uid = serializers.UUIDField()
    text = serializers.CharField()
    edits = EditOut(many=True, help_text="Where the text is not in the article's own words.")
    language = serializers.CharField()
    kind = Word("ClaimKind", KIND_WORDS)
    status = Word("Status", STATUS_WORDS)
    status_since = serializers.DateTimeField()
    holds_until = serializers.DateTimeField(allow_null=True)
    overdue = serializers.SerializerMethodField(help_text="Whether the status is older than it holds, at this moment.")
    stale = serializers.SerializerMethodField(help_text="Whether it has an open flag.")
    flags = serializers.SerializerMethodField(help_text="The open flags; null for a token that may not see the desk.")
    check_worthiness = serializers.FloatField()
    claimant = SourceRef(allow_null=True)
    said_at = serializers.DateTimeField(allow_null=True)
    said_where = serializers.CharField()
    origin = Word("Origin", Claim.Origin.values)
    appearances = AppearanceOut(many=True)
    same_as = serializers.SerializerMethodField(
        help_text="uid of the claim it is joined to; null for none, and for a token that may not see the desk."
    )
    joined = serializers.SerializerMethodField(
        help_text="uids of the claims joined to it; null for a token that may not see the desk."
    )
    created_at = serializers.DateTimeField()
    allowed_moves = serializers.SerializerMethodField(help_text="Where this token may move it; empty if it may not.")
    links = serializers.SerializerMethodField()

    def get_overdue(self, claim: Claim) -> bool:
        """Compute it from the clock of this request."""
        return claim.is_overdue(self.context["now"])

    def get_stale(self, claim: Claim) -> bool:
        """Ask the open flags, which the view fetched."""
        return bool(claim.flags.all())

    @extend_schema_field(FlagOut(many=True, allow_null=True))
    def get_flags(self, claim: Claim) -> Any:
        """Show them on the desk only."""
        if not self.context["token"].may(Action.SEE_DESK):
            return None
        return FlagOut(claim.flags.all(), many=True).data

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_same_as(self, claim: Claim) -> str | None:
        """Show it on the desk only."""
        is_shown = claim.head is not None and self.context["token"].may(Action.SEE_DESK)
        return str(claim.head.uid) if is_shown and claim.head else None

    @extend_schema_field({"type": ["array", "null"], "items": {"type": "string", "format": "uuid"}})
    def get_joined(self, claim: Claim) -> list[str] | None:
        """Show them on the desk only."""
        if not self.context["token"].may(Action.SEE_DESK):
            return None
        return [str(one.uid) for one in claim.joined.all()]

    @extend_schema_field(serializers.ListField(child=Word("Status", STATUS_WORDS)))
    def get_allowed_moves(self, claim: Claim) -> Sequence[str]:
        """Ask the table of moves, for those who may move."""
        if not self.context["token"].may(Action.MOVE_STATUS):
            return []
        return [status.value for status in verdicts.allowed_moves(claim)]

    def get_links(self, claim: Claim) -> dict[str, str]:
        """Return where to go from here."""
        uid = [claim.uid]
        return {
            "self": reverse("api-claim", args=uid),
            "history": reverse("api-history", args=uid),
            "evidence": reverse("api-evidence", args=uid),
            "moves": reverse("api-moves", args=uid),
            "independence": reverse("api-independence", args=uid),
            "links": reverse("api-links", args=uid),
            "drifts": reverse("api-drifts", args=uid),
            "similar": reverse("api-similar", args=uid),
            "known_checks": reverse("api-claim-known-checks", args=uid),
        }


class IndependentSourcesOut(serializers.Serializer[Any]):
    """How many of the pages that say so do it independently, and why no more."""

    count = serializers.IntegerField(help_text="Pages with one owner, agency or text in common count once.")
    of = serializers.IntegerField(help_text="Articles in which it stands, and accepted evidence that supports it.")
    because = serializers.ListField(child=serializers.CharField(), help_text="What ties pages together, in words.")


class ArticleOut(serializers.Serializer[Article]):
    """An article, and how far its splitting is."""

    uid = serializers.UUIDField()
    state = serializers.SerializerMethodField()
    state_reason = serializers.SerializerMethodField()
    url = serializers.CharField(source="document.url", help_text="Empty for a text that somebody supplied.")
    title = serializers.CharField(source="document.title")
    outlet = SourceRef(source="document.publisher", allow_null=True)
    language = serializers.CharField(source="document.language")
    snapshot = serializers.SerializerMethodField(
        help_text="The version its claims were taken from; before that the newest; null before the first look."
    )
    created_at = serializers.DateTimeField()
    split_at = serializers.DateTimeField(allow_null=True)
    claims_count = serializers.IntegerField(
        source="claims_standing", help_text="Claims that stand in its newest version."
    )
    links = serializers.SerializerMethodField()

    @extend_schema_field(Word("ArticleState", ARTICLE_WORDS))
    def get_state(self, article: Article) -> str:
        """Return the state as it is to be read now."""
        return str(article.progress[0])

    def get_state_reason(self, article: Article) -> str:
        """Return why."""
        return article.progress[1]

    @extend_schema_field(VersionOut(allow_null=True))
    def get_snapshot(self, article: Article) -> Any:
        """Return the version to read the claims against."""
        version = article.snapshot or article.document.snapshot
        return VersionOut(version).data if version else None

    def get_links(self, article: Article) -> dict[str, str]:
        """Return where to go from here."""
        return {
            "self": reverse("api-article", args=[article.uid]),
            "claims": f"{reverse('api-claims')}?article={article.uid}",
            "document": reverse("api-document", args=[article.document.uid]),
        }


class ClaimSummaryOut(serializers.Serializer[Appearance]):
    """A claim as its article lists it."""

    uid = serializers.UUIDField(source="claim.uid")
    text = serializers.CharField(source="claim.text")
    status = Word("Status", STATUS_WORDS, source="claim.status")
    overdue = serializers.SerializerMethodField(help_text="Whether the status is older than it holds, at this moment.")
    stale = serializers.SerializerMethodField()
    quote = serializers.CharField()
    certainty = Word("Certainty", CERTAINTY_WORDS)
    kind = Word("ClaimKind", KIND_WORDS)
    check_worthiness = serializers.FloatField(source="claim.check_worthiness")

    def get_overdue(self, appearance: Appearance) -> bool:
        """Compute it from the clock of this request."""
        return appearance.claim.is_overdue(self.context["now"])

    def get_stale(self, appearance: Appearance) -> bool:
        """Ask the open flags, which the view fetched."""
        return bool(appearance.claim.flags.all())


class ArticleWithClaimsOut(ArticleOut):
    """An article with the first of its claims, in the order of the text; `links.claims` has them all."""

    claims = ClaimSummaryOut(many=True, source="first_claims")


class StanceGuessOut(serializers.Serializer[StanceGuess]):
    """A machine's guess of what a suggested page says of the claim: for ordering, never for deciding."""

    says = Word(
        "StanceGuessLabel",
        ["", *StanceGuess.Label.values],
        source="label",
        help_text="What the page seems to say; empty until it was read.",
    )
    supports = serializers.FloatField(allow_null=True, help_text="Likelihood that it supports the claim.")
    refutes = serializers.FloatField(allow_null=True, help_text="Likelihood that it refutes the claim.")
    version = serializers.IntegerField(allow_null=True, help_text="The page's version that was read.")
    model = serializers.CharField(help_text="What guessed, with the beginning of its digest.")


class StatementOut(serializers.Serializer[Statement]):
    """What somebody told the desk. Who it was stands here only where it is on the record."""

    way = Word("StatementWay", Way.values)
    terms = Word("StatementTerms", Statement.Terms.values)
    name = serializers.CharField(source="published_name", help_text="Empty unless on the record.")
    role = serializers.CharField(source="published_role", help_text="Empty unless on the record.")
    text = serializers.CharField()
    taken_at = serializers.DateTimeField()


class EvidenceOut(serializers.Serializer[Evidence]):
    """What the claim is held against. Only `accepted` counts; a person stands behind it."""

    uid = serializers.UUIDField()
    state = Word("EvidenceState", Evidence.State.values)
    stance = Word("Stance", ["", *Evidence.Stance.values], help_text="Empty for a suggestion.")
    document = DocumentRef(allow_null=True, help_text="Null where it is a statement.")
    statement = StatementOut(allow_null=True, help_text="Null where it is a document.")
    snapshot = VersionOut(allow_null=True, help_text="The version its reviewer saw.")
    quote = serializers.CharField(source="exact")
    selector = serializers.SerializerMethodField()
    sentence = serializers.CharField(help_text="The sentence then.")
    anchor = Word("EvidenceAnchor", ["", *ANCHOR_WORDS], help_text="The quote today; empty without a quote.")
    anchor_sentence = serializers.CharField(help_text="The sentence today.")
    look_overdue = serializers.SerializerMethodField(help_text="Whether nobody looked at the page when it was due.")
    anchored_at = serializers.DateTimeField(allow_null=True)
    suggested_because = serializers.CharField()
    guess = StanceGuessOut(default=None, allow_null=True, help_text="Of a suggestion; null where none was made yet.")
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    at = serializers.DateTimeField()

    def get_look_overdue(self, evidence: Evidence) -> bool:
        """Compute it from the clock of this request."""
        return evidence.document is not None and evidence.document.is_late(self.context["now"])

    @extend_schema_field(SelectorOut(many=True))
    def get_selector(self, evidence: Evidence) -> list[dict[str, Any]]:
        """Write the quote's place; nothing where the page is pinned as a whole."""
        if not evidence.exact:
            return []
        return selectors({part: getattr(evidence, part) for part in ("exact", "prefix", "suffix", "start", "end")})


class PinnedOut(serializers.Serializer[Any]):
    """A version that was on the table."""

    document = serializers.UUIDField(source="document.uid")
    number = serializers.IntegerField()


class StatusChangeOut(serializers.Serializer[Any]):
    """One move: from, to, who, when, why, and what was on the table. The why never leaves the desk."""

    number = serializers.IntegerField()
    old = Word("Status", STATUS_WORDS)
    new = Word("Status", STATUS_WORDS)
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()
    code = Word("WasClosedBecause", CODE_WORDS, help_text="Why it was closed; empty with other moves.")
    why = serializers.CharField()
    search_log = serializers.CharField()
    snapshots = serializers.SerializerMethodField()

    @extend_schema_field(PinnedOut(many=True))
    def get_snapshots(self, change: Any) -> Any:
        """Look them up among those that the view fetched at once."""
        known = self.context["versions"]
        return PinnedOut([known[pk] for pk in change.snapshot_ids if pk in known], many=True).data


class EventOut(serializers.Serializer[Any]):
    """One thing that happened to the claim; a `claim.status_changed` comes with its status change."""

    number = serializers.IntegerField(source="sequence")
    type = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    payload = serializers.DictField()
    status_change = serializers.SerializerMethodField()

    @extend_schema_field(StatusChangeOut(allow_null=True))
    def get_status_change(self, event: Any) -> Any:
        """Look it up among those that the view fetched at once."""
        change = self.context["changes"].get(event.payload.get("number")) if event.type == MOVED else None
        return StatusChangeOut(change, context=self.context).data if change else None


MOVED = "claim.status_changed"
