"""Sixty ways in which an origin fails to show its page: the lists C and D of bad inputs, and walls."""

import gzip
import random
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.pure.lib.servers import Script, answer

PATH = "/2026/bridge"
CERTIFICATES = Path(__file__).resolve().parent.parent / "tests" / "pure" / "lib" / "certificates"
HTML = "Content-Type: text/html; charset=utf-8"
# What makes the certificate of the server on port 443, where there is one.
OVER_TLS: Mapping[str, str] = MappingProxyType(
    {"tls expired": "expired", "tls self-signed": "self_signed", "tls wrong name": "news"}
)


def story(number: int, *, dead: int = 12) -> str:
    """Return the article of a site; `dead` is what an edit changes."""
    return "\n".join(
        [
            f"Engineers of district {number} found cracks in the Selmar bridge on Friday, the mayor said.",
            f"At least {dead} people were hurt when the northern pier gave way in the night of the storm.",
            "The bridge had been inspected in the spring of last year, and nothing was found that called for repair.",
            f"Lorries take the road by the harbour until further notice; the detour is {number + 3} miles long.",
            "The council meets on Monday to hear what a new bridge would cost and who is going to pay for it.",
            "Nobody could say in the morning how long the ferry would carry those who work on the other bank.",
        ]
    )


def page(text: str, *, title: str = "Cracks in the bridge", head: str = "", more: str = "") -> bytes:
    """Return a page of that text."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
        f"{paragraphs}</article>{more}</body></html>"
    ).encode()


def html(text: str, status: str = "200 OK", *headers: str) -> Script:
    """Answer with a page of that text."""
    return _says(answer(page(text, title="The News"), HTML, *headers, status=status))


def _says(*pieces: bytes) -> Script:
    return lambda connection: connection.sendall(b"".join(pieces))


def _raw(body: bytes, *headers: str, status: str = "200 OK") -> Script:
    return _says(answer(body, *headers, status=status))


def _to(url: str, status: str = "302 Found") -> Script:
    return _says(answer(b"", f"Location: {url}", status=status))


def _slowly(head: bytes, piece: bytes, every: float) -> Script:
    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        for _piece in range(200):
            connection.sendall(piece)
            time.sleep(every)

    return script


def _reset(before: bytes = b"") -> Script:
    def script(connection: socket.socket) -> None:
        connection.sendall(before)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def secure(certificate: str) -> Script:
    """Speak TLS with that certificate; nobody who looks at it goes on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")

    def script(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65536)
            wrapped.sendall(answer(page("Who reads this was deceived. " * 9), HTML))

    return script


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size)) + packer.flush()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
STORY = page(story(0))
HALF = STORY[: len(STORY) // 2]
_RNG = random.Random(4)  # noqa: S311
_FRONT = "\n".join(f"In quarter {n} people are asked to have their say on the new tram before June." for n in range(40))
_TINY = "The page you want is not here today"


def behaviours() -> dict[str, Script]:
    """Return what the origin does instead of showing the page, by name."""
    return {**_network(), **_protocol(), **_statuses(), **_bodies(), **_documents(), **_walls()}


def _network() -> dict[str, Script]:
    never = _says()
    return {
        "no such name": never,
        "resolver failed": never,
        "refused": never,
        **{name: _to("https://news.test" + PATH, "301 Moved Permanently") for name in OVER_TLS},
        "reset at once": _reset(),
        "reset in the body": _reset(OK + b"Content-Length: 9999\r\n\r\n" + HALF),
        "mail server": _says(b"220 mail.test ESMTP ready\r\n"),
        "closed without a word": _says(),
    }


def _protocol() -> dict[str, Script]:
    return {
        "to a private address": _to("http://10.0.0.7/admin"),
        "to a file": _to("file:///etc/passwd"),
        "in a circle": _to(f"http://news.test{PATH}"),
        "to the login page": _to("http://news.test/login?next=/2026/bridge"),
        "to the front page": _to("http://news.test/"),
        "redirect to nowhere": _says(answer(b"", status="302 Found")),
        "redirect of 10 kB": _to("http://news.test/" + "a" * 10_000),
        "a header of 1 MB": _says(OK + b"X-Long: " + b"a" * 1_000_000 + b"\r\n\r\n"),
        "a thousand headers": _says(OK + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 80) for n in range(1000)) + b"\r\n"),
        "100 continue for ever": _slowly(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
        "body shorter than told": _says(OK + b"Content-Length: %d\r\n\r\n" % len(STORY) + HALF),
        "body longer than told": _says(OK + b"Content-Length: %d\r\n\r\n" % len(HALF) + STORY),
        "two lengths": _says(OK + b"Content-Length: %d\r\nContent-Length: %d\r\n\r\n" % (len(HALF), 9999) + STORY),
        "chunks that break off": _says(OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(HALF) + HALF + b"\r\n"),
        "a byte a second": _slowly(OK + b"Content-Length: 9999\r\n\r\n", b"<", 1.0),
        "no end": _slowly(OK + b"\r\n", b"<p>more</p>" * 9000, 0.0),
    }


