"""The model's rules from tags to parts of speech give, looked up, what they give when each is tried."""

from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from claims.splitting.parse import installed, model, model_name
from claims.splitting.ruler import INDEXED_RULER, IndexedRuler, index_rules

SENTENCES = (
    "The ferry that sank on Monday had been inspected, but nobody told the crew.",
    "I ain't gonna say it: y'all got ta go, so let's leave before it's too late.",
    "C'm on, they don't know that there's somethin' wrong; 'nuff said about nothin'.",
    "There were those who'd have it that she could not, and wouldn't, do so.",
    "Despite  two\n spaces\tand a tab, he did it himself.",
    "gon",
    "",
)
TRICKY = ("gon", "na", "let", "'s", "y'", "all", "c'm", "on", "ai", "n't", "it", "is", "do", "the", "\n", "42", "Belk")


@pytest.fixture(scope="module")
def stock():
    return spacy.load(model_name(installed()))


@pytest.fixture(scope="module")
def rulers(stock):
    own = stock.get_pipe("attribute_ruler")
    return own, IndexedRuler(own)


def parsed(stock, text):
    return stock(text, disable=["attribute_ruler", "lemmatizer", "ner"])


@pytest.mark.parametrize("text", SENTENCES)
def test_the_same_rules_hold_in_the_same_order(stock, rulers, text):
    own, indexed = rulers
    doc = parsed(stock, text)
    assert indexed.match(doc) == own.match(doc)


@given(st.lists(st.sampled_from(TRICKY), max_size=9))
def test_the_same_rules_hold_of_any_words(stock, rulers, words):
    own, indexed = rulers
    doc = parsed(stock, " ".join(words))
    assert indexed.match(doc) == own.match(doc)


@pytest.mark.parametrize("text", SENTENCES)
def test_parts_of_speech_and_lemmas_are_the_models(stock, text):
    told = [[(word.pos_, str(word.morph), word.lemma_) for word in nlp(text)] for nlp in (stock, model())]
    assert told[0] == told[1]


def test_rules_that_ask_for_something_else_are_left_to_spacy():
    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "ferry"}]], {"POS": "NOUN"})
    ruler.add([[{"SHAPE": "dd"}]], {"POS": "NUM"})
    index_rules(nlp)
    assert nlp.pipe_names == ["attribute_ruler"]
    assert [word.pos_ for word in nlp("ferry 42")] == ["NOUN", "NUM"]


def test_rules_that_can_be_looked_up_are():
    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "ferry"}]], {"POS": "NOUN"})
    index_rules(nlp)
    assert nlp.pipe_names == [INDEXED_RULER]
    assert [word.pos_ for word in nlp("The ferry")] == ["", "NOUN"]
