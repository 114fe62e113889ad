"""A settled sentence answers what hangs on what from numbers, and forgets them when a word is moved."""

import pytest

from tests.pure.splitting.trees import sentence

DRAWN = """
the DT det mayor
mayor NN nsubj said
said VBD ROOT said
bridge NN nsubj fell
fell VBD ccomp said
yesterday NN npadvmod fell
"""


def answers(drawn):
    under = [[word.is_under(other) for other in drawn.words] for word in drawn.words]
    return under, [[part.text for part in word.subtree()] for word in drawn.words]


def test_a_settled_sentence_answers_as_it_did_before():
    drawn = sentence(DRAWN)
    before = answers(drawn)
    drawn.settle()
    assert answers(drawn) == before == answers(drawn)


@pytest.mark.parametrize("settled", [False, True])
def test_a_word_that_is_moved_hangs_where_it_was_moved(settled):
    drawn = sentence(DRAWN)
    if settled:
        drawn.settle()
    *_, fell, yesterday = drawn.words
    said = drawn.root
    assert yesterday.is_under(fell)
    yesterday.move_to(said, "npadvmod")
    assert not yesterday.is_under(fell)
    assert yesterday.is_under(said)
    assert [word.text for word in fell.subtree()] == ["bridge", "fell"]


def test_words_of_two_settled_sentences_do_not_hang_on_each_other():
    first, second = sentence(DRAWN), sentence(DRAWN)
    for word in second.words:
        word.start, word.end = word.start + 100, word.end + 100
    first.settle()
    second.settle()
    assert not any(word.is_under(other) for word in first.words for other in second.words)
