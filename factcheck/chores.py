"""Work of the house that comes round: each chore is a row that is due, done once by whoever is up, seen if stuck."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from factcheck import leases, ledger
from factcheck.lib import clock
from factcheck.models import Chore

log = logging.getLogger(__name__)

# When a chore that failed, or that this version does not know, comes round again at the latest.
AGAIN = timedelta(hours=1)
# Prolonged while its process lives, so that a chore whose worker died holds the others up for a minute only.
AT_MOST = timedelta(minutes=10)
# A chore that has more to do than fits into a turn stops, and goes on soon.
TURN_S, SOON = 60.0, timedelta(minutes=1)
# The tick's own row: never due; `done_at` says when beat, queue and a worker last worked together.
TICK = "tick"
TICK_TOLD_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Routine:
    """What to do and how often.

    `do` gets the time, commits its own effects, may be called again after a crash, and returns True where it stopped
    before it was done: then it comes round again soon.
    """

    every: timedelta
    do: Callable[[datetime], Any]

    @property
    def again(self) -> timedelta:
        """Return how soon it is done again after it failed."""
        return min(self.every, AGAIN)


ROUTINES: dict[str, Routine] = {}


def add(name: str, *, every: timedelta, do: Callable[[datetime], Any]) -> None:
    """Make a chore known; its row is made, due at once, by the next tick."""
    ROUTINES[name] = Routine(every, do)


def a_turn() -> Callable[[], bool]:
    """Return what says whether the turn that begins now is over."""
    ends = time.monotonic() + TURN_S
    return lambda: time.monotonic() > ends


def make_rows() -> None:
    """Write the row of every chore that has none yet, and wake those that rest: a chore is late, never given up."""
    now, known = clock.now(), Chore.objects.filter(name__in=ROUTINES)
    rows = known.values_list("name", "due_at", "quarantined_at")
    missing = ROUTINES.keys() - {name for name, _due_at, _stuck in rows}
    Chore.objects.bulk_create([Chore(name=name, due_at=now) for name in sorted(missing)], ignore_conflicts=True)
    resting = [name for name, due_at, stuck in rows if due_at is None and stuck is None]
    killed = [name for name, _due_at, stuck in rows if stuck and stuck < now - ROUTINES[name].again]
    if resting:  # laid to rest by an older version, or while this one's name was not known
        known.filter(name__in=resting, due_at=None, quarantined_at=None).update(due_at=now)
    if killed:  # what it said of the last try stays
        stuck_rows = known.filter(name__in=killed, quarantined_at__isnull=False)
        stuck_rows.update(due_at=now, quarantined_at=None, attempts=0, lease_until=None, lease_token=None)


def tell_tick() -> None:
    """Write down that the tick comes round; not each second, so that it costs next to nothing."""
    now = clock.now()
    rows = Chore.objects.filter(name=TICK)
    if not rows.filter(done_at__gt=now - TICK_TOLD_EVERY, done_at__lte=now).exists():
        rows.update(done_at=now) or Chore.objects.bulk_create([Chore(name=TICK, done_at=now)], ignore_conflicts=True)


def do(held: ledger.Lease) -> None:
    """Do one chore, then say when it comes round again; one that this version does not know is left to another's."""
    name = Chore.objects.values_list("name", flat=True).get(pk=held.pk)
    routine, now = ROUTINES.get(name), clock.now()
    if routine is None:
        finish(held, due_at=now + AGAIN)
        return
    try:
        is_left = routine.do(now) is True
    except Exception as error:  # a door: the last of its tries does not end in quarantine, as poison would
        if held.attempts < ledger.TRIES or leases.is_passing(error):
            raise
        log.exception("the chore %s failed, it is tried again in %s", name, routine.again)
        finish(held, due_at=clock.now() + routine.again, last_error=leases.told(error))
    else:
        finish(held, due_at=now + (min(SOON, routine.every) if is_left else routine.every), done_at=now)


def finish(held: ledger.Lease, **fields: Any) -> None:
    """Give the row back in a transaction of its own: a chore commits its own effects."""
    with transaction.atomic():
        ledger.finish(held, **fields)


ledger.register.sweep("chores", make_rows)
ledger.register.sweep(TICK, tell_tick)
ledger.register.add(
    ledger.Work(
        "chores", Chore, do, batch=1, queue=ledger.HOUSE, most=AT_MOST, alone=True, title=_("Chores of the house")
    )
)
