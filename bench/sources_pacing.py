"""Pacing held to its bars: for what share of the time the stored text is up to date, at the same number of looks.

A fixed interval (as changedetection.io has it) and newsdiffs' rule by age of the last change (its rule, from its paper
trail, not its code) are given exactly the looks that our pace took, their confirmations counted like ours.
"""

import math
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.histories import HOURS, LOOKS_A_DAY, History, workloads
from bench.replay import Pace, Seen, Told, replay
from bench.splitting_sets import Sets
from sources.fetching import allotting, rates

HALVINGS, ENOUGH = 14, 1.05
REPRICED_H, LATELY_H = 2.0, 24.0
BOUNDS = allotting.Bounds(least=1 / 6, most=24.0)


@dataclass
class Fixed:
    """The same wait for every page."""

    wait: float

    def start(self, pages: Sequence[Seen], looks_a_day: float) -> None:
        """Need nothing."""

    def gap(self, page: Seen, at: float, *, differs: bool) -> float:
        """Wait."""
        return self.wait


@dataclass
class ByAge:
    """The longer ago a page last changed, the longer the wait, in steps; stretched so that the budget is spent."""

    stretch: float

    def start(self, pages: Sequence[Seen], looks_a_day: float) -> None:
        """Need nothing."""

    def gap(self, page: Seen, at: float, *, differs: bool) -> float:
        """Take the step of the last change; of a page that never changed, its publication."""
        age = at - (page.history.published if page.changed_at is None else page.changed_at)
        return self.stretch * next((wait for until, wait in STEPS if age < until), math.inf)


# Hours since the last change, and hours between two looks.
STEPS = ((3, 0.25), (24, 1), (7 * 24, 3), (30 * 24, 72), (360 * 24, 720))


@dataclass
class Learnt:
    """Ours: the rate learnt from each look, the wait by the price of a look, both anew each hour from all pages."""

    pages: Sequence[Seen] = ()
    looks_a_day: float = 0.0
    prior: rates.Prior = rates.NOTHING_KNOWN
    price: float = allotting.USUAL_PRICE
    priced_at: float = -math.inf
    looks: deque[float] = field(default_factory=deque)
    known: dict[int, rates.Seen] = field(default_factory=dict)

    def start(self, pages: Sequence[Seen], looks_a_day: float) -> None:
        """Hear of the budget."""
        self.pages, self.looks_a_day = pages, looks_a_day

    def gap(self, page: Seen, at: float, *, differs: bool) -> float:
        """Learn from this look, then wait by what is known."""
        if at >= self.priced_at + REPRICED_H:
            self._reprice(at)
        self.looks.append(at)
        seen = self.known.get(page.number, rates.Seen())
        if at > page.looked_at:
            seen = rates.learn(seen, gap_h=at - page.looked_at, differs=differs, prior=self.prior)
        self.known[page.number] = seen
        changed_at = page.history.start if page.changed_at is None else page.changed_at
        quiet_h = at - changed_at if page.last == page.stored else 0.0
        rate = rates.believed(seen, self.prior, age_h=page.age(at), quiet_h=quiet_h)
        return allotting.gap(rate, 1.0, price=self.price, bounds=BOUNDS)

    def _reprice(self, at: float) -> None:
        self.priced_at = at
        watched = [self.known.get(page.number, rates.Seen()) for page in self.pages if page.history.start <= at]
        self.prior = rates.prior_of(watched)
        budget = self.looks_a_day * len(watched)
        while self.looks and self.looks[0] < at - LATELY_H:
            self.looks.popleft()
        budget = allotting.asked(budget, spent=len(self.looks) * 24 / LATELY_H if at >= LATELY_H else budget)
        stakes = ((rates.rate(seen, self.prior), 1.0) for seen in watched)
        self.price = allotting.price(stakes, looks_a_day=budget, bounds=BOUNDS)


def measure(_sets: Sets) -> Mapping[str, float]:
    """Return the figures of the bars; the table of all workloads goes to standard error."""
    fixed_times: dict[str, float] = {}
    by_age = 0.0
    print(
        f"{'workload':<10} {'looks':>7} {'budget':>7} {'fixed':>6} {'by age':>6} {'ours':>6} {'times':>6}",
        file=sys.stderr,
    )
    for name, histories in workloads().items():
        ours = replay(histories, Learnt(), looks_a_day=LOOKS_A_DAY)
        fixed = at_most(ours.looks, histories, Fixed)
        aged = at_most(ours.looks, histories, ByAge)
        fixed_times[name] = ours.share / fixed.share
        by_age = aged.share / fixed.share
        budget = LOOKS_A_DAY * sum(HOURS - one.start for one in histories) / 24
        print(
            f"{name:<10} {ours.looks:>7,} {budget:>7,.0f} {fixed.share:>6.3f} {aged.share:>6.3f} {ours.share:>6.3f}"
            f" {fixed_times[name]:>6.3f}",
            file=sys.stderr,
        )
    print("recorded histories: none available", file=sys.stderr)
    return {"mixed": fixed_times["mixed"], "worst": min(fixed_times.values()), "age_rule": by_age}


def at_most(looks: int, histories: Sequence[History], pace: Callable[[float], Pace]) -> Told:
    """Replay a pace of one number with the number at which it takes as many looks, or a few more."""
    low, high = math.log(0.01), math.log(1000)
    best = Told(0, 0)
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        told = replay(histories, pace(math.exp(middle)), looks_a_day=0, most=looks * ENOUGH)
        if told.looks >= looks:
            low = middle
            best = told if told.looks <= looks * ENOUGH else best
        else:
            high = middle
    return best
