"""A site of the test's own on loopback, whose pages are changed while the desk rests on them."""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST, CANARY = "saltmarsh.test", "canary.test"
HOSTS = (HOST, *(f"p{number}.saltmarsh.test" for number in range(10)))
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><article><h1>{title}</h1>{body}</article></body></html>"""


def page(title: str, *paragraphs: str) -> str:
    """Return a page of plain paragraphs."""
    return PAGE.format(title=title, body="".join(f"<p>{one}</p>" for one in paragraphs))


class Site:
    """Pages by path; each may be changed at any time."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        site = self

        class Answers(BaseHTTPRequestHandler):
            """Answers by the path."""

            def do_GET(self) -> None:
                kind, text = site.pages.get(self.path, ("text/plain", ""))
                body = text.encode("utf-8", "replace")
                self.send_response(HTTPStatus.OK if text else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
                pass  # it would write every request among the figures

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, text: str, kind: str = "text/html", *, host: str = HOST) -> str:
        """Serve a text, and return its address."""
        self.pages[path] = (kind, text)
        return f"http://{host}{path}"

    @property
    def settings(self) -> dict[str, str]:
        """What a desk must be told to reach it, and to look again soon."""
        return {
            "LOOPBACK_HOSTS": ",".join(f"{host}=127.0.0.1:{self.server.server_address[1]}" for host in HOSTS),
            "CHANGE_LOOKS": "1", "CHANGE_LOOKS_APART": "1", "LOOK_AGAIN_WITHIN": "3", "HOST_GAP": "0",
        }  # fmt: skip

    def close(self) -> None:
        """Go away."""
        self.server.shutdown()
        self.server.server_close()
