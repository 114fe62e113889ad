import json
from datetime import UTC, datetime

import pytest

from factcheck.lib import jail
from sources.fetching import feeds
from sources.fetching.feeds import read_feed, read_feed_in_jail
from sources.fetching.types import FeedReading, Unreadable
from tests.pace import within

URL = "https://demo-outlet.test/feed"
HEAD = "<?xml version='1.0' encoding='utf-8'?>"
ITEM = (
    "<item><title>Bridge shut</title><link>https://demo-outlet.test/a</link><guid isPermaLink='false'>1</guid></item>"
)
LATER = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def rss(items=ITEM, doctype=""):
    return f"{HEAD}{doctype}<rss version='2.0'><channel><title>Demo Outlet</title>{items}</channel></rss>"


def feed(markup, media_type="application/rss+xml"):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return read_feed(body, media_type=media_type, url=URL)


def keys(*markup):
    return [entry.key for one in markup for entry in feed(one).entries]


def test_rss_is_read():
    reading = feed(
        rss(
            "<link>https://demo-outlet.test/</link><description>News</description><item>"
            "<title>A &lt;b&gt;bold&lt;/b&gt; bridge &amp;amp; more&nbsp;here</title><link>/news/a</link>"
            "<pubDate>Tue, 03 Mar 2026 09:00:00 +0100</pubDate>"
            "<description><![CDATA[<p>It is <a href='/x'>shut</a>.</p><script>x</script>]]></description></item>"
        )
    )
    assert (reading.title, reading.home) == ("Demo Outlet", "https://demo-outlet.test/")
    assert (reading.complete, reading.truncated, reading.problems) == (True, "", ())
    (entry,) = reading.entries
    assert (entry.title, entry.summary) == ("A bold bridge & more here", "It is shut .")
    assert (entry.url, entry.published_at, entry.modified_at) == ("https://demo-outlet.test/news/a", LATER, None)
    assert len(entry.key) == 64


def test_atom_is_read():
    reading = feed(
        f"{HEAD}<feed xmlns='http://www.w3.org/2005/Atom'><title>Demo</title><link rel='self' href='{URL}'/>"
        "<link href='https://demo-outlet.test/'/><entry><id>tag:1</id>"
        "<title type='html'>Bridge &lt;i&gt;shut&lt;/i&gt;</title>"
        "<link rel='enclosure' href='/x.mp3'/><link href='/a'/><published>2026-03-03T08:00:00Z</published>"
        "<updated>2026-03-03T09:00:00+01:00</updated><summary>It is shut.</summary></entry></feed>"
    )
    (entry,) = reading.entries
    assert (reading.home, entry.url, entry.title) == (
        "https://demo-outlet.test/",
        "https://demo-outlet.test/a",
        "Bridge shut",
    )
    assert entry.published_at == entry.modified_at == LATER


def test_rss_1_0_is_read():
    reading = feed(
        f"{HEAD}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Demo</title><link>https://demo-outlet.test/</link>"
        "</channel><item><title>A</title><link>https://demo-outlet.test/a</link><dc:date>2026-03-03T08:00:00Z</dc:date>"
        "</item></rdf:RDF>"
    )
    assert reading.title == "Demo"
    assert [(entry.url, entry.published_at) for entry in reading.entries] == [("https://demo-outlet.test/a", LATER)]


def test_json_feed_is_read():
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Demo",
        "home_page_url": "https://demo-outlet.test/",
        "items": [
            {
                "id": 7,
                "url": "/a",
                "title": "A",
                "content_html": "<p>It is shut.</p>",
                "date_published": LATER.isoformat(),
            },
            {"id": True, "content_text": "Without a link."},
            "no entry",
        ],
    }
    reading = feed(json.dumps(told), "application/feed+json")
    assert [(entry.url, entry.title, entry.summary) for entry in reading.entries] == [
        ("https://demo-outlet.test/a", "A", "It is shut."),
        ("", "", "Without a link."),
    ]
    assert feed(json.dumps(told), "text/plain") == reading


def test_the_charset_it_declares_is_believed():
    markup = rss("<item><title>Caf\u00e9</title></item>").replace("utf-8", "iso-8859-1")
    assert feed(markup.encode("latin-1")).entries[0].title == "Caf\u00e9"


