"""Words find texts by what is rare in them."""

from __future__ import annotations

import numpy as np
import pytest

from claims.matching.lexical import Words, words

TEXTS = ["The mayor of Orlo fell ill", "The mayor of Sarn was re-elected", "The mayor of Sarn fell ill in Sarn", ""]


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Debates debated debating debate", ["debat"] * 4),
        ("running runs runner", ["run", "run", "runner"]),
        ("cities city", ["citi", "citi"]),
        ("classes class, buses bus, crisis", ["class", "class", "buse", "bus", "crisis"]),
        ("Orlo's mayor’s", ["orlo", "mayor"]),
        ("1,200 3.5 2020", ["1200", "3.5", "2020"]),
        ("Café münchen", ["cafe", "munchen"]),
        ("the of and it was", []),
        ("king red spring falling passed exceedingly", ["king", "red", "spring", "fall", "pass", "exceed"]),
    ],
)  # fmt: skip
def test_words_are_stems_of_what_tells_something(text: str, stems: list[str]) -> None:
    assert words(text) == stems


def scores(asked: str, texts: list[str] = TEXTS) -> list[float]:
    return [float(score) for score in Words([words(text) for text in texts]).scores(words(asked))]


def test_a_text_is_found_by_its_rare_words() -> None:
    orlo, other, sarn, empty = scores("Orlo's mayor")
    assert orlo > other > 0
    assert orlo > sarn > 0
    assert empty == 0


def test_words_that_stand_more_often_and_in_shorter_texts_weigh_more() -> None:
    _, once, twice, _ = scores("Sarn")
    assert twice > once > 0
    short, long = scores("dam", ["the dam", "the dam that they closed yesterday evening"])
    assert short > long


def test_what_is_asked_for_twice_counts_once_and_what_is_unknown_not_at_all() -> None:
    assert scores("Sarn Sarn") == scores("Sarn") == scores("Sarn xyzzy")
    assert scores("xyzzy") == [0] * 4
    assert Words([]).scores(["sarn"]).shape == (0,)


def test_a_few_texts_are_weighed_as_among_all_of_their_stock() -> None:
    every = Words([words(text) for text in TEXTS])
    few = Words([words(TEXTS[2])], every.stock)
    np.testing.assert_allclose(few.scores(words("Sarn ill")), every.scores(words("Sarn ill"))[2:3])
    assert every.stock.rarity("xyzzy") > every.stock.rarity("orlo") > every.stock.rarity("mayor") > 0
