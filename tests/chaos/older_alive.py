"""Stands for `factcheck.lib.alive` in releases from before it: `python -m factcheck.lib.alive web|worker|beat`.

Copied into them by tests.chaos.stage; worker and beat leave no signs of life there, so their processes are looked for.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path


def web() -> bool:
    """Say whether the web server answers; any answer of its own will do: a redirect, a name that it does not serve."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "127.0.0.1"
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False


def worker() -> bool:
    """Say whether this very worker answers a ping over the queue."""
    names = [word[11:] for words in _processes("worker") for word in words if word.startswith("--hostname=")]
    if not names:
        return False
    name = names[0].replace("%h", socket.gethostname())
    ping = ["celery", "-b", os.environ["REDIS_URL"], "-q", "inspect", "ping", "--timeout", "5", "--destination", name]
    return subprocess.run(ping, capture_output=True, check=False).returncode == 0


def beat() -> bool:
    """Say whether beat of this desk lives: one that gets no tick out ends itself."""
    return bool(_processes("beat"))


def _processes(kind: str) -> list[set[str]]:
    """Return the words of each Celery process of that kind and of this very service, told by its folder."""
    said, found = f"ALIVE_FOLDER={os.environ['ALIVE_FOLDER']}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = {Path(os.fsdecode(word)).name for word in (folder / "cmdline").read_bytes().split(b"\0")}
            is_ours = said in (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        if is_ours and {"celery", kind} <= words:
            found.append(words)
    return found


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
