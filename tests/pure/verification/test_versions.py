"""Which places of a version before stand in the new one."""

from __future__ import annotations

import pytest

from claims.verification import versions
from claims.verification.versions import BY_STATEMENT, BY_WORDS, Said, paired


def said(quote: str, *, text: str = "", certainty: str = "asserted", fingerprint: str = "") -> Said:
    return Said(fingerprint or f"{quote}/{text}/{certainty}", quote, text or f"{quote}.", certainty)


def test_the_same_words_are_the_same_place_whatever_the_certainty() -> None:
    before, now = {7: said("the crossing fell", certainty="unconfirmed")}, {0: said("The crossing\nfell")}
    assert paired(before, now, by=BY_WORDS) == {0: 7}


def test_of_the_same_words_the_one_as_sure_as_before_is_the_same_place() -> None:
    """A lead that asserts what a quoted outlet could not confirm: each keeps its own."""
    before = {1: said("the crossing fell"), 2: said("the crossing fell", certainty="unconfirmed")}
    now = {0: said("the crossing fell", text="It fell.", certainty="unconfirmed"), 1: said("the crossing fell")}
    assert paired(before, now, by=BY_WORDS) == {0: 2, 1: 1}


def test_each_place_is_taken_once_in_the_order_of_the_text() -> None:
    before = {1: said("a b", fingerprint="x"), 2: said("a b", fingerprint="y")}
    now = {number: said("a b", fingerprint=f"n{number}") for number in range(3)}
    assert paired(before, now, by=BY_WORDS) == {0: 1, 1: 2}


@pytest.mark.parametrize(
    ("was", "today", "same"),
    [
        ("Fighters seized the crossing.", "Fighters had already seized a crossing.", True),
        ("Fighters seized the crossing.", "Fighters were seized at the crossing.", False),
        ("12 people died.", "15 people died.", False),
        ("The bill is 1.5 million.", "The bill is 1,5 million.", False),
        ("The mayor resigned.", "The mayor has not resigned.", False),
    ],
)
def test_a_statement_is_the_same_by_its_words_but_for_loose_ones(was: str, today: str, same: bool) -> None:
    found = paired({1: said("a", text=was)}, {0: said("b", text=today)}, by=BY_STATEMENT)
    assert found == ({0: 1} if same else {})


def test_white_space_and_case_do_not_count() -> None:
    assert versions.key("The  Crossing\nfell") == versions.key("the crossing fell")
