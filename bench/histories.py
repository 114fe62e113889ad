"""Edit histories of pages to replay: eight kinds made by a seeded script, and two mixtures of them.

Times are hours since watching began. A page is watched from its publication on, or from the beginning where it is
older. The kinds, their numbers and the seed were written down before any pace was tuned against them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

DAYS = 14
HOURS = 24.0 * DAYS
PAGES = 240
SEED = 20261123
LOOKS_A_DAY = 6  # for each page, confirmations counted
DAY = 24.0
OPEN, SHUT, WORKDAYS = 8, 20, 5


@dataclass(frozen=True, slots=True)
class History:
    """When a page appeared (negative: before watching began) and when it was edited."""

    published: float
    edits: tuple[float, ...]

    @property
    def start(self) -> float:
        """When it is looked at first."""
        return max(0.0, self.published)


Kind = Callable[[Random], History]


def at_random(
    rng: Random, rate: Callable[[float], float], most: float, start: float, end: float = HOURS
) -> list[float]:
    """Draw edits of a rate an hour that changes with time, never above `most` (thinning; Lewis & Shedler 1979)."""
    edits, at = [], max(start, 0.0)
    while most and (at := at + rng.expovariate(most)) < end:
        if rng.random() * most < rate(at):
            edits.append(at)
    return edits


def _old(rng: Random) -> float:
    return -DAY * rng.uniform(1, 60)


def still(rng: Random) -> History:
    """A report that nobody touches again."""
    return History(_old(rng), ())


def steady(rng: Random) -> History:
    """Six edits a day at random, on every page alike: here nothing is to be learnt."""
    return History(_old(rng), tuple(at_random(rng, lambda _at: 6 / DAY, 6 / DAY, 0)))


def spread(rng: Random) -> History:
    """From an edit in twenty days to a hundred a day, evenly over the orders of magnitude."""
    rate = 10 ** rng.uniform(math.log10(0.05), math.log10(100)) / DAY
    return History(_old(rng), tuple(at_random(rng, lambda _at: rate, rate, 0)))


def fresh(rng: Random) -> History:
    """A story worked on while it is new: an edit an hour at first, a third of that twelve hours later."""
    published = rng.uniform(-7 * DAY, HOURS - DAY)
    return History(published, tuple(at_random(rng, lambda at: math.exp((published - at) / 12), 1, published)))


def bursts(rng: Random) -> History:
    """Quiet, but for six hours with two edits an hour about every third day."""
    edits, at = [], 0.0
    while (at := at + rng.expovariate(1 / (3 * DAY))) < HOURS:
        edits += at_random(rng, lambda _at: 2, 2, at, min(at + 6, HOURS))
        at += 6
    return History(_old(rng), tuple(edits))


def office(rng: Random) -> History:
    """An edit every ninety minutes from eight to eight, none at night and on two days of seven."""

    def rate(at: float) -> float:
        return 2 / 3 if OPEN <= at % DAY < SHUT and int(at / DAY) % 7 < WORKDAYS else 0.0

    return History(_old(rng), tuple(at_random(rng, rate, 2 / 3, 0)))


def clockwork(rng: Random) -> History:
    """Brought up to date every 1, 3, 6, 12 or 24 hours, give or take five minutes."""
    period = rng.choice((1.0, 3.0, 6.0, 12.0, 24.0))
    first = rng.uniform(0, period)
    beats = (first + period * beat + rng.uniform(-1, 1) / 12 for beat in range(int(HOURS / period) + 1))
    return History(_old(rng), tuple(sorted(beat for beat in beats if 0 <= beat < HOURS)))


def live(rng: Random) -> History:
    """A page that never rests, such as a live blog or a front page: an edit every three to fifteen minutes."""
    rate = rng.uniform(4, 20)
    return History(_old(rng), tuple(at_random(rng, lambda _at: rate, rate, 0)))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.__name__: kind for kind in (still, steady, spread, fresh, bursts, office, clockwork, live)}
)


# A desk on a day of news, in percent: half of what it watches never rests (live blogs, front pages, tickers), a third
# are stories that move some times a day, the rest is of every other kind. Only where pages differ by orders of
# magnitude can an allotment gain much: with the true rates known, an eighth of each kind gains 1.08, no more.
MIXED: Mapping[str, int] = MappingProxyType(
    {"live": 50, "steady": 15, "office": 10, "clockwork": 10, "spread": 5, "fresh": 4, "bursts": 3, "still": 3}
)


def workloads(seed: int = SEED) -> dict[str, list[History]]:
    """Every kind alone; `equal`, an eighth of each; and `mixed`."""
    alone = {name: [kind(rng) for _page in range(PAGES)] for name, kind in KINDS.items() for rng in [_dice(seed, name)]}
    return alone | {
        "equal": [page for pages in alone.values() for page in pages[: PAGES // len(KINDS)]],
        "mixed": [page for name, percent in MIXED.items() for page in alone[name][: round(PAGES * percent / 100)]],
    }


def _dice(seed: int, name: str) -> Random:
    return Random(f"{seed} {name}")  # noqa: S311  a simulation, no secret
