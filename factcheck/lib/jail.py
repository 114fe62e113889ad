"""Run a parser of hostile bytes in a child that may fail: bounded in CPU, memory, time and output.

A thread or a soft time limit would not do: C code that runs for a minute hears neither (measured: a
one-second alarm around one HTML tag with 40,000 attributes rang after twelve).
"""

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Literal

from factcheck.lib.cell import OUT_OF_MEMORY

Reason = Literal["cpu", "memory", "wall", "crashed"]

MAX_OUTPUT = 64 * 1024 * 1024
MAX_ERRORS = 4096
CHUNK = 65536


# The whole environment of the child: nothing of ours, and one thread for what would start a dozen.
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
)
_ROOT = Path(__file__).resolve().parents[2]
# -I keeps the folder it starts in and the environment out of sys.path, so the root is put there by hand.
_START = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1));"
    "runpy.run_module('factcheck.lib.cell', run_name='__main__')"
)


@dataclass(frozen=True)
class Finished:
    """What the target returned."""

    output: bytes


@dataclass(frozen=True)
class Broken:
    """Why it returned nothing: it used up its CPU seconds, its memory or its time, or it crashed."""

    reason: Reason
    detail: str


def run(
    target: str, payload: bytes, *, cpu_s: int = 5, wall_s: float = 10.0, memory_mb: int = 600
) -> Finished | Broken:
    """Run `module:function` (bytes in, bytes out) on the payload in a child of its own.

    Works wherever a process may be started, a Celery pool's worker included. `target` is code, never
    input. Whatever the child does, this returns within `wall_s` and a moment.
    """
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), target, str(cpu_s), str(memory_mb)]
    deadline = time.monotonic() + wall_s
    with (
        _readable(payload) as stdin,
        subprocess.Popen(  # noqa: S603 - the command is ours; the payload is on stdin
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(ENVIRONMENT),
            cwd="/",
            start_new_session=True,
        ) as child,
    ):
        try:
            output = _output(child, deadline)
        finally:
            _end(child)
        errors = _errors(_pipe(child.stderr))
    return output if isinstance(output, Broken) else _ending(child.returncode, output, errors)


def _readable(payload: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(payload)
    file.seek(0)
    return file


def _pipe(pipe: IO[bytes] | None) -> int:
    assert pipe is not None  # noqa: S101 - run() asked for it
    return pipe.fileno()


def _output(child: subprocess.Popen[bytes], deadline: float) -> bytes | Broken:
    """Read until the child has closed its output and ended. Its errors wait in their pipe."""
    output = bytearray()
    fd = _pipe(child.stdout)
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            data = os.read(fd, CHUNK)
            output += data
            if len(output) > MAX_OUTPUT:
                return Broken("memory", f"it put out more than {MAX_OUTPUT} bytes")
            if not data:
                with suppress(subprocess.TimeoutExpired):
                    child.wait(max(0.0, deadline - time.monotonic()))
                    return bytes(output)
                break
    return Broken("wall", "it was not done in time")


def _errors(fd: int) -> str:
    os.set_blocking(fd, False)  # somebody who left the child's session may still hold the other end
    try:
        return os.read(fd, MAX_ERRORS).decode("utf-8", "replace")
    except BlockingIOError:
        return ""


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started, and collect it; one that ended keeps its own code."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _ending(code: int, output: bytes, errors: str) -> Finished | Broken:
    if code == 0:
        return Finished(output)
    if code == -signal.SIGXCPU:
        return Broken("cpu", "it used up its CPU time")
    if code in {OUT_OF_MEMORY, -signal.SIGKILL}:
        return Broken("memory", "it used up its memory")
    last_line = errors.strip().rpartition("\n")[2]
    return Broken("crashed", last_line or f"it ended with code {code}")
