"""One look at a page: fetched and read outside any transaction, recorded in one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from factcheck import ledger
from factcheck.lib import http
from factcheck.lib.answers import Failed, Response, Validators
from factcheck.lib.stand_ins import stand_ins
from sources.fetching import pace
from sources.fetching.digest import digest
from sources.fetching.outcomes import outcome_of, why
from sources.fetching.reading import read_in_jail
from sources.fetching.types import Outcome, Reading, Unreadable
from sources.fetching.walls import looks_gated
from sources.models import Change, Check, Document, Snapshot
from sources.services import documents

Fetch = Callable[..., Response | Failed]
Read = Callable[..., Reading | Unreadable]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw; `outcome` is None where there is a reading to compare."""

    outcome: Outcome | None
    detail: str
    http_status: int | None
    took_ms: int
    reading: Reading | None = None
    body: bytes = b""
    media_type: str = ""
    validators: Validators = field(default_factory=Validators)
    retry_after: str = ""


def fetcher() -> Fetch:
    """Return the guarded client as the settings want it; LOOPBACK_HOSTS stands in for names under .test only."""
    chosen: dict[str, Any] = {"user_agent": settings.USER_AGENT}
    if settings.LOOPBACK_HOSTS:
        chosen["resolve"], chosen["dial"] = stand_ins(settings.LOOPBACK_HOSTS)
    return partial(http.fetch, **chosen)


def look_at(document: Document, *, fetch: Fetch | None = None, read: Read = read_in_jail) -> Look:
    """Fetch the page and read it in the jail; touches no row. Expected failures come back as outcomes."""
    validators = Validators(document.etag, document.last_modified) if document.snapshot_id else None
    answer = (fetch or fetcher())(document.url, validators=validators)
    took_ms = round(answer.took * 1000)
    outcome = outcome_of(answer)
    if isinstance(answer, Failed):
        return Look(outcome, why(answer), None, took_ms)
    if outcome is not None:
        asked = answer.headers.get("retry-after", "")
        return Look(outcome, why(answer), answer.status, took_ms, retry_after=asked)
    reading = read(answer.body, media_type=answer.media_type, charset=answer.charset, url=answer.url)
    if isinstance(reading, Unreadable):
        detail = f"could not be read within its bounds: {reading.reason}"
        return Look(Outcome.UNSUPPORTED, detail, answer.status, took_ms)
    wall = looks_gated(reading, answer.body)
    if wall is not None:
        return Look(wall, "a login, a bot check or a shell for JavaScript", answer.status, took_ms)
    if not reading.text.strip():
        return Look(Outcome.UNREACHABLE, "empty_extraction: no text was found", answer.status, took_ms)
    seen = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    return Look(None, reading.truncated, answer.status, took_ms, reading, answer.body, answer.media_type, seen)


@transaction.atomic
def record(held: ledger.Lease, look: Look, *, now: datetime, rng: random.Random | None = None) -> Outcome:
    """Write the look, and what it found, in the transaction that gives the page back; raises LeaseLost."""
    document = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot").get(pk=held.pk)
    outcome = _settle(document, look, now=now)
    snapshot = None
    if outcome is Outcome.CHANGED:
        snapshot = _keep(document, look, now=now)
    elif outcome is Outcome.GONE and document.gone_at is None:
        _found(document, Change.Found.GONE, before=document.snapshot, now=now)
    _count(document, look, outcome, now=now)
    again = _when_next(document, look, outcome, now=now, rng=rng or random.SystemRandom())
    document.due_because = again.because[:300]
    document.save(update_fields=_COUNTED)
    Check.objects.create(
        document=document,
        due_at=held.due_at,
        at=now,
        outcome=outcome,
        detail=look.detail[:300],
        http_status=look.http_status,
        took_ms=look.took_ms,
        snapshot_id=snapshot.pk if snapshot else None,
    )
    ledger.finish(held, due_at=again.at if document.is_watched else None)
    return outcome


_COUNTED = [
    "outcome",
    "outcome_detail",
    "checked_at",
    "seen_at",
    "changed_at",
    "gone_at",
    "failures",
    "looks_since_change",
    "pending_digest",
    "pending_looks",
    "etag",
    "last_modified",
    "due_because",
]
_GONE = "gone"


