"""Where to spend looks: the wait between two looks at a page that keeps most of all pages up to date.

Of a page that changes at a rate r and is looked at every g hours, the stored text is up to date for the share
F(g) = (1 - exp(-rg)) / rg of the time (Cho and Garcia-Molina, Effective Page Refresh Policies, ACM TODS 28(4), 2003).
Under a budget the best waits are those at which one look more would gain the same on every page: that gain is the
price of a look.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONFIRM_H = 1 / 6
# What a look costs where no budget is set: a page with a change an hour is looked at each half hour, one with a
# change a day each hundred minutes.
USUAL_PRICE = 0.03
LEAST_PRICE, MOST_PRICE, STEPS = 1e-6, 1e4, 20
STILL = 1e-9
PER_OCTAVE = 4
MOST_CORRECTED = 2.0
FASTEST = 600.0

# 1 - exp(-x)(1 + x), the gain of a look by changes per wait, read backwards by a table.
_WAITS: Sequence[float] = [0.01 * 1.01**step for step in range(800)]
_GAINS: Sequence[float] = [1 - math.exp(-wait) * (1 + wait) for wait in _WAITS]
STEEP = 0.98
# Where no look is short, no page waits for longer than it takes to change about once, however fast that is.
FOLLOWED = 0.3
_STEEP_WAIT = _WAITS[bisect_left(_GAINS, STEEP)]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest wait, in hours."""

    least: float
    most: float


def gap(rate: float, stake: float, *, price: float, bounds: Bounds, gives_up: bool = True) -> float:
    """Return the hours to wait between two looks at a page.

    A page that changes faster than looks at that price can follow gets the longest wait: what it would take keeps
    others up to date. Unless nothing is short (not `gives_up`): then the faster it changes, the sooner the next look.
    """
    if rate <= STILL:
        return bounds.most
    gain = price * rate * _cost(rate) / (max(stake, STILL) * _settles(rate))
    if not gives_up:
        gain = min(gain, FOLLOWED)
    return min(max(_changes_per_wait(gain) / rate, bounds.least), bounds.most)


def price(pages: Iterable[tuple[float, float]], *, looks_a_day: float, bounds: Bounds) -> float:
    """Return the price at which pages of these rates and stakes take so many looks a day, confirmations counted."""
    kinds = Counter((_coarse(rate), _coarse(stake)) for rate, stake in pages)
    low, high = math.log(LEAST_PRICE), math.log(MOST_PRICE)
    for _step in range(STEPS):
        middle = (low + high) / 2
        if _spent(kinds, math.exp(middle), bounds) > looks_a_day:
            low = middle
        else:
            high = middle
    return math.exp(high)


def asked(looks_a_day: float, *, spent: float) -> float:
    """Return how many looks a day to plan for, where so many a day were spent lately: rates are guesses, a budget not.

    Never planned for less than half of the budget or more than twice of it.
    """
    return looks_a_day * min(max(looks_a_day / max(spent, STILL), 1 / MOST_CORRECTED), MOST_CORRECTED)


def _spent(kinds: Counter[tuple[float, float]], price: float, bounds: Bounds) -> float:
    return sum(
        count * 24 * _looks(rate, wait) / wait
        for (rate, stake), count in kinds.items()
        for wait in [gap(rate, stake, price=price, bounds=bounds)]
    )


def _looks(rate: float, wait: float) -> float:
    """How many looks one look at a page comes to: what it sees changed is confirmed."""
    return 1 - math.expm1(-rate * wait) * (_cost(rate) - 1)


def _cost(rate: float) -> float:
    """Looks it takes to see and to confirm a change: the page may have changed again, three times at most."""
    again = -math.expm1(-rate * CONFIRM_H)
    return 2 + again + again**2


def _settles(rate: float) -> float:
    """The chance that what was seen still stands when it is confirmed."""
    return math.exp(-min(rate, FASTEST) * CONFIRM_H)


def _changes_per_wait(gain: float) -> float:
    """Return x with 1 - exp(-x)(1 + x) = gain; beyond STEEP its tangent goes on, so that no page is dropped at once."""
    if gain <= _GAINS[0]:
        return math.sqrt(2 * gain)
    if gain >= STEEP:
        return _STEEP_WAIT + (gain - STEEP) / (_STEEP_WAIT * math.exp(-_STEEP_WAIT))
    place = bisect_left(_GAINS, gain)
    below = (gain - _GAINS[place - 1]) / (_GAINS[place] - _GAINS[place - 1])
    return _WAITS[place - 1] + below * (_WAITS[place] - _WAITS[place - 1])


def _coarse(number: float) -> float:
    """Round to a quarter of an octave, so that alike pages are reckoned once."""
    return 2 ** (round(math.log2(max(number, STILL)) * PER_OCTAVE) / PER_OCTAVE)
