"""Numbers and dates are read as they are meant."""

from __future__ import annotations

import pytest

from claims.stance.quantities import Quantity, quantities


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "low", "meant"),
    [
        ("The flood cost more than $ 3 million", "money", 3e6, ">"),
        ("Fewer than 12,500 came", "number", 12500, "<"),
        ("About 40 % agreed", "percent", 40, "~"),
        ("It was rated 7.5/10 by them", "score", 7.5, "="),
        ("They came twelve times", "number", 12, "="),
        ("It was their third win", "rank", 3, "="),
        ("He came 21st of them all", "rank", 21, "="),
        ("They sold 3 crore tickets", "number", 3e7, "="),
        ("You need 18 or more", "number", 18, ">"),
        ("You need 18 or fewer", "number", 18, "<"),
    ],
)
def test_a_number_has_its_kind_its_size_and_its_meaning(text: str, kind: str, low: float, meant: str) -> None:
    found = only(text)
    assert (found.kind, found.low, found.meant) == (kind, low, meant)


@pytest.mark.parametrize(
    ("claim", "said", "is_met"),
    [
        ("before May 2011", "in June 2011", False),
        ("before July 2011", "in June 2011", True),
        ("after 2010", "on 3 March 2011", True),
        ("in the 19th century", "in 1853", True),
        ("in the 1990s", "in 1997", True),
        ("on 5 March", "on March 5 , 2020", True),
        ("on 6 March", "on March 5 , 2020", False),
        ("more than 100 people", "over 120 people", True),
        ("more than 100 people", "more than 100 people", True),
        ("less than 100 people", "fewer than 90 people", True),
        ("less than 100 people", "over 120 people", False),
        ("about 100 people", "104 people", True),
        ("100 people", "104 people", False),
    ],
)
def test_one_quantity_is_met_by_another_or_not(claim: str, said: str, is_met: bool) -> None:
    assert only(claim).met_by(only(said)) is is_met


def test_what_is_of_one_size_is_close() -> None:
    one, near, far = only("100 people"), only("104 people"), only("9,000 people")
    assert one.closeness(one) == 1.0
    assert 1.0 > one.closeness(near) > one.closeness(far) > 0.0
    assert only("in 2011").closeness(only("in 2012")) > only("in 2011").closeness(only("in 1950"))


def test_numbers_in_names_and_years_of_titles_are_parts_of_names() -> None:
    assert only("They watched Chapter 3").is_named
    assert only("The 2013 film opened").is_named
    assert not only("Over 3 people came").is_named
    assert not only("they watched 3 films").is_named


def test_a_letter_that_lower_case_makes_two_of_shifts_no_place() -> None:
    assert only("İİİ sold 12 boats").low == 12
