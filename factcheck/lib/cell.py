"""What runs inside the jail: a template that has loaded a target, and the children it forks for payloads."""

import ctypes
import gc
import importlib
import os
import resource
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from functools import partial
from typing import NoReturn, cast

OUT_OF_MEMORY = 71
FAILED = 70
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
OPEN_FILES = 16
NUMBER = struct.Struct("!q")
REQUEST = struct.Struct("!qq")

Target = Callable[[bytes], bytes]
SetLimit = Callable[[int, tuple[int, int]], None]
Unshare = Callable[[int], int]


def serve(name: str, control: socket.socket) -> None:
    """Load the target, then fork a child for each request until the other side hangs up.

    A request is CPU seconds and megabytes, with three open files: payload, output, errors. It is answered
    by the child's process id at once, and by its exit code when it ended.
    """
    target = found(name)
    gc.freeze()
    while True:
        request, files, _, _ = socket.recv_fds(control, REQUEST.size, 3)
        if not request:
            return
        cpu_s, memory_mb = REQUEST.unpack(request)
        child = os.fork()
        if child == 0:
            become(target, files, partial(confine, cpu_s, memory_mb))
        for file in files:
            os.close(file)
        control.sendall(NUMBER.pack(child))
        control.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))


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
    """In a child just forked: keep the three files and nothing else, lock the door, run, end."""
    os.setsid()
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