def _statuses() -> dict[str, Script]:
    def status(words: str, *headers: str) -> Script:
        return html("There is nothing to see here at the moment, dear reader.", words, *headers)

    return {
        "204": _says(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "304 to nobody": _says(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        **{words[:3]: status(words) for words in ("401 Unauthorized", "403 Forbidden", "451 Unavailable")},
        **{words[:3]: status(words) for words in ("404 Not Found", "410 Gone", "500 Oops", "503 Busy")},
        **{f"429, {later}": status("429 Slow", f"Retry-After: {later}") for later in ("3600", "-5", "banana")},
    }


def _bodies() -> dict[str, Script]:
    coded = ("br", b"\x0b\x02\x80hello\x03"), ("gzip, gzip", gzip.compress(gzip.compress(STORY)))
    return {
        "empty": _raw(b"", HTML),
        "gzip bomb": _raw(_bomb(64), HTML, "Content-Encoding: gzip"),
        "broken gzip": _raw(gzip.compress(STORY)[:-200] + bytes(200), HTML, "Content-Encoding: gzip"),
        **{f"coding {name}": _raw(body, HTML, f"Content-Encoding: {name}") for name, body in coded},
        "200 codings": _raw(STORY, HTML, "Content-Encoding: " + ", ".join(["gzip"] * 200)),
        "PDF": _raw(b"%PDF-1.7\n" + _RNG.randbytes(900), "Content-Type: text/html"),
        "ZIP": _raw(b"PK\x03\x04" + _RNG.randbytes(900), "Content-Type: application/zip"),
        "image as a page": _raw(b"\x89PNG\r\n\x1a\n" + _RNG.randbytes(900), HTML),
        "page as an image": _raw(page(_FRONT), "Content-Type: image/png"),
    }


def _documents() -> dict[str, Script]:
    attributes = " ".join(f"a{n}=1" for n in range(40_000))
    return {
        "too deep": _raw(page(story(0), more="<div>" * 400 + "<p>Down here is the end.</p>"), HTML),
        "40,000 attributes": _raw(f"<html><body><article {attributes}><p>{_TINY}</p>".encode(), HTML),
        "2 MB of <": _raw(b"<" * 2_000_000, HTML),
        "only a script": _raw(b"<html><body><div id=root></div><script>render()</script></body></html>", HTML),
        "no body": _raw(b"<html><head><title>The News</title></head></html>", HTML),
        "a frame without a picture": _raw(b"<html><body><nav><a href=/>Home</a></nav><footer>2026</footer>", HTML),
    }


def _walls() -> dict[str, Script]:
    form = "<form action=/in><input type=password></form>"
    return {
        "login": _raw(page("Log in to continue.", more=form), HTML),
        "bot check": _raw(page("Verify you are human to go on.", title="Just a moment..."), HTML),
        "cookies": html("We value your privacy. We and our partners store cookies on your device."),
        "maintenance": html("We are down for scheduled maintenance. Come back in an hour, please."),
        "closed country": html("This content is not available in your region."),
        "server's own page": html("Welcome to the web server! If you see this page, it was set up with success."),
    }
