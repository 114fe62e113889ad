"""Two made-up sites on loopback, of which one edits a page and deletes another after a while.

`python -m factcheck.management.demo.outlet PORT SECONDS MARK`: the edits come SECONDS after the time that stands in the
file MARK, once there is one; so what was edited stays edited when the sites are started again.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).parent / "pages"
CROSSING = "http://harbour-courier.test/2026/border-towns-fall"
BRIDGE = "http://harbour-courier.test/2026/selmar-bridge"
BLOG = "http://quay-notes.test/kestrel-is-lost"
HOSTS = ("harbour-courier.test", "quay-notes.test")
_FILES = {CROSSING: "crossing.html", BRIDGE: "bridge.html", BLOG: "blog.html"}
_NOW = re.compile(r"<!-- now -->.*?<!-- /now -->", re.DOTALL)
_LATER = re.compile(r"<!-- later: (.*?) -->", re.DOTALL)


def page(url: str, *, edited: bool) -> str | None:
    """Return what stands at the URL, before or after the edits; None where nothing does."""
    name = _FILES.get(url)
    if name is None or (edited and url == BRIDGE):
        return None
    text = (PAGES / name).read_text(encoding="utf-8")
    later = _LATER.search(text)
    if later is None:
        return text
    text = _LATER.sub("", text)
    return _NOW.sub(lambda _now: later[1], text) if edited else text


def server(port: int, is_edited: Callable[[], bool]) -> ThreadingHTTPServer:
    """Return a server of the sites on loopback; port 0 takes a free one."""

    class Site(BaseHTTPRequestHandler):
        """Answers by the Host header."""

        def do_GET(self) -> None:
            found = page(f"http://{self.headers.get('Host', '')}{self.path}", edited=is_edited())
            body = (found or "Not here any more.").encode()
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {self.headers.get('Host')} {format % args}\n")

    return ThreadingHTTPServer(("127.0.0.1", port), Site)


def main(port: int, edits_after: float, mark: Path) -> None:
    """Serve until killed."""

    def is_edited() -> bool:
        return mark.exists() and time.time() - float(mark.read_text()) > edits_after

    server(port, is_edited).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
