"""When to look at a feed again: as often as entries come in, and less while it cannot be read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sources.fetching import pace
from sources.fetching.pace import Look
from sources.fetching.types import Outcome

SOONEST = timedelta(minutes=5)
LATEST = timedelta(hours=24)
# Where nothing is known yet.
FIRST = timedelta(minutes=30)
# Two looks an entry: so that on the average one waits for a quarter of the time between two of them.
LOOKS_AN_ENTRY = 2


def next_look(
    *,
    now: datetime,
    came_at: Sequence[datetime],
    outcome: Outcome,
    failures: int,
    rng: Random,
    hint: timedelta | None = None,
) -> Look:
    """Decide when a feed is looked at again; `came_at` are times of its newest entries, in any order.

    `failures` counts the looks in a row, this one included, that did not read it; `hint` is what the server asked for.
    """
    look = _after_failure(now, outcome, failures, rng) if outcome in pace.BACKOFF else _by_rate(now, came_at, rng)
    asked = min(hint or timedelta(0), LATEST)
    if now + asked > look.at:
        return Look(now + asked, f"the server asked to be left alone for {pace.in_words(asked)}")
    return look


def _by_rate(now: datetime, came_at: Sequence[datetime], rng: Random) -> Look:
    """Count from the oldest of them until now, so that a feed that falls silent is looked at less and less."""
    if not came_at:
        wait, because = FIRST, "no entry has come in yet"
    else:
        span = max(now - min(came_at), timedelta(0))
        wait = max(SOONEST, min(span / len(came_at) / LOOKS_AN_ENTRY, LATEST))
        because = f"{len(came_at)} entries came in within {pace.in_words(span)}"
    return Look(now + wait * rng.uniform(1 - pace.JITTER, 1), because)


def _after_failure(now: datetime, outcome: Outcome, failures: int, rng: Random) -> Look:
    """Wait min(cap, base * 2^n), of which half is jitter: at once again would help nobody."""
    base, cap = pace.BACKOFF[outcome]
    most = min(cap, base * 2 ** min(max(failures - 1, 0), pace.MAX_DOUBLINGS))
    wait = most * rng.uniform(0.5, 1)
    return Look(
        now + wait, f"{outcome.value} {max(failures, 1)} times in a row; tried again within {pace.in_words(most)}"
    )
