"""A PostgreSQL and a Valkey of a run's own, so that they may be killed; both come back within a second."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from factcheck import embedded

LOOK_EVERY_S = 0.2


class Servers:
    """Both servers, started again when they die unless somebody holds them down."""

    def __init__(self, name: str) -> None:
        self.place = embedded.place(f"chaos-{name}")
        self.postgres: subprocess.Popen[bytes] | None = None
        self.valkey: subprocess.Popen[bytes] | None = None
        self.held_down: set[str] = set()
        self.restarts = {"postgres": 0, "valkey": 0}
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look_after, daemon=True)

    def start(self) -> None:
        """Make the folder, start both and look after them; whatever becomes of this, `stop` takes it away."""
        embedded._make_folders(self.place)
        self.postgres = embedded._start_postgres(self.place)
        self.valkey = embedded._start_valkey(self.place)
        self._watch.start()

    @property
    def socket(self) -> Path:
        """Where Valkey listens."""
        return self.place.folder / "run" / "valkey.sock"

    def as_owner(self, *statements: str) -> None:
        """Run statements as PostgreSQL's superuser, for the harness's own instruments."""
        where = f"host={self.place.folder}/run user=postgres dbname=factcheck connect_timeout=5"
        with psycopg.connect(where, autocommit=True) as owner:
            for statement in statements:
                owner.execute(statement)

    def backends(self) -> list[int]:
        """Return the process ids of the application's backends."""
        return [pid for pid in descendants(self.postgres) if _command(pid).startswith("postgres: factcheck")]

    def _look_after(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            # A server that cannot start yet is tried again: after kill -9 old backends still hold the memory.
            with suppress(embedded.Refused):
                if is_dead(self.postgres) and "postgres" not in self.held_down:
                    self.postgres = embedded._start_postgres(self.place)
                    self.restarts["postgres"] += 1
                if is_dead(self.valkey) and "valkey" not in self.held_down:
                    self.valkey = embedded._start_valkey(self.place)
                    self.restarts["valkey"] += 1

    def stop(self) -> None:
        """Stop both and forget all they held."""
        self._over.set()
        if self._watch.is_alive():
            self._watch.join(embedded.START_WITHIN_S)
        for server in (self.valkey, self.postgres):
            if server is not None and server.poll() is None:
                server.send_signal(signal.SIGCONT)
                server.send_signal(signal.SIGQUIT if server is self.postgres else signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    server.wait(20)
        embedded.stop(self.place)  # what was started and not yet known when we were interrupted
        time.sleep(0.2)
        shutil.rmtree(self.place.folder, ignore_errors=True)


def is_dead(server: subprocess.Popen[bytes] | None) -> bool:
    """Say whether it ended; its end is read here, so that no zombie is left."""
    return server is None or server.poll() is not None


def descendants(process: subprocess.Popen[bytes] | None) -> list[int]:
    """Return the process ids of the direct children."""
    if process is None:
        return []
    running = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sorted(int(entry.name) for entry in running if _parent(entry) == process.pid)


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def send(pid: int, what: signal.Signals) -> bool:
    """Send a signal; False where the process is gone, or dead and not yet buried."""
    if not is_alive(pid):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, what)
        return True
    return False


def is_alive(pid: int) -> bool:
    """Say whether there is such a process, and not only its entry."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False
