"""Is the process of this container alive? `python docker/alive.py web|beat`; ends with 1 where it is not."""

from __future__ import annotations

import http.client
import os
import sys
import time
from http import HTTPStatus
from pathlib import Path

SILENT_S = 60


def web() -> bool:
    """Say whether the web server answers; any answer of its own will do: a redirect, a name that it does not serve."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False


def beat() -> bool:
    """Say whether beat has ticked within the last minute: it writes its schedule after each tick."""
    schedule = Path(os.environ.get("BEAT_SCHEDULE", "/tmp/beat"))  # noqa: S108  the container's own
    written = [path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")]
    return bool(written) and time.time() - max(written) < SILENT_S


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
