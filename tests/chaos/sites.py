"""Made-up sites on loopback whose pages are edited during a run, one sentence at a time."""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Each edit changes the figure of one of these; a claim each.
FACTS = (
    "The council of Merrin closed {} schools in April.",
    "The harbour of Merrin handled {} ships in May.",
    "The hospital of Merrin hired {} nurses in June.",
)
EDITS = len(FACTS)
CLAIMS = EDITS + 1
ANNEX = "/annex"
_FIGURES = ("twelve", "forty")
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report {number} of Merrin</title></head>
<body><article><h1>Report {number} of Merrin</h1>{body}
<p>The library in Merrin, <a href="http://{host}/annex">according to its annual accounts</a>, lent 500 books.</p>
</article></body></html>"""
_ANNEX = """<!doctype html><html lang="en"><head><title>Annual accounts</title></head><body><article>
<h1>Annual accounts</h1><p>The library in Merrin lent 500 books in the last year, its accounts say.</p>
<p>The accounts were read by two members of the council in March.</p></article></body></html>"""


class Sites:
    """Hosts p0.test, p1.test …; page N stands on host N modulo their number, and tells how often it was edited."""

    def __init__(self, hosts: int = 5) -> None:
        self.hosts = hosts
        self.edits: dict[int, int] = {}
        sites = self

        class Site(BaseHTTPRequestHandler):
            """Answers by the path."""

            def do_GET(self) -> None:
                found = sites.page(self.path, self.headers.get("Host", ""))
                body = (found or "Not here.").encode()
                self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
                pass  # a line for each look would drown the run's own

        class Server(ThreadingHTTPServer):
            """With room for those who come at once."""

            request_queue_size = 128
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Site)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def stand_ins(self) -> str:
        """What LOOPBACK_HOSTS must say."""
        port = self.server.server_address[1]
        return ",".join(f"p{host}.test=127.0.0.1:{port}" for host in range(self.hosts))

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return f"http://p{number % self.hosts}.test/report-{number}"

    def page(self, path: str, host: str) -> str | None:
        """Return what stands at a path now."""
        if path == ANNEX:
            return _ANNEX
        name, _dash, number = path.partition("-")
        if name != "/report" or not number.isdigit():
            return None
        edits = self.edits.get(int(number), 0)
        facts = [fact.format(_FIGURES[place < edits]) for place, fact in enumerate(FACTS)]
        body = "".join(f"<p>{fact}</p>" for fact in facts)
        return _PAGE.format(number=number, body=body, host=host)

    def edit(self, number: int) -> None:
        """Change one more sentence of a page."""
        self.edits[number] = self.edits.get(number, 0) + 1

    def edits_of(self, url: str) -> int:
        """Return how often a page was edited."""
        return self.edits.get(int(url.rpartition("-")[2]), 0)

    def stop(self) -> None:
        """Close the sites."""
        self.server.shutdown()
        self.server.server_close()