def test_an_entry_keeps_its_key_while_its_identifier_and_its_link_stay():
    changed = ITEM.replace("Bridge shut", "Bridge open")
    assert keys(rss(ITEM)) == keys(rss(changed))
    other_link = ITEM.replace("/a<", "/b<")
    other_guid = ITEM.replace(">1<", ">2<")
    assert len(set(keys(rss(ITEM), rss(other_link), rss(other_guid)))) == 3
    assert len(keys(rss(ITEM + ITEM + other_link))) == 2


def test_an_entry_without_identifier_is_known_by_its_link_and_else_by_its_words():
    linked, bare = (
        "<item><title>A</title><link>https://demo-outlet.test/a</link></item>",
        "<item><title>A</title></item>",
    )
    assert keys(rss(linked)) == keys(rss(linked.replace("<title>A", "<title>B")))
    assert keys(rss(bare)) != keys(rss(bare.replace("<title>A", "<title>B")))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>http://127.0.0.1/a</link>", ""),
        ("<link>file:///etc/passwd</link>", ""),
        (f"<link>https://a.test/{'x' * 3000}</link>", ""),
        ("<link/>", ""),
        ("", ""),
        ("<guid>https://demo-outlet.test/p</guid>", "https://demo-outlet.test/p"),
        ("<guid isPermaLink='false'>https://demo-outlet.test/p</guid>", ""),
        ("<guid>42</guid>", ""),
        ("<link>a/b</link>", "https://demo-outlet.test/a/b"),
    ],
)
def test_entries_lead_to_public_pages_only(given, url):
    assert [entry.url for entry in feed(rss(f"<item><title>A</title>{given}</item>")).entries] == [url]


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Tue, 03 Mar 2026 08:00:00 GMT", LATER),
        ("2026-03-03T08:00:00Z", LATER),
        ("yesterday", None),
        ("", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("99999-01-01", None),
        ("9" * 1000, None),
        ("Tue, 99 Mar 2026 08:00:00 GMT", None),
    ],
)
def test_a_time_that_is_none_is_left_out(date, at):
    assert feed(rss(f"<item><title>A</title><pubDate>{date}</pubDate></item>")).entries[0].published_at == at


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("", ""), ("Just text.", "text/plain"), ("<html><body><p>A page</p></body></html>", "text/html"),
        ("<opml><body/></opml>", "text/xml"), ("{", "application/json"), ("[1]", "application/json"),
        ('{"items": 3}', "application/json"), ("[" * 200_000, "application/json"), ("<", "text/xml"),
    ],
)  # fmt: skip
def test_what_is_no_feed_says_so(body, media_type):
    reading = feed(body, media_type)
    assert (reading.entries, reading.complete, reading.truncated) == ((), False, "not_a_feed")
    assert reading.problems


def test_a_feed_that_stops_keeps_its_whole_entries():
    whole = rss(ITEM + ITEM.replace("/a<", "/b<") + "<item><title>Half of a ti")
    reading = feed(whole[: whole.index("Half of a ti") + 8])
    assert [entry.url[-2:] for entry in reading.entries] == ["/a", "/b"]
    assert (reading.complete, reading.truncated) == (False, "syntax")
    assert reading.problems


def test_a_fault_between_whole_entries_loses_none():
    reading = feed(rss(ITEM + "<broken & worse>" + ITEM.replace("/a<", "/b<")))
    assert len(reading.entries) == 2
    assert reading.truncated == "syntax"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE r [<!ENTITY x PUBLIC 'a' 'http://127.0.0.1/'>]>",
        "<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]>",
        "<!DOCTYPE r [<!ENTITY ab 'ha'><!ENTITY x '&ab;&ab;'>]>",
        f"<!DOCTYPE r [<!ENTITY x '{'a' * 600_000}'>]>",
    ],
)
def test_entities_that_read_others_or_grow_are_refused(doctype):
    reading = feed(rss("<item><title>&x;&x;</title></item>", doctype))
    assert (reading.entries, reading.truncated) == ((), "entities")


