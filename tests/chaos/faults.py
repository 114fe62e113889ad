"""What is done to a desk: signals to its processes and servers, and deaths at exact places."""

from __future__ import annotations

import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from factcheck.management.supervisor import Child
from tests.chaos.desk import Desk, kill
from tests.chaos.servers import Servers, descendants, is_alive, send

STOP_S = 5.0

# Each stands wherever the code passes that moment, for one look or for many at once. Those of the web process, then
# those of a worker.
OF_WEB = ("ingest.before_insert", "ingest.before_commit", "ingest.after_commit")
OF_WORKER = (
    "hint.before_send",
    "claim.after_lease",
    "fetch.after_body",
    "parse.after_child",
    "check.before_commit",
    "check.after_commit",
    "change.before_commit",
    "split.before_commit",
    "split.after_commit",
    "match.between",
    "link.before_insert",
    "link.before_commit",
    "match.linked",
    "outbox.after_lock",
    "audit.after_head_lock",
)
CRASHPOINTS = OF_WEB + OF_WORKER


@dataclass
class Killer:
    """Strikes at random, repeatably: the same seed plans the same faults at the same moments."""

    desk: Desk
    servers: Servers
    rng: random.Random
    stop_s: float = STOP_S
    # Only signals that met a living process count.
    done: Counter[str] = field(default_factory=Counter)
    _asleep: list[threading.Timer] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, Callable[[], bool]]:
        """Every kind of fault by name."""
        desk, servers = self.desk, self.servers
        return {
            "web killed": lambda: self._group(desk.web),
            "web's worker killed": lambda: self._one(descendants(desk.web.running), signal.SIGKILL),
            "web terminated": lambda: self._main(desk.web, signal.SIGTERM),
            "web stopped": lambda: self._freeze(descendants(desk.web.running)),
            "worker killed": lambda: self._main(desk.worker, signal.SIGKILL),
            "worker's child killed": lambda: self._one(descendants(desk.worker.running), signal.SIGKILL),
            "worker terminated": lambda: self._main(desk.worker, signal.SIGTERM),
            "worker's child stopped": lambda: self._freeze(descendants(desk.worker.running)),
            "beat killed": lambda: self._group(desk.beat),
            "beat stopped": lambda: self._freeze([desk.beat.running.pid] if desk.beat.running else []),
            "Valkey killed": lambda: self._server(servers.valkey, signal.SIGKILL),
            "Valkey stopped": lambda: self._freeze([servers.valkey.pid] if servers.valkey else []),
            "PostgreSQL backend killed": lambda: self._one(servers.backends(), signal.SIGKILL),
            "postmaster killed": lambda: self._server(servers.postgres, signal.SIGKILL),
            "postmaster quit at once": lambda: self._server(servers.postgres, signal.SIGQUIT),
        }

    def plan(self, count: int, only: tuple[str, ...] = ()) -> Iterator[str]:
        """Yield kinds of faults: each as often as the others, in an order of the seed's."""
        names = [name for name in self.kinds if not only or name in only]
        while count > 0:
            round_ = self.rng.sample(names, len(names))[:count]
            count -= len(round_)
            yield from round_

    def strike(self, name: str, *, within: float = 10.0) -> bool:
        """Do one fault as soon as there is somebody to meet; False where nobody was."""
        deadline = time.monotonic() + within
        while not self.kinds[name]():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        self.done[name] += 1
        return True

    def rest(self) -> None:
        """Wait until everything that was frozen goes on."""
        for timer in self._asleep:
            timer.join()

    def _one(self, pids: list[int], what: signal.Signals) -> bool:
        return bool(pids) and send(self.rng.choice(pids), what)

    def _main(self, child: Child, what: signal.Signals) -> bool:
        return child.running is not None and send(child.running.pid, what)

    def _group(self, child: Child) -> bool:
        is_there = child.running is not None and is_alive(child.running.pid)
        kill(child)
        return is_there

    def _server(self, server: subprocess.Popen[bytes] | None, what: signal.Signals) -> bool:
        return server is not None and send(server.pid, what)

    def _freeze(self, pids: list[int]) -> bool:
        frozen = [pid for pid in pids if send(pid, signal.SIGSTOP)]
        if frozen:
            timer = threading.Timer(self.stop_s, _go_on, (frozen,))
            timer.start()
            self._asleep.append(timer)
        return bool(frozen)


def _go_on(pids: list[int]) -> None:
    for pid in pids:
        send(pid, signal.SIGCONT)


def crash_at(desk: Desk, point: str, *, work: Callable[[], None], within: float = 90.0) -> float | None:
    """Start web or worker anew so that it dies at `point` once; return after how many seconds, None if it never did."""
    mark = desk.folder / f"crashed-{point}"
    role = desk.web if point in OF_WEB else desk.worker
    desk.env.update(CRASHPOINT=point, CRASHPOINT_MARK=str(mark))
    started = time.monotonic()
    kill(role)
    while not mark.exists():
        work()
        if time.monotonic() - started > within:
            return None
    desk.env.pop("CRASHPOINT")
    return time.monotonic() - started
