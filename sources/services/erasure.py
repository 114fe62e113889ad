"""Erasing what pages said, so that it stays erased: the text is blacked out in place, the raw bytes go whole."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import storage
from factcheck.access.models import User
from factcheck.access.roles import Action
from sources.fetching import redaction
from sources.fetching.redaction import Ranges
from sources.fetching.types import Reading
from sources.models import Document, ErasedText, Erasure, ErasureSalt, RawBytes, Snapshot

ORPHANED_AFTER = timedelta(days=1)
BATCH = 500


class ErasureRefused(Exception):
    """An erasure was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def refuse(*, why: str, by: User) -> None:
    """Raise ErasureRefused where this person may not erase, or gives no reason."""
    if not by.may(Action.ERASE):
        raise ErasureRefused("not_allowed", _("Only an administrator erases. Ask one."))
    if not why.strip():
        raise ErasureRefused("reason_missing", _("An erasure asks for a reason: it is all that stays."))


def begin(what: Erasure.What, *, why: str, by: User, now: datetime) -> Erasure:
    """Write that an erasure happens, why and by whom; raises ErasureRefused."""
    refuse(why=why, by=by)
    return Erasure.objects.create(what=what, why=why.strip()[:300], by=by, at=now)


def salt() -> bytes:
    """Return the salt of the keys; made when it is first wanted."""
    kept, _is_new = ErasureSalt.objects.get_or_create(pk=1, defaults={"salt": secrets.token_bytes(32)})
    return bytes(kept.salt)


def bar(texts: Iterable[str], erasure: Erasure) -> None:
    """Remember sentences and addresses by their keys, so that they do not come back unseen."""
    known = salt()
    keys = {redaction.key_of(text, known) for text in texts if text.strip() and not redaction.is_blackened(text)}
    ErasedText.objects.bulk_create(
        [ErasedText(key=key, erasure=erasure) for key in sorted(keys)], ignore_conflicts=True
    )


def barred(keys: Iterable[str]) -> dict[str, Erasure]:
    """Return which of these keys were erased, by what, unless somebody lifted it."""
    found = ErasedText.objects.filter(key__in=list(keys), erasure__lifted_at__isnull=True).select_related("erasure")
    return {one.key: one.erasure for one in found}


def barred_text(text: str) -> Erasure | None:
    """Return the erasure of exactly this sentence or address, if there was one."""
    if not ErasedText.objects.exists():
        return None
    key = redaction.key_of(text, salt())
    return barred([key]).get(key)


class Barred:
    """Asks of many sentences whether they were erased; costs nothing where nothing ever was."""

    def __init__(self) -> None:
        """Look once whether anything was erased at all."""
        self.salt = salt() if ErasedText.objects.exists() else None

    def __call__(self, text: str) -> bool:
        """Say whether exactly this sentence was erased."""
        return self.salt is not None and bool(barred([redaction.key_of(text, self.salt)]))


def screened(reading: Reading) -> tuple[Mapping[str, Any], str]:
    """Return the columns of a snapshot of this reading with erased sentences blacked out, and the mark that says so.

    The mark is empty, and the text untouched, where nothing of it was erased before.
    """
    known = reading.as_json()
    columns = {name: known[name] for name in ("title", "byline", "text", "blocks", "links")}
    if not ErasedText.objects.exists():
        return MappingProxyType(columns), ""
    kept = salt()
    places = {name: redaction.keys_in(columns[name], kept) for name in ("title", "byline", "text")}
    found = barred({key for keys in places.values() for key in keys})
    if not found:
        return MappingProxyType(columns), ""
    for name, keys in places.items():
        ranges = [place for key, stands in keys.items() if key in found for place in stands]
        columns |= covered(columns, ranges) if name == "text" else {name: redaction.blackened(columns[name], ranges)}
    return MappingProxyType(columns), mark(next(iter(found.values())))


def mark(erasure: Erasure) -> str:
    """Return what a new version says that holds erased text."""
    told = _("It holds text that was erased on %(day)s because: %(why)s")
    return (told % {"day": f"{erasure.at:%Y-%m-%d}", "why": erasure.why})[:300]


def covered(columns: Mapping[str, Any], ranges: Ranges) -> dict[str, Any]:
    """Return a snapshot's text with those stretches blacked out, and without the links that lie in them."""
    links = [
        link
        for link in columns["links"]
        if not any(link["start"] < end and start < link["end"] for start, end in ranges)
    ]
    return {"text": redaction.blackened(columns["text"], ranges), "links": links}


