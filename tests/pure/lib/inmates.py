"""Targets that the tests of the jail run in a child."""

import ctypes
import os
import signal
import socket
import time
from multiprocessing.connection import Connection
from pathlib import Path

from factcheck.lib import jail


def shout(payload: bytes) -> bytes:
    return payload.upper()


def spin(_payload: bytes) -> bytes:
    while True:
        pass


def sleep(_payload: bytes) -> bytes:
    time.sleep(60)
    return b""


def grow(_payload: bytes) -> bytes:
    return b"x" * (4 * 1024**3)


def fail(_payload: bytes) -> bytes:
    raise ValueError("no such page")


def fall(_payload: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def flood(_payload: bytes) -> bytes:
    while True:
        os.write(1, b"x" * 65536)


def environment(_payload: bytes) -> bytes:
    return "\n".join(f"{name}={value}" for name, value in os.environ.items()).encode()


def write(payload: bytes) -> bytes:
    try:
        Path(payload.decode()).write_bytes(b"x")
    except OSError as error:
        return type(error).__name__.encode()
    return b"written"


def open_many(payload: bytes) -> bytes:
    opened = 0
    try:
        while opened < int(payload):
            os.dup(0)
            opened += 1
    except OSError:
        return str(opened).encode()
    return b"all"


def dial(payload: bytes) -> bytes:
    host, _, port = payload.decode().partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2)
    except OSError as error:
        return type(error).__name__.encode()
    return b"connected"


def fork_and_sleep(_payload: bytes) -> bytes:
    if os.fork() == 0:
        os.write(2, b"")
        time.sleep(60)
    return b"parent"


def shut_and_sleep(_payload: bytes) -> bytes:
    os.close(1)
    time.sleep(60)
    return b""


def be_killed(_payload: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def run_out(_payload: bytes) -> bytes:
    raise MemoryError


def fork_away(_payload: bytes) -> bytes:
    if os.fork() == 0:
        os.setsid()
        time.sleep(3)
    return b"parent"


PREPARED: list[bool] = []


def prepare() -> None:
    PREPARED.append(True)


def was_prepared(_payload: bytes) -> bytes:
    return str(PREPARED == [True]).encode()


def use_the_jail(pipe: "Connection[bytes, bytes]") -> None:
    ended = jail.run("tests.pure.lib.inmates:shout", b"abc")
    pipe.send(ended.output if isinstance(ended, jail.Finished) else ended.detail.encode())


def parent(_payload: bytes) -> bytes:
    return str(os.getppid()).encode()


def kill_parent(_payload: bytes) -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    return b""


def kill_parent_once(_payload: bytes) -> bytes:
    time.sleep(0.1)
    os.kill(os.getppid(), signal.SIGKILL)
    return b""


def nap(_payload: bytes) -> bytes:
    time.sleep(0.3)
    return b""
