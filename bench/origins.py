"""An origin for benches: every host of LOOPBACK_HOSTS leads to it, it answers by the path and notes who came when.

    python -m bench.origins LOG     prints its port, then serves until it is ended

/robots.txt is 404, but for a host whose name begins with x: a redirect to what its name says in hexadecimal digits. A
path that holds `to=` is a redirect, one with `drip` never ends, `slow` takes a third of a second; whoever names the
version that stands there gets 304. Each line of LOG: begin and end of a request by the monotonic clock, host, path,
status.
"""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
ETAG = '"1"'
SLOW_S, DRIP_S = 0.3, 0.5
TEXT = "The council of Merrin closed twelve schools in April. " * 40
_PAGE = (
    "<!doctype html><html lang=en><title>Report {path}</title><article><h1>Report {path}</h1>"
    "<p>The council of Merrin closed twelve schools in April, the mayor said on Friday after a long debate.</p>"
    "<p>The harbour of Merrin handled forty ships in May, two more than in the month before.</p></article></html>"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the origin saw it; times in seconds of its monotonic clock, which all processes here share."""

    began: float
    ended: float
    host: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Origin:
    """A running origin."""

    port: int
    log: Path

    def requests(self) -> list[Request]:
        """Return what it noted until now, in the order of their beginnings."""
        lines = (line.split() for line in self.log.read_text(encoding="utf-8").splitlines())
        noted = (Request(float(line[0]), float(line[1]), line[2], line[3], int(line[4])) for line in lines)
        return sorted(noted, key=lambda request: request.began)


@contextmanager
def origin(folder: Path) -> Iterator[Origin]:
    """Run one in a process of its own."""
    log = folder / "origin.log"
    log.touch()
    command = [sys.executable, "-m", "bench.origins", str(log)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield Origin(int(running.stdout.readline()), log)  # type: ignore[union-attr]  # it has one
    finally:
        running.terminate()
        running.wait(10)


def plant(urls: Sequence[str], *, now: datetime, **of_host: Any) -> None:
    """Write pages, due now, that were seen before with the version that stands there."""
    from sources.models import Document, Host, Snapshot

    names = dict.fromkeys(Host.name_of(url) for url in urls)
    hosts = {host.name: host for host in Host.objects.bulk_create(Host(name=name, **of_host) for name in names)}
    seen = {"etag": ETAG, "seen_at": now, "changed_at": now, "due_at": now}
    pages = Document.objects.bulk_create(
        Document(identity=url, url=url, host=hosts[Host.name_of(url)], **seen) for url in urls
    )
    snapshots = Snapshot.objects.bulk_create(
        Snapshot(document=page, number=1, taken_at=now, captured_by="fetch", text=TEXT, digest="0" * 64)
        for page in pages
    )
    for page, snapshot in zip(pages, snapshots, strict=True):
        page.snapshot = snapshot
    Document.objects.bulk_update(pages, ["snapshot"])


class _Server:
    def __init__(self, log: Path) -> None:
        self.file = log.open("a", buffering=1, encoding="utf-8")

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until the other side has enough."""
        try:
            while await self.answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever asked has gone: nothing is left to answer
        finally:
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether another may follow."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        began = time.monotonic()
        path = head.split(" ", 2)[1]
        host = head.partition("\r\nhost: ")[2].partition("\r\n")[0]
        status, is_over = 200, "\r\nconnection: close" in head
        try:
            status = await self._say(path, head, writer)
        finally:
            if "bench=" not in path:
                self.file.write(f"{began:.6f} {time.monotonic():.6f} {host} {path} {status}\n")
        return not is_over

    async def _say(self, path: str, head: str, writer: asyncio.StreamWriter) -> int:
        if "slow" in path:
            await asyncio.sleep(SLOW_S)
        if target := _sent_to(path, head):
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())
            status = 302
        elif path == "/robots.txt":
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            status = 404
        elif "drip" in path:
            status = await self._drip(writer)
        elif f"if-none-match: {ETAG}" in head:
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode())
            status = 304
        else:
            body = _PAGE.format(path=path).encode()
            said = f"Content-Type: text/html; charset=utf-8\r\nETag: {ETAG}\r\nContent-Length: {len(body)}"
            writer.write(f"HTTP/1.1 200 OK\r\n{said}\r\n\r\n".encode() + body)
            status = 200
        await writer.drain()
        return status

    async def _drip(self, writer: asyncio.StreamWriter) -> int:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(DRIP_S)
        return 200


def _sent_to(path: str, head: str) -> str:
    """Return where to: what stands behind `to=`; for robots.txt what the host's name says in hexadecimal digits."""
    if path == "/robots.txt":
        digits = head.partition("\r\nhost: x")[2].partition(".test")[0].replace(".", "")
        return bytes.fromhex(digits).decode() if digits else ""
    return unquote(path.partition("to=")[2])


async def _serve(log: Path) -> None:
    server = await asyncio.start_server(_Server(log).talk, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await over.wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
