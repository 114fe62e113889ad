"""One HTTP/1.1 request over one connected socket, by h11, which parses and opens nothing."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus

import h11

from factcheck.lib.answers import Failure, Limits, Stop
from factcheck.lib.inflate import BadCoding, Inflater, TooLarge

Headers = list[tuple[bytes, bytes]]
Remaining = Callable[[str], float]
"""(what is being done) -> seconds left, more than 0; raises Stop at the deadline."""

MAX_HEADERS = 200
MAX_INFORMATIONAL = 8
MAX_PIECES = 100_000
CHUNK = 65536
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Answer:
    """One hop's answer; `body` is inflated, and b'' for a redirect, whose body stays unread.

    `headers` have lower-case names; `head` has them as they came, and `sent` is what was asked with.
    """

    status: int
    headers: Headers
    body: bytes = b""
    is_truncated: bool = False
    head: Headers = field(default_factory=list)
    sent: Headers = field(default_factory=list)
    reason: bytes = b""
    http_version: bytes = b"1.1"


class Wire:
    """One connection: sends a request, reads its answer, never past the deadline."""

    def __init__(self, sock: socket.socket, limits: Limits, remaining: Remaining) -> None:
        self._sock = sock
        self._limits = limits
        self._remaining = remaining
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.max_header_bytes)
        self._has_ended = False

    def exchange(self, target: str, headers: Headers, body: bytes | None = None) -> Answer:
        """GET the target, or POST the body to it, and read the answer; raises Stop."""
        method = "GET" if body is None else "POST"
        try:
            self._send(h11.Request(method=method, target=target, headers=headers), body or b"")
            return replace(self._answer(self._head()), sent=headers)
        except h11.RemoteProtocolError as error:
            is_too_much = error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            failure = Failure.HEADERS if is_too_much else Failure.PROTOCOL
            raise Stop(failure, f"this is not HTTP: {error}") from None
        except TimeoutError:
            raise late("reading the answer", self._limits) from None
        except OSError as error:
            raise Stop(Failure.CONNECT, f"the connection broke: {error}") from None

    def _answer(self, head: h11.Response) -> Answer:
        headers = [(bytes(name), bytes(value)) for name, value in head.headers]
        answer = Answer(
            head.status_code,
            headers,
            head=[(bytes(name), bytes(value)) for name, value in head.headers.raw_items()],
            reason=bytes(head.reason),
            http_version=bytes(head.http_version),
        )
        if head.status_code in REDIRECTS:
            return answer
        try:
            inflater = Inflater(_coding(headers), self._limits.max_bytes)
            is_whole = self._body(inflater)
        except BadCoding as error:
            raise Stop(Failure.CODING, str(error)) from None
        except TooLarge as error:
            raise Stop(Failure.TOO_LARGE, str(error)) from None
        is_truncated = not (is_whole and inflater.is_complete)
        return replace(answer, body=bytes(inflater.body), is_truncated=is_truncated)

    def _send(self, request: h11.Request, body: bytes) -> None:
        events = [request, h11.Data(data=body), h11.EndOfMessage()] if body else [request, h11.EndOfMessage()]
        data = b"".join(self._state.send(event) or b"" for event in events)
        self._sock.settimeout(self._remaining("sending the request"))
        try:
            self._sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return  # some servers answer and close before they have read; the answer decides

    def _head(self) -> h11.Response:
        for _ in range(MAX_INFORMATIONAL):
            event = self._event()
            if isinstance(event, h11.Response):
                limit = self._limits.max_header_bytes
                size = sum(len(name) + len(value) + 4 for name, value in event.headers)
                if size > limit or len(event.headers) > MAX_HEADERS:
                    raise Stop(Failure.HEADERS, f"more than {MAX_HEADERS} headers or {limit} bytes of them")
                return event
        raise Stop(Failure.PROTOCOL, f"{MAX_INFORMATIONAL} interim answers and no final one")

    def _body(self, inflater: Inflater) -> bool:
        """Feed the body to the inflater; return False when it stopped before its end."""
        received = 0
        for _ in range(MAX_PIECES):
            try:
                event = self._event()
            except h11.RemoteProtocolError:
                if not self._has_ended:
                    raise
                return False
            except ConnectionError as error:
                raise Stop(Failure.TRUNCATED, f"the connection broke in the middle: {error}") from None
            if not isinstance(event, h11.Data):
                return self._is_alone()
            received += len(event.data)
            if received > self._limits.max_bytes:
                raise TooLarge(f"more than {self._limits.max_bytes} bytes came over the wire")
            inflater.feed(bytes(event.data))
        raise TooLarge(f"the body came in more than {MAX_PIECES} pieces")

    def _is_alone(self) -> bool:
        if self._state.trailing_data[0]:
            raise Stop(Failure.PROTOCOL, "the body goes on past its Content-Length")
        return True

    def _event(self) -> object:
        while True:
            event = self._state.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._sock.settimeout(self._remaining("reading the answer"))
            data = self._sock.recv(CHUNK)
            self._has_ended = not data
            self._state.receive_data(data)


def late(doing: str, limits: Limits) -> Stop:
    """Return the stop for a deadline that passed."""
    return Stop(Failure.DEADLINE, f"the {limits.total_s:g} seconds were over while {doing}")


def _coding(headers: Headers) -> str:
    codings = [
        coding
        for name, value in headers
        if name == b"content-encoding"
        for coding in value.decode("latin-1").lower().replace(" ", "").split(",")
        if coding not in {"", "identity"}
    ]
    if len(codings) > 1:
        raise BadCoding(f"the body has {len(codings)} content codings; one is the most")
    return "".join(codings)
