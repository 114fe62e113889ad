"""Work of the house that comes round: each chore is a row that is due, done once by whoever is up, seen if stuck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from factcheck import ledger
from factcheck.lib import clock
from factcheck.models import Chore

LEASE = timedelta(minutes=10)
# The tick's own row: never due; `done_at` says when beat, queue and a worker last worked together.
TICK = "tick"
TICK_TOLD_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Routine:
    """What to do and how often; `do` gets the time, commits its own effects and may be called again after a crash."""

    every: timedelta
    do: Callable[[datetime], Any]


ROUTINES: dict[str, Routine] = {}


def add(name: str, *, every: timedelta, do: Callable[[datetime], Any]) -> None:
    """Make a chore known; its row is made, due at once, by the next tick."""
    ROUTINES[name] = Routine(every, do)


def make_rows() -> None:
    """Write the row of every chore that has none yet."""
    missing = ROUTINES.keys() - set(Chore.objects.values_list("name", flat=True))
    now = clock.now()
    Chore.objects.bulk_create([Chore(name=name, due_at=now) for name in sorted(missing)], ignore_conflicts=True)


def tell_tick() -> None:
    """Write down that the tick comes round; not each second, so that it costs next to nothing."""
    now = clock.now()
    rows = Chore.objects.filter(name=TICK)
    if not rows.filter(done_at__gt=now - TICK_TOLD_EVERY, done_at__lte=now).exists():
        rows.update(done_at=now) or Chore.objects.bulk_create([Chore(name=TICK, done_at=now)], ignore_conflicts=True)


def do(held: ledger.Lease) -> None:
    """Do one chore, then say when it comes round again; one that no version knows any more is laid to rest."""
    routine = ROUTINES.get(Chore.objects.values_list("name", flat=True).get(pk=held.pk))
    now = clock.now()
    if routine:
        routine.do(now)
    with transaction.atomic():
        ledger.finish(held, due_at=now + routine.every if routine else None, done_at=now)


ledger.register.sweep("chores", make_rows)
ledger.register.sweep(TICK, tell_tick)
ledger.register.add(ledger.Work("chores", Chore, do, batch=1, lease_for=LEASE, title=_("Chores of the house")))
