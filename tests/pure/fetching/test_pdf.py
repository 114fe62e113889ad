import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfWriter

from sources.fetching.reading import read, read_in_jail
from sources.fetching.types import Unreadable
from tests.pure.fetching.files import pdf, sheets
from tests.pure.fetching.pages import texts

URL = "https://town.test/report.pdf"
FIRST = [
    "The river bridge in Hartwell closed on Tuesday after the",
    "flood, the council said. Nobody knows who is respon-",
]
LINES = [*FIRST, "sible for it.", "Twelve people were hurt."]


def read_file(body):
    return read(body, media_type="application/pdf", charset="", url=URL)


def test_the_paragraphs_of_a_file_are_read():
    reading = read_file(sheets(LINES))
    whole = "The river bridge in Hartwell closed on Tuesday after the flood, the council said. Nobody knows who is"
    assert texts(reading, "paragraph") == [f"{whole} responsible for it.", "Twelve people were hurt."]
    assert (reading.url, reading.complete, reading.truncated, reading.language) == (URL, True, "", "en")


def test_a_paragraph_goes_on_over_the_end_of_a_page_and_what_runs_along_its_edge_is_boilerplate():
    pages = [["Town of Hartwell", *FIRST[:1], f"Page {n} of 3"] for n in (1, 2)] + [["Town of Hartwell", LINES[2], "3"]]
    reading = read_file(sheets(*pages))
    assert texts(reading, "boilerplate")[0] == "Town of Hartwell"
    assert texts(reading, "paragraph") == [f"{FIRST[0]} {FIRST[0]} sible for it."]


def test_what_a_file_says_of_itself_is_read():
    info = "/Title (Report on the bridge) /Author (Ann Lee)"
    info += " /CreationDate (D:20260302083000+01'00') /ModDate (D:202603031000)"
    reading = read_file(sheets(LINES, info=info))
    assert (reading.title, reading.byline) == ("Report on the bridge", "Ann Lee")
    assert reading.published_at == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert reading.modified_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def test_the_name_of_a_file_is_no_title_and_a_wrong_date_none():
    reading = read_file(sheets(LINES, info="/Title (Microsoft Word - bridge.docx) /ModDate (yesterday)"))
    assert (reading.title, reading.modified_at) == ("", None)


@pytest.mark.parametrize("words", [("", "owner"), ("secret", "secret")])
def test_a_file_that_needs_a_word_to_open_is_flagged(words):
    writer = PdfWriter(clone_from=io.BytesIO(sheets(LINES)))
    writer.encrypt(*words, algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    reading = read_file(kept.getvalue())
    if words[0]:
        assert (reading.text, reading.complete, reading.truncated) == ("", False, "encrypted")
    else:
        assert reading.complete


def test_a_scanned_file_without_text_is_empty():
    assert read_file(sheets([])).truncated == "empty_extraction"


@pytest.mark.parametrize("body", [b"%PDF-1.7\n", b"%PDF-1.7\nnothing here\n%%EOF", sheets(LINES)[:300]])
def test_a_damaged_file_is_flagged(body):
    reading = read_file(body)
    assert not reading.complete
    assert reading.truncated in {"damaged", "empty_extraction"}


@pytest.mark.parametrize(("part", "other"), [(b"/FlateDecode", b"/FlatDecode"), (b"/Kids [5 0 R]", b"/Kids 7")])
def test_a_file_that_is_not_as_it_should_be_is_flagged(part, other):
    assert not read_file(sheets(LINES).replace(part, other)).complete


def test_arrays_within_arrays_are_flagged():
    assert read_file(pdf(b"[" * 100_000)).truncated == "damaged"


def test_a_file_of_very_many_pages_is_read_as_far_as_that():
    reading = read_file(sheets(*[[f"Sheet number {n}."] for n in range(501)]))
    assert (reading.complete, reading.truncated) == (False, "pages")


def test_a_tree_of_pages_that_holds_itself_is_answered():
    body = pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>")
    answer = read_in_jail(body, media_type="application/pdf", charset="", url=URL)
    assert isinstance(answer, Unreadable) or not answer.complete


def test_the_jail_gives_the_same_reading_of_a_file():
    body = sheets(LINES)
    assert read_in_jail(body, media_type="application/pdf", charset="", url=URL) == read_file(body)
