"""Claims over REST: find them, add one by hand, read how one came to stand where it stands, move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.core.validators import RegexValidator
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.owners import SEE, articles_for, claims_for, owner, person, token
from claims.api.v1.shapes import (
    CERTAINTY_WORDS,
    KIND_WORDS,
    MOVED,
    REASON_WORDS,
    STATUS_WORDS,
    ClaimOut,
    EventOut,
    IndependentSourcesOut,
    StatusChangeOut,
)
from claims.models import Appearance, Article, Attribution, Claim, Event, Flag, StatusChange
from claims.models.claim import ClaimQuerySet
from claims.services import claims, index, verdicts, voices
from claims.services.claims import ClaimRefused
from claims.services.verdicts import VerdictRefused
from claims.verification.status import OFFERED, Code, Status
from factcheck.access.idempotency import Made, once
from factcheck.access.roles import Action
from factcheck.api import conditional
from factcheck.api.doors import Door, Listing
from factcheck.api.fields import Body, Page, Switch, Text, Uid, Word
from factcheck.api.problems import Problem
from sources.models import Snapshot

LONGEST_WHY = 10_000
MOST_FOUND = 500


class ClaimsQuery(Page):
    """Which claims."""

    status = serializers.ListField(
        child=Word("Status", STATUS_WORDS), required=False, max_length=9, help_text="Our status; repeatable."
    )
    stale = Switch(required=False, help_text="true: with an open flag; false: without.")
    reason = Word("StaleReason", REASON_WORDS, required=False, help_text="With an open flag of this reason.")
    overdue = Switch(required=False, help_text="Whether the status is older than it holds, at this moment.")
    certainty = Word("Certainty", CERTAINTY_WORDS, required=False, help_text="How sure some article's text is of it.")
    kind = Word("ClaimKind", KIND_WORDS, required=False)
    source = Uid(  # type: ignore[assignment]  # a field, not DRF's option
        required=False, help_text="uid of the claimant, or of a source that an article has it from."
    )
    joined = Switch(required=False, help_text="false: without those that are joined to another; true: only those.")
    drift = Switch(required=False, help_text="true: which some text says more surely or exactly than its source did.")
    article = Uid(required=False, help_text="uid of an article in whose newest version it stands.")
    q = Text(required=False, max_length=200, help_text="Words that its text or a quote of it holds; ten count.")
    search = Text(
        required=False,
        max_length=200,
        help_text="What it is about, by words and by meaning, however spelled; the 500 best fits, newest first.",
    )
    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)
    moved_after = serializers.DateTimeField(required=False, help_text="In its present status since after this time.")


_Rows = ClaimQuerySet
# parameter: what it leaves of the claims, by its value and the time of the request
_NARROWED: Mapping[str, Callable[[_Rows, Any, Any], _Rows]] = MappingProxyType(
    {
        "status": lambda rows, words, _now: rows.filter(status__in=words),
        "stale": lambda rows, yes, _now: rows.stale() if yes else rows.fresh(),
        "reason": lambda rows, reason, _now: rows.flagged(reason),
        "overdue": lambda rows, yes, now: rows.overdue(now) if yes else rows.exclude(pk__in=Claim.objects.overdue(now)),
        "certainty": lambda rows, certainty, _now: rows.said_as(certainty),
        "kind": lambda rows, kind, _now: rows.filter(kind=kind),
        "source": lambda rows, uid, _now: rows.said_by(uid),
        "joined": lambda rows, yes, _now: rows.filter(head__isnull=not yes),
        "drift": lambda rows, yes, _now: rows.saying_more() if yes else rows.exclude(pk__in=rows.saying_more()),
        "article": lambda rows, uid, _now: rows.standing_in(uid),
        "q": lambda rows, words, _now: rows.saying(words),
        "search": lambda rows, words, _now: rows.filter(pk__in=index.search(words, limit=MOST_FOUND).claims),
        "created_after": lambda rows, at, _now: rows.filter(created_at__gt=at),
        "created_before": lambda rows, at, _now: rows.filter(created_at__lt=at),
        "moved_after": lambda rows, at, _now: rows.filter(status_since__gt=at),
    }
)


# What a machine, or a person after it, makes of claims side by side: not even which claims an answer lacks tells of it.
_DESK_ONLY = ("joined", "drift")


class ClaimIn(Body):
    """A claim by hand: a speech, a message, a caption; or marked in an article by its quote."""

    default_error_messages = {
        "both": gettext_lazy("An article and its quote go together."),
        "certainty_of_quote": gettext_lazy("A certainty is a quote's: give article and quote with it."),
    }

    text = Text(help_text="One standalone sentence of at most 2,000 characters.")
    kind = Word("ClaimKind", KIND_WORDS, required=False)
    claimant = Text(required=False, allow_blank=True, max_length=300, help_text="Who said it, by name.")
    said_at = serializers.DateTimeField(required=False, allow_null=True)
    said_where = Text(required=False, allow_blank=True, max_length=300)
    language = Text(
        required=False,
        max_length=12,
        validators=[RegexValidator(r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")],
        help_text="Such as en or pt-BR; en unless given.",
    )
    article = Uid(required=False, help_text="uid of an article in which it stands.")
    quote = Text(required=False, max_length=2000, help_text="Verbatim, as it stands in the article.")
    certainty = Word("Certainty", CERTAINTY_WORDS, required=False, help_text="How sure the article's text is of it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse half a place."""
        if ("article" in attrs) != ("quote" in attrs):
            self.fail("both")
        if "certainty" in attrs and "article" not in attrs:
            self.fail("certainty_of_quote")
        return attrs


