"""Flags: raised once for each reason and page, cleared by people, or by a page that can be seen again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from claims.models import Appearance, Claim, Evidence, Flag
from claims.services import events
from claims.verification import anchors, staleness
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.models import User
from sources.fetching.redaction import is_blackened
from sources.models import Document


def raise_flag(
    claim: Claim, reason: StaleReason, *, now: datetime, document: Document | None = None, **detail: Any
) -> bool:
    """Raise a flag unless one is open for the same reason and page, or the claim is closed; say whether it is new."""
    locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if locked.erased_at is not None:
        return False
    known = Flag.objects.standing().filter(claim=locked, reason=reason, document=document)
    if not staleness.is_flaggable(Status(locked.status)) or known.exists():
        return False
    Flag.objects.create(claim=locked, reason=reason, document=document, detail=detail, since=now)
    page = str(document.uid) if document else None
    events.record(locked, "claim.flagged_stale", now=now, reason=reason.value, document=page, **detail)
    return True


def hold_against(pinned: Evidence | Appearance, today: str, *, now: datetime) -> None:
    """Hold a pinned quote against what its page says today, keep what became of it, and flag its claim if need be.

    The same difference is told once: what a person cleared does not come back with the next edit elsewhere, nor when
    the page goes back and forth.
    """
    was, quote, document = then(pinned)
    if quote is None or not today.strip():
        return  # what it said then, or says today, was erased: nobody knows what became of it
    found = anchors.anchor(quote, was, today)
    is_news = (found.anchor, found.sentence) != (pinned.anchor, pinned.anchor_sentence)
    pinned.anchor, pinned.anchor_sentence, pinned.anchored_at = found.anchor, found.sentence, now
    pinned.save(update_fields=["anchor", "anchor_sentence", "anchored_at"])
    sentence = anchors.sentence_at(was, quote.start, quote.end)
    reason = staleness.reason_for(found.anchor, was=sentence, today=found.sentence)
    if reason is None or not is_news:
        return
    told = {"quote": quote.exact, "was": sentence, "today": found.sentence}
    if not was_settled(pinned.claim, reason, document, **told):
        raise_flag(pinned.claim, reason, document=document, now=now, anchor=found.anchor.value, **told)


def was_settled(claim: Claim, reason: StaleReason, document: Document, **told: str) -> bool:
    """Say whether a person has cleared a flag that told exactly this."""
    cleared = Flag.objects.settled().filter(claim=claim, reason=reason, document=document)
    return cleared.filter(detail__contains=told).exists()


def then(pinned: Evidence | Appearance) -> tuple[str, anchors.Quote | None, Document]:
    """Return the text in which the quote was pinned, the quote there unless it was erased, and its page."""
    assert pinned.snapshot is not None  # noqa: S101  a constraint of the table
    text = pinned.snapshot.text
    if isinstance(pinned, Evidence):
        assert pinned.document is not None  # noqa: S101  a statement quotes no page
        first, last, document = pinned.start or 0, pinned.end or 0, pinned.document
    else:
        first, last, document = pinned.spans[0]["start"], pinned.spans[-1]["end"], pinned.article.document
    is_erased = is_blackened(text[first:last]) or pinned.snapshot.is_taken_down
    return text, None if is_erased else anchors.quote_at(text, first, last), document


@transaction.atomic
def clear_flag(flag: Flag, *, how: Flag.Cleared, now: datetime, by: User | None = None) -> bool:
    """Clear an open flag; False where somebody else did first."""
    rows = Flag.objects.standing().filter(pk=flag.pk).update(cleared_at=now, cleared_by=by, cleared_how=how)
    if rows:
        events.record(flag.claim, "claim.flags_cleared", now=now, by=by, reasons=[flag.reason], how=how)
    return bool(rows)
