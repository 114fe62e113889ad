"""What a person saw of a watched page that we cannot see, or not yet: a saved page, a PDF file, a screenshot, words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import storage
from factcheck.access.models import User
from sources.fetching.digest import digest
from sources.fetching.outcomes import PDF_TYPE
from sources.fetching.reading import looks_gated, read, read_in_jail
from sources.fetching.types import Reading, Unreadable
from sources.models import Change, Document, Snapshot
from sources.services import comparing, documents

MOST_BYTES = 5 * 1024 * 1024
MOST_LETTERS = 500_000
BEGINNING = 4096
HTML, PLAIN = "text/html", "text/plain"
IMAGES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
# What is kept of our own looks, as it is where there was none.
OF_LOOKS: Mapping[str, object] = MappingProxyType(
    dict.fromkeys(("etag", "last_modified", "pending_digest"), "")
    | {"sightings": (), "pending_since": None, "unstable_since": None}
)
Read = Callable[..., Reading | Unreadable]


class SupplyRefused(Exception):
    """What was supplied was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that stands on no page, read and kept: what `documents.supply` makes a document of."""

    reading: Reading
    raw: storage.Kept
    media_type: str
    identity: str


@dataclass(frozen=True, slots=True)
class Supplied:
    """The version that says what the person saw, and whether it is a new one."""

    snapshot: Snapshot
    is_new: bool


def supply(
    document: Document,
    *,
    body: bytes = b"",
    text: str = "",
    seen_at: datetime,
    by: User,
    now: datetime,
    read_file: Read = read_in_jail,
) -> Supplied:
    """Keep what a person saw of a watched page, as a look of our own would, but confirmed by nobody else.

    `body` is a saved page, a PDF file, or a screenshot, to which `text` says what stands on it; or there is the text
    alone. Files are read in the jail. The page has been seen with that: claims hear of it as of any change. That it is
    gone for ourselves, and when we look again, stays as it is. Raises SupplyRefused.
    """
    if not document.url:
        raise SupplyRefused("no_address", _("It has no address, so there is nothing to see of it: submit a new text."))
    if seen_at > now:
        raise SupplyRefused("in_future", _("That moment is still to come: give the one at which you saw the page."))
    media_type = _media_type(body)
    reading = _reading(body, text, media_type, read_file, url=document.url, title=document.title)
    raw = _kept(body or text.encode("utf-8", "replace"))
    return _recorded(document, reading, raw, media_type, seen_at=seen_at, by=by, now=now)


def offered(body: bytes, *, name: str, text: str = "", title: str = "", read_file: Read = read_in_jail) -> Offered:
    """Read a PDF file, an image with its text typed, a saved page or a text file; raises SupplyRefused.

    It is called as somebody calls it, else as it calls itself, else by the file's name.
    """
    if not body:
        raise SupplyRefused("text_missing", _("Choose a file first."))
    media_type = PLAIN if _is_plain(body, name) else _media_type(body)
    reading = _reading(body, text, media_type, read_file)
    identity = hashlib.sha256(body + b"\x00" + text.encode("utf-8", "replace")).hexdigest()
    named = replace(reading, title=title.strip() or reading.title.strip() or name)
    return Offered(named, _kept(body), media_type, f"file:{identity}")


def _is_plain(body: bytes, name: str) -> bool:
    """Say whether it is a text file: called one, or without any tag, and letters throughout."""
    if len(body) > MOST_BYTES or b"\x00" in body or not (name.lower().endswith(".txt") or b"<" not in body):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _kept(body: bytes) -> storage.Kept:
    try:
        return storage.keep(body)
    except storage.Unavailable as error:
        told = _("It could not be kept: the store of raw pages does not answer. Try again later.")
        raise SupplyRefused("unavailable", told) from error


def _media_type(body: bytes) -> str:
    """Tell a file by what it begins with, whatever it is called."""
    if len(body) > MOST_BYTES:
        told = _("A file has at most %(most)s MB here; this one has %(size).1f MB.")
        raise SupplyRefused("too_large", told % {"most": MOST_BYTES >> 20, "size": len(body) / 1024 / 1024})
    if not body:
        return PLAIN
    if body.startswith(b"%PDF-"):
        return PDF_TYPE
    image = next((kind for sign, kind in IMAGES if body.startswith(sign)), "")
    if image:
        return image
    if b"\x00" in body[:BEGINNING] or b"<" not in body:
        told = _("This is no page that we can read: save it as HTML or PDF, or send a screenshot (PNG or JPEG).")
        raise SupplyRefused("not_readable", told)
    return HTML


def _reading(body: bytes, text: str, media_type: str, read_file: Read, *, url: str = "", title: str = "") -> Reading:
    is_file = media_type in {HTML, PDF_TYPE} or (media_type == PLAIN and bool(body))
    if is_file and text.strip():
        told = _("Either the file or the text: from a saved page and from a PDF file the text is read.")
        raise SupplyRefused("both", told)
    if not is_file:
        return _typed(url, title, text, is_beside_image=bool(body))
    found = read_file(body, media_type=media_type, charset="", url=url)
    if isinstance(found, Unreadable):
        told = _("The file could not be read within its bounds (%(why)s). Type what it says instead.")
        raise SupplyRefused("unreadable", told % {"why": found.reason})
    if not found.text.strip():
        raise SupplyRefused("no_text", _("No text was found in the file. Send a screenshot with its text typed."))
    if not found.complete:
        told = _("Only a part of the file could be read (%(why)s): what is missing would pass for taken out. Type it.")
        raise SupplyRefused("incomplete", told % {"why": found.truncated})
    if media_type == HTML and looks_gated(found, body) is not None:
        told = _(
            "The file shows a login, a bot wall or an empty shell in place of the page. Type what you saw instead."
        )
        raise SupplyRefused("gated", told)
    return found


def _typed(url: str, title: str, text: str, *, is_beside_image: bool) -> Reading:
    if not text.strip():
        told = _("Type what stands on the screenshot: pictures are not read here.")
        nothing = _("Give a file, or type what you saw.")
        raise SupplyRefused("text_missing", told if is_beside_image else nothing)
    if len(text) > MOST_LETTERS:
        told = _("A typed text has at most %(most)s letters here.")
        raise SupplyRefused("too_large", told % {"most": MOST_LETTERS})
    reading = read(text.encode("utf-8", "replace"), media_type=PLAIN, charset="utf-8", url=url)
    if not reading.text.strip():
        raise SupplyRefused("no_text", _("There is no letter in this text."))
    return replace(reading, title=title)  # it is typed without one; the page keeps its own


@transaction.atomic
def _recorded(
    document: Document,
    reading: Reading,
    raw: storage.Kept,
    media_type: str,
    *,
    seen_at: datetime,
    by: User,
    now: datetime,
) -> Supplied:
    locked = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot", "publisher")
    page = locked.get(pk=document.pk)
    before = page.snapshot
    if before is not None and seen_at < before.taken_at:
        told = _("A newer version is kept, of %(at)s: what you saw before it is not what the page says today.")
        raise SupplyRefused("older", told % {"at": f"{before.taken_at:%Y-%m-%d %H:%M} UTC"})
    is_new = before is None or before.digest != digest(reading.substance)
    snapshot = before
    if is_new:
        person = Snapshot.CapturedBy.PERSON
        snapshot = documents.keep(page, reading, raw=raw, media_type=media_type, now=seen_at, captured_by=person, by=by)
        found = Change.Found.CHANGED if before else Change.Found.FIRST
        weight = comparing.weighed(before, snapshot) if before is not None else {}
        Change.objects.create(document=page, found=found, before=before, after=snapshot, at=now, due_at=now, **weight)
        page.changed_at, page.looks_since_change = now, 0
        _forget_looks(page)
    if page.blind_at is not None and page.gone_at is None:
        again = Change.Found.SEEN_AGAIN
        Change.objects.create(document=page, found=again, before=before, at=now, due_at=now)
    page.seen_at, page.blind_at = max(seen_at, page.seen_at or seen_at), None
    page.save(update_fields=["seen_at", "blind_at", "changed_at", "looks_since_change", *OF_LOOKS])
    assert snapshot is not None  # noqa: S101  there is one, or this one is new
    return Supplied(snapshot, is_new)


def _forget_looks(page: Document) -> None:
    """Forget what was kept of our own looks: all of it was said beside the version before this one."""
    for name, nothing in OF_LOOKS.items():
        setattr(page, name, nothing)
