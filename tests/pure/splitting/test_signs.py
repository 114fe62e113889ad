"""Signs of a sentence's surface: its words, their endings, expressions."""

import pytest

from claims.splitting.signs import Signs, found, one_of

SIGNS = Signs(
    {
        "us": one_of("we our"),
        "May": one_of("May", is_cased=True),
        "past": one_of("went", ending="ed", shortest=5),
        "asks": found(r"\?"),
        "needs": found(r"\bneeds? to\b", words="must", beside="need needs"),
    }
)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("OUR town voted.", {"us", "past"}),
        ("It is a well-meant need.", set()),
        ("It needs to rest in May?", {"needs", "May", "asks"}),
        ("It must rest, may it?", {"needs", "asks"}),
        ("They went and fed it red bread.", {"past"}),
        ("", set()),
    ],
)
def test_a_sentence_shows_its_signs(sentence, shown):
    assert SIGNS.shown(sentence) == shown


def test_a_word_is_cut_at_hyphens_and_apostrophes():
    assert SIGNS.shown("we're a so-called must-see") == {"us", "past", "needs"}
