"""What was seen leaves as a WARC file that somebody else's reader replays."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from fastwarc.warc import ArchiveIterator, WarcRecordType

from factcheck import ledger, storage
from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.fetching.reading import read
from sources.models import Document, RawBytes, Snapshot
from sources.services import checks, documents, warc
from sources.services import erasure as pages
from tests.factories import person
from tests.pure.lib.servers import answer, origin, says

pytestmark = pytest.mark.django_db

URL = "http://harbour.test/news/ferry?page=1"
PAGE = b"<html lang=en><title>Ferry</title><article><h1>Ferry</h1>" + b"<p>The ferry ran aground at Moss quay.</p>" * 9
PACKED = gzip.compress(PAGE, mtime=0)
FIELDS = ("Content-Type: text/html", "Content-Encoding: gzip", "Set-Cookie: session=1", "X-Two: a", "X-Two: b")


@pytest.fixture
def page(settings: Any) -> Iterator[Document]:
    """A page that was fetched once over a real connection."""
    with origin(says(answer(PACKED, *FIELDS))) as server:
        settings.LOOPBACK_HOSTS = f"harbour.test=127.0.0.1:{server.port}"
        document, _is_new = documents.watch(URL, now=clock.now() - timedelta(seconds=1))
        (held,) = ledger.lease(ledger.register.works["look"])
        checks.record(held, checks.look_at(document), now=clock.now())
        yield Document.objects.get()


def exported(now: datetime, **software: str) -> tuple[bytes, warc.Written]:
    out = io.BytesIO()
    snapshots = Snapshot.objects.select_related("document").order_by("document_id", "number")
    written = warc.write(out, snapshots, software="Factcheck/1", now=now)
    return out.getvalue(), written


def records(body: bytes) -> dict[str, tuple[dict[str, str], dict[str, str], bytes]]:
    """Read a file as others do, and let the reader recompute each digest."""
    found = {}
    for record in ArchiveIterator(io.BytesIO(body), parse_http=False, record_types=WarcRecordType.any_type):
        record.freeze()
        assert record.verify_block_digest()
        fields, http = dict(record.headers), {}
        if record.is_http:
            record.parse_http()
            http = {name.lower(): value for name, value in record.http_headers}
        if "WARC-Payload-Digest" in fields:
            assert record.verify_payload_digest()
        found[fields["WARC-Type"]] = (fields, http, record.reader.read())
    return found


def test_a_fetched_page_is_a_response_with_its_request(page: Document, now: datetime) -> None:
    body, written = exported(now)
    assert (written.pages, written.told, written.missing) == (1, 0, [])
    found = records(body)
    assert set(found) == {"warcinfo", "response", "request", "metadata"}
    said, http, payload = found["response"]
    assert payload == PAGE
    assert said["WARC-Target-URI"] == URL
    assert http["content-length"] == str(len(PAGE))
    assert http["x-archive-orig-content-encoding"] == "gzip"
    assert "content-encoding" not in http
    asked, sent, _ = found["request"]
    assert asked["WARC-Concurrent-To"] == said["WARC-Record-ID"]
    assert sent["host"] == "harbour.test"
    assert f"body-sha256: {hashlib.sha256(PAGE).hexdigest()}\r\n".encode() in found["metadata"][2]


def test_cookies_are_never_kept(page: Document) -> None:
    assert page.snapshot is not None
    kept = page.snapshot.raw.exchange
    assert kept is not None
    assert "session" not in str(kept)
    assert [name for name, _ in kept["answer"]].count("X-Two") == 2


def test_the_same_rows_give_the_same_file(page: Document, now: datetime) -> None:
    assert exported(now)[0] == exported(now)[0]


def test_what_a_person_supplied_is_a_resource(now: datetime) -> None:
    body = b"Nobody was hurt when the ferry ran aground."
    reading = read(body, media_type="text/plain", charset="utf-8", url="")
    documents.supply(reading, raw=body, media_type="text/plain", by=None, now=now)
    said, _, payload = records(exported(now)[0])["resource"]
    assert payload == body
    assert said["Content-Type"] == "text/plain"
    assert said["WARC-Target-URI"] == f"urn:uuid:{Document.objects.get().uid}"


def test_of_an_erased_version_only_that_it_was_is_told(page: Document, now: datetime) -> None:
    assert page.snapshot is not None
    pages.take_down(page.snapshot, why="asked for by the family", by=person(Role.ADMIN), now=now)
    assert RawBytes.objects.get().exchange is None
    body, written = exported(now)
    assert (written.pages, written.told) == (0, 1)
    found = records(body)
    assert set(found) == {"warcinfo", "metadata"}
    assert b"erased: " in found["metadata"][2]
    assert b"family" not in found["metadata"][2]


def test_bytes_that_cannot_be_read_are_named_and_the_rest_is_written(
    page: Document, now: datetime, tmp_path: Path
) -> None:
    kept = RawBytes.objects.get()
    other = documents.supply(
        read(b"Another text about the same ferry.", media_type="text/plain", charset="utf-8", url=""),
        raw=storage.Kept(b"not compressed", "", 3, "0" * 64),
        media_type="text/plain",
        by=None,
        now=now,
    )[0]
    out = tmp_path / "all.warc.gz"
    with pytest.raises(CommandError, match="1 versions are missing"):
        call_command("export_warc", str(page.uid), str(other.uid), output=str(out))
    assert records(out.read_bytes())["response"][2] == kept.unpacked()


def test_the_command_finds_documents_by_uid_and_by_address(page: Document, tmp_path: Path, capsysbinary: Any) -> None:
    out = tmp_path / "one.warc.gz"
    call_command("export_warc", URL, output=str(out))
    assert out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_warc", str(page.uid), output=str(out))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_warc", str(page.uid), output=str(tmp_path / "none" / "x.gz"))
    call_command("export_warc", str(page.uid), output="-")
    assert records(capsysbinary.readouterr().out)["response"][2] == PAGE


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("http://other.test/", "No document is known by"),
        ("00000000-0000-0000-0000-000000000000", "No document is known by"),
        ("ferry", "neither the uid of a document nor an address"),
    ],
)
def test_a_document_that_is_not_there_is_said_so(name: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("export_warc", name, output="-")
