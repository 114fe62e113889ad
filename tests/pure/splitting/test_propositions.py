"""The smallest propositions of a sentence, in the words of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting.parse import parse
from claims.splitting.passage import Passage
from claims.splitting.propositions import propositions_in, written


def stated(text: str) -> list[str]:
    sentences = next(parse([Passage(0, len(text), text)]))
    return [written(places, text) for sentence in sentences for places in propositions_in(sentence, text)]


STATED = {
    "The mayor closed the bridge.": ["The mayor closed the bridge"],
    "The mayor and the council closed the bridge and the port.": [
        "The mayor closed the bridge",
        "The mayor closed the port",
        "the council closed the bridge",
        "the council closed the port",
    ],
    "The mayor closed the bridge in May.": ["The mayor closed the bridge", "The mayor closed the bridge in May"],
    "The mayor, who lives in Brno, closed the bridge.": ["The mayor closed the bridge", "The mayor lives in Brno"],
    "The bridge, built in 1902, has fallen.": ["The bridge has fallen", "The bridge built in 1902"],
    "Brno is an old city in Moravia that lies on two rivers.": ["Brno lies on two rivers"],
    "The bridge has fallen and was never rebuilt.": ["The bridge has fallen", "The bridge was never rebuilt"],
    "The mayor refused to close the bridge.": ["The mayor refused to close the bridge"],
    "The mayor sold the port which the council had built.": ["the port the council had built"],
    "The council heard Lena Ott, a teacher.": ["Lena Ott a teacher", "The council heard Lena Ott"],
    "The mayor was born in Brno, Moravia.": ["The mayor was born in Brno, Moravia"],
    "The bridge has been painted and repaired.": ["The bridge has been painted", "The bridge has been repaired"],
    "In May the mayor sold the port.": ["In May the mayor sold the port", "the mayor sold the port"],
    "The council closed the bridge built in 1902.": ["The council closed the bridge built in 1902"],
    "The council closed the bridge, which is old.": ["the bridge is old", "The council closed the bridge"],
    "Brno is a rich and old city.": ["Brno is a rich city", "Brno is a old city"],
    "Brno is an old, rich city.": ["Brno is an old city", "Brno is an rich city"],
    "The council heard singer Anna Belk.": ["singer Anna Belk", "The council heard Anna Belk"],
    "The council also owns ports, including Brno and Orvany.": [
        "The council owns ports",
        "The council owns Brno",
        "The council owns Orvany",
    ],
    "Pratt & Whitney sold the port.": ["Pratt & Whitney sold the port"],
    "The mayor sold the port to build a bridge.": [
        "The mayor sold the port",
        "The mayor sold the port to build a bridge",
    ],
    "The town lies close to the river.": ["The town lies close to the river"],
}


@pytest.mark.parametrize(("text", "expected"), STATED.items(), ids=list(STATED))
def test_a_sentence_states_its_smallest_propositions(text, expected):
    found = stated(text)
    assert [one for one in expected if one not in found] == [], found


def test_a_bracket_states_its_own():
    found = stated("Lena Ott (Green Party) closed the bridge.")
    assert "Lena Ott (Green Party)" in found
    assert "Lena Ott closed the bridge" in found


def test_a_sentence_without_a_verb_is_one_itself():
    assert stated("A bridge too far") == ["A bridge too far"]


def test_a_very_long_sentence_is_one_itself():
    text = "The mayor closed " + "the bridge and " * 100 + "the port."
    assert stated(text) == [text]


def test_a_list_of_lists_is_kept_within_bounds():
    names = ", ".join(f"Town {number}" for number in range(9)) + " and Brno"
    found = stated(f"{names} sold {names} to {names}.")
    assert 1 < len(found) <= 40 + 30


HEAP = 'The mayor which fell , . " (D-Ohio) [s] and of to closed Anna Belk ; that'.split()  # noqa: SIM905


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(HEAP), min_size=1, max_size=40).map(" ".join))
def test_every_proposition_stands_in_any_heap_of_words(text):
    for sentence in next(parse([Passage(0, len(text), text)])):
        for places in propositions_in(sentence, text):
            assert places == tuple(sorted(places))
            assert all(0 <= start < end <= len(text) for start, end in places)
