"""One claim that says several things becomes several claims, and one again where nobody worked on them since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims.models import Appearance, Attribution, Claim, Evidence, StatusChange
from claims.models.appearance import SPLIT_UP
from claims.models.claim import TEXT_LENGTH
from claims.services import claims, events, groups, verdicts
from claims.verification import anchors
from claims.verification.anchors import QuoteNotFound
from claims.verification.status import BIRTH, OPEN, Code, Status
from factcheck.access.models import User
from sources.models import Document

LEAST_PARTS, MOST_PARTS = 2, 6


class SplitRefused(Exception):
    """The claim stays as it is; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Part:
    """One of the claims to be: its sentence, and its part of the quote where that is not the whole."""

    text: str
    quote: str = ""


@transaction.atomic
def split_up(claim: Claim, parts: Sequence[Part], *, seen: str, by: User, now: datetime) -> list[Claim]:
    """Write each part as a claim of its own where the claim stands, and close the claim; raises SplitRefused.

    `seen` is the sentence that was split. Also raises VerdictRefused where the person may not move claims.
    """
    locked = _held(claim)
    if locked.text != seen:
        raise SplitRefused("moved", _("Somebody wrote the sentence anew meanwhile. Look at it again, then split it."))
    said = [" ".join(part.text.split()) for part in parts]
    _refuse_sentences(said)
    places = list(_places(locked))
    _refuse_quotes(parts, places)
    made = []
    for text, part in zip(said, parts, strict=True):
        one = _born(locked, text, by=by, now=now)
        for place in places:
            _carry_over(place, one, part.quote)
        made.append(one)
    verdicts.change_status(
        locked, to=Status.NOT_CHECKABLE, seen=Status(locked.status), code=Code.SPLIT_UP, by=by, now=now
    )
    events.record(locked, "claim.split_up", now=now, by=by, parts=[str(one.uid) for one in made])
    return made


