"""The claim that a text is about comes first."""

from __future__ import annotations

import numpy as np

from claims.matching.embedding import load
from claims.matching.posts import read
from claims.matching.ranking import Shelf, asked_words, fused

CLAIMS = [
    ("The dam above the town of Orlo broke in May 2020.", "Did Orlo's Dam Break?"),
    ("Mira Holt sold her house to the mayor of Sarn.", "Did Mira Holt Sell Her House?"),
    ("A whale swallowed a fisherman and spat him out.", "A Fisherman Inside a Whale"),
    ("Eating beetroot cures the flu.", ""),
    ("The “mayor” of Sarn is a dog.", "Is Sarn's Mayor a Dog?"),
    ("The 'mayor' of Sarn is a dog.", "Is Sarn's Mayor a Dog?"),
]
POSTS = [
    "OMG all the water is coming down on #Orlo, the wall is gone https://t.co/abc — Jon (@jon) May 4, 2020",
    "so glad that it is over, new home soon! — Mira Holt (@mira) June 1, 2020",
    "Nobody believes my uncle. He was fishing. A huge animal gulped him down and let him go.",
    "no need for pills against influenza, red vegetables do it",
    "they have a dog as mayor in Sarn",
]


def test_each_post_finds_its_claim_by_meaning_by_words_or_by_who_wrote_it() -> None:
    ranked = list(Shelf(CLAIMS, load()).ranked(POSTS, limit=3))
    assert [places[0] for places in ranked] == [0, 1, 2, 3, 4]
    assert all(len(places) == 3 for places in ranked)


def test_of_equal_claims_the_first_comes_first() -> None:
    (ranked,) = Shelf(CLAIMS, load()).ranked(["a dog is mayor of Sarn"], limit=2)
    assert ranked == [4, 5]


def test_who_listens_hears_how_far_the_shelf_is() -> None:
    told: list[tuple[str, int, int]] = []
    Shelf(CLAIMS, load(), told=lambda *far: told.append(far))
    assert told == [("texts embedded", 10, 10)]


def test_no_query_and_more_than_there_is() -> None:
    shelf = Shelf(CLAIMS[:2], load())
    assert list(shelf.ranked([], limit=5)) == []
    assert sorted(next(shelf.ranked([""], limit=5))) == [0, 1]


def test_vectors_alone_decide_where_no_word_is_shared() -> None:
    whole = np.array([[0.5, 0.7], [0.4, 0.1]])
    np.testing.assert_allclose(fused(whole, whole, np.zeros(2)), [0.475, 0.55])
    assert fused(whole, whole, np.array([3.0, 0.0])).argmax() == 0
    assert fused(whole[:, :0], whole[:, :0], np.zeros(0)).shape == (0,)


def test_words_of_the_writer_are_looked_for_too() -> None:
    assert asked_words(read("It is mine! — Mira Holt (@mira) June 1, 2020")) == ["mine", "mira", "holt", "mira"]
