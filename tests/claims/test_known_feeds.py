"""Where others publish what they checked is asked again, so that corrections arrive; each look is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from claims import tasks
from claims.models import KnownCheck, KnownFeed
from claims.services import known_feeds
from claims.services.known_feeds import Kind, Poll, Readers
from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused
from factcheck.lib.answers import Response
from sources.fetching.types import FeedReading, Outcome, Unreadable
from sources.models import Erasure, Host
from sources.services import erasure, visits
from tests.claims import checkers
from tests.claims.checkers import KEY, SITE, TOOLS, Checkers, later, poll
from tests.factories import person
from tests.pure.known.shapes import answer, page, review
from tests.sources.feeds import entry, rss

pytestmark = pytest.mark.django_db
PAGE = f"{SITE}/bridge"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def site(settings: Any) -> Iterator[Checkers]:
    with checkers.checkers(settings) as serving:
        yield serving


def watch(url: str = PAGE, kind: Kind = Kind.PAGE, **fields: Any) -> KnownFeed:
    return known_feeds.watch(url, kind, now=clock.now(), **fields)[0]


def search(query: str = "bridge", site: str = "", **fields: Any) -> KnownFeed:
    asked: dict[str, Any] = {"language": "en", "max_age_days": 0} | (fields or {"by": person()})
    return known_feeds.search(query, site=site, now=clock.now(), **asked)[0]


def ratings() -> list[str]:
    return list(KnownCheck.objects.order_by("pk").values_list("rating", flat=True))


# -- pages -----------------------------------------------------------------------------------------


def test_a_page_is_read_and_its_correction_arrives(site: Checkers) -> None:
    site.put("/bridge", page(review(url=PAGE)))
    feed = poll(watch(title="The bridge"))
    assert (feed.outcome, feed.listed, feed.lacks, str(feed)) == ("changed", 1, [], "The bridge")
    assert 20 * HOUR < later(feed) <= DAY
    one = KnownCheck.objects.get()
    assert (one.rating, one.status, one.way, one.feed) == ("Mostly false", "refuted", "page", feed)
    assert poll(feed).outcome == "unchanged"
    assert KnownCheck.objects.get().last_seen_at > one.last_seen_at
    assert site.asked[-1][1]["If-None-Match"] == feed.etag
    site.put("/bridge", page(review(url=PAGE, reviewRating={"alternateName": "True"})))
    assert poll(feed).outcome == "changed"
    one.refresh_from_db()
    assert (one.rating, one.status, one.versions.get().rating) == ("True", "supported", "Mostly false")


def test_one_that_a_page_no_longer_has_is_gone_at_the_second_look(site: Checkers) -> None:
    both = [review(url=f"{SITE}/a"), review(url=f"{SITE}/b")]
    site.put("/bridge", page(*both))
    feed = poll(watch())
    for body, standing in ((page(both[0]), 2), (page(both[0]) + b" ", 1), (page(both[0], "{") + b"  ", 1)):
        site.put("/bridge", body)
        poll(feed)
        assert KnownCheck.objects.standing().count() == standing
    assert feed.lacks == ["1 of its scripts of JSON-LD cannot be read: they are no JSON, or too long."]


def test_what_a_page_lacks_that_did_not_change_since_is_gone_as_well(site: Checkers) -> None:
    site.put("/bridge", page(review(url=f"{SITE}/a"), review(url=f"{SITE}/b")))
    feed = poll(watch())
    site.put("/bridge", page(review(url=f"{SITE}/a")))
    poll(poll(feed))
    assert feed.outcome == "unchanged"
    assert [one.url for one in KnownCheck.objects.standing()] == [f"{SITE}/a"]


def test_a_page_that_is_gone_takes_its_fact_checks_with_it_at_the_second_look(site: Checkers) -> None:
    site.put("/bridge", page(review(url=PAGE)))
    feed = poll(watch())
    site.put("/bridge", b"", status=410)
    assert poll(feed).outcome == "unreachable"
    assert (feed.due_because, later(feed)) == ("a second look confirms that it is gone", timedelta(seconds=600))
    assert KnownCheck.objects.standing().exists()
    assert poll(feed).outcome == "gone"
    assert not KnownCheck.objects.standing().exists()
    site.put("/bridge", page(review(url=PAGE)))
    assert poll(feed).outcome == "unchanged"
    assert (KnownCheck.objects.standing().count(), feed.absent_since) == (1, None)


def test_failures_change_nothing_and_space_the_looks_out(site: Checkers) -> None:
    site.put("/bridge", page(review(url=PAGE)))
    feed = poll(watch())
    for status, outcome in ((500, "unreachable"), (429, "throttled"), (403, "gated")):
        site.put("/bridge", b"no", status=status)
        assert poll(feed).outcome == outcome
        assert feed.outcome_detail == f"status {status}"
    site.put("/bridge", b"", status=0)
    assert poll(feed).outcome == "unreachable"
    assert (feed.failures, KnownCheck.objects.standing().count()) == (4, 1)


def test_a_site_that_asks_us_to_leave_is_left_alone(site: Checkers) -> None:
    feed = poll(watch(), robots="User-agent: *\nDisallow: /")
    assert (feed.outcome, site.asked) == ("blocked", [])


def test_robots_txt_is_asked_for_first(site: Checkers) -> None:
    feed = watch()
    site.put("/robots.txt", b"", media_type="text/plain")
    assert tasks.poll_known_round(tasks.POLL_KNOWN, 0.0) == 0
    KnownFeed.objects.update(due_at=clock.now() - timedelta(seconds=1))
    (held,) = ledger.lease(tasks.POLL_KNOWN)
    tasks.poll_known(held)
    assert [path for path, _fields in site.asked] == ["/robots.txt"]
    feed.refresh_from_db()
    assert feed.outcome == ""
    assert Host.objects.get().robots_at is not None


# -- feeds and files -------------------------------------------------------------------------------


def test_a_feed_s_pages_are_watched_each_by_itself_and_less_and_less(site: Checkers, monkeypatch: Any) -> None:
    monkeypatch.setattr(known_feeds, "MOST_NEW", 2)
    links = [f"{SITE}/{name}" for name in "abc"]
    entries = [entry(link, link=link) for link in [*links, "ftp://x.example/a", f"{SITE}/{'x' * 2030}"]]
    url = site.put("/feed", rss(*entries).body, media_type="application/rss+xml")
    feed = poll(watch(url, Kind.FEED))
    assert (feed.outcome, feed.title, feed.pages.count()) == ("changed", "The Harbour Courier", 2)
    assert feed.lacks[-1] == "It tells of more than 2 new pages; 1 are taken up by the next looks."
    site.put("/feed", rss(*entries[:3]).body + b" ", media_type="application/rss+xml")
    assert poll(feed).pages.count() == 3
    site.put("/a", page(review(url=f"{SITE}/a")))
    told = poll(feed.pages.get(url=links[0]))
    waits = [later(poll(told)) / DAY for _look in range(7)]
    assert waits[0] <= 2
    assert 20 < waits[-1] <= 30
    assert list(KnownFeed.objects.chosen()) == [feed]


def test_a_page_of_a_feed_without_any_is_asked_for_no_more(site: Checkers) -> None:
    site.put("/news", page())
    told = watch(f"{SITE}/news", told_by=watch(f"{SITE}/feed", Kind.FEED))
    for _look in range(2):
        assert poll(told).due_at is not None
    assert poll(told).due_at is None
    assert told.due_because == "no fact-check ever stood on it: it is asked for no more"


def test_a_datafeed_is_read_and_what_it_refuses_is_named(site: Checkers) -> None:
    items = [
        {"item": [review(url=f"https://a.example.org/{n}", claimReviewed=text)]} for n, text in enumerate(("x", ""))
    ]
    url = site.put("/all.json", {"@type": "DataFeed", "dataFeedElement": items}, media_type="application/octet-stream")
    feed = poll(watch(url, Kind.DATAFEED))
    assert (feed.outcome, feed.listed, KnownCheck.objects.get().way) == ("changed", 1, "datafeed")
    assert feed.lacks == ["Number 2: It does not say which claim was checked."]


@pytest.mark.parametrize(("kind", "detail"), [(Kind.DATAFEED, "This is no JSON"), (Kind.FEED, "This is no feed")])
def test_what_is_nothing_of_the_kind_says_so(kind: Kind, detail: str, site: Checkers) -> None:
    url = site.put("/x", b"<html><p>Works going on</p></html>")
    feed = poll(watch(url, kind))
    assert (feed.outcome, feed.outcome_detail.startswith(detail)) == ("unsupported", True)
    KnownFeed.objects.update(seen_at=clock.now())
    assert poll(feed).outcome == "unreachable"


# -- Google's Fact Check Tools ---------------------------------------------------------------------


def test_a_search_is_read_page_by_page_with_the_key_in_a_field_alone(site: Checkers, caplog: Any) -> None:
    site.answers = [answer({"url": f"https://a.example.org/{n}"}) for n in range(3)]
    feed = poll(search(site="a.example.org"))
    assert (feed.more, feed.pages_read, later(feed)) == ("1", 1, timedelta(seconds=5))
    assert feed.due_because == "page 2 of the answer is asked for next"
    poll(poll(feed))
    assert (feed.more, feed.listed, feed.pages_read, KnownCheck.objects.count()) == ("", 3, 0, 3)
    assert later(feed) > 20 * HOUR
    path, fields = site.asked[-1]
    assert path.startswith(
        "/v1alpha1/claims:search?query=bridge&reviewPublisherSiteFilter=a.example.org&languageCode=en"
    )
    assert (path.endswith("pageToken=2"), fields["X-Goog-Api-Key"]) == (True, KEY)
    assert KEY not in f"{caplog.text}{list(KnownFeed.objects.values())}{[path for path, _ in site.asked]}"
    assert str(feed) == "bridge a.example.org"


def test_a_search_without_end_stops_and_says_so(site: Checkers, monkeypatch: Any) -> None:
    monkeypatch.setattr(known_feeds, "MOST_PAGES", 1)
    site.answers = [answer(), answer()]
    feed = poll(search())
    assert (feed.more, feed.lacks[-1][:41]) == ("", "The search finds more than 1 pages of ans")


def test_a_key_that_is_refused_is_told_without_it(site: Checkers, settings: Any) -> None:
    settings.FACTCHECK_TOOLS_KEY = "another-key-entirely"
    feed = poll(search())
    assert (feed.outcome, feed.outcome_detail) == ("unreachable", "status 400: API key not valid: …")


def test_the_key_goes_nowhere_else_and_never_in_the_open(site: Checkers, settings: Any) -> None:
    feed = search()
    settings.FACTCHECK_TOOLS_URL = "http://tools.test/v2/claims:search"
    assert "another one now" in poll(feed).outcome_detail
    settings.FACTCHECK_TOOLS_URL, hosts = TOOLS, settings.LOOPBACK_HOSTS
    settings.LOOPBACK_HOSTS = ""
    assert "would travel open" in poll(feed).outcome_detail
    settings.LOOPBACK_HOSTS, settings.FACTCHECK_TOOLS_KEY = hosts, ""
    assert "FACTCHECK_TOOLS_KEY is not set" in poll(feed).outcome_detail
    assert site.asked == []
    with pytest.raises(UrlRefused, match="FACTCHECK_TOOLS_KEY is not set"):
        search(by=feed.added_by)
    settings.FACTCHECK_TOOLS_KEY = KEY
    with pytest.raises(UrlRefused, match="Give words to search for"):
        search("  ", by=feed.added_by)


# -- what breaks, and what people do ---------------------------------------------------------------


@pytest.mark.parametrize(("reason", "outcome"), [("wall", Outcome.UNREACHABLE), ("cpu", Outcome.UNSUPPORTED)])
def test_what_breaks_its_reader_is_bounded(reason: str, outcome: Outcome, now: datetime) -> None:
    told = _asked(now, lambda *_a, **_k: Unreadable(reason))
    assert (told.outcome, told.detail) == (outcome, f"could not be read within its bounds: {reason}")


def test_where_our_own_machine_is_short_nobody_there_is_to_blame(now: datetime) -> None:
    def short(*_: Any, **__: Any) -> Any:
        raise OSError("no room")

    assert _asked(now, short).detail == "could not be read here: no room"


def test_a_feed_without_entries_is_one_all_the_same(now: datetime) -> None:
    reading = FeedReading("t", "", (), complete=True, truncated="")
    feed = watch(kind=Kind.FEED)
    told = known_feeds._judged(feed, reading, Poll(None, "", 200, 1))
    assert (told.outcome, told.pages) == (None, ())


def _asked(now: datetime, read: Any) -> Poll:
    feed = watch()
    Host.objects.update(robots_at=now, robots_status=404)
    feed = KnownFeed.objects.select_related("host").get(pk=feed.pk)
    said = Response(PAGE, 200, {}, b"x", "text/html", "", (), 0.1, truncated=False)
    told = known_feeds.ask(feed, visits.Heard(lambda *_a, **_k: said), now=now, readers=Readers(told=read))
    assert isinstance(told, Poll)
    return told


def test_a_feed_is_paused_with_its_pages_resumed_and_looked_at_now(now: datetime) -> None:
    feed = watch(f"{SITE}/feed", Kind.FEED)
    told = watch(PAGE, told_by=feed)
    known_feeds.pause(feed, now=now)
    assert not known_feeds.look_now(feed, now=now)
    told.refresh_from_db()
    assert (told.paused_at, told.due_at) == (now, None)
    known_feeds.resume(feed, now=now)
    assert KnownFeed.objects.watched().filter(due_at=now).count() == 2
    assert known_feeds.look_now(feed, now=now)


def test_an_erased_address_is_not_watched_again(now: datetime) -> None:
    made = erasure.begin(Erasure.What.PERSON, why="asked for", by=person("admin"), now=now)
    erasure.bar([PAGE], made)
    with pytest.raises(UrlRefused, match="was erased"):
        watch()


def test_a_page_whose_address_was_erased_is_not_taken_from_a_feed(site: Checkers, now: datetime) -> None:
    made = erasure.begin(Erasure.What.PERSON, why="asked for", by=person("admin"), now=now)
    erasure.bar([PAGE], made)
    url = site.put("/feed", rss(entry(PAGE, link=PAGE)).body, media_type="application/rss+xml")
    feed = poll(watch(url, Kind.FEED))
    assert feed.pages.count() == 0
    assert feed.lacks == ["1 of its pages have addresses that cannot be asked for."]