def redact(snapshot: Snapshot, erasure: Erasure, **columns: Any) -> None:
    """Replace columns of a version by ones with less in them, and forget the bytes that it was read from."""
    said = {"erased_at": erasure.at, "erased_by": erasure.by, "erased_why": erasure.why}
    Snapshot.objects.filter(pk=snapshot.pk).update(**columns, **said)
    RawBytes.objects.kept().filter(snapshot=snapshot).update(content=None, **said)


def forget_exchanges(is_telling: Callable[[Any], bool], erasure: Erasure) -> int:
    """Forget the bytes of versions where what was said around them tells of somebody, as an address may."""
    rows = RawBytes.objects.exclude(exchange=None).values_list("pk", "exchange").iterator(BATCH)
    hit = [pk for pk, exchange in rows if is_telling(exchange)]
    said = {"erased_at": erasure.at, "erased_by": erasure.by, "erased_why": erasure.why}
    return RawBytes.objects.filter(pk__in=hit).update(content=None, **said)


@transaction.atomic
def take_down(
    snapshot: Snapshot, *, why: str, by: User, now: datetime, also: Callable[[Erasure], None] = lambda _erasure: None
) -> Erasure:
    """Empty one version of a page; its digest, time, and why it went stay. Raises ErasureRefused.

    `also` is done in the same transaction: what an app above has to say of it.
    """
    erasure = begin(Erasure.What.SNAPSHOT, why=why, by=by, now=now)
    locked = Document.objects.select_for_update(no_key=True).get(pk=snapshot.document_id)
    if Snapshot.objects.get(pk=snapshot.pk).is_taken_down:
        raise ErasureRefused("already_erased", _("This version was taken down already."))
    redact(snapshot, erasure, text="", blocks=[], links=[], title="", byline="")
    if locked.snapshot_id == snapshot.pk:
        Document.objects.filter(pk=locked.pk).update(title="")
    also(erasure)
    return erasure


def lift(erasure: Erasure, *, why: str, by: User, now: datetime) -> None:
    """Let the sentences of an erasure come in again; what was erased is not brought back. Raises ErasureRefused."""
    if not by.may(Action.ERASE):
        raise ErasureRefused("not_allowed", _("Only an administrator lifts an erasure. Ask one."))
    if not why.strip():
        raise ErasureRefused("reason_missing", _("Say why the text may come in again."))
    Erasure.objects.filter(pk=erasure.pk, lifted_at__isnull=True).update(
        lifted_at=now, lifted_by=by, lifted_why=why.strip()[:300]
    )


def remove_erased_objects(*, most: int = BATCH) -> int:
    """Remove the objects of erased rows from the store outside, and only then say that they are gone.

    Raises storage.Unavailable; the rest is done next time.
    """
    rows = RawBytes.objects.to_be_removed().order_by("snapshot_id")[:most]
    for row in rows:
        if storage.is_for_one_row(row.key) or not RawBytes.objects.kept().lying_at([storage.spot(row.key)]).exists():
            storage.remove(row.key)
        RawBytes.objects.filter(pk=row.pk).update(key="")
    return len(rows)


def remove_erased_objects_if_possible() -> str:
    """Remove them all now; say in a sentence how that went, for a chore does it again later."""
    count = 0
    try:
        while some := remove_erased_objects():
            count += some
    except storage.Unavailable as error:
        return f"The store outside keeps some bytes until the chore can remove them: {error}"
    return f"{count} objects were removed from the store outside."


def remove_orphans(*, now: datetime, until: Callable[[], bool] = lambda: False) -> int:
    """Remove objects that are older than a day and that no row names: what a crash left between the two writes.

    Raises storage.Unavailable, and storage.NotOurs in a copy of the desk. Stops where `until` says so.
    """
    storage.refuse_others()
    gone = 0
    for lying in storage.lying_since(now - ORPHANED_AFTER):
        named = RawBytes.objects.lying_at([storage.spot(key) for key in lying]).values_list("key", flat=True)
        spots = {storage.spot(key) for key in named}
        for key in lying:
            if storage.spot(key) not in spots:
                storage.remove(key)
                gone += 1
        if until():
            break
    return gone
