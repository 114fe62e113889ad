"""Real servers on loopback that do as a test tells them, and the seam that makes public names lead there."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from factcheck.lib.http import Dial, Resolve, dial_address

PUBLIC = "93.184.216.34"
Script = Callable[[socket.socket], object]


@dataclass
class Origin:
    """A listening server: the port, the heads of the requests it got, and how often it was dialled."""

    port: int
    heads: list[str] = field(default_factory=list)
    connections: int = 0

    def dial(self, _address: str, _port: int, timeout: float) -> socket.socket:
        """Lead every dialled address here."""
        return dial_address("127.0.0.1", self.port, timeout)


@contextlib.contextmanager
def origin(script: Script, *, reads_head: bool = True) -> Iterator[Origin]:
    """Serve connections by the script, each in a thread, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Origin(listener.getsockname()[1])
    is_over = threading.Event()
    threads: list[threading.Thread] = []

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            if reads_head:
                server.heads.append(_head(connection))
            script(connection)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if is_over.is_set():
                connection.close()
                return
            server.connections += 1
            threads.append(threading.Thread(target=talk, args=(connection,)))
            threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        is_over.set()
        socket.create_connection(listener.getsockname()).close()  # wakes the acceptor
        acceptor.join()
        for thread in threads:
            thread.join()
        listener.close()


def _head(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            break
        data += more
    return data.decode("latin-1")


def says(*pieces: bytes) -> Script:
    """Answer every request with these bytes."""

    def script(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return script


def answer(body: bytes = b"hello", *headers: str, status: str = "200 OK") -> bytes:
    """Return the bytes of an answer, with a Content-Length unless a header says how long it is."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def leads_to(*addresses: str) -> Resolve:
    """Resolve every name to these addresses."""

    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def never(_address: str, _port: int, _timeout: float) -> socket.socket:
    """Fail the test: this address should not have been dialled."""
    raise AssertionError(f"dialled {_address}:{_port}")


_: Dial = never
