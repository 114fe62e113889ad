"""Marks over a text: cut at every boundary, nothing lost, nothing unescaped."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from claims.admin.marks import Mark, html, pieces
from sources.admin.marks import difference

TEXT = st.text(alphabet="ab <>&\"'\n", max_size=40)
SPANS = st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6)


@given(TEXT, SPANS)
def test_the_text_stays_whole_however_the_marks_overlap(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(start, end, "asserted", "/x/", "t", 0) for start, end in spans]
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    assert unescape(re.sub(r"</?(?:mark|a|sup)[^>]*>", "", html(cut))) == text


def test_the_shorter_of_two_marks_is_the_link_and_both_leave_their_number() -> None:
    outer, inner = Mark(0, 9, "asserted", "/outer/", "o", 1), Mark(4, 9, "denied", "/inner/", "i", 2)
    shown = html(pieces("it is not", [outer, inner]))
    assert '<mark class="mark-denied"><a href="/inner/" title="i\no">s not</a></mark>' in shown
    assert '<a href="/outer/" title="o">1</a>' in shown
    assert '<a href="/inner/" title="i">2</a>' in shown


def test_a_mark_that_goes_on_after_the_block_leaves_no_number_here() -> None:
    assert "<sup" not in html(pieces("one two", [Mark(0, 7, "asserted", "/x/", "t", 1)], start=0, end=3))


def test_a_mark_without_address_is_no_link() -> None:
    assert html(pieces("<b>", [Mark(0, 3, "asserted")])) == '<mark class="mark-asserted">&lt;b&gt;</mark>'


@given(TEXT, TEXT)
def test_both_sentences_stay_readable_in_their_difference(was: str, today: str) -> None:
    for sentence, shown in zip((was, today), difference(was, today), strict=True):
        assert unescape(re.sub(r"</?(?:ins|del)>", "", shown)) == sentence.lstrip()


def test_a_difference_is_told_by_words() -> None:
    assert difference("It is open.", "It is now shut.") == (
        "It is <del>open</del>.", "It is <ins>now shut</ins>.",
    )  # fmt: skip
