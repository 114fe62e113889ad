import pytest

from sources.fetching.kinds import kind_of
from sources.fetching.passages import Passage
from sources.fetching.types import BlockKind


def kind(text, marked=BlockKind.PARAGRAPH):
    return kind_of(Passage(marked, pieces=[(text, "")])).value


@pytest.mark.parametrize(
    "text",
    [
        "Correction: An earlier version gave the wrong year.",
        "CORRECTION (3 May): The year was wrong.",
        "Correction, 3 May 2026: The year was wrong.",
        "Clarification: The mayor spoke on Monday.",
        "Editor's note: This story has been updated.",
        "Editor\u2019s note \u2014 names have been added.",
        "Update: Two more people were found.",
        "Updated: Two more people were found.",
        "UPDATE 14:05: Two more people were found.",
        "Updated at 2.30 pm on 3 May: Two more people were found.",
        "This article has been corrected to show the right year.",
        "An earlier version of this story misstated the year.",
        "Korrektur: Das Jahr war falsch.",
        "Correcci\u00f3n: el a\u00f1o era otro.",
    ],
)
def test_a_correction_is_a_notice(text):
    assert kind(text) == "notice"


@pytest.mark.parametrize(
    "text",
    [
        "Updated figures show that twelve people died.",
        "Correction officers went on strike on Monday.",
        "Corrections to the law: what changes now.",
        "This article of the law was passed in 1931.",
        "The update: two more people.",
        "Updates are free.",
    ],
)
def test_a_sentence_about_updates_is_no_notice(text):
    assert kind(text) == "paragraph"


@pytest.mark.parametrize(
    "text", ["Read more: the next story", "Advertisement", "\u00a9 2026 Demo Outlet", "Sign up for our letter"]
)
def test_the_site_talking_about_itself_is_boilerplate(text):
    assert kind(text) == "boilerplate"


@pytest.mark.parametrize(
    "text",
    ["3 hours ago", "Updated 3 hours ago", "Last updated: 1 min ago.", "an hour ago", "4 min read",
    "4-minute read",
     "1,204 views", "12 comments", "1.2k shares", "Published 3 March 2026, 10:00 GMT",
     "Updated: Tues, Mar 3rd at 2 p.m. ET",
     "3 March 2026", "Last updated on 03/04/2026", "September 4, 2026"],
)  # fmt: skip
def test_what_a_page_counts_by_itself_is_boilerplate(text):
    assert kind(text) == "boilerplate"


@pytest.mark.parametrize(
    "text",
    [
        "12 people died 3 hours ago",
        "3 hours ago the dam broke",
        "Views differ",
        "2 years",
        "In 2026 the dam broke",
        "12 or 14",
        "Updated figures show 12 deaths in 2026",
        "May 3",
    ],
)
def test_a_sentence_that_counts_is_none(text):
    assert kind(text) == "paragraph"


@pytest.mark.parametrize("text", ["Ann Lee, Bo Ek", "By Ann Lee, Bo Ek", "von Ann Lee, Bo Ek"])
def test_the_byline_is_boilerplate(text):
    assert kind_of(Passage(BlockKind.PARAGRAPH, pieces=[(text, "")]), "Ann Lee, Bo Ek") is BlockKind.BOILERPLATE
    assert kind(text) == "paragraph"


def test_a_long_paragraph_is_no_boilerplate():
    assert kind("Related firms " + "paid for the bridge " * 10) == "paragraph"


@pytest.mark.parametrize("marked", [BlockKind.QUOTATION, BlockKind.CAPTION, BlockKind.HEADLINE])
def test_what_the_page_marks_stays_marked(marked):
    assert kind("Correction: no.", marked) == marked.value


@pytest.mark.parametrize("text", ["Ann Lee and Bo Ek, Demo Outlet", "By Bo Ek for Demo Outlet", "BO EK".title()])
def test_the_byline_may_name_some_of_them_and_the_outlet(text):
    passage = Passage(BlockKind.PARAGRAPH, pieces=[(text, "")])
    assert kind_of(passage, "Ann Lee, Bo Ek", "Demo Outlet") is BlockKind.BOILERPLATE


def test_a_line_that_says_more_than_names_is_no_byline():
    passage = Passage(BlockKind.PARAGRAPH, pieces=[("Bo Ek saw it.", "")])
    assert kind_of(passage, "Ann Lee, Bo Ek", "Demo Outlet") is BlockKind.PARAGRAPH
    assert (
        kind_of(Passage(BlockKind.PARAGRAPH, pieces=[("Demo Outlet", "")]), "Bo Ek", "Demo Outlet").value == "paragraph"
    )


@pytest.mark.parametrize("text", ["Nov 18, 2019 at 9:24 pm ET \u2022 2 min read", "Share | Tweet", "Comments", "Save"])
def test_a_line_of_dates_counters_and_buttons_is_boilerplate(text):
    assert kind(text) == "boilerplate"


@pytest.mark.parametrize("marked", [BlockKind.QUOTATION, BlockKind.CAPTION, BlockKind.HEADLINE])
def test_a_counter_is_boilerplate_whatever_the_page_marks_it_as(marked):
    assert kind("Updated 7 minutes ago", marked) == "boilerplate"
    assert kind("74K shares", marked) == "boilerplate"
    assert kind("3 March 2026", marked) == marked.value, "a day may be a heading"
