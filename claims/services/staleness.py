"""Changes of pages come in; anchors, flags and events go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from claims.models import Appearance, Article, Claim, Evidence, Flag
from claims.services import elsewhere, flags, stances
from claims.verification.anchors import Anchor
from claims.verification.staleness import StaleReason
from factcheck import ledger
from factcheck.lib.crashpoints import crashpoint
from sources.models import Change, Document

_BLINDING = (StaleReason.SOURCE_GONE.value, StaleReason.MONITOR_BLIND.value)


@transaction.atomic
def apply_change(held: ledger.Lease, *, now: datetime) -> None:
    """Do what one change of a page asks for, once: anchors, flags, events, and the article's next splitting.

    Changes may be heard out of order, so the page is taken as it stands now, under a lock that looks wait for.
    """
    ledger.finish(held, due_at=None)
    change = Change.objects.get(pk=held.pk)
    document = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot")
    page = document.get(pk=change.document_id)
    if change.found == Change.Found.GONE:
        _gone(page, now=now)
    elif change.found == Change.Found.BLIND:
        for claim in Claim.objects.resting_on(page).order_by("pk"):
            flags.raise_flag(claim, StaleReason.MONITOR_BLIND, document=page, now=now)
    elif change.found != Change.Found.UNSTABLE:
        _compare(page, now=now)
        elsewhere.tell(change, page, now=now)
    if change.found == Change.Found.SEEN_AGAIN:
        _seen_again(page, now=now)
    elif change.after_id is not None:
        article = Article.objects.filter(document=page).exclude(snapshot=page.snapshot)
        ledger.reschedule(article, due_at=now, state=Article.State.DUE, state_reason="")
        stances.ask_anew(page, now=now)
    crashpoint("change.before_commit")


def _compare(page: Document, *, now: datetime) -> None:
    """Hold every pinned quote of the page against what it says now."""
    assert page.snapshot is not None  # noqa: S101  a page that was read has a version
    pinned = Evidence.objects.accepted().filter(document=page).exclude(exact="")
    standing = Appearance.objects.standing().filter(article__document=page)
    for one in pinned.select_related("claim", "snapshot", "document").order_by("claim_id"):
        flags.hold_against(one, page.snapshot.text, now=now)
    for place in standing.select_related("claim", "snapshot", "article__document").order_by("claim_id"):
        flags.hold_against(place, page.snapshot.text, now=now)


def hear_at_once(claim: Claim, *, now: datetime) -> None:
    """Hold what a claim rests on against its pages as they stand, before the work that is due for it comes to it."""
    pages = Document.objects.filter(
        Q(pk__in=Evidence.objects.accepted().filter(claim=claim).exclude(exact="").values("document"))
        | Q(pk__in=Appearance.objects.standing().filter(claim=claim).values("article__document"))
    ).filter(snapshot__isnull=False)
    for pk in pages.order_by("pk").values_list("pk", flat=True):
        _hear(pk, now=now)


@transaction.atomic
def _hear(pk: int, *, now: datetime) -> None:
    page = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot")
    _compare(page.get(pk=pk), now=now)


def _gone(page: Document, *, now: datetime) -> None:
    if page.gone_at is None:
        return  # it is back already
    gone: dict[str, Any] = {"anchor": Anchor.PAGE_GONE.value, "anchor_sentence": "", "anchored_at": now}
    Evidence.objects.accepted().filter(document=page).exclude(exact="").update(**gone)
    Appearance.objects.standing().filter(article__document=page).update(**gone)
    for claim in Claim.objects.resting_on(page).order_by("pk"):
        flags.raise_flag(claim, StaleReason.SOURCE_GONE, document=page, now=now, anchor=Anchor.PAGE_GONE.value)


def _seen_again(page: Document, *, now: datetime) -> None:
    """Take back what was flagged only because the page could not be seen."""
    blind = Flag.objects.standing().filter(document=page, reason__in=_BLINDING)
    for flag in blind.select_related("claim").order_by("claim_id"):
        flags.clear_flag(flag, how=Flag.Cleared.SEEN_AGAIN, now=now)


@transaction.atomic
def review_due(held: ledger.Lease, *, now: datetime) -> None:
    """Flag a claim whose status has grown too old; nothing if it moved on meanwhile."""
    ledger.finish(held, due_at=None)
    _flag_overdue([held], now=now)


@transaction.atomic
def review_many(held: Sequence[ledger.Lease], *, now: datetime) -> None:
    """Do the same for a batch; those whose lease was lost are left to who holds them now."""
    _flag_overdue(ledger.finish_many(held, due_at=None), now=now)


def _flag_overdue(held: Sequence[ledger.Lease], *, now: datetime) -> None:
    # A joined claim ages with the one it is joined to.
    for claim in Claim.objects.standing_alone().filter(pk__in=[one.pk for one in held]).order_by("pk"):
        if claim.is_overdue(now):
            since = claim.status_since.isoformat()
            flags.raise_flag(claim, StaleReason.TOO_OLD, now=now, status=claim.status, since=since)
