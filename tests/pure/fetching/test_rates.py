from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.rates import NOTHING_KNOWN, STRONGEST_H, Prior, Seen, believed, learn, prior_of, rate

DAY = 24.0


def watched(rng: Random, *, changes_a_day: float, days: int, gap_h: float = 3.0, prior: Prior = NOTHING_KNOWN) -> Seen:
    """Look at a page that changes at random, at waits between half and one and a half times `gap_h`."""
    seen, at = Seen(), 0.0
    next_change = rng.expovariate(changes_a_day / DAY)
    while at < days * DAY:
        gap = gap_h * rng.uniform(0.5, 1.5)
        at, differs = at + gap, next_change <= at + gap
        while next_change <= at:
            next_change += rng.expovariate(changes_a_day / DAY)
        seen = learn(seen, gap_h=gap, differs=differs, prior=prior)
    return seen


def test_nothing_seen_means_what_is_believed_of_any_page():
    assert rate(Seen()) == pytest.approx(1 / DAY)


@pytest.mark.parametrize("changes_a_day", [1, 2, 4, 8])
def test_the_rate_is_learnt_from_looks_at_odd_times(changes_a_day):
    seen = [rate(watched(Random(seed), changes_a_day=changes_a_day, days=30)) * DAY for seed in range(40)]
    assert sum(seen) / len(seen) == pytest.approx(changes_a_day, rel=0.25)


def test_counting_changes_alone_would_see_eight_looks_a_day_and_no_more():
    """Eight looks a day can see eight changes at most; the page makes twenty-four."""
    assert rate(watched(Random(1), changes_a_day=24, days=60)) * DAY > 12


def test_a_page_that_went_quiet_is_believed_to_be_quiet():
    busy = watched(Random(1), changes_a_day=12, days=7)
    quiet = busy
    for _look in range(16):
        quiet = learn(quiet, gap_h=6, differs=False)
    assert rate(quiet) < rate(busy) / 3


def test_two_looks_ten_minutes_apart_tell_a_live_blog():
    page = learn(Seen(), gap_h=24, differs=True)
    for _confirmation in range(3):
        page = learn(page, gap_h=1 / 6, differs=True)
    same = learn(learn(Seen(), gap_h=24, differs=True), gap_h=1 / 6, differs=False)
    assert rate(page) > 2.5 * rate(same)


def test_changes_at_every_long_wait_leave_the_rate_open():
    """What came after the first change of a wait is not known and counts for nothing."""
    page = Seen()
    for _look in range(30):
        page = learn(page, gap_h=24, differs=True, prior=Prior(1, 1))
    assert page.hours < 5 * page.changes


def test_a_change_soon_after_ages_of_rest_came_half_way():
    seen = learn(Seen(0.0, 1e9), gap_h=1.0, differs=True)
    assert seen.hours == pytest.approx(1e9 * 0.5 ** (1 / 48) + 0.5)


def test_pages_that_are_alike_share_one_rate():
    alike = [watched(Random(seed), changes_a_day=6, days=10) for seed in range(60)]
    prior = prior_of(alike)
    assert prior.changes / prior.hours * DAY == pytest.approx(6, rel=0.15)
    assert prior.hours > 24


def test_pages_that_have_nothing_in_common_are_judged_each_by_its_own_looks():
    few = [watched(Random(seed), changes_a_day=0.1, days=10) for seed in range(30)]
    many = [watched(Random(seed), changes_a_day=100, days=10, gap_h=0.2) for seed in range(30)]
    assert prior_of([*few, *many]).hours < 2


def test_nothing_is_believed_of_a_handful_of_pages():
    assert prior_of([]) == NOTHING_KNOWN
    assert prior_of([Seen(1, 1)] * 9) == NOTHING_KNOWN
    assert prior_of([Seen()] * 100) == NOTHING_KNOWN


def test_pages_that_never_changed_are_believed_still_but_not_for_ever():
    prior = prior_of([Seen(0, 500)] * 100)
    assert 0 < prior.changes / prior.hours < 1e-4
    assert prior.hours >= STRONGEST_H


@given(
    st.floats(0, 1e9, allow_subnormal=False),
    st.floats(0, 1e9, allow_subnormal=False),
    st.floats(-1e3, 1e9),
    st.booleans(),
)
def test_no_look_breaks_the_estimate(changes, hours, gap_h, differs):
    page = learn(Seen(changes, hours), gap_h=gap_h, differs=differs)
    assert page.changes >= 0
    assert page.hours >= 0
    assert 0 < rate(page) < 1e9


def test_a_page_that_has_rested_for_long_is_believed_to_rest():
    known = Seen(0, 69)
    assert believed(known, NOTHING_KNOWN, age_h=9_000, quiet_h=24) == rate(known)
    assert believed(known, NOTHING_KNOWN, age_h=9_000, quiet_h=1_440) == 1 / 1_440
    assert believed(known, NOTHING_KNOWN, age_h=9_000, quiet_h=0) == rate(known)


def test_a_young_page_is_believed_to_be_lively_however_still_the_others_are():
    still = Prior(0.05, 720)
    assert believed(Seen(), still, age_h=1, quiet_h=1) == rate(Seen())
    assert believed(Seen(), Prior(5, 5), age_h=1, quiet_h=1) == 1
    assert believed(Seen(), still, age_h=25, quiet_h=1) == rate(Seen(), still)
