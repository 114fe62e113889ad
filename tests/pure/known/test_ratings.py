"""What ratings of others mean: words before numbers, one publisher's rules before anybody's."""

from __future__ import annotations

import pytest

from claims.known import ratings
from claims.known.ratings import Rule, Table, normalised, place
from claims.verification.status import VERDICTS, Status

SEEDED = Table([Rule(key, status, words) for key, (words, status) in enumerate(ratings.seeds(), 1)])
SCALES = [Rule(key, status, low=low, high=high) for key, (low, high, status) in enumerate(ratings.SEEDED_SCALES, 1000)]


@pytest.mark.parametrize(
    ("rating", "status", "because"),
    [
        ("True", "supported", "its words"),
        ("PANTS ON FIRE!", "refuted", "its words"),
        ("Half-True", "conflicting", "its words"),
        ("❌ False", "refuted", "its words"),
        ("Größtenteils falsch", "refuted", "its words"),
        ("Irreführend", "conflicting", "its words"),
        ("Plutôt faux", "refuted", "its words"),
        ("Engañoso", "conflicting", "its words"),
        ("Sátira", "not_checkable", "its words"),
        ("False. The picture is from 2011.", "refuted", "how it begins"),
        ("Misleading: the figure is of another year", "conflicting", "how it begins"),
        ("This is not the whole story", "", ""),
        ("", "", ""),
        ("?!", "", ""),
    ],
)
def test_seeded_words_are_known_in_the_ways_they_are_written(rating: str, status: str, because: str) -> None:
    found = SEEDED.meaning(rating)
    assert (found.status, found.because) == (status, because)


def test_a_publisher_s_own_rule_goes_before_anybody_s_and_words_before_numbers() -> None:
    table = Table([Rule(1, "refuted", "two whales"), Rule(2, "conflicting", "two whales", "desk.example"), *SCALES])
    assert table.meaning("Two whales", publisher="desk.example").rule == 2
    assert table.meaning("Two whales", publisher="other.example", place=1.0).rule == 1
    assert table.meaning("Three whales", publisher="desk.example", place=1.0).status == "supported"


@pytest.mark.parametrize(("value", "status"), [(1, "refuted"), (2, "refuted"), (3, "conflicting"), (4, "supported")])
def test_a_number_counts_by_its_place_on_its_scale(value: int, status: str) -> None:
    found = Table(SCALES).meaning("", place=place(value, 5, 1))
    assert (found.status, found.because) == (status, "its number")


def test_a_publisher_s_own_scale_goes_first_and_the_later_of_two_rules_counts() -> None:
    rules = [Rule(1, "refuted", "x"), Rule(3, "supported", "x"), Rule(7, "", publisher="desk.example"), *SCALES]
    table = Table(rules)
    assert table.meaning("x").rule == 3
    assert table.meaning("", publisher="desk.example", place=0.5) == ratings.Meaning("", 7, "its number")


@pytest.mark.parametrize("scale", [(None, 5, 1), (3, None, 1), (3, 5, None), (3, 1, 1)])
def test_a_number_without_its_scale_has_no_place(scale: tuple[float | None, float | None, float | None]) -> None:
    assert place(*scale) is None
    assert Table(SCALES).meaning("", place=None).status == ""


def test_the_seeds_are_written_as_they_are_compared_and_lead_to_what_a_desk_may_say() -> None:
    words = [one for one, _status in ratings.seeds()]
    assert [normalised(one) for one in words] == words
    assert len(set(words)) == len(words) > 60
    assert {status for _words, status in ratings.seeds()} <= VERDICTS | {Status.NOT_CHECKABLE}
