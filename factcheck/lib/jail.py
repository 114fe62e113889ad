"""Run a parser of hostile bytes in a child that may fail: bounded in CPU, memory, time and output.

A thread or a soft time limit would not do: C code that runs for a minute hears neither (measured: a
one-second alarm around one HTML tag with 40,000 attributes rang after twelve). The child is forked from a
template that has loaded the parser and never seen a page, so that a page costs milliseconds.
"""

import os
import selectors
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Literal

from factcheck.lib.cell import OUT_OF_MEMORY
from factcheck.lib.crashpoints import crashpoint
from factcheck.lib.templates import Gone, Template, borrowed

Reason = Literal["cpu", "memory", "wall", "crashed"]

MAX_OUTPUT = 64 * 1024 * 1024
MAX_ERRORS = 4096
CHUNK = 65536
TRIES = 2
REAP_S = 2.0


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
    target: str, payload: bytes, *, cpu_s: int = 5, wall_s: float = 20.0, memory_mb: int = 600
) -> Finished | Broken:
    """Run `module:function` (bytes in, bytes out) on the payload in a child of its own.

    Works wherever a process may be started, a Celery pool's worker included, and from any thread.
    `target` is code, never input. Whatever the child does, this returns within `wall_s` and a moment.
    """
    deadline = time.monotonic() + wall_s
    problem = ""
    for _ in range(TRIES):  # a template may have died since it was last used; a fresh one says why
        try:
            with tempfile.TemporaryFile() as file, borrowed(target) as template:
                file.write(payload)
                file.seek(0)
                ended = _run(template, file, cpu_s, memory_mb, deadline)
        except Gone as gone:
            problem = str(gone)
        except TimeoutError:
            return Broken("wall", "its template did not answer in time")
        else:
            crashpoint("parse.after_child")
            return ended
    return Broken("crashed", problem)


def _run(template: Template, payload: IO[bytes], cpu_s: int, memory_mb: int, deadline: float) -> Finished | Broken:
    with _Pipe() as output, _Pipe() as errors:
        files = [payload.fileno(), output.writer.fileno(), errors.writer.fileno()]
        child = template.child(files, cpu_s=cpu_s, memory_mb=memory_mb, timeout=_left(deadline))
        output.writer.close()
        errors.writer.close()
        try:
            said = _said(output.reader, deadline)
            code = template.exit_code(_left(deadline))
        except (TimeoutError, BufferError) as stop:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            template.exit_code(REAP_S)
            return Broken("wall" if isinstance(stop, TimeoutError) else "memory", str(stop))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # whatever it left behind
        return _ending(code, said, _noted(errors.reader))


class _Pipe:
    def __init__(self) -> None:
        reader, writer = os.pipe()
        self.reader = os.fdopen(reader, "rb", buffering=0)
        self.writer = os.fdopen(writer, "wb", buffering=0)

    def __enter__(self) -> "_Pipe":
        return self

    def __exit__(self, *_: object) -> None:
        self.reader.close()
        self.writer.close()


def _left(deadline: float) -> float:
    """Return the seconds left, and at least a moment: 0 would mean not to wait at all."""
    return max(0.001, deadline - time.monotonic())


def _said(pipe: IO[bytes], deadline: float) -> bytes:
    """Read until everybody has closed the other end. Raises TimeoutError, BufferError."""
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(_left(deadline)):
            data = pipe.read(CHUNK)
            if not data:
                return bytes(said)
            said += data
            if len(said) > MAX_OUTPUT:
                raise BufferError(f"it put out more than {MAX_OUTPUT} bytes")
    raise TimeoutError("it was not done in time")


def _noted(pipe: IO[bytes]) -> str:
    """Return what is in the pipe; somebody who left the child's session may still hold its other end."""
    os.set_blocking(pipe.fileno(), False)
    return (pipe.read(MAX_ERRORS) or b"").decode("utf-8", "replace")


def _ending(code: int, said: bytes, noted: str) -> Finished | Broken:
    if code == 0:
        return Finished(said)
    if code == -signal.SIGXCPU:
        return Broken("cpu", "it used up its CPU time")
    if code in {OUT_OF_MEMORY, -signal.SIGKILL}:
        return Broken("memory", "it used up its memory")
    return Broken("crashed", noted.strip().rpartition("\n")[2] or f"it ended with code {code}")
