"""Processes that have loaded a target and fork a child of themselves for each payload; all threads share one."""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from factcheck.lib.cell import REQUEST

MAX_ERRORS = 4096
MOST_LOADING_S = 30.0
MOST_FORKING_S = 5.0

# The whole environment of a template: nothing of ours, and one thread for what would start a dozen.
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
)
_ROOT = Path(__file__).resolve().parents[2]
# -I keeps the folder it starts in and the environment out of sys.path, so the root is put there by hand.
_START = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1));runpy.run_module('factcheck.lib.cell', run_name='__main__')"
)
_running: dict[str, "Template"] = {}
_starting = threading.Lock()


class Gone(Exception):
    """The template ended, or never loaded its target; says what it said last."""


class Template:
    """A fresh interpreter that serves one target, to several threads at once."""

    def __init__(self, target: str) -> None:
        self._lock = threading.Lock()
        self._last_words = ""
        self._started_at = time.monotonic()
        self.has_answered = False
        errors, their_errors = os.pipe()
        self._errors = os.fdopen(errors, "rb", buffering=0)
        self._control, theirs = socket.socketpair()
        with theirs, os.fdopen(their_errors, "wb", buffering=0):
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours; payloads go through a pipe
                [sys.executable, "-I", "-c", _START, str(_ROOT), target],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=their_errors,
                env=dict(ENVIRONMENT),
                cwd="/",
                start_new_session=True,
            )

    def ask(self, files: Sequence[int], *, cpu_s: int, memory_mb: int) -> None:
        """Have a child forked on payload, output, errors and status. Raises Gone.

        Its process id comes through status as a NUMBER, and when it ended its exit code, negative for a signal as
        subprocess has it. Status ends before where the template did.
        """
        with self._lock:
            try:
                socket.send_fds(self._control, [REQUEST.pack(cpu_s, memory_mb)], files)
            except OSError:
                is_gone = True
            else:
                is_gone = False
        if is_gone:
            raise self.gone()

    def gone(self) -> Gone:
        """End it, and return what it said last."""
        with self._lock:
            if not self._last_words:
                self._process.kill()
                said = self._errors.read().decode("utf-8", "replace")[-MAX_ERRORS:]
                self._last_words = said.strip().rpartition("\n")[2] or "it ended without a word"
        return Gone(self._last_words)

    def is_hung(self, waited_s: float) -> bool:
        """Tell whether one that did not answer for so long will not any more: loading takes a while."""
        age = time.monotonic() - self._started_at
        return waited_s > MOST_FORKING_S and (self.has_answered or age > MOST_LOADING_S)

    def close(self) -> None:
        """End it."""
        self.gone()
        with self._lock:
            self._control.close()
            self._process.wait()
            self._errors.close()

    def abandon(self) -> None:
        """Let go of what a fork inherited: the template serves the process that started it."""
        self._control.close()
        self._errors.close()
        self._process.returncode = 0


def template_for(target: str) -> Template:
    """Return the template of this process that serves the target; it is started where there is none."""
    with _starting:
        if target not in _running:
            _running[target] = Template(target)
        return _running[target]


def warm(target: str) -> None:
    """Start loading the target, so that the first payload need not wait for it."""
    template_for(target)


def discard(target: str, template: Template) -> None:
    """End a template that does not answer; the next payload gets a fresh one."""
    with _starting:
        if _running.get(target) is template:
            del _running[target]
    template.close()


def close_all() -> None:
    """End the templates."""
    for template in _taken():
        template.close()


def abandon_all() -> None:
    """Forget the templates in a process that was forked from theirs."""
    global _starting  # noqa: PLW0603 - another thread of the parent may have held it
    _starting = threading.Lock()
    for template in _taken():
        template.abandon()


def _taken() -> list[Template]:
    templates = list(_running.values())
    _running.clear()
    return templates


atexit.register(close_all)
os.register_at_fork(after_in_child=abandon_all)
