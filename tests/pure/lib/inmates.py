"""Targets that the tests of the jail run in a child."""

import ctypes
import os
import socket
import time
from pathlib import Path


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
