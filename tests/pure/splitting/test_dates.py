"""Relative dates against the day of publication."""

from datetime import date

import pytest

from claims.splitting import Block, split
from tests.pure.splitting.reading import texts_of

PUBLISHED = date(2014, 6, 24)  # a Tuesday

SHOWN = {
    "The bridge fell on Sunday.": "The bridge fell on Sunday, June 22, 2014.",
    "The bridge fell Tuesday.": "The bridge fell Tuesday, June 24, 2014.",
    "The bridge fell last Tuesday.": "The bridge fell on Tuesday, June 17, 2014.",
    "The bridge fell on Sunday night.": "The bridge fell on the night of Sunday, June 22, 2014.",
    "The bridge fell yesterday.": "The bridge fell on June 23, 2014.",
    "The bridge will close on Sunday.": "The bridge will close on Sunday, June 29, 2014.",
    "The bridge closes next Tuesday.": "The bridge closes on Tuesday, July 1, 2014.",
    "The bridge will close tomorrow.": "The bridge will close on June 25, 2014.",
    "The bridge fell last month.": "The bridge fell in May 2014.",
    "The bridge fell last year.": "The bridge fell in 2013.",
    "The bridge fell last December.": "The bridge fell in December 2013.",
    "The bridge fell last May.": "The bridge fell in May 2014.",
    "The bridge will close next month.": "The bridge will close in July 2014.",
    "The bridge will close next March.": "The bridge will close in March 2015.",
    "The bridge will close next July.": "The bridge will close in July 2014.",
    "The bridge has been closed since last year.": "The bridge has been closed since 2013.",
    "The bridge fell last week.": "The bridge fell last week.",
    "Sunday's storm broke the bridge.": "Sunday's storm broke the bridge.",
    "The bridge fell in March.": "The bridge fell in March.",
    "The next bridge fell.": "The next bridge fell.",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items(), ids=list(SHOWN))
def test_a_relative_date_is_counted_from_the_day_of_publication(text, shown):
    assert texts_of(split(text, published=PUBLISHED).claims) == [shown]


def test_without_that_day_a_date_stays_as_it_is_written():
    assert texts_of(split("The bridge fell on Sunday.").claims) == ["The bridge fell on Sunday."]


def test_the_turn_of_a_year_is_counted_over():
    found = split("The bridge fell last month.", published=date(2014, 1, 8)).claims
    assert texts_of(found) == ["The bridge fell in December 2013."]


@pytest.mark.parametrize(
    "head", ["BRNO, June 24, 2014 (CTA) — ", "Published June 24, 2014\n\n", "Posted: on June 24, 2014\n\n"]
)
def test_a_dateline_with_its_year_gives_the_day(head):
    found = texts_of(split(f"{head}The bridge fell on Sunday.").claims)
    assert any("June 22, 2014" in text for text in found)


@pytest.mark.parametrize("head", ["BRNO, June 24 (CTA) — ", "BRNO, June 31, 2014 (CTA) — "])
def test_a_dateline_without_a_year_or_with_a_day_that_is_none_gives_nothing(head):
    assert texts_of(split(f"{head}The bridge fell on Sunday.").claims) == ["The bridge fell on Sunday."]


def test_what_somebody_said_yesterday_may_be_said_on_another_day():
    found = texts_of(split('"The bridge fell yesterday, on Sunday," Lena Ott said.', published=PUBLISHED).claims)
    assert any("yesterday" in text and "June 22" in text for text in found)


def test_another_outlets_block_has_days_of_its_own():
    text = "The bridge fell on Sunday."
    blocks = [Block("quotation", 0, len(text), "The Morning Post")]
    assert texts_of(split(text, blocks=blocks, published=PUBLISHED).claims) == [text]
