"""Pages that are watched, and what people supply themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from factcheck import ledger, storage
from factcheck.access.models import User
from factcheck.lib.addresses import UrlRefused, canonical_url, checked_url, registrable_domain
from sources.fetching import wires
from sources.fetching.digest import digest
from sources.fetching.exchange import Exchange
from sources.fetching.types import Reading
from sources.models import Document, RawBytes, Snapshot, Source, SourceName
from sources.models.source import name_key
from sources.services import archiving, erasure, hosts, sources

TITLE, BYLINE, LANGUAGE = 500, 300, 12


def watch(url: str, *, now: datetime) -> tuple[Document, bool]:
    """Find or make the page of that URL, due for its first look; raises UrlRefused. True where it is new."""
    address = checked_url(url)
    identity = canonical_url(address)
    if gone := erasure.barred_text(identity):
        raise UrlRefused("erased", erasure.mark(gone))
    return Document.objects.get_or_create(
        identity=identity,
        defaults={"url": address, "host": hosts.of(address), "due_at": now, "due_because": "not looked at yet"},
    )


@transaction.atomic
def supply(
    reading: Reading,
    *,
    raw: bytes | storage.Kept,
    media_type: str,
    by: User | None,
    now: datetime,
    outlet: str = "",
    identity: str = "",
) -> tuple[Document, bool]:
    """Keep a text that somebody pasted or uploaded as a document without address; the same text is found again.

    `identity` is by what else it is found again, where two files of the same text are not the same.
    """
    document, is_new = Document.objects.get_or_create(
        identity=identity or f"text:{digest(reading.substance)}", defaults={"kept_inside": True}
    )
    if is_new:
        document.publisher = publisher_of(reading, outlet=outlet)
        keep(
            document,
            reading,
            raw=raw,
            media_type=media_type,
            now=now,
            captured_by=Snapshot.CapturedBy.PERSON,
            by=by,
        )
    return document, is_new


def keep(
    document: Document,
    reading: Reading,
    *,
    raw: bytes | storage.Kept,
    media_type: str,
    now: datetime,
    captured_by: Snapshot.CapturedBy,
    by: User | None = None,
    exchange: Exchange | None = None,
    is_current: bool = True,
) -> Snapshot:
    """Write what the document says now, with the bytes it was read from, and make it the current snapshot if it is.

    Sentences that were erased before are blacked out and the version is marked; its bytes are not kept then. Bytes
    that go to a store outside are kept by the caller, before its transaction.
    """
    said, erased_why = erasure.screened(reading)
    last = document.snapshots.order_by("-number").first()
    snapshot = Snapshot.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        taken_at=now,
        captured_by=captured_by,
        captured_by_user=by,
        title=said["title"][:TITLE],
        byline=said["byline"][:BYLINE],
        published_at=_aware(reading.published_at),
        modified_at=_aware(reading.modified_at),
        language=reading.language[:LANGUAGE],
        text=said["text"],
        blocks=said["blocks"],
        links=said["links"],
        digest=digest(reading.substance),
        complete=reading.complete,
        truncated=reading.truncated[:40],
        erased_at=now if erased_why else None,
        erased_why=erased_why,
    )
    if not erased_why:
        _keep_raw(snapshot, raw, media_type, exchange)
    if not is_current:
        return snapshot
    document.snapshot = snapshot
    document.title = snapshot.title
    document.language = snapshot.language
    if document.publisher is None and document.url:
        document.publisher = publisher_of(reading, url=document.url)
    document.wire = wire_of(reading, document.publisher)
    document.save(update_fields=["snapshot", "title", "language", "publisher", "wire"])
    archiving.enlist(document, snapshot, now=now)
    return snapshot


def _keep_raw(snapshot: Snapshot, raw: bytes | storage.Kept, media_type: str, exchange: Exchange | None) -> None:
    kept = storage.keep(raw) if isinstance(raw, bytes) else raw
    RawBytes.objects.create(
        snapshot=snapshot,
        media_type=media_type[:100],
        content=kept.content,
        key=kept.key,
        size=kept.size,
        digest=kept.digest,
        exchange=exchange.as_json() if exchange is not None else None,
    )


def _aware(at: datetime | None) -> datetime | None:
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


def publisher_of(reading: Reading, *, url: str = "", outlet: str = "") -> Source | None:
    """Return the outlet: as a person named it, as the page names itself, or else the page's domain.

    Raises sources.Ambiguous where a person named it by a name that several go by.
    """
    domain = registrable_domain(url) if url else ""
    if name := outlet.strip():
        return sources.find_or_make(name, kind=Source.Kind.OUTLET, domain=domain)
    name = reading.publisher.strip() or domain
    try:
        return sources.find_or_make(name, kind=Source.Kind.OUTLET, domain=domain) if name else None
    except sources.Ambiguous:  # a file without address, by "The Post": nobody knows which
        return None


def wire_of(reading: Reading, publisher: Source | None) -> Source | None:
    """Return the agency from which the page says to have its text; none for an agency's own page."""
    rows = SourceName.objects.filter(source__kind=Source.Kind.AGENCY, source__merged_into__isnull=True)
    agencies = {known.key: known for known in rows.select_related("source")}
    name = wires.wire_of(reading, [known.name for known in agencies.values()])
    known = agencies.get(name_key(name)) if name else None
    return known.source if known is not None and known.source != publisher else None


@transaction.atomic
def look_now(document: Document, *, now: datetime) -> bool:
    """Make a watched page due at once, also one that is stuck, with what was found on it; False without an address."""
    ledger.requeue(document.changes.all(), now=now)
    watched = Document.objects.watched().filter(pk=document.pk)
    return bool(ledger.reschedule(watched, due_at=now, due_because="somebody asked for it"))


def pause(document: Document, *, now: datetime) -> None:
    """Stop looking at a page until it is resumed."""
    Document.objects.filter(pk=document.pk).update(paused_at=now, due_at=None)


def resume(document: Document, *, now: datetime) -> None:
    """Look at a paused page again, now."""
    Document.objects.filter(pk=document.pk).update(paused_at=None)
    look_now(document, now=now)
