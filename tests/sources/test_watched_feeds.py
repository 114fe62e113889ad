"""A watched feed: what it tells of is written once, comes in from now on, and is looked at by its host's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from factcheck import ledger
from factcheck.lib.addresses import UrlRefused
from factcheck.lib.answers import Failed, Failure, Response
from sources.fetching.types import FeedReading, Outcome, Unreadable
from sources.models import Erasure, Feed, FeedEntry, Source
from sources.services import erasure, feeds
from tests.factories import person
from tests.sources.feeds import RNG, URL, Site, answer, entry, poll, ready, rss, watched

pytestmark = pytest.mark.django_db


def told(feed: Feed | None = None) -> list[tuple[str, str]]:
    rows = FeedEntry.objects.filter(feed=feed) if feed else FeedEntry.objects.all()
    return [(one.title, one.became) for one in rows.order_by("pk")]


def test_the_first_look_takes_in_nothing_and_the_next_what_is_new(now: datetime) -> None:
    feed, site = watched(now), Site(rss(entry("a"), entry("b")))
    assert poll(site, now) is Outcome.CHANGED
    assert told() == [("b", "passed"), ("a", "passed")]
    assert FeedEntry.objects.earliest("pk").detail == "It was there before the feed was watched."
    site.says = rss(entry("c"), entry("a"), entry("b"))
    later = now + timedelta(hours=1)
    assert poll(site, later) is Outcome.CHANGED
    new = FeedEntry.objects.latest("pk")
    assert (new.title, new.became, new.due_at) == ("c", "waiting", later)
    assert poll(site, later + timedelta(hours=1)) is Outcome.UNCHANGED
    feed.refresh_from_db()
    assert (feed.title, feed.since, feed.failures, feed.outcome) == ("The Harbour Courier", now, 0, "unchanged")


def test_as_many_as_the_desk_asked_for_come_in_at_the_first_look(now: datetime) -> None:
    watched(now, begin_with=2)
    poll(Site(rss(*(entry(str(number)) for number in range(200)))), now)
    waiting = FeedEntry.objects.filter(became="waiting")
    assert [one.title for one in waiting.order_by("-pk")] == ["0", "1"]
    assert FeedEntry.objects.count() == 200


def test_a_feed_longer_than_what_is_read_of_it_says_so(now: datetime) -> None:
    feed = watched(now)
    poll(Site(rss(*(entry(str(number)) for number in range(230)))), now)
    feed.refresh_from_db()
    assert feed.outcome_detail == "It has 230 entries; the newest 200 are read."
    assert feed.entries.count() == 200


def test_more_new_entries_than_a_look_takes_in_are_left_out_with_the_reason_until_somebody_takes_them(
    now: datetime,
) -> None:
    feed, site = watched(now), Site(rss())
    poll(site, now)
    site.says = rss(*(entry(str(number)) for number in range(60)))
    poll(site, now + timedelta(hours=1))
    assert feed.entries.filter(became="waiting").count() == feeds.MOST_NEW
    left_out = feed.entries.filter(became="passed")
    assert {one.detail for one in left_out} == {"The feed told of more than 50 new entries at once."}
    chosen = [left_out[0].pk, left_out[1].pk, feed.entries.filter(became="waiting")[0].pk]
    assert feeds.take_in(chosen, feed, now=now) == 2
    assert feed.entries.filter(became="waiting", due_at=now, detail="").count() == 2


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://10.0.0.7/a", "10.0.0.7"),
        ("http://localhost/a", "localhost"),
        ("ftp://news.example.org/a", "Only http and https can be fetched, not 'ftp:'."),
        ("javascript:alert(1)", "Only http and https can be fetched, not 'javascript:'."),
        (f"https://news.example.org/{'x' * 3000}", "Its link has 3025 characters"),
        ("", "It leads nowhere: the feed gives no link for it."),
    ],
)
def test_an_entry_that_leads_where_nobody_goes_is_kept_with_the_reason(link: str, reason: str, now: datetime) -> None:
    watched(now, begin_with=5)
    poll(Site(rss(entry("a", link=link, guid="x"))), now)
    one = FeedEntry.objects.get()
    assert (one.became, one.url, one.due_at) == ("refused", "", None)
    assert reason in one.detail


def test_a_guid_that_is_used_again_with_another_link_is_another_entry(now: datetime) -> None:
    watched(now)
    site = Site(rss(entry("a", guid="1")))
    poll(site, now)
    site.says = rss(entry("b", guid="1"))
    poll(site, now + timedelta(hours=1))
    assert told() == [("a", "passed"), ("b", "waiting")]


def test_an_address_that_was_told_of_before_does_not_come_in_by_another_guid(now: datetime) -> None:
    watched(now)
    site = Site(rss(entry("a", guid="1")))
    poll(site, now)
    link = "https://news.example.org/a?utm_source=rss"
    site.says = rss(entry("a again", guid="2", link=link), entry("and again", guid="3", link=link))
    poll(site, now + timedelta(hours=1))
    assert told() == [("a", "passed"), ("and again", "passed"), ("a again", "passed")]
    assert FeedEntry.objects.latest("pk").detail == "The feed told of this address before."


def test_what_was_published_long_before_the_watching_does_not_slide_in_from_below(now: datetime) -> None:
    watched(now)
    site = Site(rss())
    poll(site, now)
    old, young, future = (now + timedelta(days=days) for days in (-2, 0, 400))
    site.says = rss(entry("future", at=future), entry("young", at=young), entry("old", at=old))
    poll(site, now + timedelta(hours=1))
    assert sorted(told()) == [("future", "waiting"), ("old", "passed"), ("young", "waiting")]
    kept = FeedEntry.objects.get(title="old")
    assert kept.detail == "It was published before the feed was watched."


def test_a_page_in_place_of_a_feed_names_the_feeds_that_it_knows_and_one_can_be_watched_instead(
    now: datetime,
) -> None:
    feed = watched(now)
    page = (
        "<html><head><title>News</title><link rel=alternate type=application/rss+xml href=/rss>"
        "<link rel='alternate' type='application/atom+xml' href='https://news.example.org/atom'></head></html>"
    )
    site = Site(answer(page.encode(), media_type="text/html"))
    assert poll(site, now) is Outcome.UNSUPPORTED
    feed.refresh_from_db()
    assert feed.others == ["https://news.example.org/rss", "https://news.example.org/atom"]
    assert "This is a page, not a feed" in feed.outcome_detail
    with pytest.raises(UrlRefused, match="not among the feeds"):
        feeds.point_at(feed, "https://news.example.org/other", now=now)
    other = watched(now, "https://news.example.org/rss")
    assert not feeds.point_at(feed, "https://news.example.org/rss", now=now)
    other.delete()
    assert feeds.point_at(feed, "https://news.example.org/atom", now=now)
    feed.refresh_from_db()
    assert (feed.url, feed.others, feed.outcome, feed.due_at) == ("https://news.example.org/atom", [], "", now)
    site.says = rss(entry("a"))
    poll(site, now)
    feed.refresh_from_db()
    assert feed.since == now
    with pytest.raises(UrlRefused):
        feeds.point_at(feed, "https://news.example.org/atom", now=now)


def test_a_page_that_names_no_feed_says_what_to_give_instead(now: datetime) -> None:
    feed = watched(now)
    assert poll(Site(answer(b"<html><body><p>Hello.</body></html>")), now) is Outcome.UNSUPPORTED
    feed.refresh_from_db()
    assert (feed.outcome_detail[:19], feed.others) == ("This is no feed. Gi", [])


def test_a_page_that_comes_once_in_place_of_a_known_feed_passes(now: datetime) -> None:
    feed, site = watched(now), Site(rss(entry("a")))
    poll(site, now)
    site.says = answer(b"<html><body><p>We are back soon.</body></html>")
    assert poll(site, now + timedelta(hours=1)) is Outcome.UNREACHABLE
    feed.refresh_from_db()
    assert (feed.outcome_detail, feed.failures) == ("a page came instead of the feed", 1)
    site.says = rss(entry("b"), entry("a"))
    poll(site, now + timedelta(hours=2))
    assert told() == [("a", "passed"), ("b", "waiting")]


def test_a_feed_is_gone_when_two_looks_saw_it_and_comes_back(now: datetime) -> None:
    feed, site = watched(now), Site(rss(entry("a")))
    poll(site, now)
    site.says = answer(b"", status=410)
    assert poll(site, now) is Outcome.UNREACHABLE
    feed.refresh_from_db()
    assert "a second look" in feed.outcome_detail
    assert feed.due_at == now + timedelta(minutes=10)
    assert poll(site, now + timedelta(minutes=10)) is Outcome.GONE
    site.says = rss(entry("a"))
    assert poll(site, now + timedelta(hours=5)) is Outcome.UNCHANGED
    feed.refresh_from_db()
    assert (feed.absent_since, feed.failures) == (None, 0)


@pytest.mark.parametrize(
    ("said", "outcome", "least"),
    [
        (Failed(Failure.CONNECT, "refused", 0.1, URL), Outcome.UNREACHABLE, timedelta(minutes=2)),
        (answer(b"", status=403), Outcome.GATED, timedelta(hours=3)),
        (answer(b"", status=429, retry_after="7200"), Outcome.THROTTLED, timedelta(hours=2)),
        (answer(b"\x89PNG0000", media_type="image/png"), Outcome.UNSUPPORTED, timedelta(hours=12)),
        (answer(b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///x'>]><rss/>"), Outcome.UNSUPPORTED, timedelta(hours=12)),
    ],
)
def test_a_look_that_fails_takes_nothing_away_and_waits_longer_each_time(
    said: Response | Failed, outcome: Outcome, least: timedelta, now: datetime
) -> None:
    feed, site = watched(now), Site(said)
    assert poll(site, now) is outcome
    feed.refresh_from_db()
    assert (feed.failures, feed.since, feed.seen_at) == (1, None, None)
    assert feed.due_at is not None
    assert feed.due_at >= now + least
    assert feed.due_because


@pytest.mark.parametrize(
    ("broken", "outcome"),
    [
        (Unreadable("wall"), Outcome.UNREACHABLE),
        (Unreadable("memory"), Outcome.UNSUPPORTED),
        (OSError("no processes left"), Outcome.UNREACHABLE),
    ],
)
def test_a_feed_that_cannot_be_read_within_bounds_says_so(
    broken: Unreadable | OSError, outcome: Outcome, now: datetime
) -> None:
    def read(*_body: Any, **_said: Any) -> FeedReading | Unreadable:
        if isinstance(broken, OSError):
            raise broken
        return broken

    seen = feeds.look_at(watched(now), fetch=Site(rss()), read=read)
    assert seen.outcome is outcome
    assert "could not be read" in seen.detail


def test_a_known_feed_is_asked_only_for_what_is_newer(now: datetime) -> None:
    feed, site = watched(now), Site(answer(rss(entry("a")).body, etag='"7"', last_modified="yesterday"))
    poll(site, now)
    site.says = answer(b"", status=304)
    assert poll(site, now + timedelta(hours=1)) is Outcome.UNCHANGED
    assert [said and (said.etag, said.last_modified) for said in site.asked] == [None, ('"7"', "yesterday")]
    feed.refresh_from_db()
    assert feed.seen_at == now + timedelta(hours=1)


def test_a_feed_of_an_address_that_is_watched_is_found_again_and_knows_its_source(now: datetime) -> None:
    courier = Source.objects.create(name="The Harbour Courier", home_domains=["example.org"])
    feed = watched(now)
    assert feed.source == courier
    assert feeds.watch(f" {URL}?utm_source=x ", now=now) == (feed, False)
    assert watched(now, "http://192.0.43.10/feed").source is None
    with pytest.raises(UrlRefused):
        feeds.watch("http://127.0.0.1/feed", now=now)


def test_an_address_that_was_erased_is_not_watched(now: datetime) -> None:
    ended = erasure.begin(Erasure.What.PERSON, why="asked for", by=person("admin"), now=now)
    erasure.bar([URL], ended)
    with pytest.raises(UrlRefused, match="erased"):
        watched(now)


def test_a_paused_feed_is_not_looked_at_until_it_is_resumed(now: datetime) -> None:
    feed = watched(now)
    feeds.pause(feed, now=now)
    assert not feeds.look_now(feed, now=now)
    ready(feed)
    assert Feed.objects.watched().count() == 0
    feeds.resume(feed, now=now)
    feed.refresh_from_db()
    assert (feed.due_at, feed.paused_at, feed.due_because) == (now, None, "somebody asked for it")


def test_whoever_lost_the_feed_meanwhile_writes_nothing(now: datetime) -> None:
    feed = watched(now)
    ready(feed)
    held = ledger.lease(ledger.register.works["poll"])[0]
    seen = feeds.look_at(feed, fetch=Site(rss(entry("a"))))
    feeds.pause(feed, now=now)
    with pytest.raises(ledger.LeaseLost):
        feeds.record(held, seen, now=now, rng=RNG)
    assert not FeedEntry.objects.exists()


def test_what_is_stuck_is_tried_again_when_somebody_looks(now: datetime) -> None:
    feed = watched(now, begin_with=1)
    poll(Site(rss(entry("a"))), now)
    FeedEntry.objects.update(quarantined_at=now, attempts=3)
    Feed.objects.update(quarantined_at=now, attempts=3)
    assert feeds.look_now(feed, now=now)
    assert not FeedEntry.objects.filter(quarantined_at__isnull=False).exists()
    feed.refresh_from_db()
    assert feed.quarantined_at is None
