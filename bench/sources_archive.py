"""Whether what leaves the archive replays: pages of every sort are fetched, kept, exported, and read by another reader.

FastWARC reads, which shares no code with the writer. Every digest in the file is computed anew from the bytes that it
is of, and every body is held against what the server sent.
"""

import base64
import gzip
import hashlib
import http.server
import io
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.servers import ROOT, servers
from bench.splitting_rows import Figures
from bench.splitting_sets import Sets

PAGES = 60
HOST = "archive.test"
CODINGS = ("", "gzip", "deflate", "chunked")


def measure(_: Sets) -> Figures:
    """Return how many records were read, how many could not be, and how many digests or bodies are not theirs."""
    with servers() as folder, _origin() as port:
        os.environ.update(LOOPBACK_HOSTS=f"{HOST}=127.0.0.1:{port}", LOG_LEVEL="ERROR", RAW_STORAGE="")
        import django

        django.setup()
        uids = _looked_at()
        out = folder / "all.warc.gz"
        made = subprocess.run(
            [sys.executable, "manage.py", "export_warc", *uids, "--output", str(out)], cwd=ROOT, check=False
        )
        return {**_read(out), "pages": float(PAGES), "refused": float(made.returncode)}


@contextmanager
def _origin() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Pages(http.server.BaseHTTPRequestHandler):
    """Page N in one coding or another, with repeated fields, a cookie, and letters outside of ASCII."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        number = int(self.path.rpartition("/")[2])
        coding, body = CODINGS[number % len(CODINGS)], page(number)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Vary", "Accept")
        self.send_header("Vary", "Cookie")
        self.send_header("Set-Cookie", f"visitor={number}")
        if coding == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(body), 1000):
                piece = body[at : at + 1000]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body) if coding == "deflate" else body
        if coding:
            self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def page(number: int) -> bytes:
    """Return the page of that number."""
    told = "".join(f"<p>Ferry {number} left quay {line} of Ålesund at {line % 24}:00.</p>\n" for line in range(40))
    head = f"<html lang=en><title>Ferry {number}</title>"
    return f"{head}<article><h1>Ferry {number}</h1>{told}</article></html>".encode()


def _looked_at() -> list[str]:
    from factcheck import ledger
    from factcheck.lib import clock
    from sources.models import Document
    from sources.services import checks, documents

    for number in range(PAGES):
        documents.watch(f"http://{HOST}/ferries/{number}", now=clock.now())
    work = ledger.register.works["look"]
    while taken := ledger.lease(work, batch=1):
        for held in taken:
            document = Document.objects.select_related("snapshot").get(pk=held.pk)
            checks.record(held, checks.look_at(document), now=clock.now())
    return [str(uid) for uid in Document.objects.exclude(snapshot=None).values_list("uid", flat=True)]


def _read(out: Path) -> Figures:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    records = wrong = bodies = 0
    for record in ArchiveIterator(io.BytesIO(out.read_bytes()), parse_http=False, record_types=WarcRecordType.any_type):
        fields, block = dict(record.headers), record.reader.read()
        records += 1
        wrong += not _is_digest(fields, "WARC-Block-Digest", block)
        payload = block.partition(b"\r\n\r\n")[2]
        if "WARC-Payload-Digest" in fields:
            wrong += not _is_digest(fields, "WARC-Payload-Digest", payload)
        if fields["WARC-Type"] == "response":
            bodies += 1
            wrong += payload != page(int(fields["WARC-Target-URI"].rpartition("/")[2]))
    expected = 1 + 3 * PAGES
    return {"records": float(records), "unread": float(expected - records + PAGES - bodies), "wrong": float(wrong)}


def _is_digest(fields: Mapping[str, str], name: str, block: bytes) -> bool:
    algorithm, _, told = fields[name].partition(":")
    return base64.b32encode(hashlib.new(algorithm, block).digest()).decode() == told
