"""How often a page changes, learnt from looks that come at odd times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What was seen counts by half after two days: a story that goes quiet is believed to have gone quiet.
HALF_LIFE_H = 48.0
SOON_H = 1 / 120
FEW, MANY = 1e-4, 500.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The changes that a page's looks stand for, and the hours they were spread over; both fade."""

    changes: float = 0.0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a page nobody looked at twice: as if so many changes had been seen in so many hours."""

    changes: float
    hours: float


# A page of which nothing at all is known: one change a day, believed for as long as half a day's looks.
NOTHING_KNOWN = Prior(0.5, 12.0)
# The bounds of a prior's strength: never so weak that one look decides, never so strong that a month does not.
WEAKEST_H, STRONGEST_H, LEAST_CHANGES = 0.1, 720.0, 0.05
ENOUGH_PAGES = 10
# A story so young is believed to be as lively as a page of which nothing is known, however still all others are.
YOUNG_H = 24.0


def rate(seen: Seen, prior: Prior = NOTHING_KNOWN) -> float:
    """Return the changes an hour: the mean of the Gamma posterior of a Poisson rate."""
    return (prior.changes + seen.changes) / (prior.hours + seen.hours)


def believed(seen: Seen, prior: Prior, *, age_h: float, quiet_h: float) -> float:
    """Return the changes an hour of a page that has been there for so long, and quiet for so long.

    What was seen fades, that a page rests does not: it is believed to change no more often than once in that time.
    """
    known = rate(seen, prior)
    if age_h < YOUNG_H:
        return max(known, rate(seen))
    return min(known, 1 / max(quiet_h, SOON_H))


def learn(seen: Seen, *, gap_h: float, differs: bool, prior: Prior = NOTHING_KNOWN) -> Seen:
    """Add one look, `gap_h` hours after the look before it, that saw another text than that one or the same.

    A look tells only that there was at least one change, somewhere in between: it counts as one change, after as long
    as a page of that rate would take for it (one step of EM for the estimator of Cho and Garcia-Molina, Estimating
    Frequency of Change, ACM TOIT 3(3), 2003, at irregular looks). What came after that change in the same wait nobody
    knows, so it counts for nothing: a page that changed at each of a hundred long waits may be faster by any factor.
    """
    gap_h = max(gap_h, SOON_H)
    kept = 0.5 ** (gap_h / HALF_LIFE_H)
    changes, hours = (1.0, _first_change(rate(seen, prior), gap_h)) if differs else (0.0, gap_h)
    return Seen(seen.changes * kept + changes, seen.hours * kept + hours)


def _first_change(rate_h: float, gap_h: float) -> float:
    """Return the hours until the first change, where there was one within `gap_h`."""
    expected = rate_h * gap_h
    if expected < FEW:
        return gap_h / 2
    return 1 / rate_h - (gap_h / math.expm1(expected) if expected < MANY else 0.0)


def prior_of(pages: Iterable[Seen]) -> Prior:
    """Learn the prior from all pages together, by the method of moments.

    Where they differ no more than chance would have it, the prior is strong and all are looked at alike; where they
    differ by orders of magnitude it is weak, and each page's own looks decide.
    """
    known = [page for page in pages if page.hours > 0]
    hours = sum(page.hours for page in known)
    if len(known) < ENOUGH_PAGES or not hours:
        return NOTHING_KNOWN
    mean = (sum(page.changes for page in known) + NOTHING_KNOWN.changes) / (hours + NOTHING_KNOWN.hours)
    variance = _between(known, mean, hours)
    strength = mean / variance if variance > mean / STRONGEST_H else STRONGEST_H
    strength = min(max(strength, WEAKEST_H, LEAST_CHANGES / mean), max(STRONGEST_H, LEAST_CHANGES / mean))
    return Prior(mean * strength, strength)


def _between(pages: Sequence[Seen], mean: float, hours: float) -> float:
    """Return the variance of the rates of pages beyond what chance explains."""
    apart = sum(page.hours * (page.changes / page.hours - mean) ** 2 for page in pages)
    spread = hours - sum(page.hours**2 for page in pages) / hours
    return (apart - (len(pages) - 1) * mean) / spread
