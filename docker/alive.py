"""Is the process of this container alive? `python docker/alive.py web|beat`; ends with 1 where it is not."""

from __future__ import annotations

import http.client
import os
import sys
from http import HTTPStatus
from pathlib import Path


def web() -> bool:
    """Say whether the web server answers; any answer of its own will do: a redirect, a name that it does not serve."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    # As a visitor through the proxy, or the log fills with refusals of a wrong host.
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "127.0.0.1"
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False


def beat() -> bool:
    """Say whether beat of this desk lives: one that gets no tick out ends itself."""
    desk = f"REDIS_URL={os.environ['REDIS_URL']}".encode()
    return any({b"celery", b"beat"} <= words and desk in said for words, said in _processes())


def _processes() -> list[tuple[set[bytes], set[bytes]]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            said = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        found.append(({Path(os.fsdecode(word)).name.encode() for word in words}, set(said)))
    return found


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
