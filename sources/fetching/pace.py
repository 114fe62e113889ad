"""When to look at a document again, and why then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random
from types import MappingProxyType

from sources.fetching import allotting
from sources.fetching.rates import NOTHING_KNOWN, Prior
from sources.fetching.types import Outcome

SOONEST = timedelta(minutes=10)
LATEST = timedelta(hours=24)
CONFIRM = timedelta(minutes=10)
HOUR = timedelta(hours=1)
LATELY_H = 6
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


@dataclass(frozen=True, slots=True)
class Paced:
    """What the pace of a page hangs on: changes an hour, what rests on it and why, its latest edits."""

    rate: float
    stake: float = 1.0
    stake_why: str = ""
    edits_lately: int = 0
    last_changed_at: datetime | None = None
    looks_since_change: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms looks are given out.

    The price of one (see allotting), what is believed of a page nobody knows, the longest wait, and whether looks are
    counted at all: only then are pages given up that change faster than they can be followed.
    """

    price: float = allotting.USUAL_PRICE
    prior: Prior = NOTHING_KNOWN
    latest: timedelta = LATEST
    is_scarce: bool = False


def next_look(
    *,
    now: datetime,
    outcome: Outcome,
    failures: int,
    page: Paced,
    rng: Random,
    on: Terms,
    hint: timedelta | None = None,
) -> Look:
    """Decide when a document is looked at again.

    `failures` counts the looks in a row, this one included, that did not see the text; `hint` is what the
    server asked for (see `retry_after`), heeded up to a day.
    """
    if outcome is Outcome.CHANGE_PENDING or (outcome is Outcome.GONE and failures <= 1):
        return Look(now + CONFIRM, "a second look confirms what the first one saw")
    look = _after_failure(now, outcome, failures, rng) if outcome in BACKOFF else _after_sight(now, page, on, rng)
    asked = max(timedelta(0), min(hint or timedelta(0), LATEST))
    if now + asked > look.at:
        return Look(now + asked, f"the server asked to be left alone for {in_words(asked)}")
    return look


def wait(page: Paced, on: Terms) -> timedelta:
    """Return how long a page that can be read waits between two looks."""
    bounds = allotting.Bounds(min(SOONEST, on.latest) / HOUR, on.latest / HOUR)
    return allotting.gap(page.rate, page.stake, price=on.price, bounds=bounds, gives_up=on.is_scarce) * HOUR


def why(page: Paced, waits: timedelta, *, now: datetime) -> str:
    """Say how often a page is looked at, and what that hangs on."""
    return f"checked every {in_minutes(waits)}: {', '.join(filter(None, (_edits(now, page), page.stake_why)))}"


def _after_sight(now: datetime, page: Paced, on: Terms, rng: Random) -> Look:
    """Wait as long as the page's rate of change, what rests on it and the price of a look make best."""
    waits = wait(page, on)
    return Look(now + waits * rng.uniform(1 - JITTER, 1), why(page, waits, now=now))


def _edits(now: datetime, page: Paced) -> str:
    if page.edits_lately:
        return f"{page.edits_lately} edit{'s' if page.edits_lately > 1 else ''} in the last {LATELY_H} h"
    if page.last_changed_at is None:
        return f"no edit in {page.looks_since_change} looks"
    return f"no edit for {in_words(now - page.last_changed_at)}" if page.looks_since_change else "a new text just now"


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


def in_minutes(span: timedelta) -> str:
    """Say a length of time as people keep it: '20 min', '3 h', '2.5 h'."""
    if span < 2 * HOUR:
        return f"{max(round(span / timedelta(minutes=1)), 1)} min"
    return f"{span / HOUR:.1f}".removesuffix(".0") + " h"


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