class Claims(Listing):
    """Claims, newest first."""

    actions = {"GET": SEE, "POST": (Action.SUBMIT,)}
    refusals = (ClaimRefused,)
    problems = {"POST": (409, 422)}
    query = ClaimsQuery
    shape = ClaimOut
    tag = "claims"

    @extend_schema(operation_id="claims_list", summary="Claims", responses={200: ClaimOut(many=True)})
    def get(self, request: Request) -> Response:
        """Claims, newest first; parameters narrow together. A token that may only suggest sees those it sent in."""
        rows = claims_for(request)
        if not token(request).may(Action.SEE_DESK) and any(name in self.asked for name in _DESK_ONLY):
            raise Problem("not_allowed", _("Only a token that may see the desk narrows by `joined` or `drift`."))
        for name, narrowed in _NARROWED.items():
            if name in self.asked:
                rows = narrowed(rows, self.asked[name], self.now)
        return self.page(_whole(rows))

    @extend_schema(
        operation_id="claims_create", summary="Add a claim by hand", request=ClaimIn, responses={201: ClaimOut}
    )
    @once
    def post(self, request: Request) -> Made:
        """Add a claim by hand, with or without an article. A client's is a suggestion to the desk."""
        sent = self.body(ClaimIn)
        if "article" in sent:
            sent["article"] = _article(request, sent["article"])
        return Made(201, str(claims.make(**sent, now=self.now, **owner(request)).pk))

    def show(self, made: Made) -> Response:
        """Write the claim that was added."""
        shown = _whole(Claim.objects.all()).get(pk=made.what)
        place = self.request.build_absolute_uri(ClaimOut().get_links(shown)["self"])
        return self.written(shown, ClaimOut, status=made.status, Location=place)


class OneClaim(Door):
    """One claim."""

    actions = {"GET": SEE}
    tag = "claims"

    @extend_schema(operation_id="claims_get", summary="One claim", responses={200: ClaimOut})
    def get(self, request: Request, uid: UUID) -> Response:
        """Where it stands, since when and until when, what speaks against that, and where it was said."""
        return self.written(get_object_or_404(_whole(claims_for(request)), uid=uid), ClaimOut)


