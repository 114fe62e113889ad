"""A feed's pages: watching one, what it told of, and what can be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from claims.models import Article
from claims.services import feeds as intake
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Feed, FeedEntry, Source
from tests.claims.admin.conftest import at, inline_in, listed, said, signed_in
from tests.claims.admin.test_lists import queries
from tests.sources.feeds import Site, answer, entry, poll, rss, watched

pytestmark = pytest.mark.django_db
URL = "https://news.example.org/feed"


@pytest.fixture
def feed(now: datetime) -> Feed:
    """One that told of three articles, of which one came in and one leads nowhere."""
    one = watched(now, begin_with=1)
    poll(Site(rss(entry("a"), entry("b"), entry("<script>", link="http://10.0.0.1/"))), now)
    FeedEntry.objects.filter(became="waiting").update(due_at=clock.now() - timedelta(seconds=1))
    for held in ledger.lease(ledger.register.works["enter"]):
        intake.enter(held, now=now)
    return one


def test_a_feed_is_watched_by_its_address(checker: Client) -> None:
    asked = {"url": URL, "source": "The Harbour Courier", "begin_with": "3"}
    page = checker.post(listed(Feed, "add"), asked, follow=True)
    one = Feed.objects.get()
    assert (one.url, one.begin_with, one.added_by is not None) == (URL, 3, True)
    assert one.source == Source.objects.get(name="The Harbour Courier")
    assert "its first look comes within a minute" in said(page)
    assert "It was not read yet." in said(page)
    assert "was watched already" in said(checker.post(listed(Feed, "add"), {"url": URL}, follow=True))
    assert at(one) in said(checker.get(at(one.source)))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"url": "http://127.0.0.1/feed"}, "127.0.0.1"),
        ({"url": ""}, "This field is required."),
        ({"url": URL, "begin_with": "21"}, "less than or equal to 20"),
        ({"url": f"https://news.example.org/{'x' * 3000}"}, "at most 2048 characters"),
    ],
)
def test_a_feed_that_cannot_be_watched_says_why(checker: Client, asked: dict[str, str], told: str) -> None:
    assert told in said(checker.post(listed(Feed, "add"), asked))
    assert not Feed.objects.exists()


def test_its_page_shows_what_became_of_each_entry(checker: Client, feed: Feed) -> None:
    answered = checker.get(at(feed))
    page = said(answered)
    assert at(Article.objects.get()) in page
    for words in ("came in as an article", "It was there before the feed was watched.", "10.0.0.1", "left out"):
        assert words in page
    assert "<script>" not in page
    assert inline_in(answered) == []
    assert "1 of 3 entries" in said(checker.get(listed(Feed)))


def test_what_was_left_out_is_taken_in(checker: Client, feed: Feed) -> None:
    one = feed.entries.get(became="passed")
    page = checker.post(at(feed, "take"), {"entry": [one.pk, "x", "9" * 30]}, follow=True)
    assert "1 entry comes in now." in said(page)
    one.refresh_from_db()
    assert one.became == "waiting"
    assert "Nothing was chosen" in said(checker.post(at(feed, "take"), follow=True))


def test_a_page_that_is_no_feed_offers_the_feeds_it_names(checker: Client, now: datetime) -> None:
    one = watched(now)
    link = "<link rel=alternate type=application/rss+xml href=/rss>"
    poll(Site(answer(f"<html><head>{link}</head></html>".encode(), media_type="text/html")), now)
    page = said(checker.get(at(one)))
    assert "Its feeds are" in page
    assert "Watch this one instead" in page
    refused = checker.post(at(one, "instead"), {"url": "https://evil.example/"}, follow=True)
    assert "not among the feeds" in said(refused)
    moved = checker.post(at(one, "instead"), {"url": "https://news.example.org/rss"}, follow=True)
    assert "That feed is watched instead." in said(moved)
    one.refresh_from_db()
    assert one.url == "https://news.example.org/rss"


def test_a_feed_is_paused_resumed_and_looked_at(checker: Client, feed: Feed) -> None:
    assert "Paused" in said(checker.post(at(feed, "pause"), follow=True))
    assert "it is paused" in said(checker.post(at(feed, "look"), follow=True))
    assert "Resumed" in said(checker.post(at(feed, "resume"), follow=True))
    Feed.objects.update(quarantined_at=clock.now(), last_error="no room")
    assert "no room" in said(checker.get(at(feed)))
    assert "It is looked at now." in said(checker.post(at(feed, "look"), follow=True))


def test_the_entries_are_paged(checker: Client, now: datetime) -> None:
    one = watched(now)
    poll(Site(rss(*(entry(f"entry-{number};") for number in range(60)))), now)
    first, second = (said(checker.get(f"{at(one)}?page={page}")) for page in (1, 2))
    assert "Page 1 of 2" in first
    assert "entry-0;" in first
    assert "entry-59;" in second


@pytest.mark.parametrize("state", ["failing", "stuck", "paused", "x"])
def test_the_list_is_narrowed_by_what_asks_for_somebody(checker: Client, now: datetime, state: str) -> None:
    states: dict[str, dict[str, Any]] = {
        "failing": {"outcome": "gone"}, "stuck": {"quarantined_at": now}, "paused": {"paused_at": now}, "well": {},
    }  # fmt: skip
    for name, columns in states.items():
        one = watched(now, f"https://{name}.example.org/feed")
        Feed.objects.filter(pk=one.pk).update(**columns)
    page = said(checker.get(f"{listed(Feed)}?state={state}"))
    known = {name for name in ("failing", "stuck", "paused", "well") if f"https://{name}.example.org" in page}
    assert known == ({state} if state != "x" else {"failing", "stuck", "paused", "well"})


def test_the_list_and_a_page_ask_as_often_for_thirty_rows_as_for_three(now: datetime) -> None:
    client: Any = signed_in(Role.ADMIN)

    def more(many: int) -> Feed:
        for number in range(many):
            one = watched(now, f"https://{many}-{number}.example.org/feed", source=Source.objects.create(name="x"))
        poll_one = Site(rss(*(entry(f"{many}{number}") for number in range(many))))
        Feed.objects.exclude(pk=one.pk).update(due_at=None)
        Feed.objects.exclude(pk=one.pk).update(paused_at=now)
        poll(poll_one, now)
        return one

    few = queries(client, at(more(3)))
    few_listed = queries(client, listed(Feed))
    assert queries(client, at(more(30))) == few <= 20
    assert queries(client, listed(Feed)) == few_listed <= 20
