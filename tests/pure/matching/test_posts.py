"""Posts are made plain before anything is looked for."""

from __future__ import annotations

import pytest

from claims.matching.posts import MOST_SENTENCES, plain, read
from tests.pace import within


@pytest.mark.parametrize(
    ("post", "text"),
    [
        ("The dam at Orlo broke https://t.co/aBc12 pic.twitter.com/xYz9", "The dam at Orlo broke"),
        ("#SaveTheDam in #Orlo2021 says @OrloNews", "Save The Dam in Orlo 2021 says Orlo News"),
        ("#NATOSummit is #over_now", "NATO Summit is over now"),
        ("“The dam” ‘broke’ — didn’t it?", "The dam broke — didn't it?"),
        ('"""The dam broke."" they say"', "The dam broke. they say"),
        ("  The\n dam\u00a0broke ", "The dam broke"),
        ("https://t.co/aBc12", "https://t.co/aBc12"),
        ("", ""),
    ],
)
def test_links_marks_and_tags_are_undone(post: str, text: str) -> None:
    assert read(post).text == text


@pytest.mark.parametrize(
    ("post", "text", "writer"),
    [
        ("The dam broke. — Mira Holt (@MiraHolt_) May 3, 2020", "The dam broke.", "Mira Holt Mira Holt "),
        ('"The dam broke.— Orlo (@orlo) May 3, 2020"', "The dam broke.", "Orlo orlo"),
        ("The dam — our dam — broke", "The dam — our dam — broke", ""),
        ("A note (@orlo) stands here", "A note (orlo) stands here", ""),
    ],
)
def test_who_wrote_a_post_stands_apart(post: str, text: str, writer: str) -> None:
    assert (read(post).text, read(post).writer) == (text, writer)


def test_sentences_are_looked_for_by_themselves_if_they_say_something() -> None:
    asked = read("Look! The dam at Orlo broke. Nobody there was hurt so far. Wow.")
    assert asked.sentences == ("The dam at Orlo broke.", "Nobody there was hurt so far.")
    assert read("Look! Wow.").sentences == ("Look! Wow.",)
    assert len(read("The dam at Orlo broke. " * 50).sentences) == MOST_SENTENCES


def test_texts_that_differ_in_quotation_marks_alone_are_equal() -> None:
    assert plain("He said 'the dam' isn’t safe ") == plain('He said "the dam" isn\'t safe')


@pytest.mark.parametrize("piece", [" ", "— ", "(@a", "#" + "A" * 99, "http", "'", "A. ", "— a (@"])
def test_what_is_made_to_hold_it_up_does_not(piece: str) -> None:
    with within(2):
        read(piece * (50_000 // len(piece)))
