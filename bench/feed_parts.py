"""The processes of bench/feed.py: who writes, who numbers, who reads. Forked, so that a killed one is soon back."""

import os
import random
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connections, transaction  # noqa: E402

from claims.models import Claim, Event, Feed, Outbox  # noqa: E402
from claims.services import claims, events  # noqa: E402
from factcheck.lib import clock  # noqa: E402

__all__ = ["Event"]
SUBJECTS, PAGE = 16, 50
SLOW, GIVEN_UP = 0.05, 0.1


def lines(path: Path) -> list[str]:
    """Return the whole lines of a file; what a killed process left half-written is not there."""
    text = path.read_text() if path.exists() else ""
    return text[: text.rfind("\n") + 1].splitlines()


def start(part: Callable[..., None], *given: Any) -> Process:
    """Start a process that has everything imported already, with a database connection of its own."""
    connections.close_all()
    process = get_context("fork").Process(target=part, args=given, daemon=True)
    process.start()
    return process


def make_subjects() -> None:
    """Write down the claims of which the events tell."""
    for place in range(SUBJECTS):
        claims.make(f"The bridge {place} is closed.", now=clock.now())


def write(file: Path, seed: int, many: int) -> None:
    """Commit that many events; a tenth more are rolled back, and some transactions stay open for a while."""
    rng = random.Random(seed)  # noqa: S311
    subjects = list(Claim.objects.order_by("pk"))
    with file.open("a", buffering=1) as told:
        while many:
            waits, is_given_up = rng.random() < SLOW, rng.random() < GIVEN_UP
            with transaction.atomic():
                event = events.record(rng.choice(subjects), "claim.seen", now=clock.now(), left=many)
                if waits:
                    time.sleep(rng.random() / 10)
                if is_given_up:
                    transaction.set_rollback(True)
            if not is_given_up:
                print(event.pk, file=told)
                many -= 1


def number(folder: Path) -> None:
    """Give places in the feed, as every tick does, until all is written and numbered."""
    while True:
        is_last = (folder / "written").exists()
        events.number_all(now=clock.now())
        if is_last and not Outbox.objects.waiting().exists():
            (folder / "numbered").touch()
            return
        time.sleep(0.05)


def read(file: Path, by_id: bool) -> None:  # noqa: FBT001
    """Read on behind the last line of our file, and write each event there: the file is cursor and effect in one."""
    known = lines(file)
    with file.open("a") as cursor:
        cursor.truncate(sum(len(line) + 1 for line in known))
        last = int(known[-1].split()[0]) if known else 0
        while True:
            is_last = (file.parent / "numbered").exists()
            page = (
                page_by_id(last)
                if by_id
                else [(one.position, one.event_id) for one in Feed.objects.all().after(last)[:PAGE]]
            )
            for position, pk in page:
                cursor.write(f"{position} {pk}\n")
                last = position
            cursor.flush()
            os.fsync(cursor.fileno())
            if is_last and not page:
                return
            if not page:
                time.sleep(0.01)


def page_by_id(last: int) -> list[tuple[int, int]]:
    """Return what a naive reader takes for the next events: ids are given before they are committed."""
    return [(pk, pk) for pk in Event.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAGE]]
