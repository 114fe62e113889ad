"""The services of docker/compose.yaml as real processes on this machine: same commands, environments, order, restarts.

Only addresses are changed: the names of services become ports on loopback, the folders of the container those of a
temporary folder. A release is copied there as the image copies it, so that two versions can run beside each other.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from factcheck.management.supervisor import Child, Supervisor
from tests.chaos.compose import EXAMPLE, ROOT, Service, env_file, services
from tests.chaos.desk import eventually
from tests.chaos.machines import Servers, free_port

SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "VALKEY_PASSWORD")
ALIVE = "factcheck/lib/alive.py"
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
MINT = (
    "from factcheck.access.models import User, mint;"
    "user = User.objects.create_user('checker', role='fact_checker');"
    "print('TOKEN', mint(name='stage', scopes=['read:all', 'write:desk'], user=user)[1])"
)


class Table:
    """What was found, printed as it is found; `worst` is the exit code."""

    def __init__(self) -> None:
        self.worst = 0
        self._since = time.monotonic()

    def row(self, what: str, figure: object, *, good: bool = True) -> None:
        """Print one finding."""
        self.worst |= not good
        print(f"{time.monotonic() - self._since:7.1f} s  {'ok  ' if good else 'FAIL'}  {what:<58} {figure}", flush=True)

    def say(self, what: str) -> None:
        """Print what goes on."""
        print(f"{time.monotonic() - self._since:7.1f} s        {what}", flush=True)


class Release:
    """The code of one version in a folder of its own, with nothing but what the image holds."""

    def __init__(self, folder: Path, revision: str | None) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        parts = [*copied_by_image(), "docker/compose.yaml"]
        if revision is None:
            for part in parts:
                _copy(ROOT / part, folder / part)
        else:
            # Before factcheck.lib.alive the image had docker/alive.py.
            there = [part for part in (*parts, "docker/alive.py") if _git("ls-tree", revision, part)]
            with tarfile.open(fileobj=io.BytesIO(_git("archive", revision, *there))) as tar:
                tar.extractall(folder, filter="data")
            if not (folder / ALIVE).exists():
                _copy(ROOT / "tests/chaos/older_alive.py", folder / ALIVE)
        (folder / "var").mkdir()
        self.compose = folder / "docker/compose.yaml"
        self.knows_owner = "DATABASE_OWNER_URL" in "".join(
            path.read_text(encoding="utf-8") for path in folder.glob("factcheck/*.py")
        )


def copied_by_image() -> list[str]:
    """Return what the Dockerfile copies from the project, but for the lock."""
    dockerfile = (ROOT / "docker/Dockerfile").read_text(encoding="utf-8")
    return [
        path for path in re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE) if path != "requirements.txt"
    ]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


class Stage:
    """A desk as compose.yaml describes it. `settings` are what an operator writes into docker/settings.env."""

    def __init__(self, folder: Path, *, release: Release, **settings: str) -> None:
        self.folder, self.release, self.settings = folder, release, settings
        self.values = {**env_file(EXAMPLE), **{name: secrets.token_urlsafe(48) for name in SECRETS}}
        if "LOOPBACK_HOSTS" in settings:  # an open desk refuses to look at pages of its own machine
            self.values |= {"ALLOWED_HOSTS": "desk.localhost", "CSRF_TRUSTED_ORIGINS": "https://desk.localhost"}
        self.services = services(self.values)
        self.servers = Servers(self.services["postgres"], self.services["valkey"], log=folder)
        self.host = self.values["ALLOWED_HOSTS"]
        self.ports: dict[str, int] = {}
        self.children: dict[str, Child] = {"postgres": self.servers.postgres, "valkey": self.servers.valkey}
        self.supervisor = Supervisor([])
        self.token = ""
        self._lock, self._over = threading.Lock(), threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def service(self, name: str, release: Release) -> Service:
        """Return a service as this release describes it; one from before compose.yaml has one queue without a name."""
        if release.compose.exists():
            return services(self.values, release.compose)[name]
        today = self.services[name]
        return replace(today, command=[word for word in today.command if not word.startswith("--queues=")])

    # --- the words of compose.yaml, with this machine's addresses

    def environment(self, name: str, service: Service, release: Release) -> dict[str, str]:
        """Return the very environment of the service, and where this machine keeps what a container has to itself."""
        own = {
            "PATH": PATH,
            "HOME": str(self.folder),
            "HOSTNAME": socket.gethostname(),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PORT": str(self.ports.get(name, 0)),
            "ALIVE_FOLDER": str(self.folder / f"alive-{name}"),
        }
        said = {key: self._here(value, name) for key, value in service.environment.items()}
        if not release.knows_owner:  # it had one role for everything
            said.pop("DATABASE_OWNER_URL", None)
            said["DATABASE_URL"] = self._here(self.services["migrate"].environment["DATABASE_OWNER_URL"], name)
        return {**own, **self.settings, **said}

    def _here(self, text: str, name: str) -> str:
        text = text.replace("@postgres:5432", f"@127.0.0.1:{self.servers.postgres_port}")
        text = text.replace("@valkey:6379", f"@127.0.0.1:{self.servers.valkey_port}")
        return text.replace("0.0.0.0:8000", f"127.0.0.1:{self.ports.get(name, 0)}")

    def keep(self, name: str, value: str) -> None:
        """Go on with a variable of another stage's env file."""
        self.values[name] = value
        self.services = services(self.values)

    # --- starting and stopping

    def start_servers(self) -> None:
        """Make the cluster with its two roles, as the images do at their first start."""
        self.servers.make_cluster(self.services["postgres"])
        for child in (self.servers.postgres, self.servers.valkey):
            self._begin(child)
        eventually(lambda: self.servers.ready() and self.servers.valkey_ready(), within=60, what="both servers answer")
        self.servers.psql("-f", str(ROOT / "docker/init.sql"), env=self.services["postgres"].environment)

    def run(self, name: str, *command: str, release: Release | None = None) -> str:
        """Run a command in a service's environment, as `docker compose run` does; without one, its own."""
        release = release or self.release
        service = self.service(name, release)
        done = subprocess.run(
            command or service.command,
            cwd=release.folder,
            env=self.environment(name, service, release),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            raise RuntimeError(f"{name}: {' '.join(command)}: ended with {done.returncode}: {done.stderr[-3000:]}")
        return done.stdout

    def start(self, name: str, *, service: str = "", release: Release | None = None) -> Child:
        """Start a service, under another name where there are two of it."""
        release = release or self.release
        what = self.service(service or name, release)
        if "ports" in what.written:
            self.ports.setdefault(name, free_port())
        command = [self._here(word, name) for word in what.command]
        command = ["env", "--chdir", str(release.folder), *command]
        child = Child(name, command, self.folder / f"{name}.log", self.environment(name, what, release))
        self._begin(child)
        return child

    def _begin(self, child: Child) -> None:
        with self._lock:
            self.children[child.name] = child
            self.supervisor.children = list(self.children.values())
            child.start()

    def stop(self, name: str) -> None:
        """Stop one service as an engine does: SIGTERM, time, SIGKILL."""
        with self._lock:
            child = self.children.pop(name)
            self.supervisor.children = list(self.children.values())
            child.stop()

    def replace(self, name: str, *, service: str = "", release: Release) -> None:
        """Stop one service and start it from another release; return when it is healthy."""
        self.stop(name)
        self.start(name, service=service, release=release)
        self.wait_healthy(name, service=service or name, release=release)

    def start_all(self) -> None:
        """Bring up everything in compose's order, each healthy before the next that waits for it."""
        self.start_servers()
        self.run("migrate")
        self.start_processes()
        self.token = self.run("web", "python", "manage.py", "shell", "-v", "0", "-c", MINT).split("TOKEN ")[1].strip()

    def start_processes(self) -> None:
        """Start our own services that stay, and wait until each is healthy."""
        for name in self.processes():
            self.start(name)
        for name in self.processes():
            self.wait_healthy(name)

    def processes(self) -> list[str]:
        """Return our own services that stay."""
        return [name for name in self.services if name not in {"postgres", "valkey", "migrate"}]

    def stop_all(self) -> None:
        """Stop everything, last started first, servers at the end, and remove the servers' folders."""
        for name in reversed(list(self.children)):
            self.stop(name)
        self._over.set()
        self.servers.end_left_over()
        self.servers.forget()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            with self._lock:
                self.supervisor.look()

    # --- looking

    def wait_healthy(self, name: str, *, service: str = "", release: Release | None = None) -> None:
        """Wait until the very health check of compose.yaml succeeds."""
        eventually(lambda: self.is_healthy(name, service, release), within=120, what=f"{name} is healthy")

    def is_healthy(self, name: str, service: str = "", release: Release | None = None) -> bool:
        """Run the health check of a service once."""
        if name in {"postgres", "valkey"}:
            return self.servers.ready() if name == "postgres" else self.servers.valkey_ready()
        release = release or self.release
        what = self.service(service or name, release)
        how, *words = what.health
        probe = subprocess.run(
            words if how == "CMD" else ["sh", "-c", words[0]],
            cwd=release.folder,
            env=self.environment(name, what, release),
            capture_output=True,
            check=False,
            timeout=60,
        )
        return probe.returncode == 0

    def api(
        self, method: str, path: str, body: Any = None, *, web: str = "web", headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Ask the REST door as the proxy in front does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[web], timeout=30)
        try:
            connection.request(
                method,
                urlsplit(path)._replace(scheme="", netloc="").geturl(),
                None if body is None else json.dumps(body),
                {
                    "Host": self.host,
                    "X-Forwarded-Proto": "https",
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                    **(headers or {}),
                },
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.startswith(("{", "[")) else text
        finally:
            connection.close()

    def claims(self, query: str = "") -> list[dict[str, Any]]:
        """Walk the list of claims to its end."""
        found: list[dict[str, Any]] = []
        path = f"/api/v1/claims{query}"
        while path:
            status, page = self.api("GET", path)
            assert status == 200, page
            found += page["results"]
            path = page["next"]
        return found

    def ingest(self, text: str, *, web: str = "web") -> str:
        """Send a text in, and return the article's uid."""
        status, body = self.api("POST", "/api/v1/articles", {"text": text}, web=web)
        assert status in {200, 201}, (status, body)
        return str(body["uid"])

    def split(self, uid: str) -> bool:
        """Say whether an article is split."""
        return bool(self.api("GET", f"/api/v1/articles/{uid}")[1]["state"] == "split")

    def rows(self, sql: str, *, superuser: bool = True) -> list[tuple[Any, ...]]:
        """Look into the database, for the checker at the end."""
        with self.connect(superuser=superuser) as connection:
            return connection.execute(sql).fetchall()

    def connect(self, *, superuser: bool = True) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect to the desk's database: as the superuser, or as the application does."""
        user, word = ("postgres", "POSTGRES_PASSWORD") if superuser else ("factcheck_app", "APP_PASSWORD")
        return psycopg.connect(
            host="127.0.0.1", port=self.servers.postgres_port, dbname="factcheck", user=user, password=self.values[word]
        )


@contextmanager
def stage(revision: str | None = None, **settings: str) -> Iterator[Stage]:
    """Give a stage that is not started yet, and take everything away at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    folder = Path(tempfile.mkdtemp(prefix="factcheck-stage-"))
    one = Stage(folder, release=Release(folder / "release", revision), **settings)
    try:
        yield one
    except BaseException:
        print_logs(folder)
        raise
    finally:
        one.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


def print_logs(folder: Path, names: Sequence[str] = ()) -> None:
    """Print the end of each log: the folder is about to go."""
    for log in sorted(folder.glob("*.log")):
        if not names or log.stem in names:
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
