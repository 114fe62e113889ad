"""Edits: each change of the article's words is recorded, stands where it says, and can be undone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting import Edit, FoundClaim, split, undo
from tests.pure.splitting.reading import claims_of

PARTS = st.lists(
    st.sampled_from(
        [
            "Anna Belk, the mayor of Brno, spoke on Monday. ",
            "She didn't leave, however, and her aide isn't well. ",
            "“They’re late,” Mr. Rowe said. ",
            "The rebels, citing the storm, could leave. ",
            "Reports that he had sold it could not be confirmed. ",
            "Rep. Dora Quill (D-Ohio) was accused of stealing a ship. ",
            "It is likely to rain. ",
            "\n\n",
            "“",
            "’s ",
            "A president who'd won it seems to want peace. ",
        ]
    ),
    max_size=8,
).map("".join)


def check(claim: FoundClaim, text: str) -> None:
    for edit in claim.edits:
        assert text[edit.start : edit.end] == edit.was
        assert claim.text[edit.at : edit.at + len(edit.now)] == edit.now
        assert edit.why
    for span in claim.unresolved:
        assert text[span.start : span.end] == span.quote


@settings(max_examples=40, deadline=None)
@given(PARTS)
def test_every_edit_says_what_stood_in_the_article_and_what_stands_in_the_sentence(text):
    for claim in split(text).claims:
        check(claim, text)
        undone = undo(claim.text, claim.edits)
        assert all(word.strip("“”.,’'s").lower() in text.lower() for word in undone.split())


def test_undoing_gives_the_articles_own_words():
    claim = claims_of("Anna Belk spoke. She isn't well, however.")[-1]
    assert claim.text == "Anna Belk is not well."
    assert undo(claim.text, claim.edits).lower() == "she isn't well however."


def test_one_edit_is_undone_alone():
    claim = claims_of("Anna Belk spoke. She could leave.")[-1]
    assert claim.text == "Anna Belk will leave."
    by_name, by_hedge = claim.edits
    assert undo(claim.text, [by_hedge]) == "Anna Belk could leave."
    assert undo(claim.text, [by_name]) == "She will leave."


def test_a_sentence_as_it_stands_has_no_edits():
    claim = claims_of("“The “old” mayor’s house burned.”")[0]
    assert (claim.text, claim.edits) == ("The old mayor's house burned.", ())


def test_what_was_put_in_is_undone_to_nothing():
    claim = claims_of("The mayor, 43, left.")[0]
    assert undo("Anna Belk is 43.", ()) == "Anna Belk is 43."
    assert claim.text == undo(claim.text, ())


WRITTEN = "Ilka Brandt closed the Selmar bridge on 2 March."
FIRST = Edit(0, 4, "also", "", "ties", 0)
NAME = Edit(5, 8, "she", "Ilka Brandt", "she is Ilka Brandt", 0)
PUT_IN = Edit(19, 19, "", "Selmar", "the bridge is Selmar's", 23)
DATE = Edit(30, 36, "Monday", "2 March", "counted from the day", 40)


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ([], WRITTEN),
        ([NAME], "She closed the Selmar bridge on 2 March."),
        ([PUT_IN], "Ilka Brandt closed the bridge on 2 March."),
        ([NAME, DATE], "She closed the Selmar bridge on Monday."),
        ([FIRST, NAME, PUT_IN, DATE], "Also she closed the bridge on Monday."),
        ([Edit(0, 9, "It fell.", WRITTEN, "llm tiny-1", 0)], "It fell."),
    ],
)
def test_any_of_the_edits_go_back_also_two_that_stand_at_one_place(edits, says):
    assert undo(WRITTEN, edits) == says
