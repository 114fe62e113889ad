"""What a person saw of a watched page becomes a version of it, and its claims hear of that."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from factcheck import storage
from factcheck.access.models import User
from sources.fetching.reading import read, read_in_jail
from sources.fetching.types import Reading, Unreadable
from sources.models import Change, Document, RawBytes, Snapshot
from sources.services import documents, supplying
from sources.services.supplying import SupplyRefused, supply
from tests.factories import person
from tests.pure.fetching.files import sheets

pytestmark = pytest.mark.django_db

WORDS = "The ferry runs every hour from Moss quay to the island, the harbour office said on Monday."
PAGE = f"<html lang=en><title>Ferry</title><article><h1>Ferry times</h1><p>{WORDS}</p><p>{WORDS[::-1]}</p></article>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60
HOUR = timedelta(hours=1)


@pytest.fixture
def by(db: None) -> User:
    return person(username="watcher")


@pytest.fixture
def page(now: datetime) -> Document:
    """A page that asks for a login."""
    document, _is_new = documents.watch("https://harbour.example/ferry", now=now)
    pending = {"pending_digest": "d", "pending_looks": 1, "pending_since": now, "differs_since": now}
    Document.objects.filter(pk=document.pk).update(outcome="gated", etag="old", title="Ferry times", **pending)
    document.refresh_from_db()
    return document


def said_before(page: Document, words: str, *, now: datetime) -> Snapshot:
    reading = read(words.encode(), media_type="text/plain", charset="utf-8", url=page.url)
    fetch = Snapshot.CapturedBy.FETCH
    return documents.keep(page, reading, raw=words.encode(), media_type="text/plain", now=now, captured_by=fetch)


def told(page: Document) -> list[str]:
    return list(page.changes.order_by("id").values_list("found", flat=True))


def test_a_saved_page_becomes_the_first_version(page: Document, by: User, now: datetime) -> None:
    supplied = supply(page, body=PAGE.encode(), seen_at=now - HOUR, by=by, now=now)
    page.refresh_from_db()
    kept = supplied.snapshot
    assert (supplied.is_new, page.snapshot, kept.number, kept.taken_at) == (True, kept, 1, now - HOUR)
    assert (kept.captured_by, kept.captured_by_user) == ("person", by)
    assert WORDS in kept.text
    assert (page.seen_at, page.etag, page.outcome) == (now - HOUR, "", "gated")
    assert (page.pending_digest, page.sightings, page.pending_since, page.unstable_since) == ("", [], None, None)
    raw = RawBytes.objects.get(snapshot=kept)
    assert (raw.media_type, raw.unpacked(), raw.exchange) == ("text/html", PAGE.encode(), None)
    assert told(page) == [Change.Found.FIRST]


def test_a_pdf_file_is_read(page: Document, by: User, now: datetime) -> None:
    kept = supply(page, body=sheets(["The ferry runs every hour."]), seen_at=now, by=by, now=now).snapshot
    assert kept.text == "The ferry runs every hour."
    assert RawBytes.objects.get(snapshot=kept).media_type == "application/pdf"


@pytest.mark.parametrize(
    ("body", "kind"), [(PNG, "image/png"), (b"\xff\xd8\xff\xe0" + b"\x00" * 9, "image/jpeg")], ids=["png", "jpeg"]
)
def test_a_screenshot_is_kept_with_the_text_that_was_typed(
    body: bytes, kind: str, page: Document, by: User, now: datetime
) -> None:
    said_before(page, "The ferry runs every two hours.", now=now - HOUR)
    Document.objects.filter(pk=page.pk).update(title="Ferry times")
    page.refresh_from_db()
    kept = supply(page, body=body, text=WORDS, seen_at=now, by=by, now=now).snapshot
    page.refresh_from_db()
    raw = RawBytes.objects.get(snapshot=kept)
    assert (raw.media_type, raw.unpacked()) == (kind, body)
    assert (kept.text, page.title) == (WORDS, "Ferry times")
    change = page.changes.get()
    assert (change.found, change.before_id, change.after_id) == ("changed", kept.pk - 1, kept.pk)
    assert (page.changed_at, page.looks_since_change) == (now, 0)


def test_what_says_the_same_is_seen_and_not_kept_again(page: Document, by: User, now: datetime) -> None:
    before = said_before(page, WORDS, now=now - 2 * HOUR)
    Document.objects.filter(pk=page.pk).update(seen_at=now - 2 * HOUR)
    supplied = supply(page, text=f"  {WORDS}\n", seen_at=now - HOUR, by=by, now=now)
    page.refresh_from_db()
    assert (supplied.is_new, supplied.snapshot, page.seen_at) == (False, before, now - HOUR)
    assert (page.snapshots.count(), told(page), page.etag) == (1, [], "old")


@pytest.mark.parametrize(("words", "found"), [(WORDS, ["seen_again"]), ("It is gone.", ["changed", "seen_again"])])
def test_a_page_that_was_told_as_unseen_is_seen_again(
    words: str, found: list[str], page: Document, by: User, now: datetime
) -> None:
    said_before(page, WORDS, now=now - 90 * HOUR)
    Document.objects.filter(pk=page.pk).update(seen_at=now - 90 * HOUR, blind_at=now - HOUR)
    supply(page, text=words, seen_at=now, by=by, now=now)
    page.refresh_from_db()
    assert (told(page), page.blind_at, page.is_blind(now)) == (found, None, False)


def test_a_page_that_is_gone_for_us_stays_so(page: Document, by: User, now: datetime) -> None:
    said_before(page, WORDS, now=now - 90 * HOUR)
    Document.objects.filter(pk=page.pk).update(gone_at=now - HOUR, blind_at=now - HOUR, seen_at=now + HOUR)
    supply(page, text=WORDS, seen_at=now, by=by, now=now)
    page.refresh_from_db()
    assert (told(page), page.gone_at, page.seen_at) == ([], now - HOUR, now + HOUR)


def refusal(page: Document, by: User, now: datetime, **given: Any) -> SupplyRefused:
    given.setdefault("seen_at", now)
    with pytest.raises(SupplyRefused) as refused:
        supply(page, by=by, now=now, **given)
    assert (page.snapshots.count(), page.changes.count()) == (0, 0)
    return refused.value


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "text_missing"),
        ({"text": " \n"}, "text_missing"),
        ({"text": "\x00\x01"}, "no_text"),
        ({"body": PNG}, "text_missing"),
        ({"body": PAGE.encode(), "text": "And this."}, "both"),
        ({"body": b"MZ\x00\x00 nothing to read"}, "not_readable"),
        ({"body": b"only words"}, "not_readable"),
        ({"body": b"<html><body></body></html>"}, "no_text"),
        ({"body": b"%PDF-1.4 broken"}, "no_text"),
        ({"body": b"<html><title>Log in</title><p>Please log in to continue reading.</p>"}, "gated"),
    ],
)
def test_what_cannot_be_a_version_is_refused_with_what_to_do(
    given: dict[str, Any], code: str, page: Document, by: User, now: datetime
) -> None:
    refused = refusal(page, by, now, **given)
    assert (refused.code, str(refused)[-1]) == (code, ".")


def test_what_is_too_large_is_refused(page: Document, by: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supplying, "MOST_BYTES", 100)
    monkeypatch.setattr(supplying, "MOST_LETTERS", 50)
    assert refusal(page, by, now, body=PAGE.encode()).code == "too_large"
    assert refusal(page, by, now, text=WORDS).code == "too_large"


def test_a_moment_to_come_is_refused(page: Document, by: User, now: datetime) -> None:
    assert refusal(page, by, now, text=WORDS, seen_at=now + HOUR).code == "in_future"


def test_a_file_that_breaks_its_reader_or_is_read_in_part_is_refused(page: Document, by: User, now: datetime) -> None:
    def broken(_body: bytes, **_about: str) -> Unreadable:
        return Unreadable("cpu")

    def half(body: bytes, **about: Any) -> Reading:
        whole = read_in_jail(body, **about)
        assert isinstance(whole, Reading)
        return replace(whole, complete=False, truncated="size")

    assert "(cpu)" in str(refusal(page, by, now, body=PAGE.encode(), read_file=broken))
    assert refusal(page, by, now, body=PAGE.encode(), read_file=half).code == "incomplete"


def test_where_the_store_does_not_answer_it_is_told(
    page: Document, by: User, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    monkeypatch.setattr(storage, "TRIES", 1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.RAW_STORAGE = f"s3://raw/desk?endpoint=http://127.0.0.1:{port}&region=us-east-1"
    assert refusal(page, by, now, text=WORDS).code == "unavailable"


def test_what_was_seen_before_the_newest_version_is_refused(page: Document, by: User, now: datetime) -> None:
    said_before(page, WORDS, now=now - HOUR)
    with pytest.raises(SupplyRefused, match="A newer version is kept, of 2026-03-02 08:00 UTC"):
        supply(page, text="It runs no more.", seen_at=now - 2 * HOUR, by=by, now=now)


def test_a_text_without_address_takes_no_versions(by: User, now: datetime) -> None:
    reading = read(WORDS.encode(), media_type="text/plain", charset="utf-8", url="")
    pasted, _is_new = documents.supply(reading, raw=WORDS.encode(), media_type="text/plain", by=by, now=now)
    with pytest.raises(SupplyRefused, match="no address"):
        supply(pasted, text="Else.", seen_at=now, by=by, now=now)


def test_a_file_that_stands_on_no_page_is_called_as_somebody_calls_it_or_as_it_is_called(db: None) -> None:
    assert supplying.offered(WORDS.encode(), name="a.txt", title="Letter").reading.title == "Letter"
    assert supplying.offered(PAGE.encode(), name="a.html").reading.title == "Ferry times"
    assert supplying.offered(b"3 < 4. " + WORDS.encode(), name="A.TXT").media_type == "text/plain"
    with pytest.raises(SupplyRefused, match="Choose a file first"):
        supplying.offered(b"", name="a.txt")
