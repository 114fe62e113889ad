"""A Valkey of a test's own, to be frozen, killed and flushed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from factcheck import embedded


class Valkey:
    """One server on a UNIX socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "v.sock"
        self.url = f"unix://{self.socket}?db=0"
        self._command = [
            str(embedded._valkey(embedded.Place(folder))), "--port", "0", "--unixsocket", str(self.socket),
            "--save", "", "--dir", str(folder), "--logfile", str(folder / "log"),
        ]  # fmt: skip
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        self.socket.unlink(missing_ok=True)
        self._running = subprocess.Popen(self._command)
        embedded._wait(lambda: embedded._connects(self.socket), "Valkey did not start", self._running)

    def freeze(self) -> None:
        """Let it take connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9."""
        if self._running is not None:
            self._signal(signal.SIGKILL)
            self._running.wait()
            self._running = None

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as server:
            server.flushall()

    def _signal(self, name: signal.Signals) -> None:
        assert self._running is not None
        os.kill(self._running.pid, name)


@contextmanager
def valkey() -> Iterator[Valkey]:
    """Give a running one, and take it away. Its folder is short: a socket's path has 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="fc"))
    one = Valkey(folder)
    one.start()
    try:
        yield one
    finally:
        one.kill()
        shutil.rmtree(folder)
