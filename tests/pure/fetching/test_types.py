import json
from dataclasses import replace
from datetime import UTC, datetime

from sources.fetching.types import Entry, FeedReading, Quote, Reading
from tests.pure.fetching.pages import ARTICLE, read_html

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
