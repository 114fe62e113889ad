"""Changes of pages come in; anchors, flags and events go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from claims.models import Appearance, Article, Claim, Evidence, Flag
from claims.services import events
from claims.verification import anchors, staleness
from claims.verification.anchors import Anchor
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.models import User
from sources.models import Change, Document


@transaction.atomic
def apply_change(held: ledger.Lease, *, now: datetime) -> None:
    """Do what one change of a page asks for, once: anchors, flags, events, and the article's next splitting."""
    ledger.finish(held, due_at=None)
    change = Change.objects.select_related("document", "before", "after").get(pk=held.pk)
    if change.found == Change.Found.CHANGED:
        _compare(change, now=now)
    elif change.found == Change.Found.GONE:
        _gone(change, now=now)
    elif change.found == Change.Found.BLIND:
        for claim in _resting_on(change.document):
            raise_flag(claim, StaleReason.MONITOR_BLIND, document=change.document, now=now)
    if change.after is not None:
        Article.objects.filter(document=change.document).update(
            state=Article.State.DUE, state_reason="", due_at=now, quarantined_at=None, attempts=0
        )


def _compare(change: Change, *, now: datetime) -> None:
    """Hold every pinned quote of the page against what it says now."""
    assert change.before is not None  # noqa: S101  a changed text has both versions
    assert change.after is not None  # noqa: S101
    new = change.after.text
    pinned = Evidence.objects.accepted().filter(document=change.document).exclude(exact="")
    for evidence in pinned.select_related("claim", "snapshot"):
        assert evidence.snapshot is not None  # noqa: S101  a constraint of the table
        quote = anchors.quote_at(evidence.snapshot.text, evidence.start or 0, evidence.end or 0)
        found = anchors.anchor(quote, evidence.snapshot.text, new)
        evidence.anchor, evidence.anchor_sentence, evidence.anchored_at = found.anchor, found.sentence, now
        evidence.save(update_fields=["anchor", "anchor_sentence", "anchored_at"])
        _flag_for(evidence.claim, found, was=evidence.sentence, quote=evidence.exact, change=change, now=now)
    _compare_appearances(change, new, now=now)


def _compare_appearances(change: Change, new: str, *, now: datetime) -> None:
    standing = Appearance.objects.standing().filter(article__document=change.document)
    for appearance in standing.select_related("claim", "snapshot"):
        old = appearance.snapshot.text
        first, last = appearance.spans[0]["start"], appearance.spans[-1]["end"]
        found = anchors.anchor(anchors.quote_at(old, first, last), old, new)
        appearance.anchor, appearance.anchor_sentence, appearance.anchored_at = (
            found.anchor,
            found.sentence,
            now,
        )
        appearance.save(update_fields=["anchor", "anchor_sentence", "anchored_at"])
        was = anchors.sentence_at(old, first, last)
        _flag_for(appearance.claim, found, was=was, quote=appearance.quote, change=change, now=now)


def _flag_for(claim: Claim, found: anchors.Found, *, was: str, quote: str, change: Change, now: datetime) -> None:
    reason = staleness.reason_for(found.anchor)
    if reason is not None:
        raise_flag(
            claim,
            reason,
            document=change.document,
            now=now,
            anchor=found.anchor.value,
            quote=quote,
            was=was,
            today=found.sentence,
        )


def _gone(change: Change, *, now: datetime) -> None:
    document = change.document
    gone: dict[str, Any] = {"anchor": Anchor.PAGE_GONE.value, "anchor_sentence": "", "anchored_at": now}
    Evidence.objects.accepted().filter(document=document).exclude(exact="").update(**gone)
    Appearance.objects.standing().filter(article__document=document).update(**gone)
    for claim in _resting_on(document):
        raise_flag(claim, StaleReason.SOURCE_GONE, document=document, now=now, anchor=Anchor.PAGE_GONE.value)


def _resting_on(document: Document) -> Iterable[Claim]:
    """Claims whose article this is, whose sentence cites it, or whose evidence it is."""
    shown = Appearance.objects.standing().filter(article__document=document).values("claim")
    held = Evidence.objects.filter(document=document).exclude(state=Evidence.State.DISMISSED).values("claim")
    return Claim.objects.filter(pk__in=shown.union(held)).order_by("pk")


def raise_flag(
    claim: Claim, reason: StaleReason, *, now: datetime, document: Document | None = None, **detail: Any
) -> bool:
    """Raise a flag unless one is open for the same reason and page, or the claim is closed; say whether it is new."""
    locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    known = Flag.objects.standing().filter(claim=locked, reason=reason, document=document)
    if not staleness.is_flaggable(Status(locked.status)) or known.exists():
        return False
    Flag.objects.create(claim=locked, reason=reason, document=document, detail=detail, since=now)
    page = str(document.uid) if document else None
    events.record(locked, "claim.flagged_stale", now=now, reason=reason.value, document=page, **detail)
    return True


@transaction.atomic
def review_due(held: ledger.Lease, *, now: datetime) -> None:
    """Flag a claim whose status has grown too old; nothing if it moved on meanwhile."""
    ledger.finish(held, due_at=None)
    claim = Claim.objects.get(pk=held.pk)
    if claim.is_overdue(now):
        raise_flag(claim, StaleReason.TOO_OLD, now=now, status=claim.status, since=claim.status_since.isoformat())


@transaction.atomic
def clear_flag(flag: Flag, *, how: Flag.Cleared, by: User, now: datetime) -> bool:
    """Clear an open flag; False where somebody else did first."""
    rows = Flag.objects.standing().filter(pk=flag.pk).update(cleared_at=now, cleared_by=by, cleared_how=how)
    if rows:
        events.record(flag.claim, "claim.flags_cleared", now=now, by=by, reasons=[flag.reason], how=how)
    return bool(rows)
