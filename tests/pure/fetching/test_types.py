import json
from dataclasses import replace
from datetime import UTC, datetime

from sources.fetching.types import Entry, FeedReading, Quote, Reading
from tests.pure.fetching.pages import ARTICLE, read_html, texts

ENTRY = Entry("0" * 64, "https://demo-outlet.test/a", "A", "About a.", datetime(2026, 3, 2, tzinfo=UTC), None)


def there_and_back(reading):
    return type(reading).from_json(json.loads(json.dumps(reading.as_json())))


def test_a_reading_survives_json_with_its_quotes():
    reading = replace(read_html(ARTICLE), quotes=(Quote(0, 6, "https://river-post.test/report"), Quote(7, 9)))
    assert there_and_back(reading) == reading


def test_a_reading_written_before_there_were_quotes_is_still_read():
    fields = read_html(ARTICLE).as_json()
    del fields["quotes"]
    assert Reading.from_json(fields).quotes == ()


def test_a_feed_survives_json():
    feed = FeedReading("Demo", "https://demo-outlet.test/", (ENTRY,), False, "entries", ("201 entries",))
    assert there_and_back(feed) == feed


def test_notices_are_told_in_reading_order():
    assert read_html(ARTICLE).notices == ("Correction: An earlier version of this article gave the wrong year.",)
    assert read_html("<article><p>It is shut.</p></article>").notices == ()


def test_the_body_alone_is_printed_with_its_offsets_counted_anew():
    reading = read_html(ARTICLE)
    start = reading.text.index("Reports")
    reading = replace(reading, quotes=(Quote(0, 6), Quote(start, start + 7, "x"), Quote(start - 4, start + 7)))
    printed = reading.printed()
    assert printed.title == reading.title
    assert texts(printed) == [
        text
        for block, text in zip(reading.blocks, texts(reading), strict=True)
        if block.kind not in {"caption", "boilerplate"} and block.start
    ]
    (link,) = printed.links
    assert printed.text[link.start : link.end] == link.text == "the council said"
    (quote,) = printed.quotes
    assert (printed.text[quote.start : quote.end], quote.cite) == ("Reports", "x")


def test_a_page_of_boilerplate_alone_prints_nothing():
    printed = read_html("<article><p>Advertisement</p></article>").printed()
    assert (printed.text, printed.blocks) == ("", ())


def test_a_first_heading_that_is_no_title_is_printed():
    assert read_html("<h2>Part one</h2><p>It is shut.</p>").printed().text == "Part one\n\nIt is shut."
