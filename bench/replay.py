"""Replay edit histories under a pace: what is looked at when, and for how long the stored text was up to date."""

import heapq
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from bench.histories import HOURS, History

# As the product has it: a change counts when a second look, ten minutes after the first, saw the same; a page that
# says something else at every look is taken as it is after three times as long.
APART = 1 / 6
RESTLESS = 3 * APART
# Every pace is jittered alike, or the strokes of clockwork and of looks would meet by luck.
JITTER = 0.1


@dataclass(slots=True)
class Seen:
    """A page as its watcher knows it: versions are numbered by the edits made so far."""

    number: int
    history: History
    stored: int
    last: int
    looked_at: float
    pending_since: float | None = None
    differs_since: float | None = None
    changed_at: float | None = None

    def age(self, at: float) -> float:
        """Hours since publication."""
        return at - self.history.published


class Pace(Protocol):
    """A rule that says how long to wait; told of every look."""

    def start(self, pages: Sequence[Seen], looks_a_day: float) -> None:
        """Hear of the budget."""

    def gap(self, page: Seen, at: float, *, differs: bool) -> float:
        """Hours until the next look; `differs`: this look saw another text than the look before."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a replay came to: the share of time up to date, over all pages, and the looks it took."""

    share: float
    looks: int


def replay(histories: Sequence[History], pace: Pace, *, looks_a_day: float, most: float = math.inf) -> Told:
    """Look at every page by this pace from its start to the end, or for `most` looks; confirmations count as looks."""
    pages = [_first(number, one) for number, one in enumerate(histories)]
    pace.start(pages, looks_a_day)
    due = [(page.history.start, page.number) for page in pages]
    heapq.heapify(due)
    rng = Random(len(histories))  # noqa: S311  a simulation, no secret
    looks, stored = 0, [[(page.history.start, page.stored)] for page in pages]
    while due and due[0][0] < HOURS and looks <= most:
        at, number = heapq.heappop(due)
        page = pages[number]
        looks += 1
        heapq.heappush(due, (at + _look(page, at, pace, rng), number))
        if page.stored != stored[number][-1][1]:
            stored[number].append((at, page.stored))
    return Told(_share(histories, stored), looks)


def _first(number: int, history: History) -> Seen:
    """Return a page whose first look, which everybody makes, has seen what it says."""
    version = bisect_right(history.edits, history.start)
    return Seen(number, history, version, version, history.start)


def _look(page: Seen, at: float, pace: Pace, rng: Random) -> float:
    """Look once; return the hours until the next look."""
    now = bisect_right(page.history.edits, at)
    differs, page.last = now != page.last, now
    gap = pace.gap(page, at, differs=differs) * rng.uniform(1 - JITTER, 1 + JITTER)
    page.looked_at = at
    if now == page.stored:
        page.pending_since = page.differs_since = None
        return gap
    if differs or page.pending_since is None:
        page.pending_since = at
    if page.differs_since is None:
        page.differs_since = at
    if at - page.pending_since < 0.9 * APART and at - page.differs_since < RESTLESS:
        return APART
    page.stored, page.changed_at = now, at
    page.pending_since = page.differs_since = None
    return gap


def _share(histories: Sequence[History], stored: Sequence[Sequence[tuple[float, int]]]) -> float:
    watched = sum(HOURS - one.start for one in histories)
    return sum(_current(one, versions) for one, versions in zip(histories, stored, strict=True)) / watched


def _current(history: History, versions: Sequence[tuple[float, int]]) -> float:
    """Return for how many hours the stored version was the page's."""
    hours = 0.0
    for place, (since, version) in enumerate(versions):
        until = versions[place + 1][0] if place + 1 < len(versions) else HOURS
        ends = history.edits[version] if version < len(history.edits) else HOURS
        hours += max(0.0, min(until, ends) - since)
    return hours