def _settle(document: Document, look: Look, *, now: datetime) -> Outcome:
    """Return what the look counts as: a change, and a page that is gone, must be seen more than once."""
    if look.outcome is Outcome.GONE:
        return Outcome.GONE if document.gone_at or _confirmed(document, _GONE) else Outcome.CHANGE_PENDING
    if look.reading is None:
        if look.outcome is Outcome.UNCHANGED:
            document.pending_digest, document.pending_looks = "", 0
        return look.outcome or Outcome.UNREACHABLE
    seen = digest(look.reading.substance)
    if document.snapshot is None:
        return Outcome.CHANGED
    if document.snapshot.digest == seen:
        document.pending_digest, document.pending_looks = "", 0
        return Outcome.UNCHANGED
    if document.snapshot.complete and not look.reading.complete:
        return Outcome.UNREACHABLE  # half a page says nothing of the other half
    return Outcome.CHANGED if _confirmed(document, seen) else Outcome.CHANGE_PENDING


def _confirmed(document: Document, seen: str) -> bool:
    """Count another look that saw the same; True when there were enough of them."""
    looks = document.pending_looks + 1 if document.pending_digest == seen else 1
    document.pending_digest, document.pending_looks = seen, looks
    if looks < settings.CHANGE_LOOKS:
        return False
    document.pending_digest, document.pending_looks = "", 0
    return True


def _keep(document: Document, look: Look, *, now: datetime) -> Snapshot:
    assert look.reading is not None  # noqa: S101
    before = document.snapshot
    snapshot = documents.keep(
        document,
        look.reading,
        raw=look.body,
        media_type=look.media_type,
        now=now,
        captured_by=Snapshot.CapturedBy.FETCH,
    )
    found = Change.Found.CHANGED if before else Change.Found.FIRST
    _found(document, found, before=before, after=snapshot, now=now)
    return snapshot


def _found(
    document: Document,
    found: Change.Found,
    *,
    now: datetime,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> None:
    Change.objects.create(document=document, found=found, before=before, after=after, at=now, due_at=now)


def _count(document: Document, look: Look, outcome: Outcome, *, now: datetime) -> None:
    """Bring the document's own columns up to the look."""
    document.outcome, document.outcome_detail, document.checked_at = outcome, look.detail[:300], now
    saw = look.reading is not None or look.outcome in {Outcome.UNCHANGED, Outcome.GONE}
    if saw:
        document.seen_at, document.failures = now, 0
    else:
        document.failures += 1
        _report_blindness(document, now=now)
    if outcome is Outcome.CHANGED:
        document.changed_at, document.looks_since_change = now, 0
    elif outcome is Outcome.UNCHANGED:
        document.looks_since_change += 1
    if outcome is Outcome.GONE:
        document.gone_at = document.gone_at or now
    elif outcome in {Outcome.CHANGED, Outcome.UNCHANGED}:
        document.gone_at = None
    if outcome in {Outcome.CHANGED, Outcome.UNCHANGED} and look.reading is not None:
        document.etag, document.last_modified = (
            look.validators.etag[:1000],
            look.validators.last_modified[:200],
        )


def _report_blindness(document: Document, *, now: datetime) -> None:
    """Say once, after an earlier success, that the page could not be seen for too long."""
    after = timedelta(seconds=settings.MONITOR_BLIND_AFTER)
    if document.seen_at is None or document.gone_at is not None or now - document.seen_at <= after:
        return
    if not document.changes.filter(found=Change.Found.BLIND, at__gt=document.seen_at).exists():
        _found(document, Change.Found.BLIND, before=document.snapshot, now=now)


def _when_next(document: Document, look: Look, outcome: Outcome, *, now: datetime, rng: random.Random) -> pace.Look:
    if outcome is Outcome.CHANGE_PENDING:
        apart = timedelta(seconds=settings.CHANGE_LOOKS_APART)
        return pace.Look(now + apart, "a second look confirms or drops what the last one saw")
    again = pace.next_look(
        now=now,
        last_changed_at=document.changed_at,
        looks_since_change=document.looks_since_change,
        outcome=outcome,
        failures=max(document.failures, 2) if outcome is Outcome.GONE else document.failures,
        rng=rng,
        hint=pace.retry_after(look.retry_after, now=now),
    )
    latest = now + timedelta(seconds=settings.LOOK_AGAIN_WITHIN)
    if outcome in {Outcome.CHANGED, Outcome.UNCHANGED} and again.at > latest:
        return pace.Look(latest, "every page is looked at that often here")
    return again
