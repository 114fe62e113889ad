"""What a verdict rests on: what must be on the table, and what of it is not as its reviewer saw it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from claims.models import Appearance, Claim, Evidence, Flag
from claims.services import flags
from claims.verification import anchors, staleness
from claims.verification.anchors import Found
from claims.verification.staleness import StaleReason
from sources.models import Document

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


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of a claim: a digest of its words, how each quote stood, and its flags."""

    text: str = ""
    quotes: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[int] = frozenset()

    @classmethod
    def read(cls, written: str) -> Seen | None:
        """Read what `shown` wrote; None where it is none of ours."""
        parts = [part.partition(":") for part in written.split(" ") if part]
        if not parts or any(not _A_PART.fullmatch(f"{name}:{value}") for name, _colon, value in parts):
            return None
        told = {name: value for name, _colon, value in parts}
        raised = frozenset(int(name[1:]) for name in told if name.startswith("f"))
        quotes = {name: value for name, value in told.items() if name[0] in "ep"}
        return cls(told.get("t", ""), quotes, raised)


_A_PART = re.compile(r"t:[0-9a-f]{12}|[ep][0-9]{1,18}:[0-9a-f]{12}|f[0-9]{1,18}:1")


def shown(claim: Claim, pinned: Iterable[Evidence | Appearance], raised: Iterable[Flag]) -> str:
    """Write down what a page shows of a claim, so that a verdict can be held to it."""
    quotes = [f"{_name(one)}:{_digest(one.anchor, one.anchor_sentence)}" for one in pinned]
    return " ".join([f"t:{_digest(claim.text)}", *quotes, *(f"f{flag.pk}:1" for flag in raised)])


def _name(one: Evidence | Appearance) -> str:
    return f"{'e' if isinstance(one, Evidence) else 'p'}{one.pk}"


def _digest(*told: str) -> str:
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:12]


def is_reworded(claim: Claim, seen: Seen) -> bool:
    """Say whether the claim says something else by now."""
    return bool(seen.text) and seen.text != _digest(claim.text)


def moved_since(claim: Claim, looked_at: datetime | None, seen: Seen | None) -> list[Moved]:
    """Return the claim's quotes whose pages say something else than its reviewer could see.

    That is told by what the page showed; for who says only when they looked, by the times.
    """
    told = [_told(flag) for flag in _raised_since(claim, looked_at, seen)]
    held = [moved for pinned in _pinned(claim) if (moved := _moved(pinned, looked_at, seen)) is not None]
    return list(dict.fromkeys([*told, *held]))


def _raised_since(claim: Claim, looked_at: datetime | None, seen: Seen | None) -> QuerySet[Flag]:
    raised = Flag.objects.standing().filter(claim=claim, reason__in=OF_QUOTES).select_related("document").order_by("pk")
    return raised.filter(since__gt=looked_at) if seen is None else raised.exclude(pk__in=seen.flags)


def _is_seen(pinned: Evidence | Appearance, found: Found, looked_at: datetime | None, seen: Seen | None) -> bool:
    """Say whether its reviewer saw how the quote stands; one that was pinned after they looked binds nobody."""
    if seen is not None:
        return seen.quotes.get(_name(pinned), now := _digest(found.anchor, found.sentence)) == now
    page = _page_of(pinned).snapshot
    is_heard = (found.anchor, found.sentence) == (pinned.anchor, pinned.anchor_sentence)
    times = (page.taken_at if page else None, pinned.anchored_at)
    return is_heard and looked_at is not None and all(at is None or at <= looked_at for at in times)


def _page_of(pinned: Evidence | Appearance) -> Document:
    return flags.then(pinned)[2]


def _told(flag: Flag) -> Moved:
    return Moved(str(flag.document), str(flag.detail.get("was", "")), str(flag.detail.get("today", "")))


def _pinned(claim: Claim) -> Iterator[Evidence | Appearance]:
    """Yield each quote whose page has another version by now than that in which it was pinned."""
    quoted = Evidence.objects.accepted().filter(claim=claim).exclude(exact="")
    elsewhere = quoted.exclude(document__snapshot=F("snapshot"))
    yield from elsewhere.select_related("claim", "snapshot", "document__snapshot")
    places = Appearance.objects.standing().filter(claim=claim).exclude(article__document__snapshot=F("snapshot"))
    yield from places.select_related("claim", "snapshot", "article__document__snapshot")


def _moved(pinned: Evidence | Appearance, looked_at: datetime | None, seen: Seen | None) -> Moved | None:
    """Hold a quote anew against its page as it stands in the database; what was heard of and seen is none."""
    was, quote, document = flags.then(pinned)
    page = document.snapshot
    if quote is None or page is None or not page.text.strip():
        return None  # what it said then, or says today, was erased: nobody knows what became of it
    found = anchors.anchor(quote, was, page.text)
    sentence = anchors.sentence_at(was, quote.start, quote.end)
    reason = staleness.reason_for(found.anchor, was=sentence, today=found.sentence)
    if reason is None or _is_seen(pinned, found, looked_at, seen):
        return None
    told = {"quote": quote.exact, "was": sentence, "today": found.sentence}
    if flags.was_settled(pinned.claim, reason, document, **told):
        return None
    return Moved(str(document), sentence, found.sentence)
