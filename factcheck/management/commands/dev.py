"""Everything at once on one machine: servers, web, worker, beat, and on the first run a demo that needs no internet."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from claims.models import Claim, Flag
from factcheck.lib import clock
from factcheck.management.demo import desk, outlet
from factcheck.management.supervisor import Child, Supervisor

WATCH_FOR_S = 300
MARK = "demo-edits-since"


class Command(BaseCommand):
    """`make run`."""

    help = "Start everything for development, with a demo on the first run. Ctrl+C stops all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--port", type=int, default=8000, help="where the web server listens (127.0.0.1 only)")
        parser.add_argument("--no-demo", action="store_true", help="make no demo desk and start no demo sites")
        parser.add_argument("--edits-after", type=int, default=30, help="seconds until the demo's outlet edits a page")
        parser.add_argument(
            "--new-token", action="store_true", help="mint another API token of the demo's fact-checker"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until Ctrl+C."""
        self.since = time.monotonic()
        self.edits_after = options["edits_after"]
        self.folder = Path(settings.BASE_DIR) / "var"
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        port = options["port"]
        _check_free(port)
        self.say("PostgreSQL and Valkey are up; bringing the database up to date …")
        _migrate()
        with_demo = not options["no_demo"]
        first = with_demo and not desk.is_made()
        if first:
            desk.make(self.folder)
        if options["new_token"]:
            desk.replace_token(self.folder)
        supervisor = Supervisor(_children(port, self.folder, edits_after=self.edits_after if with_demo else None))
        # Also where a shell started us in the background and told us to ignore Ctrl+C.
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, _interrupt)
        try:
            supervisor.start()
            self.run(supervisor, port, first=first, with_demo=with_demo)
        except KeyboardInterrupt:
            self.say("stopping …")
        finally:
            supervisor.stop()
            self.say("stopped; nothing is left running.")

    def run(self, supervisor: Supervisor, port: int, *, first: bool, with_demo: bool) -> None:
        """Tell what to open, play the demo, then keep watch."""
        self.wait_for_web(supervisor, port)
        if first:
            self.say("taking in three articles of two made-up sites …")
            desk.take_in(clock.now())
        self.print_access(port, with_demo=with_demo)
        if first:
            self.play(supervisor)
        shown: set[int] = set()
        while True:
            self.look_after(supervisor)
            self.tell_flags(shown)
            time.sleep(1)

    def play(self, supervisor: Supervisor) -> None:
        """Wait until the articles are split, and do the demo fact-checker's part."""
        shown = 0
        for _second in range(WATCH_FOR_S):
            self.look_after(supervisor)
            count = Claim.objects.count()
            if count != shown:
                self.say(f"{count} claims so far" if shown else f"the first claims are there: {count}")
                shown = count
            if desk.is_split():
                desk.work(clock.now())
                self.say(f"all three articles are split: {Claim.objects.count()} claims; one has a verdict already.")
                (self.folder / MARK).write_text(str(clock.now().timestamp()))
                self.say(f"in {self.edits_after} s the outlet will edit one page and delete another.")
                return
            time.sleep(1)
        self.say(f"the articles are not split yet; {self.folder / 'log' / 'worker.log'} may say why.")

    def tell_flags(self, shown: set[int]) -> None:
        """Print each new flag once."""
        for flag in (
            Flag.objects.standing().exclude(pk__in=shown).select_related("claim", "document").order_by("id")[:20]
        ):
            shown.add(flag.pk)
            self.say(f"NEEDS ANOTHER LOOK: {flag.claim.text}")
            self.stdout.write(f"         because {flag.get_reason_display()}: {flag.document or flag.claim.status}")
            if flag.detail.get("today"):
                self.stdout.write(f"         then:  {flag.detail['was']}")
                self.stdout.write(f"         today: {flag.detail['today']}")
            self.stdout.flush()

    def look_after(self, supervisor: Supervisor) -> None:
        """Start again whatever died, and say so."""
        for child in supervisor.look():
            self.say(f"{child.name} died and is started again; {child.log} may say why.")

    def wait_for_web(self, supervisor: Supervisor, port: int) -> None:
        """Wait until the web server answers."""
        for _try in range(600):
            self.look_after(supervisor)
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise CommandError(f"The web server does not answer; {self.folder / 'log' / 'web.log'} says why.")

    def print_access(self, port: int, *, with_demo: bool) -> None:
        """Print what to open and how to come in."""
        base = f"http://127.0.0.1:{port}"
        lines = [
            "",
            f"Admin:     {base}/admin/",
            f"REST API:  {base}/api/v1/docs/",
            *(desk.access_lines(self.folder) if with_demo else []),
            f"Stale claims:  curl -H 'Authorization: Bearer fct_…' '{base}/api/v1/claims/?stale=true'",
            "Ctrl+C stops everything.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def say(self, line: str) -> None:
        """Print a line with the seconds since the start."""
        self.stdout.write(f"[{time.monotonic() - self.since:5.1f} s] {line}")
        self.stdout.flush()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Stop once: whoever presses Ctrl+C again while all is being stopped must not break that off."""
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.SIG_IGN)
    raise KeyboardInterrupt


def _migrate() -> None:
    """Migrate in a process of its own: the owner's role is not for those who serve."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    if subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode != 0:  # noqa: S603  the command is ours
        raise CommandError("The database could not be brought up to date; the lines above say why.")


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Try: make run PORT={port + 1}"
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(port: int, folder: Path, *, edits_after: int | None) -> list[Child]:
    env = {"LOG_FORMAT": "lines", **os.environ, "PYTHONUNBUFFERED": "1"}
    env.setdefault("SECOND_FACTOR", "optional")  # also on an operator's own servers: the demo's people have no phones
    children = []
    if edits_after is not None:
        sites = _free_port()
        env["LOOPBACK_HOSTS"] = ",".join(f"{host}=127.0.0.1:{sites}" for host in outlet.HOSTS)
        env.setdefault("CHANGE_LOOKS", "1")
        env.setdefault("LOOK_AGAIN_WITHIN", "5")
        env.setdefault("HOST_GAP", "0")
        module = ["-m", "factcheck.management.demo.outlet", str(sites), str(edits_after)]
        children.append(_child("sites", [*module, str(folder / MARK)], folder, env))
    celery = ["-m", "celery", "-q", "-A", "factcheck.celery"]
    children += [
        _child("web", _gunicorn(port), folder, env),
        _child(
            "worker",
            [*celery, "worker", "-c", "2", "-l", "WARNING", "--without-gossip", "--without-mingle"],
            folder,
            env,
        ),
        _child(
            "beat",
            [*celery, "beat", "-l", "WARNING", "--pidfile=", "--schedule", str(folder / "beat")],
            folder,
            env,
        ),
    ]
    connection.close()  # the children open their own
    return children


def _gunicorn(port: int) -> list[str]:
    return [
        "-m", "gunicorn", "factcheck.wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "1", "--threads", "8",
    ]  # fmt: skip


def _child(name: str, arguments: list[str], folder: Path, env: dict[str, str]) -> Child:
    return Child(name, [sys.executable, *arguments], folder / "log" / f"{name}.log", env)
