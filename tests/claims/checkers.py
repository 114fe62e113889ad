"""A server on loopback where others publish what they checked: pages, files, feeds, and Google's Fact Check Tools."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from claims import tasks
from claims.models import KnownFeed
from factcheck import ledger
from factcheck.lib import clock
from sources.models import Host

SITE, TOOLS = "http://checkers.test", "http://tools.test/v1alpha1/claims:search"
KEY = "the-key-of-the-desk"


@dataclass
class Checkers:
    """What the server says by path, as the test puts it there, and what it was asked: (path, fields of the request)."""

    port: int = 0
    says: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: bytes | str | Any, *, media_type: str = "text/html", status: int = 200) -> str:
        """Put something there, as JSON where it is no text or bytes, and return its address; status 0 hangs up."""
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.says[path] = (status, media_type, raw)
        return SITE + path

    def search(self, query: dict[str, list[str]], key: str) -> tuple[int, str, bytes]:
        """Answer as claims:search is documented to: by pages, each with the token of the next."""
        if key != KEY:
            said: Any = {"error": {"code": 400, "message": f"API key not valid: {key}", "status": "INVALID_ARGUMENT"}}
            return 400, "application/json", json.dumps(said).encode()
        place = int(query.get("pageToken", ["0"])[0])
        more = {"nextPageToken": str(place + 1)} if place + 1 < len(self.answers) else {}
        said = self.answers[place] if self.answers else {}
        return 200, "application/json; charset=UTF-8", json.dumps(said | more).encode()


@contextlib.contextmanager
def checkers(settings: Any) -> Iterator[Checkers]:
    """Serve until the block ends; names under .test lead there."""
    site = Checkers()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            site.asked.append((self.path, dict(self.headers.items())))
            if parts.path.startswith("/v1alpha1/"):
                key = self.headers.get("X-Goog-Api-Key", "")
                status, media_type, body = site.search(parse_qs(parts.query), key)
            else:
                status, media_type, body = site.says.get(parts.path, (404, "text/plain", b"not here"))
            if not status:
                return  # the connection ends without an answer
            etag = f'"{hash(body)}"'
            if self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("ETag", etag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    site.port = server.server_address[1]
    settings.LOOPBACK_HOSTS = f"checkers.test=127.0.0.1:{site.port},tools.test=127.0.0.1:{site.port}"
    settings.FACTCHECK_TOOLS_URL, settings.FACTCHECK_TOOLS_KEY = TOOLS, KEY
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def poll(feed: KnownFeed, *, robots: str = "") -> KnownFeed:
    """Ask there as a worker does, whatever is due when; what its robots.txt says is known already."""
    Host.objects.filter(pk=feed.host_id).update(robots_at=clock.now(), robots_status=200, robots_text=robots)
    KnownFeed.objects.exclude(pk=feed.pk).update(due_at=None)
    KnownFeed.objects.filter(pk=feed.pk).update(due_at=clock.now() - timedelta(seconds=1))
    (held,) = ledger.lease(tasks.POLL_KNOWN)
    tasks.poll_known(held)
    feed.refresh_from_db()
    return feed


def later(feed: KnownFeed) -> timedelta:
    """Return how long after its last look the next is due."""
    assert isinstance(feed.due_at, datetime)
    assert isinstance(feed.checked_at, datetime)
    return feed.due_at - feed.checked_at
