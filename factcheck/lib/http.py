"""The only HTTP client: it reaches public addresses, within bounds, and answers with a value.

Each hop: the URL is checked as text, its name resolved once, **every** address judged by
`addresses.is_denied`, one of them dialled as an address, TLS spoken with the name. Redirects are followed
here and bodies inflated here, both bounded. `post` alone may reach a server of the operator's own, named by a
setting. It stands on h11, which parses HTTP/1.1 and opens nothing, so
no library decides where a connection goes or how far a body may grow (measured: 1.8 KB of doubled gzip
cost a popular client 3 GB before its first chunk). No proxy, cookie or password from anywhere.
"""

import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http import HTTPStatus
from ipaddress import ip_address
from types import MappingProxyType

from factcheck.lib import addresses
from factcheck.lib.answers import Failed, Failure, Fields, Limits, Response, Stop, Validators
from factcheck.lib.wire import REDIRECTS, Answer, Headers, Wire, late

__all__ = ["Dial", "Failed", "Failure", "Limits", "Resolve", "Response", "Tls", "Validators", "ask", "fetch", "post"]

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> addresses; raises OSError when there are none."""
Dial = Callable[[str, int, float], socket.socket]
"""(address that passed the guard, port, seconds) -> a socket connected to that address, or OSError."""
Tls = Callable[[], ssl.SSLContext]
Clock = Callable[[], float]

USER_AGENT = "factcheck/0.1"
ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5"
MAX_DIALLED = 4
DEFAULT_LIMITS = Limits()

_FIELD_VALUE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")
_CONTENT_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)", re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.ASCII | re.IGNORECASE)


def resolve_name(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver: every distinct address, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Remembered:
    """A resolver that remembers what it found, for as long as it is kept: a round of many fetches asks once a name.

    What it remembers is judged anew at every fetch, like any answer.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._found: dict[tuple[str, int], Sequence[str]] = {}

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """Ask, and remember."""
        found = self._found[host, port] = self._resolve(host, port)
        return found

    def known(self, host: str, port: int) -> Sequence[str] | None:
        """Return what was found before."""
        return self._found.get((host, port))


def dial_address(address: str, port: int, timeout: float) -> socket.socket:
    """Connect to a numeric address, and make sure that it is the one at the other end."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect((address, port))
        check_peer(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


def check_peer(sock: socket.socket, address: str) -> None:
    """Raise OSError unless the socket's other end is this address."""
    peer = str(sock.getpeername()[0])
    if ip_address(peer) != ip_address(address):
        raise ConnectionAbortedError(f"dialled {address} but reached {peer}")