def _held(claim: Claim) -> Claim:
    """Hold the pages where it stands, so that no splitting of them ends meanwhile, and the claim."""
    standing = Appearance.objects.standing().filter(claim=claim)
    pages = Document.objects.filter(pk__in=standing.values("article__document"))
    list(pages.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    group = groups.held([claim.pk])
    locked = group[claim.pk]
    if len(group) > 1:
        raise SplitRefused("joined", _("It is joined to another claim: part them first, then split it up."))
    if Status(locked.status) not in OPEN:
        raise SplitRefused("decided", _("A decision stands on these words: reopen the claim first."))
    return locked


def _refuse_sentences(said: Sequence[str]) -> None:
    if not LEAST_PARTS <= len(said) <= MOST_PARTS:
        raise SplitRefused(
            "how_many",
            _("Write %(least)s to %(most)s sentences.") % {"least": LEAST_PARTS, "most": MOST_PARTS},
        )
    if len({text.casefold() for text in said}) < len(said):
        raise SplitRefused("same", _("Two of the sentences are the same."))
    if any(not 0 < len(text) <= TEXT_LENGTH for text in said):
        raise SplitRefused(
            "claim_text", _("A claim is one sentence of 1 to %(most)s characters.") % {"most": TEXT_LENGTH}
        )


def _places(claim: Claim) -> Iterable[Appearance]:
    standing = Appearance.objects.standing().filter(claim=claim).select_related("snapshot")
    return standing.prefetch_related("chain").order_by("pk")


def _refuse_quotes(parts: Sequence[Part], places: Sequence[Appearance]) -> None:
    for part in parts:
        if part.quote.strip() and not any(_spans(place, part.quote) for place in places):
            raise SplitRefused(
                "quote_not_found",
                _("“%(quote)s” does not stand where the claim stands: copy it character for character.")
                % {"quote": part.quote.strip()[:100]},
            )


def _spans(place: Appearance, quote: str) -> list[dict[str, Any]]:
    """Return where a part of the quote stands in the sentence of a place; empty where it does not."""
    text, first, last = place.snapshot.text, place.spans[0]["start"], place.spans[-1]["end"]
    start, end = anchors.sentence_span(text, first, last)
    try:
        found = anchors.find_quote(text[start:end], quote, near=max(0, first - start))
    except QuoteNotFound:
        return []
    return [asdict(anchors.quote_at(text, start + found.start, start + found.end))]


def _born(whole: Claim, text: str, *, by: User, now: datetime) -> Claim:
    try:
        one = claims.make(
            text,
            now=now,
            by=by,
            kind=whole.kind,
            said_at=whole.said_at,
            said_where=whole.said_where,
            language=whole.language,
            status=Status(whole.status) if whole.status in BIRTH else Status.UNREVIEWED,
        )
    except claims.ClaimRefused as refusal:
        raise SplitRefused(refusal.code, str(refusal)) from refusal
    one.part_of, one.claimant, one.topic, one.check_worthiness = (
        whole,
        whole.claimant,
        whole.topic,
        whole.check_worthiness,
    )
    one.save(update_fields=["part_of", "claimant", "topic", "check_worthiness"])
    return one


def _carry_over(place: Appearance, one: Claim, quote: str) -> None:
    spans = (_spans(place, quote) if quote.strip() else []) or place.spans
    copy = Appearance.objects.create(
        claim=one,
        article_id=place.article_id,
        snapshot=place.snapshot,
        spans=spans,
        quote=" … ".join(span["exact"] for span in spans) if spans is not place.spans else place.quote,
        fingerprint=hashlib.sha256(f"{one.uid} {place.uid}".encode()).hexdigest(),
        certainty=place.certainty,
        kind=place.kind,
        salience=place.salience,
        because=[SPLIT_UP],
        anchor=place.anchor,
        anchor_sentence=place.anchor_sentence,
    )
    Attribution.objects.bulk_create(
        Attribution(appearance=copy, position=link.position, name=link.name, cue=link.cue, source_id=link.source_id)
        for link in place.chain.all()
    )


@transaction.atomic
def put_together(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Undo that: close the parts, and have the claim stand where it stood; raises SplitRefused, VerdictRefused.

    Only where nobody worked on a part since.
    """
    keys = list(Claim.objects.filter(part_of=claim).values_list("pk", flat=True))
    group = groups.held([claim.pk, *keys])
    locked, parts = group[claim.pk], [group[pk] for pk in sorted(keys)]
    if not parts or locked.status != Status.NOT_CHECKABLE:
        raise SplitRefused("not_split", _("It is not split up: somebody took that back, or reopened it."))
    if len(group) > len(keys) + 1 or _worked_on(parts):
        raise SplitRefused("worked_on", _("Somebody worked on a part since: close the parts by hand, and reopen it."))
    for part in parts:
        verdicts.change_status(
            part, to=Status.NOT_CHECKABLE, seen=Status(part.status), code=Code.SPLIT_UP, by=by, now=now
        )
    Appearance.objects.standing().filter(claim__in=keys).update(ended_at=now)
    Claim.objects.filter(pk__in=keys).update(part_of=None)
    _reopen(locked, by=by, now=now)
    events.record(locked, "claim.put_together", now=now, by=by, parts=[str(one.uid) for one in parts])
    return locked


def _worked_on(parts: Sequence[Claim]) -> bool:
    """Say whether anybody moved a part, joined it, worded it anew, read its places otherwise, or held a page to it."""
    moved = StatusChange.objects.filter(claim__in=parts).exists()
    held = Evidence.objects.filter(claim__in=parts, state=Evidence.State.ACCEPTED).exists()
    read = Appearance.objects.filter(claim__in=parts).filter(Q(reread__isnull=False)).exists()
    return moved or held or read or any(one.edits or one.head_id for one in parts)


def _reopen(claim: Claim, *, by: User, now: datetime) -> None:
    """Move the claim back to where it stood before it was split up."""
    before = StatusChange.objects.filter(claim=claim).latest("number").old
    why = _("Put together again.")
    verdicts.change_status(claim, to=Status.IN_REVIEW, seen=Status.NOT_CHECKABLE, reason=why, by=by, now=now)
    if before in BIRTH:
        verdicts.change_status(claim, to=Status(before), seen=Status.IN_REVIEW, by=by, now=now)
