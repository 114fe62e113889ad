"""What runs inside the jail: a template that has loaded a target, and the children it forks for payloads."""

import ctypes
import gc
import importlib
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NoReturn, cast

OUT_OF_MEMORY = 71
FAILED = 70
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
OPEN_FILES = 16
FILES = 4
NUMBER = struct.Struct("!q")
REQUEST = struct.Struct("!qq")

Target = Callable[[bytes], bytes]
SetLimit = Callable[[int, tuple[int, int]], None]
Unshare = Callable[[int], int]


def serve(name: str, control: socket.socket) -> None:
    """Load the target, then fork a child for each request until the other side hangs up.

    A request is CPU seconds and megabytes, with four open files: payload, output, errors and status. To its status
    are written the child's process id at once, and its exit code when it ended. Children run side by side.
    """
    target = found(name)
    gc.freeze()
    running: dict[int, int] = {}
    with _deaths() as died, selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(died, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if died in ready:
                os.read(died, 4096)
            _tell_the_dead(running)
            if control.fileno() in ready and not _begin(target, control, running):
                return


@contextmanager
def _deaths() -> Iterator[int]:
    """Give a file that can be read when a child ended."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    before, wakes = (
        signal.signal(signal.SIGCHLD, lambda *_: None),
        signal.set_wakeup_fd(write, warn_on_full_buffer=False),
    )
    try:
        yield read
    finally:
        signal.set_wakeup_fd(wakes)
        signal.signal(signal.SIGCHLD, before)
        os.close(read)
        os.close(write)


def _begin(target: Target, control: socket.socket, running: dict[int, int]) -> bool:
    """Fork a child for the request that waits; False when the other side hung up instead."""
    request, files, _, _ = socket.recv_fds(control, REQUEST.size, FILES)
    if not request:
        return False
    *theirs, status = files
    cpu_s, memory_mb = REQUEST.unpack(request)
    child = os.fork()
    if child == 0:
        become(target, theirs, partial(confine, cpu_s, memory_mb))
    for file in theirs:
        os.close(file)
    running[child] = status
    _tell(status, child)
    return True


def _tell_the_dead(running: dict[int, int]) -> None:
    for child, status in list(running.items()):
        ended, how = os.waitpid(child, os.WNOHANG)
        if ended:
            del running[child]
            _tell(status, os.waitstatus_to_exitcode(how))
            os.close(status)


def _tell(status: int, number: int) -> None:
    with suppress(BrokenPipeError):  # nobody waits for it any more
        os.write(status, NUMBER.pack(number))


def found(name: str) -> Target:
    """Import `module:function`, and let the module load what it needs while files may still be opened.

    A module says so with a function `prepare()`.
    """
    module_name, _, function_name = name.partition(":")
    module = importlib.import_module(module_name)
    prepare = getattr(module, "prepare", None)
    if prepare is not None:
        prepare()
    return cast(Target, getattr(module, function_name))


def become(target: Target, files: list[int], confined: Callable[[], None]) -> NoReturn:
    """In a child just forked: keep the three files and nothing else, lock the door, run, end.

    It ends before a collector of garbage could pay: of 160,000 passages that took three seconds of four.
    """
    os.setsid()
    gc.disable()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, 256)
    os._exit(answer(target, confined))


def answer(target: Target, confined: Callable[[], None], files: tuple[int, int, int] = (0, 1, 2)) -> int:
    """Run the target on the first file, write to the second, or what went wrong to the third.

    Returns the exit code.
    """
    try:
        with open(files[0], "rb", closefd=False) as file:
            payload = file.read()
        confined()
        with open(files[1], "wb", closefd=False) as file:
            file.write(target(payload))
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:  # noqa: BLE001 - a door: whatever it was, the parent is told
        os.write(files[2], traceback.format_exc(limit=-3).encode("utf-8", "replace"))
        return FAILED
    return 0


def confine(cpu_s: int, memory_mb: int) -> None:
    """Give up, for good, what parsing a page does not need."""
    cut_off_network(ctypes.CDLL(None).unshare if sys.platform == "linux" else _no_unshare)
    set_limits(cpu_s, memory_mb, resource.setrlimit)


def _no_unshare(_flags: int) -> int:
    return -1


def cut_off_network(unshare: Unshare) -> bool:
    """Move to an empty network where the system permits it, alone or with a user namespace."""
    return unshare(CLONE_NEWNET) == 0 or unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0


def set_limits(cpu_s: int, memory_mb: int, set_limit: SetLimit) -> None:
    """Bound CPU time from now on, memory, open files and what may be written to files (nothing)."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(spent.ru_utime + spent.ru_stime) + cpu_s
    memory = memory_mb * 1024 * 1024
    set_limit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    set_limit(resource.RLIMIT_AS, (memory, memory))
    set_limit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    set_limit(resource.RLIMIT_FSIZE, (0, 0))
    set_limit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    serve(sys.argv[1], socket.socket(fileno=0))
