"""Texts are cut as the model was taught to read them."""

from __future__ import annotations

import pytest

from factcheck.lib.wordpiece import LONGEST_WORD, WordPiece

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
VOCABULARY = [
    *MARKS,
    "un",
    "##know",
    "##ing",
    "know",
    ",",
    "!",
    "[",
    "]",
    "sep",
    "cafe",
    "the",
    "一",
    "二",
    "#",
    "##",
    "a",
]
PAD, UNKNOWN, START, END = range(4)


@pytest.fixture
def pieces() -> WordPiece:
    return WordPiece(VOCABULARY)


def read(pieces: WordPiece, text: str) -> list[str]:
    return [VOCABULARY[number] for number in pieces.encode(text).ids[1:-1]]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("the", ["the"]),
        ("Unknowing, THE!", ["un", "##know", "##ing", ",", "the", "!"]),
        ("Café cafe\u0301", ["cafe", "cafe"]),
        ("the\u00a0the\tthe\u2028the", ["the"] * 4),
        ("t\u200bh\x00e\ufffd", ["the"]),
        ("一二the", ["一", "二", "the"]),
        ("unknowable the", ["[UNK]", "the"]),
        ("🙂", ["[UNK]"]),
        ("[SEP]", ["[", "sep", "]"]),
        ("##", ["#", "#"]),
        ("", []),
        ("a" * (LONGEST_WORD + 1), ["[UNK]"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_the_longest_pieces_that_are_known(pieces: WordPiece, text: str, cut: list[str]) -> None:
    assert read(pieces, text) == cut


def test_a_text_stands_between_its_marks_and_is_cut_to_its_limit(pieces: WordPiece) -> None:
    assert pieces.encode("the know").ids == [START, 14, 7, END]
    assert pieces.encode("the " * 500).ids == [START, *[14] * 126, END]
    assert pieces.encode("the " * 500, limit=4) == ([START, 14, 14, END], [0, 0, 0, 0])


@pytest.mark.parametrize(
    ("one", "two", "kept"),
    [(2, 2, (2, 2)), (9, 1, (6, 1)), (1, 9, (1, 6)), (9, 9, (3, 4)), (10, 9, (4, 3)), (3, 9, (3, 4)), (0, 9, (0, 7))],
)
def test_of_a_pair_the_longer_one_is_cut(pieces: WordPiece, one: int, two: int, kept: tuple[int, int]) -> None:
    ids, types = pieces.encode("the " * one, "know " * two, limit=10)
    assert ids == [START, *[14] * kept[0], END, *[7] * kept[1], END]
    assert types == [0] * (kept[0] + 2) + [1] * (kept[1] + 1)


def test_a_vocabulary_without_the_marks_is_none() -> None:
    with pytest.raises(KeyError):
        WordPiece(["the"])
