"""Sentences blacked out in place: nothing else moves, and they are known again by a key that tells nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factcheck.lib.names import names_of
from sources.fetching.redaction import FILLER, Redactor, blackened, is_blackened, key_of, keys_in, sentences_around

TEXT = "The bridge is closed. Mayor Ilka Brandt said so.\n\nIlka\nBrandt left on Monday. Nobody knows why."
ILKA = Redactor(names_of(["Ilka Brandt"]), salt=b"salt")


@given(st.text(), st.integers(0, 30), st.integers(0, 30))
def test_the_length_and_all_the_rest_stay(text: str, start: int, end: int) -> None:
    less = blackened(text, [(start, end)])
    assert len(less) == len(text)
    assert all(now in {was, FILLER} for was, now in zip(text, less, strict=True))
    assert less[max(start, end) :] == text[max(start, end) :]


def test_whole_sentences_go_also_where_a_name_goes_over_a_line() -> None:
    less = ILKA.of(TEXT)
    assert less == "The bridge is closed. █████ ████ ██████ ████ ███\n\n████\n██████ ████ ██ ███████ Nobody knows why."
    assert is_blackened(less)
    assert not is_blackened(TEXT)


def test_a_name_over_two_blocks_takes_both() -> None:
    text = "He is called Ilka\n\nBrandt by all. The end."
    assert ILKA.of(text) == "██ ██ ██████ ████\n\n██████ ██ ████ The end."
    assert sentences_around("", [(0, 0)]) == [(0, 0)]


def test_sentences_are_known_again_by_their_key_however_they_are_set() -> None:
    key = key_of("The  bridge is “closed”.", b"salt")
    assert key == key_of('the bridge\nis "closed"', b"salt")
    assert key != key_of("The bridge is “closed”.", b"another")
    assert keys_in('It rains. The bridge is "closed".', b"salt")[key] == [(10, 33)]
    assert keys_in("████ ██████ Hello there.", b"salt") == {}
    again = Redactor(ILKA.names, salt=b"salt", keys={key})
    assert again.of('It rains. The bridge is "closed".') == "It rains. ███ ██████ ██ █████████"


def test_lists_and_objects_are_gone_through_and_other_values_left() -> None:
    value = {"a": ["Ilka Brandt", 1, None], "b": {"c": "Nobody"}}
    assert ILKA.of(value) == {"a": ["████ ██████", 1, None], "b": {"c": "Nobody"}}
    assert ILKA.hits(value)
    assert not ILKA.hits({"b": "Nobody"})


def test_a_bare_name_or_a_short_phrase_says_too_little_to_be_known_by() -> None:
    telling = [
        "Ilka Brandt", "Ilka Brandt lied.", "Mayor Ilka Brandt lied.", "He denied it.",
        "He denied it on the evening of Monday.",
    ]  # fmt: skip
    assert [ILKA.is_telling(one) for one in telling] == [False, False, True, False, True]
