"""What people type: taking in articles, working without a broker, everything at once."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import Article
from factcheck.management.demo import desk
from factcheck.management.supervisor import Child, Supervisor
from tests.chaos.desk import eventually
from tests.factories import STORY

ROOT = Path(__file__).resolve().parent.parent


def said(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_files_and_addresses_are_taken_in(tmp_path: Path) -> None:
    text, page = tmp_path / "story.txt", tmp_path / "story.html"
    text.write_text(STORY, encoding="utf-8")
    page.write_text(f"<html lang=en><article><h1>Bridge</h1><p>{STORY}</p></article></html>", encoding="utf-8")
    shown = said("ingest", str(text), str(page), "--now", "--outlet", "The Selmar Post")
    assert len(re.findall(r": split , \d+ claims", shown)) == 2
    assert "(known already)" in said("ingest", str(text))
    assert "waiting" in said("ingest", "https://news.example.org/a")
    assert Article.objects.count() == 3


@pytest.mark.django_db
def test_text_on_standard_input_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(STORY))
    assert "due" in said("ingest", "-", "--title", "Bridge talks collapse")


@pytest.mark.django_db
def test_what_is_refused_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    text, binary = tmp_path / "story.txt", tmp_path / "photo.bin"
    text.write_text(STORY, encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00\xff")
    out = io.StringIO()
    with pytest.raises(CommandError, match="3 of 4 refused"):
        call_command(
            "ingest", str(binary), "http://127.0.0.1/", str(tmp_path / "none.txt"), str(text), stdout=out, stderr=out
        )
    assert "photo.bin: refused: This is not UTF-8 text." in out.getvalue()
    assert Article.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # a start asks the database, then hangs up, as whoever forks next must
def test_work_can_be_done_without_any_broker(now: datetime, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]  # a test client comes under a name, and an open desk needs more
    said("ingest", "https://news.example.org/a")
    Article.objects.update(due_at=now)
    assert re.search(r"[1-9]\d* rows of work done", said("dispatch", "--once"))


def test_a_child_that_dies_is_started_again_and_none_is_left(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = Child("sleeper", command, tmp_path / "log", dict(os.environ))
    supervisor = Supervisor([child])
    supervisor.start()
    assert child.running is not None
    first = child.running.pid
    child.running.kill()
    eventually(supervisor.look, within=5, what="the death is noticed")
    eventually(lambda: supervisor.look() == [] and child.running, within=5, what="it is started again")
    assert child.running is not None
    assert child.running.pid != first
    assert child.deaths == 1
    supervisor.stop()
    supervisor.stop()  # a second Ctrl+C finds nothing to stop
    child.sweep()


def test_a_child_that_does_not_go_is_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.management.supervisor.STOP_WITHIN_S", 0.3)
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = Child("deaf", [sys.executable, "-c", script], tmp_path / "log", dict(os.environ))
    child.start()
    eventually(lambda: "deaf" in (tmp_path / "log").read_text(), within=10, what="it is deaf")
    child.stop()
    assert child.running is None


@pytest.mark.django_db
def test_the_demo_desk_has_one_person_a_role_and_its_file_is_its_owners(tmp_path: Path) -> None:
    assert desk.access_lines(tmp_path)[0].startswith("This desk was not made by the demo")
    assert not desk.is_made()
    desk.make(tmp_path)
    assert desk.is_made()
    lines = desk.access_lines(tmp_path)
    assert [line.split()[0] for line in lines[1:5]] == ["reader", "fact_checker", "editor", "admin"]
    assert (tmp_path / "demo-access.txt").stat().st_mode & 0o077 == 0
    token = desk.replace_token(tmp_path)
    assert desk.access_lines(tmp_path)[-1] == f"API token: {token}" != lines[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "dev", "--port", str(port)],
            cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr


@pytest.fixture
def clone() -> Iterator[Path]:
    """A copy of the project in a path short enough for its sockets, with nothing of ours in it."""
    with tempfile.TemporaryDirectory(prefix="fc") as folder:
        copy = Path(folder) / "c"
        copy.mkdir()
        shutil.copy(ROOT / "manage.py", copy)
        for package in ("factcheck", "sources", "claims"):
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        yield copy
        forget = [sys.executable, "-m", "factcheck.embedded", "forget"]
        subprocess.run(forget, cwd=copy, env=without_servers(), check=True)


def without_servers() -> dict[str, str]:
    servers = ("DATABASE_", "REDIS_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(servers)}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_everything_starts_at_once_goes_stale_by_itself_and_leaves_nothing_running(clone: Path) -> None:
    """`make run` as a newcomer has it: no server named, Ctrl+C at the end."""
    running = subprocess.Popen(
        [sys.executable, "manage.py", "dev", "--port", str(free_port()), "--edits-after", "2"],
        cwd=clone, env=without_servers(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    watchdog = threading.Timer(240, running.kill)  # a test that hangs must fail, not wait
    watchdog.start()
    shown = []
    for line in running.stdout:
        shown.append(line)
        if line.strip().startswith("because"):
            running.send_signal(signal.SIGINT)
    running.stdout.close()
    watchdog.cancel()
    story = "".join(shown)
    assert running.wait(60) == 0, story
    assert re.search(r"API token: fct_\S{40,}", story), story
    assert "a quote it rests on changed" in story or "a page it rests on is gone" in story
    assert "nothing is left running" in story
    eventually(lambda: not left_of(clone), within=10, what="nothing of the clone runs")


def left_of(clone: Path) -> list[str]:
    """Processes that work in the clone or on its database."""
    return [command for pid in Path("/proc").iterdir() if pid.name.isdigit() and str(clone) in (command := told(pid))]


def told(pid: Path) -> str:
    try:
        return f"{(pid / 'cmdline').read_text()} {(pid / 'cwd').readlink()}"
    except OSError:
        return ""
