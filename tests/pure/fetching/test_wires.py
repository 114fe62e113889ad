"""Whom a page says that it has its text from, sentence by sentence."""

from __future__ import annotations

import pytest

from sources import seeds
from sources.fetching.reading import read
from sources.fetching.types import Reading
from sources.fetching.wires import wire_of

AGENCIES = [
    name for entry in seeds.entries() if entry.kind == "agency" for name in (entry.name, *entry.names, *entry.ambiguous)
]
BODY = (
    "The council of Selmar voted on Monday to close the bridge to lorries for as long as its pillars are mended.",
    "Two of the pillars have cracks, the engineers wrote in a report that the council published in part.",
    "The ferry runs twice an hour until then, and costs nothing for those who live on the island.",
)


def page(*paragraphs: str, head: str = "", around: str = "") -> Reading:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = f"<html><head><title>Bridge</title>{head}</head><body><article>{around}{body}</article></body></html>"
    return read(html.encode(), media_type="text/html", charset="utf-8", url="https://courier.example/bridge")


def opening(words: str) -> Reading:
    return page(f"{words} {BODY[0]}", *BODY[1:])


def closing(words: str) -> Reading:
    return page(*BODY, words)


@pytest.mark.parametrize(
    ("words", "agency"),
    [
        ("SELMAR (AP) —", "AP"),
        ("SELMAR, Talvia, March 2 (Reuters) -", "Reuters"),
        ("(Reuters) -", "Reuters"),
        ("Selmar (dpa) -", "dpa"),
        ("Selmar (dpa/lnw) -", "dpa"),
        ("Selmar (AFP) –", "AFP"),
        ("Selmar, 2 mar (EFE).-", "EFE"),
        ("SELMAR, March 2 (Xinhua) --", "Xinhua"),
        ("SELMAR (UPI) --", "UPI"),
        ("SELMAR (The Associated Press) —", "Associated Press"),
        ("The Associated Press (AP) said on Monday:", ""),
        ("The mayor (Reuters called her tired) —", ""),
        ("SELMAR —", ""),
        ("The mayor told Reuters -", ""),
        ("A map (see below) -", ""),
    ],
)
def test_a_dateline_names_the_agency(words: str, agency: str) -> None:
    assert wire_of(opening(words), AGENCIES) == agency


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("Reuters", "Reuters"),
        ("By Ann Lee, Associated Press", "Associated Press"),
        ("Ann Lee, The Associated Press", "Associated Press"),
        ("Ann Lee and Ben Ott | AP", "AP"),
        ("Ann Lee (AFP)", "AFP"),
        ("AP Staff", "AP"),
        ("Ann Lee of The Associated Press", "Associated Press"),
        ("dpa/Ann Lee", "dpa"),
        ("Hina Khan", ""),
        ("Petra Voss, Courier staff", ""),
        ("Ann Lee", ""),
        ("Photo: Reuters", ""),
    ],
)
def test_a_byline_names_the_agency(byline: str, agency: str) -> None:
    assert wire_of(page(*BODY, head=f'<meta name="author" content="{byline}">'), AGENCIES) == agency


def test_an_organisation_as_author_or_publisher_of_the_page_is_its_agency() -> None:
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge", %s}</script>'
    author = '"author": {"@type": "Organization", "name": "Agence France-Presse"}'
    publisher = '"publisher": {"@type": "NewsMediaOrganization", "name": "Reuters"}'
    assert wire_of(page(*BODY, head=data % author), AGENCIES) == "Agence France-Presse"
    assert wire_of(page(*BODY, head=data % publisher), AGENCIES) == "Reuters"
    assert wire_of(page(*BODY, head=data % publisher.replace("Reuters", "The Courier")), AGENCIES) == ""


@pytest.mark.parametrize(
    ("words", "agency"),
    [
        ("The Associated Press contributed to this report.", "Associated Press"),
        ("AP writers Ann Lee and Ben Ott contributed to this report.", "AP"),
        ("Reuters and the Courier's own staff contributed reporting.", "Reuters"),
        ("With reporting by Reuters", "Reuters"),
        ("Additional reporting by Ann Lee and Reuters.", "Reuters"),
        ("(With inputs from PTI)", "PTI"),
        ("With files from The Canadian Press", "Canadian Press"),
        ("(mit dpa)", "dpa"),
        ("Avec AFP", "AFP"),
        ("Quelle: ntv.de, als/dpa/AFP", "dpa"),
        ("Source: Xinhua", "Xinhua"),
        ("Con información de EFE", "EFE"),
        ("Mit Material von dpa", "dpa"),
        ("© 2026 AFP", "AFP"),
        ("Copyright 2026 The Associated Press. All rights reserved.", "Associated Press"),
        ("als/dpa", "dpa"),
        ("(ANSA)", "ANSA"),
        ("This story was originally published by Reuters.", "Reuters"),
        ("Distributed by UPI.", "UPI"),
        ("She said so in an interview with Reuters.", ""),
        ("A source told Reuters that the ferry is late.", ""),
        ("The ministry gave no answer to questions by AFP.", ""),
        ("Photo credit: source: Reuters", ""),
        ("REUTERS/Ann Lee", ""),
        ("The Courier's Ann Lee contributed to this report.", ""),
        ("x " * 200 + "(mit dpa)", ""),
    ],
)
def test_a_line_of_credit_names_the_agency(words: str, agency: str) -> None:
    assert wire_of(closing(words), AGENCIES) == agency


def test_the_surest_place_wins() -> None:
    both = page(f"SELMAR (AFP) — {BODY[0]}", *BODY[1:], "Reuters contributed to this report.")
    assert wire_of(both, AGENCIES) == "AFP"


def test_an_agency_that_took_the_picture_wrote_nothing() -> None:
    figure = "<figure><img src='a.jpg'><figcaption>The bridge. (AP)</figcaption></figure>"
    assert wire_of(page(*BODY, around=figure), AGENCIES) == ""


def test_a_name_is_found_over_a_line_break_and_as_it_is_written() -> None:
    assert wire_of(closing("The Associated\n Press contributed to this report."), AGENCIES) == "Associated Press"
    assert wire_of(closing("The map contributed to this report, as did an ap."), AGENCIES) == ""


def test_a_desk_that_knows_no_agency_finds_none() -> None:
    assert wire_of(opening("SELMAR (AP) —"), []) == ""


def test_a_page_without_text_has_no_agency() -> None:
    assert wire_of(read(b"", media_type="text/plain", charset="utf-8", url=""), AGENCIES) == ""
