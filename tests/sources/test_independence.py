"""How many of some pages are voices of their own."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pytest

from sources.fetching.reading import read
from sources.models import Document, Snapshot, Source
from sources.services import documents, independence

pytestmark = pytest.mark.django_db
NUMBERS = count(1)
LONG = " ".join(f"Sentence {number} of the agency tells what happened at gate {number * 7}." for number in range(30))


@pytest.fixture
def page(now: datetime):
    def make(publisher: Source | None = None, *, wire: Source | None = None, text: str = "") -> Document:
        number = next(NUMBERS)
        said = text or f"Number {number} has something to say of its own, and nobody else said it so before."
        made = Document.objects.create(identity=f"text:{number}", publisher=publisher)
        reading = read(said.encode(), media_type="text/plain", charset="utf-8", url="")
        person = Snapshot.CapturedBy.PERSON
        documents.keep(made, reading, raw=said.encode(), media_type="text/plain", now=now, captured_by=person)
        Document.objects.filter(pk=made.pk).update(wire=wire)
        return Document.objects.select_related("snapshot").get(pk=made.pk)

    return make


def source(name: str, *, parent: Source | None = None) -> Source:
    return Source.objects.create(name=name, parent=parent)


def sizes(pages: list[Document]) -> list[int]:
    return [len(group) for group in independence.independent(pages)]


def test_pages_of_sources_that_have_nothing_in_common_are_independent(page) -> None:
    pages = [page(source("One")), page(source("Two")), page(), page()]
    assert sizes(pages) == [1, 1, 1, 1]
    assert independence.counted(pages) == independence.Counted(4, 4)


def test_no_page_is_no_voice() -> None:
    assert independence.counted([]) == independence.Counted(0, 0)


def test_a_page_counts_once(page) -> None:
    one = page(source("One"))
    assert independence.counted([one, one]) == independence.Counted(1, 1)


def test_pages_of_one_outlet_are_one_voice(page) -> None:
    outlet = source("The Courier")
    pages = [page(outlet), page(outlet), page(source("Two"))]
    assert independence.counted(pages) == independence.Counted(2, 3, ("2 are by The Courier",))


def test_outlets_of_one_owner_are_one_voice_however_far_up(page) -> None:
    group = source("Island Group")
    press = source("Island Press", parent=group)
    pages = [page(source("A", parent=press)), page(source("B", parent=group)), page(source("C"))]
    assert independence.counted(pages) == independence.Counted(2, 3, ("2 belong to Island Group",))
    assert independence.independent(pages) == [{pages[0].pk, pages[1].pk}, {pages[2].pk}]


def test_pages_that_copy_one_agency_are_one_voice_with_the_agency(page) -> None:
    wire = source("Coast News")
    copies = [page(source(name), wire=wire) for name in ("A", "B")]
    own = page(wire)
    others = [page(source("C")), page(source("D"))]
    told = independence.counted([*copies, own, *others])
    assert told == independence.Counted(3, 5, ("3 have it from Coast News",))


def test_a_copy_alone_is_a_voice(page) -> None:
    assert sizes([page(source("A"), wire=source("Coast News")), page(source("B"))]) == [1, 1]


def test_a_source_that_was_merged_counts_as_the_other(page) -> None:
    winner = source("The Post")
    loser = source("Post Online")
    pages = [page(winner), page(loser)]
    Source.objects.filter(pk=loser.pk).update(merged_into=winner)
    assert sizes(pages) == [2]


def test_a_copied_text_is_one_voice_whatever_stands_around_it(page) -> None:
    pages = [
        page(source("A"), text=LONG),
        page(source("B"), text=f"Our editor writes first. {LONG}"),
        page(source("C")),
    ]
    assert independence.counted(pages) == independence.Counted(2, 3, ("2 have the same text",))


def test_equal_texts_are_one_voice_however_short(page) -> None:
    assert sizes(
        [page(source("A"), text="The bridge is closed."), page(source("B"), text="The bridge is closed.")]
    ) == [2]


def test_what_ties_two_pages_ties_all_that_hang_on_either(page) -> None:
    outlet, wire = source("The Courier"), source("Coast News")
    first = page(outlet)
    second = page(outlet, wire=wire)
    third = page(source("B"), wire=wire, text=LONG)
    fourth = page(source("C"), text=f"{LONG} And more.")
    told = independence.counted([first, second, third, fourth, page(source("D"))])
    assert (told.count, told.of) == (2, 5)
    assert told.because == ("2 have it from Coast News", "2 are by The Courier", "2 have the same text")


def test_a_page_that_nobody_read_yet_is_told_by_its_source_alone(page) -> None:
    outlet = source("The Courier")
    unread = Document.objects.create(identity="text:unread", publisher=outlet)
    assert sizes([unread, page(outlet)]) == [2]


def test_texts_beyond_the_sixtieth_page_are_not_compared_and_that_is_said(page, monkeypatch) -> None:
    monkeypatch.setattr(independence, "MOST", 1)
    pages = [page(source("A"), text=LONG), page(source("B"), text=f"First. {LONG}"), page(source("C"), text=LONG)]
    told = independence.counted(pages)
    assert (told.count, told.of) == (2, 3)
    assert told.because == ("2 have the same text", "the texts of 1 of 3 pages were compared")


def test_a_chain_of_copies_is_one_voice(page) -> None:
    parts = [" ".join(f"Part {part} line {n} of what was seen at gate {n}." for n in range(20)) for part in range(3)]
    texts = [parts[0], f"{parts[0]} {parts[1]}", f"{parts[1]} {parts[2]}"]
    pages = [page(source(f"S{n}"), text=text) for n, text in enumerate(texts)]
    assert sizes(pages) == [3]


def test_thirty_pages_cost_no_more_queries_than_three(page, django_assert_num_queries) -> None:
    group = source("Island Group")
    pages = [page(source(f"S{n}", parent=group)) for n in range(30)]
    for some in (pages[:3], pages):
        with django_assert_num_queries(2):
            assert sizes(some) == [len(some)]
