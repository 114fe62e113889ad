"""Processes that have loaded a target and fork a child of themselves for each payload."""

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from factcheck.lib.cell import NUMBER, REQUEST

MAX_IDLE = 1
MAX_ERRORS = 4096

# The whole environment of a template: nothing of ours, and one thread for what would start a dozen.
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
)
_ROOT = Path(__file__).resolve().parents[2]
# -I keeps the folder it starts in and the environment out of sys.path, so the root is put there by hand.
_START = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1));runpy.run_module('factcheck.lib.cell', run_name='__main__')"
)
_idle: dict[str, list["Template"]] = {}


class Gone(Exception):
    """The template ended, or never loaded its target; says what it said last."""


class Template:
    """A fresh interpreter that serves one target; one child at a time."""

    def __init__(self, target: str) -> None:
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

    def child(self, files: list[int], *, cpu_s: int, memory_mb: int, timeout: float) -> int:
        """Fork a child on the payload, output and errors; return its process id. Raises Gone, TimeoutError."""
        self._control.settimeout(timeout)
        try:
            socket.send_fds(self._control, [REQUEST.pack(cpu_s, memory_mb)], files)
        except ConnectionError:
            raise self._gone() from None
        return self._number()

    def exit_code(self, timeout: float) -> int:
        """Wait for the child's end; negative for a signal, as subprocess has it. Raises Gone, TimeoutError."""
        self._control.settimeout(timeout)
        return self._number()

    def _number(self) -> int:
        try:
            answer = self._control.recv(NUMBER.size)
        except ConnectionError:
            answer = b""
        if not answer:
            raise self._gone()
        number: int
        (number,) = NUMBER.unpack(answer)
        return number

    def _gone(self) -> Gone:
        self._process.kill()
        said = self._errors.read().decode("utf-8", "replace")
        return Gone(said[-MAX_ERRORS:].strip().rpartition("\n")[2] or "it ended without a word")

    def close(self) -> None:
        """End it."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def abandon(self) -> None:
        """Let go of what a fork inherited: the template serves the process that started it."""
        self._control.close()
        self._errors.close()
        self._process.returncode = 0


@contextmanager
def borrowed(target: str) -> Iterator[Template]:
    """Lend an idle template, or a fresh one; it comes back unless the block raised."""
    idle = _idle.setdefault(target, [])
    template = idle.pop() if idle else Template(target)
    try:
        yield template
    except BaseException:
        template.close()
        raise
    if len(idle) < MAX_IDLE:
        idle.append(template)
    else:
        template.close()


def close_idle() -> None:
    """End the idle templates."""
    for template in _taken():
        template.close()


def abandon_idle() -> None:
    """Forget the idle templates in a process that was forked from theirs."""
    for template in _taken():
        template.abandon()


def _taken() -> list[Template]:
    templates = [template for idle in _idle.values() for template in idle]
    _idle.clear()
    return templates


atexit.register(close_idle)
os.register_at_fork(after_in_child=abandon_idle)
