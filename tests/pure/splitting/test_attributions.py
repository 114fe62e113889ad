"""Who says what, as stretches of the article."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting.attributions import Attributed, attribute


def parts(text: str) -> list[tuple[str, str, str]]:
    return [shown(one, text) for one in attribute(text).found]


def shown(one: Attributed, text: str) -> tuple[str, str, str]:
    source, cue, content = (
        " | ".join(text[start:end] for start, end in places) for places in (one.source, one.cue, one.content)
    )
    return source, cue, content


SAID = {
    "The mayor said that the bridge was unsafe.": ("The mayor", "said", "that the bridge was unsafe"),
    "The bridge was unsafe, the mayor said.": ("the mayor", "said", "The bridge was unsafe"),
    "On Monday the bridge fell, the mayor said.": ("the mayor", "said", "On Monday the bridge fell"),
    "The bridge fell, according to the mayor.": ("the mayor", "according to", "The bridge fell"),
    "The council wants to close the bridge.": ("The council", "wants", "to close the bridge"),
    "The council criticized the mayor.": ("The council", "criticized", "the mayor"),
    "The council called the bridge a disgrace.": ("The council", "called", "the bridge a disgrace"),
    "The council called for a new bridge.": ("The council", "called for", "a new bridge"),
    "It was said by the mayor that the bridge fell.": ("the mayor", "was said", "that the bridge fell"),
    "The mayor did not say the bridge was unsafe.": ("The mayor", "did not say", "the bridge was unsafe"),
    "The mayor left, warning that the bridge would fall.": ("The mayor", "warning", "that the bridge would fall"),
    "The council declined to say why the bridge fell.": ("The council", "declined to say", "why the bridge fell"),
    "Lena Ott, a teacher, said the bridge was unsafe.": ("Lena Ott, a teacher,", "said", "the bridge was unsafe"),
    "Critics saying the bridge is unsafe met on Monday.": ("Critics", "saying", "the bridge is unsafe"),
    "“The bridge is unsafe,” the mayor said.": ("the mayor", "said", "“The bridge is unsafe,”"),
    "The mayor wrote: “The bridge is unsafe and old.”": ("The mayor", "wrote:", "“The bridge is unsafe and old.”"),
    "The mayor said the bridge “is older than the town.”": (
        "The mayor",
        "said",
        "the bridge “is older than the town.”",
    ),
    "“The bridge is unsafe,” the mayor said. “It will be closed in May.”": (
        "the mayor",
        "said",
        "“The bridge is unsafe,” | “It will be closed in May.”",
    ),
    "''The bridge is unsafe,'' the mayor said.": ("the mayor", "said", "''The bridge is unsafe,'"),
    "“The old bridge of Brno” is unsafe, the mayor said.": ("the mayor", "said", "“The old bridge of Brno” is unsafe"),
    "The bridge fell on Monday, the mayor said, and the port burned.": (
        "the mayor",
        "said",
        "The bridge fell on Monday | and the port burned",
    ),
    "The council accused the mayor of fraud.": ("The council", "accused", "the mayor of fraud"),
    "The council urged the mayor to resign.": ("The council", "urged", "the mayor to resign"),
    "The judge found the plan illegal.": ("The judge", "found", "the plan illegal"),
    "Say that the bridge is unsafe.": ("", "Say", "that the bridge is unsafe"),
    "The mayor began to try to learn to want to say that the bridge fell.": (
        "",
        "to want to say",
        "that the bridge fell",
    ),
}


@pytest.mark.parametrize(("text", "expected"), SAID.items(), ids=list(SAID))
def test_an_attribution_has_its_source_cue_and_content(text, expected):
    assert expected in parts(text), parts(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The bridge fell.",
        "According, the bridge fell.",
        "A good day to all.",
        "“The bridge is old and it is unsafe.”",
    ],
)
def test_nobody_is_said_to_say_anything(text):
    assert parts(text) == []


def test_what_is_too_long_is_left_out_and_that_is_said():
    long = "The mayor said that the town had " + "very " * 1_200 + "old houses."
    found = attribute(long + "\n\nThe mayor said the bridge fell." + "\n" * 200_000)
    assert [one.content for one in found.found] == [((len(long) + 17, len(long) + 32),)]
    assert found.truncated == (
        "only the first 200,000 characters were read; a sentence longer than 5,000 characters was left out"
    )
    hidden = attribute("The mayor said the bridge fell. See " + "x" * 300 + ".")
    assert hidden.truncated == "a word longer than 200 characters was passed over"


def test_what_stands_behind_a_label_is_its_speakers_up_to_the_next():
    text = "ROWE: The bridge is unsafe.\n\nIt is old.\n\nBELK: The bridge is new.\n\nROWE: No."
    found = parts(text)
    assert ("ROWE", ":", "The bridge is unsafe. | It is old.") in found
    assert ("BELK", ":", "The bridge is new.") in found


def test_in_a_headline_a_name_before_a_colon_says_the_rest():
    found = parts("Rowe: Voters Want a New Bridge\n\nThe bridge of which Rowe spoke fell.")
    assert found[0] == ("Rowe", ":", "Voters Want a New Bridge")


HEAP = [
    "The",
    "mayor",
    "said",
    "wants",
    "to",
    "call",
    "for",
    "bridge",
    "fell",
    ",",
    ".",
    '"',
    "“",
    "”",
    "according",
    "and",
    "that",
    ":",
    "—",
    "(D-Ohio)",
    "ROWE:",
    "Anna",
    "Belk",
]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(HEAP), max_size=40))
def test_every_part_is_a_stretch_of_any_heap_of_words(heap):
    text = " ".join(heap).replace("—", "—\n\n")
    for one in attribute(text).found:
        assert one.content
        for places in (one.source, one.cue, one.content):
            assert all(0 <= start < end <= len(text) for start, end in places), places
            assert list(places) == sorted(places)
