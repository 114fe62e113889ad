"""Signs tell whether numbers, dates, words and denials of two texts agree."""

from __future__ import annotations

from claims.stance.signs import COUNT, signs


def test_there_are_always_as_many_from_minus_one_to_one() -> None:
    pairs = [("", ""), ("It rained.", ""), ("12 died in May.", "More than 3 died on 4 May 2011, the third such day.")]
    pairs.append(("Chapter 3 sold less than 40 %", "Chapter 3 sold 41 % and 39 %, or 4 million"))
    for claim, evidence in pairs:
        found = signs(claim, evidence)
        assert len(found) == COUNT
        assert all(-1 <= sign <= 1 for sign in found)


def test_numbers_that_meet_the_claim_and_numbers_that_do_not_differ() -> None:
    met = signs("More than 10 people died.", "On Monday 12 people died.")
    unmet = signs("More than 10 people died.", "On Monday 8 people died.")
    assert met[1:3] == [1.0, 1.0]
    assert unmet[1:3] == [1.0, -1.0]


def test_opposites_and_missing_words_show() -> None:
    assert signs("Prices rose.", "Prices fell.") != signs("Prices rose.", "Prices rose again.")
    assert signs("Ada Park won.", "Ada Park won.")[-7] == 1.0
    assert signs("Ada Park won.", "Somebody lost.")[-7] < 1.0