class IndependentSources(Door):
    """Who says so, without those who copy."""

    actions = {"GET": (Action.SEE_DESK,)}
    tag = "claims"

    @extend_schema(
        operation_id="claims_independent_sources",
        summary="Independent sources of a claim",
        responses={200: IndependentSourcesOut},
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """How many of the pages that say so have no owner, agency or text in common, and what ties the others."""
        claim = get_object_or_404(Claim, uid=uid)
        return self.written(voices.independent_sources(claim), IndependentSourcesOut)


class History(Listing):
    """What happened to one claim."""

    actions = {"GET": (Action.SEE_DESK,)}
    cursor_field = "sequence"
    shape = EventOut
    tag = "claims"

    @extend_schema(operation_id="claims_history", summary="History of a claim", responses={200: EventOut(many=True)})
    def get(self, request: Request, uid: UUID) -> Response:
        """Everything that happened to it, newest first; a move comes with its who, when and why."""
        self.claim = get_object_or_404(Claim, uid=uid)
        return self.page(Event.objects.filter(subject_uid=uid).select_related("by"))

    def shapes(self, rows: Any) -> Any:
        """Fetch the status changes of the page, and the versions that were on the table, at once."""
        numbers = [event.payload.get("number") for event in rows if event.type == MOVED]
        changes = StatusChange.objects.filter(claim=self.claim, number__in=numbers).select_related("by")
        self.changes = {change.number: change for change in changes}
        return super().shapes(rows)

    def get_serializer_context(self) -> dict[str, Any]:
        """Add them."""
        found = {"changes": self.changes, "versions": _versions(self.changes.values())}
        return {**super().get_serializer_context(), **found}


class MoveIn(Body):
    """A move from what you saw: the status in `seen`, or the claim's ETag in If-Match, or both."""

    to = Word("Status", STATUS_WORDS)
    seen = Word("Status", STATUS_WORDS, required=False, help_text="The status that you saw; not needed with If-Match.")
    looked_at = serializers.DateTimeField(
        required=False, help_text="When you read it: a verdict is refused where a quote it rests on changed since."
    )
    reason = Text(required=False, allow_blank=True, max_length=LONGEST_WHY, help_text="Stays on the desk.")
    code = Word(
        "ClosedBecause",
        [code.value for code in OFFERED],
        required=False,
        help_text="Why it cannot be checked, in place of a reason in words.",
    )
    search_log = Text(
        required=False, allow_blank=True, max_length=LONGEST_WHY, help_text="Where you looked, whom you asked."
    )


class Moves(Door):
    """Move one claim."""

    actions = {"POST": (Action.MOVE_STATUS,)}
    refusals = (VerdictRefused,)
    problems = {"POST": (409, 412, 422, 428)}
    tag = "claims"

    @extend_schema(operation_id="claims_move", summary="Move a claim", request=MoveIn, responses={201: StatusChangeOut})
    @once
    def post(self, request: Request, uid: UUID) -> Made:
        """Move it along the table of moves, from the status that you saw.

        409 `status_moved` where it no longer stands there; 412 where anything of it is no longer as `If-Match` says.
        """
        claim, sent = get_object_or_404(Claim, uid=uid), self.body(MoveIn)
        tag = conditional.named(request.headers.get("If-Match", ""))
        if not tag and "seen" not in sent:
            said = _("Send `seen`, the status that you saw, or If-Match with the claim's ETag.")
            raise Problem("precondition_required", said)
        # What refuses the move is heard outside of it, or it would be taken back with it.
        with verdicts.heard(claim, now=self.now), transaction.atomic():
            if tag:
                claim = self._still(claim, tag)
                sent = {"looked_at": self.now, "seen": claim.status, **sent}
            to, seen = Status(sent.pop("to")), Status(sent.pop("seen"))
            sent |= {"code": Code(sent["code"])} if "code" in sent else {}
            change = verdicts.change_status(
                claim, to=to, seen=seen, by=person(request), now=self.now, hears=False, **sent
            )
        return Made(201, str(change.pk))

    def _still(self, claim: Claim, tag: str) -> Claim:
        """Return the claim, held until the move is made, if this token still reads of it what it read."""
        held = _whole(Claim.objects.select_for_update(no_key=True, of=("self",))).get(pk=claim.pk)
        read = ClaimOut(held, context=super().get_serializer_context()).data
        conditional.check(tag, conditional.tag(conditional.PlainJSON().render(read)))
        return held

    def show(self, made: Made, uid: UUID) -> Response:
        """Write the move that was made."""
        self.change = StatusChange.objects.select_related("by").get(pk=made.what)
        return self.written(self.change, StatusChangeOut, status=made.status)

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the versions that were on the table."""
        return {**super().get_serializer_context(), "versions": _versions([self.change])}


def _versions(changes: Any) -> dict[int, Snapshot]:
    ids = {pk for change in changes for pk in change.snapshot_ids}
    return Snapshot.objects.select_related("document").only("number", "document__uid").in_bulk(ids)


def _whole(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Fetch with the claims all that is written of them, but no text of any version."""
    chain = Prefetch("chain", Attribution.objects.select_related("source"))
    version = ("snapshot__text", "snapshot__blocks", "snapshot__links")
    places = Appearance.objects.select_related("article__document", "snapshot").defer(*version).prefetch_related(chain)
    flags = Flag.objects.standing().select_related("document")
    joined = Claim.objects.only("uid", "head").order_by("pk")
    company = (Prefetch("appearances", places), Prefetch("flags", flags), Prefetch("joined", joined))
    return rows.select_related("claimant", "head").prefetch_related(*company)


def _article(request: Request, uid: UUID) -> Article:
    article = articles_for(request).filter(uid=uid).select_related("document__snapshot").first()
    if article is None:
        raise Problem("article_unknown", _("There is no article %(uid)s.") % {"uid": uid})
    return article