@pytest.mark.parametrize(
    ("doctype", "title"),
    [
        ("<!DOCTYPE r [<!ENTITY co 'Demo &amp; Co'>]>", "Demo & Co"),
        ("<!DOCTYPE r [<!ENTITY co \"It's\"><!ENTITY x 'y'>]>", "It's"),
        ("<!DOCTYPE rss PUBLIC '-//Old//DTD 0.91//EN' 'http://old.test/rss.dtd'>", ""),
    ],
)
def test_entities_that_are_plain_text_stand_for_it(doctype, title):
    assert feed(rss("<item><title>&co;</title></item>", doctype)).entries[0].title.replace("&co;", "") == title


def test_of_very_many_entries_the_newest_are_read():
    items = "".join(
        f"<item><title>{n}</title><pubDate>Tue, {1 + n // 24:02} Mar 2026 {n % 24:02}:00:00 GMT</pubDate></item>"
        for n in range(300)
    )
    reading = feed(rss(items))
    assert [entry.title for entry in reading.entries] == [str(n) for n in range(299, 99, -1)]
    assert (reading.complete, reading.truncated) == (False, "entries")
    assert reading.problems == ("It has 300 entries; the newest 200 are read.",)


def test_entries_without_times_stay_in_their_order():
    items = "".join(f"<item><title>{n}</title></item>" for n in range(300))
    assert [entry.title for entry in feed(rss(items)).entries] == [str(n) for n in range(200)]


# -- the jail --------------------------------------------------------------------------------------


def test_the_jail_gives_the_same_feed():
    body = rss().encode()
    assert read_feed_in_jail(body, media_type="", url=URL) == feed(body, "")
    feeds.prepare()
    head = json.dumps({"media_type": "", "url": URL}).encode()
    assert json.loads(feeds.jailed(head + b"\n" + body))["title"] == "Demo Outlet"


def test_a_feed_that_broke_says_why():
    broken = read_feed_in_jail(b"", media_type="", url=URL, run=lambda _target, _payload: jail.Broken("cpu", "x"))
    assert broken == Unreadable("cpu", "x")


def test_an_author_of_forty_thousand_letters_holds_nobody_up():
    body = rss(f"<item><title>A</title><author>{'a' * 40_000} (</author></item>")
    assert feed(body).complete


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("http://192.168.0.1/a", "192.168.0.1"),
        ("mailto:desk@demo-outlet.test", "'mailto:'"),
        ("https://demo-outlet.test/" + "x" * 2000, "Its link has 2025 characters"),
    ],
)
def test_a_link_that_cannot_be_followed_is_told_with_its_reason(link, told):
    (entry,) = feed(rss(f"<item><title>x</title><link>{link}</link></item>")).entries
    assert entry.url == ""
    assert told in entry.refused


def test_a_page_tells_the_feeds_that_it_names_each_once():
    links = (
        "<link rel='alternate' type='application/rss+xml' href='/rss?a=1&amp;b=2'>"
        "<LINK TYPE=application/feed+json REL=ALTERNATE HREF=https://demo-outlet.test/json>"
        "<link rel=alternate type=application/rss+xml href='/rss?a=1&amp;b=2'>"
        "<link rel=alternate type=application/rss+xml href='http://10.0.0.1/rss'>"
        "<link rel=alternate type=application/rss+xml>"
        "<link rel=alternate type=text/html href=/en><link rel=stylesheet type=application/rss+xml href=/x>"
    )
    reading = feed(f"<!doctype html><html><head>{links}</head><body><p>News</body></html>", "text/html")
    assert reading.truncated == "not_a_feed"
    assert reading.others == ("https://demo-outlet.test/rss?a=1&b=2", "https://demo-outlet.test/json")


def test_what_a_page_names_comes_through_the_jail():
    page = b"<html><head><link rel=alternate type=application/atom+xml href=/atom></head></html>"
    reading = read_feed_in_jail(page, media_type="text/html", url=URL)
    assert isinstance(reading, FeedReading)
    assert reading.others == ("https://demo-outlet.test/atom",)


def test_a_page_full_of_links_is_looked_through_within_bounds():
    with within(5):
        reading = feed(
            "<html>" + "<link rel=alternate type=application/rss+xml href=/x" + "<link " * 100_000, "text/html"
        )
        assert len(reading.others) <= 10
