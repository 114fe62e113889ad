"""The doctor says in plain words what is wrong, whatever is broken, and breaks with nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from factcheck import chores, doctor, ledger
from factcheck.doctor import State
from factcheck.lib import alive, clock
from factcheck.models import Chore
from sources.models import Document, Snapshot
from tests import factories
from tests.chaos.desk import desk, eventually

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _healthy(settings: Any) -> None:
    """A desk of this machine on which the tick has just come round."""
    settings.ALLOWED_HOSTS = ["localhost"]  # the test runner adds a name of its own
    ledger.drain_all()


def found() -> dict[str, doctor.Finding]:
    """Return what is wrong, by what it is about."""
    return {one.about: one for one in doctor.examine() if one.state is State.WRONG}


def late(minutes: int) -> datetime:
    return clock.now() - timedelta(minutes=minutes)


def page(**fields: Any) -> Document:
    url = "http://a.test/"
    return Document.objects.create(identity=url, url=url, **fields)


def test_a_healthy_desk_is_told_as_such() -> None:
    told = StringIO()
    call_command("doctor", stdout=told)
    assert "✗" not in told.getvalue()
    assert told.getvalue().endswith("All is well.\n")
    for about in ("settings", "database", "migrations", "clocks", "work", "tick", "feed", "pages", "partitions"):
        assert f"✓ well   {about}" in told.getvalue()


def test_what_is_wrong_stands_with_what_to_do_and_ends_with_1(now: datetime) -> None:
    page(due_at=late(10))
    told = StringIO()
    with pytest.raises(CommandError, match=r"1 of \d+ things are wrong"):
        call_command("doctor", stdout=told)
    assert "✗ wrong  work           1 rows of look are due, the oldest for 10 min." in told.getvalue()
    assert "→ Start worker and beat" in told.getvalue()


def test_json_says_the_same(now: datetime) -> None:
    page(due_at=late(600), quarantined_at=None)
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", "--json", stdout=told)
    said = json.loads(told.getvalue())
    assert said["well"] is False
    [wrong] = [one for one in said["findings"] if one["state"] == "wrong"]
    assert wrong["says"] == "1 rows of look are due, the oldest for 10 h."


def test_stuck_rows_are_told() -> None:
    page(due_at=late(1), quarantined_at=late(1))
    assert "1 rows of look are stuck after three tries" in found()["work"].says


def test_a_tick_that_stopped_is_told() -> None:
    Chore.objects.filter(name=chores.TICK).update(done_at=late(5))
    assert found()["tick"].says == "The last one was 5 min ago."
    Chore.objects.filter(name=chores.TICK).delete()
    assert found()["tick"].says == "It never came round on this database."


def test_events_without_their_place_are_told(now: datetime) -> None:
    factories.claim(now)
    assert "Events wait for their place" in found()["feed"].says


def test_blind_pages_are_told() -> None:
    at = late(60 * 24 * 9)
    seen = page(seen_at=at)
    seen.snapshot = Snapshot.objects.create(document=seen, number=1, taken_at=at, text="The bridge is open.")
    seen.save()
    assert "1 watched pages could not be seen" in found()["pages"].says


def test_a_missing_partition_is_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^sources_check_[0-9]{4}_[0-9]{2}$' AND relkind='r'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")
    assert "was not made" in found()["partitions"].says


def test_a_migration_that_was_not_run_is_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'claims'")
    assert "migrations were not run, the first is claims 0001_initial" in found()["migrations"].says


def test_a_table_that_is_missing_is_told_and_the_rest_is_examined() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sources_document RENAME TO elsewhere")
    wrong = found()
    assert "The database refused the question" in wrong["work"].says
    assert "The database refused the question" in wrong["blind pages"].says
    assert "tick" not in wrong


def test_wrong_settings_are_told(settings: Any) -> None:
    settings.SECRET_KEY = "short"
    assert "SECRET_KEY can be guessed" in found()["settings"].says


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere.sock"])
def test_a_queue_that_is_away_is_told(settings: Any, url: str) -> None:
    settings.REDIS_URL = url
    assert found()["queue"].do.endswith("`manage.py dispatch` does the work.")


def test_missing_certificates_model_and_room_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environ = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "none.pem"), "SSL_CERT_DIR": str(tmp_path)}
    done = run(environ, "--json")
    wrong = {one["about"] for one in json.loads(done.stdout)["findings"] if one["state"] == "wrong"}
    assert "certificates" in wrong
    monkeypatch.setattr(doctor, "ROOM_BYTES", 1 << 60)
    assert "free" in found()["disk"].says
    monkeypatch.setattr(doctor, "MODEL", "en_core_none_")
    assert "No en_core_none_* is installed" in found()["language model"].says


def test_the_way_out_is_tried_only_when_asked() -> None:
    [wrong] = [one for one in doctor.examine(net="http://10.0.0.1/") if one.about == "way out"]
    assert "cannot be fetched: address_not_allowed" in wrong.says
    assert not [one for one in doctor.examine() if one.about == "way out"]


def run(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_every_server_away_it_says_so_without_a_traceback() -> None:
    environ = {
        **os.environ,
        "DATABASE_URL": "postgresql://desk:hunter22@127.0.0.1:1/desk",
        "REDIS_URL": "redis://:hunter33@127.0.0.1:1/0",
        "DATABASE_AS_OWNER": "0",
    }
    done = run(environ)
    assert done.returncode == 1
    assert "✗ wrong  database       It does not answer: " in done.stdout
    assert "✗ wrong  queue          It does not answer: " in done.stdout
    assert "Not examined, since the database does not answer." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "hunter" not in done.stdout + done.stderr


def test_an_empty_database_is_told_to_be_migrated() -> None:
    """PostgreSQL's own database has none of our tables."""
    environ = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("/factcheck?", "/postgres?")}
    done = run(environ)
    assert done.returncode == 1
    assert "Run `manage.py migrate`." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def live(process: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "factcheck.lib.alive", process],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_processes_that_live_say_so_and_dead_ones_are_found_out(tmp_path: Path) -> None:
    with desk(tmp_path, ALIVE_FOLDER=str(tmp_path / "alive")) as one:
        environ = {"ALIVE_FOLDER": str(tmp_path / "alive"), "PORT": str(one.port)}
        for process in alive.PROCESSES:
            eventually(lambda p=process: live(p, **environ).returncode == 0, within=60, what=f"{process} lives")  # type: ignore[misc]
    assert "web does not answer on port" in live("web", **environ).stderr
    hour_ago = clock.now().timestamp() - 3600
    for process in ("worker", "beat"):
        os.utime(tmp_path / "alive" / process, (hour_ago, hour_ago))
        done = live(process, **environ)
        assert done.returncode == 1
        assert f"{process} was last seen 36" in done.stderr


