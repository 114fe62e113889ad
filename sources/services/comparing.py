"""What a look counts as, held against the version we keep and against the looks before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.conf import settings

from sources.fetching import confirming, noise
from sources.fetching.confirming import GONE, Keys, Sighting, Verdict
from sources.fetching.digest import digest
from sources.fetching.types import Block, BlockKind, Link, Outcome, Reading
from sources.fetching.walls import is_stand_in
from sources.fetching.weights import Seen, weigh
from sources.services import erasure

if TYPE_CHECKING:
    from sources.models import Document, Snapshot

COLUMNS = ("sightings", "unstable_since", "pending_digest", "pending_since")
_CALM: Keys = frozenset()
_GOES_BACK = "one of the versions between which the page goes back and forth"
_COMES_BACK = "not found, as it was before, and found again in between"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the look counts as, and why; `is_other`: it did not see the version we keep."""

    outcome: Outcome
    detail: str
    is_other: bool = True


def seen_in(snapshot: Snapshot, *, most: int | None = None) -> Seen:
    """Return a kept version as it is weighed against another, or its first letters, as many as `most`."""
    blocks = tuple(Block(**one | {"kind": BlockKind(one["kind"])}) for one in snapshot.blocks)
    links = tuple(Link(**one) for one in snapshot.links)
    if most is not None:
        blocks = tuple(one for one in blocks if one.end <= most)
    return Seen(snapshot.text[:most], blocks, links, snapshot.published_at, snapshot.modified_at)


def weighed(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """Return what a change from one kept version to another says of its weight."""
    weight = weigh(seen_in(before), seen_in(after))
    return {
        "weight": weight.weight if weight.because else "minor",
        "is_stealth": weight.is_stealth,
        "has_notice": bool(weight.notices),
    }


def is_calm(document: Document) -> bool:
    """Tell whether the last look saw the version we keep, so that the server may be asked for no more than news."""
    return not document.sightings or not Sighting.from_json(document.sightings[-1]).differs


@dataclass(frozen=True, slots=True)
class Before:
    """What looks saw before this one in place of the version we keep, and the digest of what the last of them saw."""

    awaited: Sequence[Sighting]
    digest: str

    @classmethod
    def of(cls, document: Document) -> Before:
        """Take it down before the look is compared."""
        return cls(confirming.awaited(_memory(document)), document.pending_digest)

    def moves(self, document: Document, *, now: datetime) -> list[tuple[datetime, bool]]:
        """Return when each look until this one, that settled an edit, was, and whether it saw another text than before.

        That is how fast the page moves while one waits for it: without it a live blog would pass for a slow page.
        """
        if not self.awaited:
            return [(now, True)]
        moved = [(other.at, one.differs != other.differs) for one, other in pairwise(self.awaited)]
        return [(self.awaited[0].at, True), *moved, (now, document.pending_digest not in {"", self.digest})]


def as_we_keep_it(document: Document, *, now: datetime) -> None:
    """Remember that a look saw the version we keep, where looks before it saw another."""
    if document.sightings:
        _judged(document, _CALM, digest_seen=document.snapshot.digest if document.snapshot else "", now=now)


def absent(document: Document, detail: str, *, now: datetime) -> Compared:
    """Say what a page comes to that was not found."""
    if document.gone_at is not None:
        return Compared(Outcome.GONE, detail)
    verdict = _judged(document, GONE, digest_seen=min(GONE), now=now)
    if verdict is Verdict.RESTLESS:
        return Compared(Outcome.UNREACHABLE, f"{detail}: {_COMES_BACK}")
    return Compared(Outcome.GONE if verdict is Verdict.SETTLED else Outcome.CHANGE_PENDING, detail)


def compared(document: Document, reading: Reading, *, now: datetime) -> Compared:
    """Say what a page comes to that was read."""
    last, why = document.snapshot, reading.truncated
    if last is None:
        return Compared(Outcome.CHANGED, why)
    if last.digest == digest(reading.substance):
        as_we_keep_it(document, now=now)
        return Compared(Outcome.UNCHANGED, why, is_other=False)
    if last.has_whole_text and not reading.has_whole_text:
        return Compared(Outcome.UNREACHABLE, f"{why}: half a page says nothing of the other half")
    if is_stand_in(reading.text, instead_of=last.text):
        return Compared(Outcome.GATED, "a short page that shares no sentence with what stood here")
    kept, seen = noise.stable(seen_in(last)), noise.stable(_screened(reading))
    if digest(kept) == digest(seen):
        as_we_keep_it(document, now=now)
        return Compared(Outcome.UNCHANGED, why, is_other=False)
    return _told_apart(document, kept, seen, why, now=now)


def _told_apart(document: Document, kept: str, seen: str, why: str, *, now: datetime) -> Compared:
    differs = confirming.differs(kept, seen)
    verdict = _judged(document, differs, kept=confirming.keys_of(kept), digest_seen=digest(seen), now=now)
    if verdict is Verdict.RESTLESS:
        return Compared(Outcome.UNCHANGED, _GOES_BACK)
    if verdict is Verdict.AWAITED:
        return Compared(Outcome.CHANGE_PENDING, why)
    _remember(document, confirming.rebased(_memory(document)), digest_seen=digest(seen), now=now)
    return Compared(Outcome.CHANGED, why)


def _screened(reading: Reading) -> Seen:
    """Return the reading as it would be kept, without what was erased before."""
    said, _why = erasure.screened(reading)
    return Seen.of(replace(reading, text=said["text"]))


def _judged(document: Document, differs: Keys, *, digest_seen: str, now: datetime, kept: Keys = frozenset()) -> Verdict:
    """Add the look to those before, and say what it comes to."""
    memory = [*_before(document), Sighting(now, differs)]
    verdict = confirming.judged(
        memory,
        kept=kept,
        since=document.snapshot.taken_at if document.snapshot else document.created_at,
        looks=settings.CHANGE_LOOKS,
        apart=timedelta(seconds=settings.CHANGE_LOOKS_APART),
        was_unstable=document.unstable_since is not None,
    )
    _remember(document, confirming.remembered(memory), digest_seen=digest_seen, now=now)
    return verdict


def _memory(document: Document) -> list[Sighting]:
    return [Sighting.from_json(one) for one in document.sightings]


def _before(document: Document) -> list[Sighting]:
    """Return what is remembered; where that is nothing, the looks that saw the version we keep: the first, the last."""
    if document.sightings or document.snapshot is None or document.seen_at is None:
        return _memory(document)
    first = [Sighting(document.snapshot.taken_at, _CALM)]
    return [*first, Sighting(document.seen_at, _CALM)] if document.looks_since_change else first


def _remember(document: Document, memory: list[Sighting], *, digest_seen: str, now: datetime) -> None:
    document.sightings = [one.as_json() for one in memory]
    document.pending_digest = digest_seen if memory else ""
    document.pending_since = (document.pending_since or now) if memory else None
    is_unstable = confirming.is_unstable(memory, was=document.unstable_since is not None)
    document.unstable_since = (document.unstable_since or now) if is_unstable else None
