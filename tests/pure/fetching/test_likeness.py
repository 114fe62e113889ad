"""Two texts of which one was copied from the other."""

from __future__ import annotations

from sources.fetching import likeness

WIRE = " ".join(f"Sentence {number} of the agency tells what happened at gate {number * 7}." for number in range(20))
OTHER = " ".join(f"In our own words, gate {number} was quiet on that morning, so we saw." for number in range(20))


def is_copy(one: str, other: str) -> bool:
    return likeness.is_copy(likeness.shingles(one), likeness.shingles(other))


def test_a_copy_with_a_head_and_a_foot_of_its_own_is_a_copy() -> None:
    assert is_copy(WIRE, f"Our reader writes first. {WIRE} {OTHER}")
    assert is_copy(f"{WIRE} {OTHER}", WIRE)
    assert is_copy(WIRE, WIRE.upper().replace(".", " –"))


def test_two_texts_about_one_thing_with_a_quotation_in_common_are_none() -> None:
    quote = "We will not leave before the last lorry has crossed, the mayor said to everybody who asked her."
    assert not is_copy(f"{WIRE} {quote}", f"{OTHER} {quote}")


def test_short_texts_are_too_short_to_say() -> None:
    assert not is_copy("The bridge is closed to lorries.", "The bridge is closed to lorries.")
    assert not is_copy("", "")


def test_the_work_is_bounded() -> None:
    assert len(likeness.shingles("a b c d e f g " * 50_000)) <= likeness.MOST_WORDS
