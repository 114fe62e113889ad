"""Kept versions as a WARC 1.1 file (ISO 28500:2017), which any web archive's reader replays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import IO
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from factcheck import storage
from sources.fetching.exchange import Exchange
from sources.models import RawBytes, Snapshot

FIELDS = "application/warc-fields"
HTTP = "application/http; msgtype="


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """Only what was said over HTTP has a payload that is not its block: elsewhere one digest says it all."""

    NO_PAYLOAD_DIGEST_TYPES = ("warcinfo", "metadata", "resource")


@dataclass(slots=True)
class Written:
    """How many versions went in with their bytes, and which could not be read: the version, and why."""

    pages: int = 0
    told: int = 0
    missing: list[tuple[Snapshot, str]] = field(default_factory=list)


def write(out: IO[bytes], snapshots: Iterable[Snapshot], *, software: str, now: datetime) -> Written:
    """Write versions in the order given; the same rows give the same records.

    A page that was fetched is a `response` with its `request`; what a person supplied, or what was kept before the
    desk kept requests, is a `resource`. Beside each stands a `metadata` record with number, digest and times; of an
    erased version, and of one whose bytes nobody keeps any more, it is all there is. Bodies are inflated, and cookies
    were never kept.
    """
    pages, written = _Pages(out), Written()
    pages.add("warcinfo", "", now, _lines({"software": software, "format": "WARC File Format 1.1"}), kind=FIELDS)
    for snapshot in snapshots:
        try:
            raw = RawBytes.objects.kept().filter(snapshot=snapshot).first()
            body = raw.unpacked() if raw is not None else None
        except (storage.Unavailable, storage.Damaged) as error:
            written.missing.append((snapshot, str(error)))
            continue
        if raw is not None and body is not None:
            pages.add_page(snapshot, raw, body)
            written.pages += 1
        else:
            written.told += 1
        pages.add_facts(snapshot, raw)
    return written


@dataclass(frozen=True, slots=True)
class _Pages:
    """A file that is being written, record by record."""

    out: IO[bytes]

    def add(self, sort: str, uri: str, at: datetime, body: bytes, *, kind: str, **more: object) -> None:
        """Write one record; `kind` is the media type of its block, `more` its fields and perhaps `http`."""
        writer = _Writer(self.out, gzip=True, warc_version="WARC/1.1")
        http = more.pop("http", None)
        fields = {"WARC-Date": _stamp(at), **{name: str(value) for name, value in more.items()}}
        fields.setdefault("WARC-Record-ID", _id(sort, at.isoformat(), uri))
        record = writer.create_warc_record(
            uri, sort, payload=BytesIO(body), length=len(body), warc_content_type=kind,
            warc_headers_dict=fields, http_headers=http,
        )  # fmt: skip
        writer.write_record(record)

    def add_page(self, snapshot: Snapshot, raw: RawBytes, body: bytes) -> None:
        """Write the bytes of a version, with the request that brought them where it is known."""
        if raw.exchange is None:
            named = {"WARC-Record-ID": _name(snapshot, "page")}
            self.add("resource", _uri(snapshot), snapshot.taken_at, body, kind=raw.media_type, **named)
            return
        said = Exchange.from_json(raw.exchange)
        answer = _http(f"{said.status} {said.reason}".strip(), said.as_kept(len(body)), f"HTTP/{said.http_version}")
        named = {"WARC-Record-ID": _name(snapshot, "page")}
        self.add("response", said.url, snapshot.taken_at, body, kind=f"{HTTP}response", http=answer, **named)
        asked = _http(f"{_target(said.url)} HTTP/1.1", said.request, "GET")
        named = {"WARC-Record-ID": _name(snapshot, "request"), "WARC-Concurrent-To": _name(snapshot, "page")}
        self.add("request", said.url, snapshot.taken_at, b"", kind=f"{HTTP}request", http=asked, **named)

    def add_facts(self, snapshot: Snapshot, raw: RawBytes | None) -> None:
        """Write what the desk knows of a version, whether its bytes are there or not."""
        facts = {
            "document": snapshot.document.uid,
            "version": snapshot.number,
            "captured-by": snapshot.captured_by,
            "text-sha256": snapshot.digest,
            "body-sha256": raw.digest if raw is not None else "",
            "complete": "yes" if snapshot.complete else f"no: {snapshot.truncated}",
            "erased": _stamp(snapshot.erased_at) if snapshot.erased_at else "",
            "bytes": "" if raw is not None else "not kept",
        }
        named = {"WARC-Record-ID": _name(snapshot, "facts")}
        if raw is not None:
            named["WARC-Refers-To"] = _name(snapshot, "page")
        self.add("metadata", _uri(snapshot), snapshot.taken_at, _lines(facts), kind=FIELDS, **named)


def _http(status: str, fields: Iterable[tuple[str, str]], protocol: str) -> StatusAndHeaders:
    return StatusAndHeaders(status, list(fields), protocol=protocol)


def _lines(facts: Mapping[str, object]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in facts.items() if value != "").encode()


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _uri(snapshot: Snapshot) -> str:
    return snapshot.document.url or f"urn:uuid:{snapshot.document.uid}"


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _name(snapshot: Snapshot, part: str) -> str:
    return _id(str(snapshot.document.uid), str(snapshot.number), part)


def _id(*parts: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, '/'.join(parts))}>"
