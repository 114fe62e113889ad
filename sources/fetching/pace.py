"""When to look at a document again, and why then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random
from types import MappingProxyType

from sources.fetching.types import Outcome

SOONEST = timedelta(minutes=10)
LATEST = timedelta(hours=24)
CONFIRM = timedelta(minutes=10)
YOUNG = timedelta(hours=1)
LEAST = timedelta(minutes=1)
JITTER = 0.1
MAX_DOUBLINGS = 16
MAX_DIGITS = 9

# Outcomes that are no look at the text: the first wait, doubled by each failure in a row, and its cap.
BACKOFF: Mapping[Outcome, tuple[timedelta, timedelta]] = MappingProxyType(
    {
        Outcome.UNREACHABLE: (timedelta(minutes=5), timedelta(hours=12)),
        Outcome.THROTTLED: (timedelta(minutes=15), timedelta(hours=24)),
        Outcome.GATED: (timedelta(hours=6), timedelta(days=3)),
        Outcome.BLOCKED: (timedelta(hours=12), timedelta(days=7)),
        Outcome.UNSUPPORTED: (timedelta(hours=24), timedelta(days=7)),
        Outcome.GONE: (timedelta(minutes=10), timedelta(days=7)),
    }
)


@dataclass(frozen=True)
class Look:
    """When the next look is due, and the reason in words."""

    at: datetime
    because: str


def next_look(
    *,
    now: datetime,
    last_changed_at: datetime | None,
    looks_since_change: int,
    outcome: Outcome,
    failures: int,
    rng: Random,
    hint: timedelta | None = None,
) -> Look:
    """Decide when a document is looked at again.

    `failures` counts the looks in a row, this one included, that did not see the text; `hint` is what the
    server asked for (see `retry_after`), heeded up to a day.
    """
    if outcome is Outcome.CHANGE_PENDING or (outcome is Outcome.GONE and failures <= 1):
        return Look(now + CONFIRM, "a second look confirms what the first one saw")
    if outcome in BACKOFF:
        look = _after_failure(now, outcome, failures, rng)
    else:
        look = _after_sight(now, last_changed_at, looks_since_change, rng)
    asked = max(timedelta(0), min(hint or timedelta(0), LATEST))
    if now + asked > look.at:
        return Look(now + asked, f"the server asked to be left alone for {in_words(asked)}")
    return look


def _after_sight(now: datetime, last_changed_at: datetime | None, looks: int, rng: Random) -> Look:
    """Wait ten minutes while the last change is younger than an hour; twice that for twice the age."""
    if last_changed_at is None:
        doublings, because = looks, f"it has not changed in {looks} looks"
    else:
        age = max(now - last_changed_at, timedelta(0))
        doublings = int(age / YOUNG).bit_length()
        because = f"it last changed {in_words(age)} ago"
    wait = min(LATEST, SOONEST * 2 ** min(doublings, MAX_DOUBLINGS))
    return Look(now + wait * rng.uniform(1 - JITTER, 1), because)


def _after_failure(now: datetime, outcome: Outcome, failures: int, rng: Random) -> Look:
    """Wait min(cap, base * 2^n) with full jitter (Brooker, Exponential Backoff And Jitter, 2015)."""
    base, cap = BACKOFF[outcome]
    most = min(cap, base * 2 ** min(max(failures - 1, 0), MAX_DOUBLINGS))
    wait = max(LEAST, most * rng.random())
    return Look(now + wait, f"{outcome.value} {max(failures, 1)} times in a row; tried again within {in_words(most)}")


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """Read a Retry-After header: seconds or a date, at most a day; None for garbage and for the past."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:MAX_DIGITS])), LATEST)
    try:
        wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(wait, LATEST) if wait > timedelta(0) else None


def in_words(span: timedelta) -> str:
    """Say a length of time in its largest unit: '10 minutes', '1 hour', '3 days'."""
    for name, unit in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        count = int(span / unit)
        if count:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "less than a minute"
