from datetime import UTC, datetime

import pytest

from claims.matching import moments, quantities
from claims.matching.prepared import prepare
from claims.matching.quantities import Fit

TUESDAY = datetime(2024, 5, 14, 8, tzinfo=UTC)


def figure(text):
    return prepare(f"The fire destroyed {text}.").quantities[0]


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("1.2bn crowns", "1,200 million crowns", Fit.EQUAL),
        ("twelve barns", "a dozen barns", Fit.EQUAL),
        ("48.2 % of barns", "48.20 percent of barns", Fit.EQUAL),
        ("1,214,000 barns", "1.2 million barns", Fit.FINER),
        ("1,214,000 barns", "about 1.2 million barns", Fit.FINER),
        ("12,340 barns", "12,300 barns", Fit.FINER),
        ("12,300 barns", "12,340 barns", Fit.COARSER),
        ("between 40 and 50 barns", "45 barns", Fit.COARSER),
        ("40 to 50 barns", "60 barns", Fit.APART),
        ("more than 50 barns", "52 barns", Fit.COARSER),
        ("more than 50 barns", "5,000 barns", Fit.APART),
        ("fewer than 50 barns", "12 barns", Fit.COARSER),
        ("dozens of barns", "30 barns", Fit.COARSER),
        ("tens of thousands of barns", "30 barns", Fit.APART),
        ("half of the barns", "51 % of the barns", Fit.COARSER),
        ("2.3 tonnes of hay", "2,300 kilograms of hay", Fit.EQUAL),
        ("some 12,000 barns", "around 12,300 barns", Fit.NEAR),
    ],
)
def test_figures_fit_by_value_unit_and_what_they_leave_open(one, other, fit):
    assert quantities.fit(figure(one), figure(other)) is fit


def test_a_number_without_unit_may_count_whatever_is_not_measured_by_a_sign():
    assert quantities.are_of_one(figure("12 barns"), figure("12"))
    assert not quantities.are_of_one(figure("12 barns"), figure("12 %"))
    assert not quantities.are_of_one(figure("12 barns"), figure("12 mills"))


def test_a_number_is_read_up_to_the_noun_that_it_counts():
    assert figure("twelve old wooden barns").units & figure("3 barns").units
    assert figure("12, it was said").units == frozenset()


def test_a_score_is_two_numbers_and_no_range():
    assert len(prepare("Brenna lost 1-3.").quantities) == 2


def test_no_figures_are_read_off_ordinals_dates_times_and_endless_numbers():
    text = "On 3 May 2021 at 10:30 the second mill and one barn burned, number " + "9" * 40 + "."
    assert prepare(text).quantities == ()


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("on 9 November 2020", "on November 9, 2020", Fit.EQUAL),
        ("on 9 November 2020", "in November 2020", Fit.FINER),
        ("in 2020", "on the 9th of November 2020", Fit.COARSER),
        ("in 1961", "in the 1960s", Fit.FINER),
        ("in 1971", "in the 1960s", Fit.APART),
        ("yesterday", "on 13 May", Fit.FINER),
        ("on Monday", "on 13 May 2024", Fit.EQUAL),
        ("on Monday", "on 14 May 2024", Fit.APART),
        ("last year", "in 2023", Fit.EQUAL),
        ("last month", "in April", Fit.FINER),
        ("next week", "this week", Fit.APART),
        ("in May", "in 2024", Fit.APART),
        ("since January", "in January", Fit.EQUAL),
    ],
)
def test_days_fit_as_far_as_they_are_told(one, other, fit):
    told = [moments.moments(f"It burned {text}.", TUESDAY)[0] for text in (one, other)]
    assert moments.fit(*told) is fit


def test_without_the_day_it_was_said_a_relative_date_is_only_equal_to_itself():
    one, other = (moments.moments(f"It burned {text}.", None)[0] for text in ("yesterday", "today"))
    assert moments.fit(one, one) is Fit.EQUAL
    assert moments.fit(one, other) is Fit.APART
    year = moments.moments("It burned last year.", None)[0]
    assert year.relative == "-1 year"
