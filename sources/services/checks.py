"""One look at a page: fetched and read outside any transaction, recorded in one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from factcheck import ledger, storage
from factcheck.lib import http
from factcheck.lib.addresses import is_same_page
from factcheck.lib.answers import Failed, Response, Validators
from factcheck.lib.crashpoints import crashpoint
from factcheck.lib.stand_ins import stand_ins
from sources.fetching import pace
from sources.fetching.digest import digest
from sources.fetching.exchange import Exchange
from sources.fetching.outcomes import outcome_of, why
from sources.fetching.reading import read_in_jail
from sources.fetching.types import Outcome, Reading, Unreadable
from sources.fetching.walls import WALLS, led_to, looks_gated
from sources.models import Change, Check, Document, Snapshot
from sources.services import comparing, documents, pacing
from sources.services.comparing import Compared

# What a page comes to that our own machine had no time to read; so many of them in a row are the page's own doing.
TOO_SLOW, TOO_SLOW_LOOKS = "could not be read here in time", 3

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
    body: bytes | storage.Kept = b""
    media_type: str = ""
    validators: Validators = field(default_factory=Validators)
    retry_after: str = ""
    exchange: Exchange | None = None


def fetcher() -> Fetch:
    """Return the guarded client as the settings want it; LOOPBACK_HOSTS stands in for names under .test only.

    Make a new one for each round: it remembers where names lead.
    """
    chosen: dict[str, Any] = {"user_agent": settings.USER_AGENT}
    resolve: http.Resolve = http.resolve_name
    if settings.LOOPBACK_HOSTS:
        resolve, chosen["dial"] = stand_ins(settings.LOOPBACK_HOSTS)
    return partial(http.fetch, resolve=http.Remembered(resolve), **chosen)


def look_at(document: Document, *, fetch: Fetch | None = None, read: Read = read_in_jail) -> Look:
    """Fetch the page and read it in the jail; touches no row. Expected failures come back as outcomes."""
    is_known = document.snapshot_id and comparing.is_calm(document)
    validators = Validators(document.etag, document.last_modified) if is_known else None
    answer = (fetch or fetcher())(document.url, validators=validators)
    crashpoint("fetch.after_body")
    took_ms = round(answer.took * 1000)
    outcome = outcome_of(answer)
    if isinstance(answer, Failed):
        return Look(outcome, why(answer), None, took_ms)
    if outcome is not None:
        asked = answer.headers.get("retry-after", "")
        return Look(outcome, why(answer), answer.status, took_ms, retry_after=asked)
    if elsewhere := _led_elsewhere(document.url, answer, took_ms):
        return elsewhere
    try:
        reading = read(answer.body, media_type=answer.media_type, charset=answer.charset, url=answer.url)
    except OSError as error:  # our own machine is short of something: the page is not to blame
        return Look(Outcome.UNREACHABLE, f"could not be read here: {error}", answer.status, took_ms)
    return _kept(document, _judged(reading, answer, took_ms))


def _led_elsewhere(url: str, answer: Response, took_ms: int) -> Look | None:
    """Return what it comes to that the site sends whoever asks for the page to its front page, or to a door."""
    if not answer.redirects:
        return None
    if _is_front(answer.url) and not _is_front(url):
        return Look(Outcome.UNREACHABLE, "led to the site's front page instead", answer.status, took_ms)
    outcome = led_to(url, answer.url)
    return Look(outcome, f"led to {answer.url}", answer.status, took_ms) if outcome else None


def _is_front(url: str) -> bool:
    return urlsplit(url).path in {"", "/"}


def _kept(document: Document, look: Look) -> Look:
    """Keep the bytes of a page that says something new, before any transaction; without them it was not seen."""
    if look.reading is None:
        return look
    if document.snapshot is not None and document.snapshot.digest == digest(look.reading.substance):
        return look
    try:
        return replace(look, body=storage.keep(look.body))  # type: ignore[arg-type]  # bytes until here
    except storage.Unavailable as error:
        return Look(Outcome.UNREACHABLE, f"could not be kept here: {error}", look.http_status, look.took_ms)


def _judged(reading: Reading | Unreadable, answer: Response, took_ms: int) -> Look:
    """Say whether what was read is the page, or a wall, a shell or nothing in its place."""
    if isinstance(reading, Unreadable) and reading.reason == "wall":
        # It waits for nobody and is bounded in CPU: what took that long was our own machine.
        return Look(Outcome.UNREACHABLE, TOO_SLOW, answer.status, took_ms)
    if isinstance(reading, Unreadable):
        detail = f"could not be read within its bounds: {reading.reason}"
        return Look(Outcome.UNSUPPORTED, detail, answer.status, took_ms)
    wall = looks_gated(reading, answer.body)
    if wall is not None:
        return Look(wall, WALLS[wall], answer.status, took_ms)
    if not reading.text.strip():
        return Look(Outcome.UNREACHABLE, "empty_extraction: no text was found", answer.status, took_ms)
    seen = Validators()
    if is_same_page(answer.url, [*answer.redirects, answer.url][0]):  # else they speak of another page
        seen = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    said = Exchange.of(answer)
    return Look(None, "", answer.status, took_ms, reading, answer.body, answer.media_type, seen, exchange=said)


@transaction.atomic
def record(held: ledger.Lease, look: Look, *, now: datetime, rng: random.Random | None = None) -> Outcome:
    """Write the look, and what it found, in the transaction that gives the page back; raises LeaseLost."""
    locked = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot", "publisher")
    document = locked.get(pk=held.pk)
    on, before = pacing.terms(), comparing.Before.of(document)
    known = _compared(document, look, now=now)
    outcome, change = known.outcome, None
    if outcome is Outcome.GONE and document.gone_at is None:
        _found(document, Change.Found.GONE, before=document.snapshot, now=now)
    if outcome in _STANDS and (document.gone_at or document.blind_at):
        _found(document, Change.Found.SEEN_AGAIN, before=document.snapshot, now=now)
    if outcome is Outcome.CHANGED:
        change = _keep(document, look, now=now)
    elif known.is_other and look.reading is not None and document.unstable_since:
        _keep_beside(document, look, now=now)
    document.outcome, document.outcome_detail, document.checked_at = outcome, known.detail[:300], now
    is_edit = change is not None and change.weight != Change.Weight.MINOR
    pacing.learn(document, outcome, before.moves(document, now=now) if is_edit else [(now, False)], on=on)
    count(document, look, outcome, now=now, is_other=known.is_other)
    edits = pacing.edits([document], now=now)[document.pk]
    again = when_next(document, look, outcome, now=now, rng=rng or random.SystemRandom(), on=on, edits=edits)
    document.due_because = again.because[:300]
    document.save(update_fields=COUNTED)
    Check.objects.create(
        document=document,
        due_at=held.due_at,
        at=now,
        outcome=outcome,
        detail=document.outcome_detail,
        http_status=look.http_status,
        took_ms=look.took_ms,
        snapshot_id=change.after_id if change else None,
    )
    ledger.finish(held, due_at=again.at if document.is_watched else None)
    crashpoint("check.before_commit")
    return outcome


COUNTED = [
    "outcome", "outcome_detail", "checked_at", "seen_at", "changed_at", "gone_at", "blind_at", "failures",
    "looks_since_change", "etag", "last_modified", "due_because", *comparing.COLUMNS, *pacing.COLUMNS,
]  # fmt: skip
_STANDS = pacing.STANDS
_SEEN = _STANDS | {Outcome.CHANGE_PENDING, Outcome.GONE}


def _compared(document: Document, look: Look, *, now: datetime) -> Compared:
    """Return what the look counts as, and why: a change, and a page that is gone, must be seen more than once."""
    if look.outcome is Outcome.GONE:
        return comparing.absent(document, look.detail, now=now)
    if look.reading is not None:
        return comparing.compared(document, look.reading, now=now)
    if look.detail == TOO_SLOW and _is_always_too_slow(document):
        return Compared(Outcome.UNSUPPORTED, f"{TOO_SLOW}, at {TOO_SLOW_LOOKS} looks in a row or more")
    if look.outcome is Outcome.UNCHANGED:
        comparing.as_we_keep_it(document, now=now)
    return Compared(look.outcome or Outcome.UNREACHABLE, look.detail)


def _is_always_too_slow(document: Document) -> bool:
    """Say whether the looks before this one could not read it in time either."""
    before = document.checks.values_list("detail", flat=True)[: TOO_SLOW_LOOKS - 1]
    return len(before) == TOO_SLOW_LOOKS - 1 and all(detail.startswith(TOO_SLOW) for detail in before)


def _keep(document: Document, look: Look, *, now: datetime) -> Change:
    before = document.snapshot
    snapshot = _version(document, look, now=now)
    if before is None:
        return _found(document, Change.Found.FIRST, after=snapshot, now=now)
    weight = comparing.weighed(before, snapshot)
    return _found(document, Change.Found.CHANGED, before=before, after=snapshot, now=now, **weight)


def _keep_beside(document: Document, look: Look, *, now: datetime) -> None:
    """Keep, once, the other version of a page that has become unstable; ours stays the current one."""
    assert look.reading is not None  # noqa: S101
    if document.changes.filter(found=Change.Found.UNSTABLE, at__gte=document.unstable_since).exists():
        return
    before = document.snapshot
    other = document.snapshots.filter(digest=digest(look.reading.substance)).first()
    other = other or _version(document, look, now=now, is_current=False)
    _found(document, Change.Found.UNSTABLE, before=before, after=other, now=now)


def _version(document: Document, look: Look, *, now: datetime, is_current: bool = True) -> Snapshot:
    assert look.reading is not None  # noqa: S101
    return documents.keep(
        document,
        look.reading,
        raw=look.body,
        media_type=look.media_type,
        now=now,
        captured_by=Snapshot.CapturedBy.FETCH,
        exchange=look.exchange,
        is_current=is_current,
    )


def _found(document: Document, found: Change.Found, *, now: datetime, **about: Any) -> Change:
    return Change.objects.create(document=document, found=found, at=now, due_at=now, **about)


def count(document: Document, look: Look, outcome: Outcome, *, now: datetime, is_other: bool = False) -> None:
    """Bring the document's own columns up to the look; `is_other` where it did not see the version we keep."""
    if outcome in _SEEN:
        document.seen_at = now
    # A page that stays away is looked at less and less, though that it is away was seen.
    document.failures = 0 if outcome in _SEEN and outcome is not Outcome.GONE else document.failures + 1
    if outcome is Outcome.CHANGED:
        document.changed_at, document.looks_since_change = now, 0
    elif outcome is Outcome.UNCHANGED:
        document.looks_since_change += 1
    if outcome is Outcome.GONE:
        document.gone_at = document.gone_at or now
    elif outcome in _STANDS:
        document.gone_at = document.blind_at = None
        if look.reading is not None and (outcome is Outcome.CHANGED or not is_other):
            document.etag, document.last_modified = look.validators.etag[:1000], look.validators.last_modified[:200]


