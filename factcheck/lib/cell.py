"""What runs inside the jail: the child's end of `jail.run`, started as a fresh interpreter."""

import ctypes
import importlib
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from typing import BinaryIO, cast

OUT_OF_MEMORY = 71
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
OPEN_FILES = 16

Target = Callable[[bytes], bytes]
SetLimit = Callable[[int, tuple[int, int]], None]
Unshare = Callable[[int], int]


def main(
    arguments: Sequence[str], stdin: BinaryIO, stdout: BinaryIO, confine: Callable[[int, int], None]
) -> int:
    """Run `module:function` on stdin and write to stdout; return the exit code.

    The arguments are the target, CPU seconds and megabytes.
    """
    target = found(arguments[0])
    payload = stdin.read()
    confine(int(arguments[1]), int(arguments[2]))
    try:
        stdout.write(target(payload))
        stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


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
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer, confine))