@lru_cache(maxsize=1)
def default_tls() -> ssl.SSLContext:
    """Return the context that verifies names against the system's certificates."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def fetch(
    url: str,
    *,
    validators: Validators | None = None,
    limits: Limits = DEFAULT_LIMITS,
    resolve: Resolve = resolve_name,
    dial: Dial = dial_address,
    tls: Tls = default_tls,
    user_agent: str = USER_AGENT,
    also_denied: Iterable[str] = (),
    clock: Clock = time.monotonic,
) -> Response | Failed:
    """GET a page. Never raises for anything a server or a network can do.

    `resolve` and `dial` are the seam of the tests: the guard stands between them, so an injected pair
    meets the checks that production meets. A `dial` is trusted to connect to the address it is given; the
    default one looks at its socket's other end. `also_denied` are the operator's own networks on top of
    the table.
    """
    is_denied = partial(addresses.is_denied, also=tuple(also_denied))
    visit = _Visit(limits=limits, resolve=resolve, dial=dial, tls=tls, is_denied=is_denied, clock=clock)
    conditional = _conditional_headers(validators)
    headers = [(b"User-Agent", user_agent.encode("latin-1")), (b"Accept", ACCEPT.encode())]
    redirects: list[str] = []
    try:
        while True:
            with _refusals_are_stops():
                parts = addresses.checked_parts(url)
            url = str(parts)
            # Another page knows nothing of our version: its 304 would be about itself (RFC 9110, 13.1.3).
            asked = conditional if addresses.is_same_page(url, [*redirects, url][0]) else []
            answer = visit.ask(parts, [*headers, *asked])
            if answer.status not in REDIRECTS:
                _check_unconditional(answer, asked)
                return _response(answer, url, redirects, took=visit.took())
            redirects.append(url)
            url = _redirected(url, answer.headers, redirects, limits)
    except Stop as stop:
        return Failed(stop.failure, stop.detail, visit.took(), url[: addresses.MAX_URL])


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    limits: Limits = DEFAULT_LIMITS,
    resolve: Resolve = resolve_name,
    dial: Dial = dial_address,
    tls: Tls = default_tls,
    clock: Clock = time.monotonic,
) -> Response | Failed:
    """POST to the server that an operator named in a setting; it may stand on this machine or in its network.

    The address must be one that `addresses.endpoint` takes, and never one from outside. No redirect is followed: what
    is sent, and the key with it, goes nowhere else. Never raises for anything a server or a network can do.
    """
    visit = _Visit(limits=limits, resolve=resolve, dial=dial, tls=tls, is_denied=lambda _address: False, clock=clock)
    parts = addresses.endpoint(url)
    try:
        return _asked_once(visit, parts, body, headers)
    except Stop as stop:
        return Failed(stop.failure, stop.detail, visit.took(), str(parts))


def ask(
    url: str,
    body: bytes | None = None,
    *,
    headers: Mapping[str, str],
    limits: Limits = DEFAULT_LIMITS,
    resolve: Resolve = resolve_name,
    dial: Dial = dial_address,
    tls: Tls = default_tls,
    clock: Clock = time.monotonic,
) -> Response | Failed:
    """Ask a service outside, by POST where there is a body: guarded like `fetch`, with fields of our own.

    No redirect is followed: what is sent, and the key with it, goes nowhere else. Never raises for anything a server
    or a network can do.
    """
    visit = _Visit(limits=limits, resolve=resolve, dial=dial, tls=tls, is_denied=addresses.is_denied, clock=clock)
    try:
        with _refusals_are_stops():
            parts = addresses.checked_parts(url)
        return _asked_once(visit, parts, body, headers)
    except Stop as stop:
        return Failed(stop.failure, stop.detail, visit.took(), url[: addresses.MAX_URL])


def _asked_once(visit: "_Visit", parts: addresses.Parts, body: bytes | None, headers: Mapping[str, str]) -> Response:
    sent = [] if body is None else [(b"Content-Length", str(len(body)).encode())]
    sent += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return _response(visit.ask(parts, sent, body), str(parts), [], took=visit.took())


@dataclass(kw_only=True)
class _Visit:
    """The hops of one fetch under one deadline."""

    limits: Limits
    resolve: Resolve
    dial: Dial
    tls: Tls
    is_denied: Callable[[str], bool]
    clock: Clock
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def took(self) -> float:
        """Return the seconds since the fetch began."""
        return self.clock() - self.started

    def remaining(self, doing: str) -> float:
        """Return the seconds left, more than 0; at the deadline the fetch stops, saying at what."""
        left = self.limits.total_s - self.took()
        if left <= 0:
            raise late(doing, self.limits)
        return left

    def ask(self, parts: addresses.Parts, headers: Headers, body: bytes | None = None) -> Answer:
        """Make one request and read its answer."""
        own = [
            (b"Host", parts.authority.encode("ascii")),
            (b"Accept-Encoding", b"gzip"),
            (b"Connection", b"close"),
        ]
        with closing(self._connected(parts)) as sock:
            return Wire(sock, self.limits, self.remaining).exchange(parts.target, own + headers, body)

    def _connected(self, parts: addresses.Parts) -> socket.socket:
        sock = self._dialled(self._allowed(parts), parts.port)
        return sock if parts.scheme == "http" else self._secured(sock, parts.host)

    def _secured(self, sock: socket.socket, host: str) -> socket.socket:
        with closing(sock):  # wrap_socket takes the descriptor over; until then it is ours to close
            try:
                sock.settimeout(self.remaining("agreeing on TLS"))
                return self.tls().wrap_socket(sock, server_hostname=host)
            except TimeoutError:
                raise late("agreeing on TLS", self.limits) from None
            except OSError as error:
                raise Stop(Failure.TLS, f"no secure connection: {error}") from None

    def _allowed(self, parts: addresses.Parts) -> Sequence[str]:
        found = [parts.host] if addresses.is_address(parts.host) else self._looked_up(parts)
        for address in found:
            if self.is_denied(address):
                raise Stop(
                    Failure.ADDRESS_NOT_ALLOWED,
                    f"{parts.host} leads to {address}, which is not on the public internet",
                )
        return found

    def _looked_up(self, parts: addresses.Parts) -> Sequence[str]:
        """Resolve in a thread of its own, unless it is known: the system's resolver knows no deadline."""
        if isinstance(self.resolve, Remembered) and (known := self.resolve.known(parts.host, parts.port)):
            return known
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self.resolve(parts.host, parts.port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        left = self.remaining("looking up the name")
        threading.Thread(target=look_up, name="resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=left)
        except queue.Empty:
            raise late("looking up the name", self.limits) from None
        if isinstance(answer, Exception) or not answer:
            raise Stop(Failure.DNS, f"the name {parts.host} leads nowhere: {answer or 'no address'}")
        return answer

    def _dialled(self, found: Sequence[str], port: int) -> socket.socket:
        tried = found[:MAX_DIALLED]
        problem = OSError()
        for index, address in enumerate(tried):
            try:
                return self.dial(address, port, self.remaining("connecting") / (len(tried) - index))
            except OSError as error:
                problem = error
        self.remaining("connecting")
        raise Stop(Failure.CONNECT, f"no connection: {problem}")


@contextmanager
def _refusals_are_stops() -> Iterator[None]:
    try:
        yield
    except addresses.UrlRefused as refusal:
        is_address = refusal.code == "address_not_allowed"
        failure = Failure.ADDRESS_NOT_ALLOWED if is_address else Failure.URL_REFUSED
        raise Stop(failure, str(refusal)) from None


def _conditional_headers(validators: Validators | None) -> Headers:
    if validators is None:
        return []
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if _FIELD_VALUE.fullmatch(value)]


def _check_unconditional(answer: Answer, conditional: Headers) -> None:
    if answer.status == HTTPStatus.NOT_MODIFIED and not conditional:
        raise Stop(Failure.PROTOCOL, "304 to a request that named no version")


def _redirected(url: str, headers: Headers, redirects: Sequence[str], limits: Limits) -> str:
    if len(redirects) > limits.max_redirects:
        raise Stop(Failure.TOO_MANY_REDIRECTS, f"more than {limits.max_redirects} redirects")
    locations = {value for name, value in headers if name == b"location"}
    if len(locations) != 1:
        raise Stop(Failure.BAD_REDIRECT, f"a redirect with {len(locations)} Location headers")
    raw = locations.pop()
    if not raw or len(raw) > addresses.MAX_URL:
        raise Stop(Failure.BAD_REDIRECT, f"a redirect with a Location of {len(raw)} bytes")
    with _refusals_are_stops():
        return addresses.absolute_url(raw.decode("utf-8", "replace"), url)


def _response(answer: Answer, url: str, redirects: Sequence[str], *, took: float) -> Response:
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    content_type = headers.get("content-type", "")
    media_type, charset = _CONTENT_TYPE.match(content_type), _CHARSET.search(content_type)
    return Response(
        url=url,
        status=answer.status,
        headers=MappingProxyType(headers),
        body=answer.body,
        media_type=media_type[1].lower() if media_type else "",
        charset=charset[1].lower() if charset else "",
        redirects=tuple(redirects),
        took=took,
        truncated=answer.is_truncated,
        head=_fields(answer.head),
        sent=_fields(answer.sent),
        reason=answer.reason.decode("latin-1"),
        http_version=answer.http_version.decode("latin-1"),
    )


def _fields(headers: Headers) -> Fields:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
