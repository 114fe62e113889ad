from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.digest import digest, normalised
from tests.pace import within
from tests.pure.fetching.pages import read_html

PLAIN = 'He said: "It\'s over..." - twice.'


@pytest.mark.parametrize(
    "noise",
    [
        ' He said:  "It\'s over..."\n\n- twice. ',
        "He said: “It’s over…” – twice.",
        "He said:\u00a0„It‘s over...“ — twice.",
        "He said: «It's over…» ‒ twice.\n",
    ],
)
def test_spaces_quotes_and_dashes_are_noise(noise):
    assert digest(noise) == digest(PLAIN)


def test_composed_and_decomposed_letters_are_the_same():
    assert digest("Ko\u0308ln") == digest("Köln")


def test_what_no_reader_sees_is_noise():
    assert digest("Der Bundes\u00adtag\u200b tagt\u2060.\ufeff") == digest("Der Bundestag tagt.")


@pytest.mark.parametrize("marks", ["\u0327\u0301", "\u0301" * 9 + "\u0316"])
def test_marks_without_end_on_one_letter_take_no_time_without_end(marks):
    with within(5):
        digest("a" + marks * 200_000 + " and " + "e" + marks * 5)
    assert normalised("e" + "\u0301" * 31) == "é" + "\u0301" * 29 + "\u034f\u0301"
    assert normalised("—" * 40) == "-" * 40, "other signs may stand in any number"


@pytest.mark.parametrize("other", ["He said: It's over...", 'he said: "It\'s over..." - twice.', PLAIN + "!", ""])
def test_a_letter_or_a_sign_is_a_difference(other):
    assert digest(other) != digest(PLAIN)


def test_the_substance_of_a_page_is_the_same_when_only_its_counters_moved():
    page = "<article><h1>Flood</h1><p>{} hours ago</p><p>The river rose.</p><p>{} comments</p></article>"
    one, other = read_html(page.format(1, 10)), read_html(page.format(3, 25))
    assert one.text != other.text
    assert one.substance == "Flood\n\nThe river rose."
    assert digest(one.substance) == digest(other.substance)


def test_a_page_of_nothing_but_boilerplate_is_told_apart_by_all_it_has():
    reading = replace(read_html("<article><p>Flood.</p></article>"), blocks=())
    assert reading.substance == reading.text == "Flood."


def test_the_digest_is_stable_across_releases():
    assert digest("The bridge is shut.") == "5bec2aa2e3252ea83a64ed5a853521049a3938d98ca491aa11b0033d74782f8b"


@given(st.text())
def test_normalising_twice_is_normalising_once(text):
    assert normalised(normalised(text)) == normalised(text)
    assert len(digest(text)) == 64
