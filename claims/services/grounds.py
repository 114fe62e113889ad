"""What a verdict rests on: what must be on the table, and what of it is not as its reviewer saw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from claims.models import Appearance, Claim, Evidence, Flag
from claims.services import flags
from claims.verification import anchors, staleness
from claims.verification.staleness import StaleReason

# What tells that a pinned quote stands no longer. All else that happens meanwhile is told, and refuses nothing.
OF_QUOTES = (StaleReason.QUOTE_CHANGED.value, StaleReason.SOURCE_GONE.value)


@dataclass(frozen=True, slots=True)
class Moved:
    """A pinned quote's sentence as it was, and what its page says today; empty where it says nothing of the kind."""

    page: str
    was: str
    today: str


def versions(claim: Claim) -> list[int]:
    """Return the ids of the snapshots that the claim's accepted evidence pins."""
    pinned = Evidence.objects.accepted().filter(claim=claim).values_list("snapshot_id", flat=True)
    return sorted({pin for pin in pinned if pin is not None})


def moved_since(claim: Claim, looked_at: datetime) -> list[Moved]:
    """Return the claim's quotes whose pages say something else than whoever read the claim then could see."""
    raised = Flag.objects.standing().filter(claim=claim, reason__in=OF_QUOTES, since__gt=looked_at)
    told = [_told(flag) for flag in raised.select_related("document").order_by("pk")]
    held = [moved for pinned in _pinned(claim) if (moved := _moved(pinned, looked_at)) is not None]
    return list(dict.fromkeys([*told, *held]))


def _told(flag: Flag) -> Moved:
    return Moved(str(flag.document), str(flag.detail.get("was", "")), str(flag.detail.get("today", "")))


def _pinned(claim: Claim) -> Iterator[Evidence | Appearance]:
    """Yield each quote whose page has another version by now than that in which it was pinned."""
    quoted = Evidence.objects.accepted().filter(claim=claim).exclude(exact="")
    elsewhere = quoted.exclude(document__snapshot=F("snapshot"))
    yield from elsewhere.select_related("claim", "snapshot", "document__snapshot")
    places = Appearance.objects.standing().filter(claim=claim).exclude(article__document__snapshot=F("snapshot"))
    yield from places.select_related("claim", "snapshot", "article__document__snapshot")


def _moved(pinned: Evidence | Appearance, looked_at: datetime) -> Moved | None:
    """Hold a quote anew against its page as it stands in the database; what was heard of and seen is none."""
    was, quote, document = flags.then(pinned)
    page = document.snapshot
    if quote is None or page is None or not page.text.strip():
        return None  # what it said then, or says today, was erased: nobody knows what became of it
    found = anchors.anchor(quote, was, page.text)
    sentence = anchors.sentence_at(was, quote.start, quote.end)
    reason = staleness.reason_for(found.anchor, was=sentence, today=found.sentence)
    is_heard = (found.anchor, found.sentence) == (pinned.anchor, pinned.anchor_sentence)
    if reason is None or (is_heard and page.taken_at <= looked_at):
        return None
    told = {"quote": quote.exact, "was": sentence, "today": found.sentence}
    if flags.was_settled(pinned.claim, reason, document, **told):
        return None
    return Moved(str(document), sentence, found.sentence)
