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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from factcheck.lib.cell import NUMBER, OUT_OF_MEMORY
from factcheck.lib.crashpoints import crashpoint
from factcheck.lib.templates import Gone, Template, discard, template_for

Reason = Literal["cpu", "memory", "wall", "crashed"]

MAX_OUTPUT = 64 * 1024 * 1024
MAX_ERRORS = 4096
CHUNK = 65536
TRIES = 2
USER_TIME = 11  # of the fields of /proc/PID/stat behind the name, which may hold anything; then system time


@dataclass(frozen=True)
class Finished:
    """What the target returned."""

    output: bytes


@dataclass(frozen=True)
class Broken:
    """Why it returned nothing: it used up its CPU seconds, its memory or its time, or it crashed."""

    reason: Reason
    detail: str


def run(target: str, payload: bytes, *, cpu_s: int = 4, wall_s: float = 9.0, memory_mb: int = 600) -> Finished | Broken:
    """Run `module:function` (bytes in, bytes out) on the payload in a child of its own.

    Works wherever a process may be started, a Celery pool's worker included, and from any thread.
    `target` is code, never input. Whatever the child does, this returns within `wall_s` and a moment. One that has
    used up half of its CPU seconds by then is stopped for them: only the machine was too busy to let it finish.
    """
    deadline = time.monotonic() + wall_s
    limits = {"cpu_s": cpu_s, "memory_mb": memory_mb}
    problem = ""
    for _ in range(TRIES):  # a template may have died since it was last used; a fresh one says why
        template = template_for(target)
        try:
            with tempfile.TemporaryFile() as file:
                file.write(payload)
                file.seek(0)
                ended = _run(template, file, limits, deadline)
        except Gone as gone:
            problem = str(gone)
            discard(target, template)
        except TimeoutError:
            if template.is_hung(wall_s):
                discard(target, template)
            return Broken("wall", "its template did not answer in time")
        else:
            crashpoint("parse.after_child")
            return ended
    return Broken("crashed", problem)


def _run(template: Template, payload: IO[bytes], limits: Mapping[str, int], deadline: float) -> Finished | Broken:
    with _Pipe() as output, _Pipe() as errors, _Pipe() as status:
        template.ask([payload.fileno(), *(pipe.writer.fileno() for pipe in (output, errors, status))], **limits)
        for pipe in (output, errors, status):
            pipe.writer.close()
        child = _number(template, status.reader, deadline)
        template.has_answered = True
        try:
            said = _said(output.reader, deadline)
            code = _number(template, status.reader, deadline)
        except (TimeoutError, BufferError) as stop:
            why = _why(stop, child, limits["cpu_s"])
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            return Broken(why, str(stop))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # whatever it left behind
        return _ending(code, said, _noted(errors.reader))


def _why(stop: Exception, child: int, cpu_s: int) -> Reason:
    if isinstance(stop, BufferError):
        return "memory"
    return "cpu" if _cpu_used(child) * 2 >= cpu_s else "wall"


def _number(template: Template, status: IO[bytes], deadline: float) -> int:
    """Read what the template tells of a child. Raises Gone, TimeoutError."""
    with selectors.DefaultSelector() as selector:
        selector.register(status, selectors.EVENT_READ)
        if not selector.select(_left(deadline)):
            raise TimeoutError("it was not done in time")
    told = status.read(NUMBER.size)
    if not told:
        raise template.gone()
    number: int
    (number,) = NUMBER.unpack(told)
    return number


def _cpu_used(child: int) -> float:
    """Return the CPU seconds of a process that runs; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[USER_TIME]) + int(fields[USER_TIME + 1])) / os.sysconf("SC_CLK_TCK")


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
