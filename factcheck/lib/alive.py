"""Does the web, worker or beat process of this machine live? `python -m factcheck.lib.alive worker`, for containers.

Worker and beat touch a file while they go round; web is asked for /healthz. Imports next to nothing: a check that
takes a second of processor time, every half minute in every container, is a load of its own.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

from factcheck.lib import clock

PROCESSES = ("web", "worker", "beat")
WITHIN_S = 5.0
SILENT_S = 60.0
PORT = "8000"


def folder() -> Path:
    """Return where signs of life are left: ALIVE_FOLDER, or one of this user in the system's temporary folder."""
    return Path(os.environ.get("ALIVE_FOLDER") or Path(tempfile.gettempdir()) / f"factcheck-alive-{os.geteuid()}")


def touch(process: str) -> None:
    """Leave a sign of life; a disk that refuses it does not stop the work."""
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder() / process).touch()
    except OSError:
        return


def silent_for(process: str) -> float | None:
    """Return for how many seconds there was no sign of life; None if there never was one."""
    try:
        return (clock.now() - clock.offset()).timestamp() - (folder() / process).stat().st_mtime
    except FileNotFoundError:
        return None


def trouble_of_web(port: int, host: str) -> str:
    """Ask the web server on this machine whether it lives; "" if it does."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S) as asked:
            asked.settimeout(WITHIN_S)
            asked.sendall(f"GET /healthz HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            status = asked.recv(64).split(b"\r\n")[0].decode("latin-1")
    except OSError as error:
        return f"web does not answer on port {port}: {error}"
    return "" if status[9:12] == "200" else f"web answers {status!r}"


def trouble_of(process: str) -> str:
    """Return why the worker or beat of this machine is taken for dead; "" if it lives."""
    silent = silent_for(process)
    if silent is None:
        return f"{process} never left a sign of life in {folder()}"
    return f"{process} was last seen {silent:.0f} s ago" if silent > SILENT_S else ""


def main(arguments: list[str]) -> int:
    """Return 0 if the named process lives, 1 and a sentence if not, 2 where none was named."""
    process = arguments[0] if arguments else ""
    if process not in PROCESSES:
        sys.stderr.write(f"Name one of {', '.join(PROCESSES)}.\n")
        return 2
    if process == "web":
        host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*") or "127.0.0.1"
        trouble = trouble_of_web(int(os.environ.get("PORT") or PORT), host)
    else:
        trouble = trouble_of(process)
    if trouble:
        sys.stderr.write(f"{trouble}\n")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
