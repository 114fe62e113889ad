import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.allotting import STEEP, USUAL_PRICE, Bounds, asked, gap, price

BOUNDS = Bounds(least=1 / 6, most=24.0)
WIDE = Bounds(least=1e-6, most=1e9)


def test_a_page_that_never_changes_gets_the_longest_wait():
    assert gap(0, 1, price=USUAL_PRICE, bounds=BOUNDS) == 24


def test_without_a_budget_a_change_an_hour_asks_for_a_look_each_half_hour():
    assert gap(1, 1, price=USUAL_PRICE, bounds=BOUNDS) == pytest.approx(0.4, abs=0.1)
    assert gap(1 / 24, 1, price=USUAL_PRICE, bounds=BOUNDS) == pytest.approx(1.7, abs=0.2)


def test_a_page_with_more_at_stake_is_looked_at_sooner():
    waits = [gap(0.1, stake, price=0.5, bounds=BOUNDS) for stake in (0.5, 1, 2, 4, 8)]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 2 * waits[-1]


def test_the_fastest_pages_are_not_followed_but_still_looked_at():
    assert gap(20, 1, price=1, bounds=BOUNDS) == 24
    assert gap(20, 0, price=1, bounds=BOUNDS) == 24
    assert gap(1e6, 1, price=1, bounds=BOUNDS) == 24


def test_the_wait_has_no_step_where_following_is_given_up():
    waits = [gap(0.5, 1, price=STEEP + step / 1000, bounds=WIDE) for step in range(-800, 8000)]
    assert max(after / before for before, after in pairwise(waits) if before > 1) < 1.1


def test_one_look_more_gains_the_same_on_every_page():
    """What the price means, by the formula for the share up to date at the margin, where confirmations are rare."""
    for rate in (0.001, 0.01, 0.02):
        wait = gap(rate, 1, price=3, bounds=WIDE)
        looked, more = 1 / wait, 1 / wait * 1.0001
        gain = (fresh(rate, more) - fresh(rate, looked)) / (more - looked)
        assert gain == pytest.approx(3 * 2, rel=0.05)  # twice: a change that is seen takes two looks


def fresh(rate: float, looks: float) -> float:
    return looks / rate * -math.expm1(-rate / looks)


@pytest.mark.parametrize("looks_a_day", [150, 400, 3000])
def test_the_price_spends_the_budget(looks_a_day):
    pages = [(10 ** (place / 20 - 3), 1 + place % 3) for place in range(100)]
    at = price(pages, looks_a_day=looks_a_day, bounds=BOUNDS)
    planned = sum(24 / gap(rate, stake, price=at, bounds=BOUNDS) for rate, stake in pages)
    assert 0.4 * looks_a_day < planned <= looks_a_day


def test_a_budget_below_the_longest_waits_cannot_be_kept_and_says_so_by_the_highest_price():
    pages = [(0.1, 1.0)] * 100
    assert gap(0.1, 1, price=price(pages, looks_a_day=1, bounds=BOUNDS), bounds=BOUNDS) == 24


def test_no_pages_cost_nothing():
    assert price([], looks_a_day=100, bounds=BOUNDS) < USUAL_PRICE


def test_what_was_overspent_is_planned_less_within_reason():
    assert asked(1000, spent=1000) == 1000
    assert asked(1000, spent=1250) == 800
    assert asked(1000, spent=10**6) == 500
    assert asked(1000, spent=0) == 2000


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1e-7, 1e7))
def test_every_wait_is_within_its_bounds(rate, stake, at):
    assert BOUNDS.least <= gap(rate, stake, price=at, bounds=BOUNDS) <= BOUNDS.most
