"""A desk of real processes on a database of its own: web, worker and beat under the supervisor, reached by HTTP."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import make_conninfo

from factcheck.management.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent


def eventually(true: Callable[[], Any], *, within: float, what: str) -> Any:
    """Wait until something is true and return it; fail by name."""
    deadline = time.monotonic() + within
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.2)


class Desk:
    """One desk: its processes, its database, its HTTP door.

    All its children share `env`: what is written there is met by whichever of them is started next.
    """

    def __init__(self, folder: Path, *, database_url: str, owner_url: str, redis_url: str, env: dict[str, str]) -> None:
        self.folder = folder
        self.port = _free_port()
        # The processes come as the application's role; migrate, and the checker at the end, as the owner's.
        self.database_url = owner_url
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_AS_OWNER"},
            "DATABASE_URL": database_url,
            "DATABASE_OWNER_URL": owner_url,
            "REDIS_URL": redis_url,
            "PYTHONUNBUFFERED": "1",
            "RATE_LIMIT": "0",  # one token sends what a whole newsroom would
            **env,
        }
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-q", "-A", "factcheck.celery"]
        web = [*python, "gunicorn", "factcheck.wsgi:application", "-b", f"127.0.0.1:{self.port}", "-k", "gthread"]
        self.worker = self._child("worker", [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle"])
        self.web = self._child("web", [*web, "--workers", "2", "--threads", "8", "--no-control-socket"])
        self.beat = self._child("beat", [*celery, "beat", "--pidfile=", "--schedule", str(folder / "beat")])
        self.supervisor = Supervisor([self.web, self.worker, self.beat])
        self._watching = threading.Event()

    def _child(self, name: str, command: list[str]) -> Child:
        return Child(name, command, self.folder / f"{name}.log", self.env)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py against this desk."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self) -> None:
        """Bring the database up to date and start the processes; the supervisor looks after them."""
        self.manage("migrate", "--verbosity", "0")
        self.run()

    def run(self) -> None:
        """Start the processes, also again after `stop`."""
        self._watching.clear()
        self.supervisor.start()
        threading.Thread(target=self._watch, daemon=True).start()
        eventually(self._answers, within=60, what="the web server answers")

    def _watch(self) -> None:
        while not self._watching.wait(0.2):
            self.supervisor.look()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """Stop everything."""
        self._watching.set()
        time.sleep(0.3)
        self.supervisor.stop()

    def kill_worker(self) -> None:
        """kill -9 of the worker and all its children, as a machine that loses power."""
        kill(self.worker)

    def cut(self) -> None:
        """kill -9 of every process, and nobody who starts them again until `run`."""
        self._watching.set()
        time.sleep(0.5)
        for child in self.supervisor.children:
            kill(child)
            if child.running is not None:
                child.running.wait()
            child.running = None

    def ask(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, timeout: float = 30
    ) -> tuple[int, dict[str, str], str]:
        """Send one HTTP request; return status, headers (lower case) and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            cookies = {"set-cookie": "\n".join(answer.headers.get_all("Set-Cookie") or [])}
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named | cookies, answer.read().decode()
        finally:
            connection.close()

    def api(self, method: str, path: str, body: Any = None, *, token: str) -> tuple[int, Any]:
        """Ask the REST door with a token."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        path = urlsplit(path)._replace(scheme="", netloc="").geturl()
        status, _headers, text = self.ask(method, path, None if body is None else json.dumps(body), headers=headers)
        return status, json.loads(text) if text else None

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the database, for the checker at the end."""
        with psycopg.connect(_conninfo(self.database_url), connect_timeout=5) as connection:
            return connection.execute(sql).fetchall()


def kill(child: Child) -> None:
    """kill -9 of a process and its whole group; nothing where it is dead already."""
    running = child.running
    if running is not None:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


def token_of(one: Desk) -> str:
    """Make a fact-checker and return a token of theirs."""
    return one.manage("shell", "-v", "0", "-c", _MINT).split("TOKEN ")[1].strip()


_MINT = (
    "from factcheck.access.models import User, mint;"
    "user = User.objects.create_user('checker', role='fact_checker');"
    "print('TOKEN', mint(name='chaos', scopes=['read:all', 'write:desk'], user=user)[1])"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def owner_url() -> str:
    """Return the address of the database for the role that may make others."""
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def _conninfo(url: str) -> str:
    parts = urlsplit(url)
    return make_conninfo(
        dbname=parts.path.lstrip("/"), user=parts.username, host=parts.query.removeprefix("host=") or parts.hostname
    )


@contextmanager
def desk(folder: Path, **env: str) -> Iterator[Desk]:
    """Give a running desk on a fresh database, and take both away."""
    name = f"desk_{secrets.token_hex(4)}"
    with psycopg.connect(_conninfo(owner_url()), autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
        one = Desk(
            folder,
            database_url=os.environ["DATABASE_URL"].replace("/factcheck?", f"/{name}?"),
            owner_url=owner_url().replace("/factcheck?", f"/{name}?"),
            redis_url=os.environ["REDIS_URL"].replace("db=0", f"db={secrets.randbelow(14) + 1}"),
            env=env,
        )
        try:
            one.start()
            yield one
        finally:
            one.stop()
            _drop(owner, name)


def _drop(owner: psycopg.Connection, name: str) -> None:
    """Drop a database with whoever is in it; an autovacuum, which is not ours to end, leaves by itself."""
    for _time in range(60):
        with suppress(psycopg.errors.InsufficientPrivilege):
            owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        time.sleep(0.5)
    raise TimeoutError(f"{name} is in use")
