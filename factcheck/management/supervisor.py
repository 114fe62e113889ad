"""Children that are started again when they die, and stopped in order when we go."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STOP_WITHIN_S = 15.0
AGAIN_AFTER_S = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process under supervision; its output goes to a log file."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    died_at: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        """Start it in a group of its own: Ctrl+C in the terminal is ours to pass on, in order."""
        with self.log.open("ab") as sink:
            self.running = subprocess.Popen(  # noqa: S603  the command is ours
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env=dict(self.env),
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  one thread
            )

    def stop(self) -> None:
        """Ask it to go, wait, then sweep its whole group."""
        if self.running is None:
            return
        if self.running.poll() is None:
            self.running.terminate()
            with suppress(subprocess.TimeoutExpired):  # the sweep ends what does not go
                self.running.wait(STOP_WITHIN_S)
        self.sweep()
        self.running.wait()
        self.running = None

    def sweep(self) -> None:
        """Kill whatever is left of its group."""
        if self.running is None:
            return
        with suppress(ProcessLookupError):  # nothing is left
            os.killpg(self.running.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """Let the kernel end a child whose supervisor was killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Supervisor:
    """Children in the order in which they start; they stop in the opposite order."""

    children: list[Child] = field(default_factory=list)

    def start(self) -> None:
        """Start them all."""
        for child in self.children:
            child.start()

    def look(self) -> list[Child]:
        """Start again what died a moment ago; return what died since the last look."""
        died = []
        for child in self.children:
            if child.running is not None and child.running.poll() is not None:
                child.sweep()
                child.running, child.died_at, child.deaths = None, time.monotonic(), child.deaths + 1
                died.append(child)
            elif child.running is None and time.monotonic() - child.died_at >= AGAIN_AFTER_S:
                child.start()
        return died

    def stop(self) -> None:
        """Stop them all, last started first."""
        for child in reversed(self.children):
            child.stop()