def tell_blind(*, now: datetime, most: int = 200) -> int:
    """Tell, once, of each page that could not be seen for too long, whether looks failed or nobody looked."""
    blind = Document.objects.blind(now).filter(blind_at__isnull=True).order_by("seen_at")
    with transaction.atomic():
        pages = list(blind.select_for_update(no_key=True, skip_locked=True, of=("self",))[:most])
        for page in pages:
            _found(page, Change.Found.BLIND, before=page.snapshot, now=now)
        Document.objects.filter(pk__in=[page.pk for page in pages]).update(blind_at=now)
    return len(pages)


def when_next(
    document: Document,
    look: Look,
    outcome: Outcome,
    *,
    now: datetime,
    rng: random.Random,
    on: pace.Terms,
    edits: int,
) -> pace.Look:
    """Say when the page is looked at again, on these terms; `edits` are its latest ones."""
    if outcome is Outcome.CHANGE_PENDING:
        apart = timedelta(seconds=settings.CHANGE_LOOKS_APART)
        return pace.Look(now + apart, "a second look confirms or drops what the last one saw")
    return pacing.when_next(
        document,
        outcome,
        failures=max(document.failures, 2) if outcome is Outcome.GONE else document.failures,
        asked=pace.retry_after(look.retry_after, now=now),
        edits_lately=edits,
        now=now,
        rng=rng,
        on=on,
    )