@pytest.mark.parametrize(("answer", "status"), [(b"HTTP/1.1 200 OK\r\n\r\n", 0), (b"HTTP/1.1 503 Out\r\n\r\n", 1)])
def test_a_web_server_lives_while_it_answers_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: bytes, status: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
        monkeypatch.setenv("ALLOWED_HOSTS", "desk.example, other")

        def serve() -> None:
            asked, _address = server.accept()
            with asked:
                assert b"Host: desk.example\r\n" in asked.recv(1000)
                asked.sendall(answer)

        serving = threading.Thread(target=serve)
        serving.start()
        assert alive.main(["web"]) == status
        serving.join()
    assert ("503" in capsys.readouterr().err) == bool(status)
    assert alive.main(["web"]) == 1


def test_a_process_that_never_lived_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALIVE_FOLDER", str(tmp_path / "none"))
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--live", "worker")
    assert ended.value.code == 1
    alive.touch("worker")
    assert alive.main(["worker"]) == 0
    monkeypatch.setenv("ALIVE_FOLDER", "/proc/nowhere")
    alive.touch("worker")
    assert alive.main(["beat"]) == 1
    assert alive.main([]) == 2
    assert alive.main(["broker"]) == 2
    monkeypatch.delenv("ALIVE_FOLDER")
    assert alive.folder().name == f"factcheck-alive-{os.geteuid()}"
