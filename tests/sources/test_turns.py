"""Feeds take their turn with the pages of their host: never two at once, never without its rest, never starved."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from factcheck import leases, ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure, Response
from sources.models import Document, Feed, Host
from sources.services import documents, feeds, hosts, turns, visits
from sources.tasks import POLL, poll
from tests.sources.feeds import URL, answer, entry, ready, rss, watched

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Site:
    """Answers robots.txt and the feed, and remembers what was asked."""

    def __init__(self, robots: Response | Failed | None = None, feed: Response | Failed | None = None) -> None:
        self.robots = robots or answer(b"", status=404)
        self.feed = feed or rss(entry("a"))
        self.asked: list[str] = []

    def __call__(self, url: str, **_asked: Any) -> Response | Failed:
        self.asked.append(url)
        return self.robots if url.endswith("/robots.txt") else self.feed


def taken(*, most: int = 9, alone: bool = True) -> list[turns.Turn[Feed]]:
    return turns.take(Feed.objects.watched(), most=most, lease_for=ledger.LEASE, alone=alone)


def one_turn(site: Site, *, sleep: Any = lambda _s: None) -> list[turns.Came[Feed]]:
    """Visit what is due and write it down, as a round does."""

    def ask(feed: Feed, heard: visits.Heard) -> Any:
        return feeds.ask(feed, heard, now=clock.now())

    came = [turns.visit(turn, ask, fetch=site, sleep=sleep) for turn in taken()]
    now = clock.now()
    turns.keep(POLL, came, lambda held, look: feeds.record(held, look, now=now), now=now)
    return came


def host_of(url: str = URL, **fields: Any) -> Host:
    known = {"robots_at": clock.now(), "robots_status": 404, **fields}
    host = hosts.of(url)
    Host.objects.filter(pk=host.pk).update(**known)
    host.refresh_from_db()
    return host


def test_the_first_turn_asks_for_robots_txt_and_the_next_for_the_feed() -> None:
    feed, site = watched(clock.now()), Site()
    ready()
    one_turn(site)
    feed.refresh_from_db()
    assert (site.asked, feed.attempts, feed.checked_at) == (["https://news.example.org/robots.txt"], 0, None)
    Host.objects.update(next_allowed_at=None)
    one_turn(site)
    feed.refresh_from_db()
    assert (site.asked[1:], feed.outcome) == ([URL], "changed")
    host = Host.objects.get()
    assert (host.busy_until, host.looks_today) == (None, 2)
    assert host.next_allowed_at is not None


def test_a_feed_that_robots_txt_excludes_is_left_alone_and_says_so() -> None:
    feed, site = watched(clock.now()), Site()
    host_of(robots_text="User-agent: *\nDisallow: /feed\n", robots_status=200)
    ready()
    one_turn(site)
    feed.refresh_from_db()
    assert (site.asked, feed.outcome) == ([], "blocked")
    assert "robots.txt" in feed.outcome_detail


def test_a_site_that_does_not_say_whether_we_may_is_not_asked_for_the_feed() -> None:
    feed, site = watched(clock.now()), Site(robots=Failed(Failure.CONNECT, "refused", 0.1, URL))
    ready()
    one_turn(site)
    feed.refresh_from_db()
    assert (len(site.asked), feed.outcome, feed.failures) == (1, "unreachable", 1)
    assert feed.outcome_detail.startswith("robots.txt could not be read: ")


def test_a_feed_and_a_page_of_one_host_are_never_asked_for_at_once() -> None:
    now = clock.now() - SECOND
    watched(now)
    host_of()
    documents.watch("https://news.example.org/story", now=now)
    ready()
    pages = hosts.take(most=9, lease_for=ledger.LEASE, alone=True)
    assert len(pages) == 1
    assert taken() == []
    hosts.free([(pages[0].lease, pages[0].page, hosts.Rest(0.0))], now=now)
    ledger.release([pages[0].lease])
    assert len(taken()) == 1
    assert hosts.take(most=9, lease_for=ledger.LEASE, alone=True) == []
    assert Document.objects.get().lease_token is None


def test_a_host_at_rest_for_a_moment_is_taken_before_and_its_rest_sat_out() -> None:
    watched(clock.now())
    host_of(next_allowed_at=clock.now() + SECOND)
    ready()
    slept: list[float] = []
    one_turn(Site(), sleep=slept.append)
    assert 0.3 < slept[0] <= 1.0


@pytest.mark.parametrize(
    "busy",
    [
        {"next_allowed_at": timedelta(minutes=5)},
        {"open_until": timedelta(minutes=5)},
    ],
)
def test_a_host_that_wants_to_be_left_alone_is(busy: dict[str, timedelta]) -> None:
    feed = watched(clock.now())
    Host.objects.filter(pk=host_of().pk).update(**{name: clock.now() + span for name, span in busy.items()})
    ready()
    assert taken() == []
    feed.refresh_from_db()
    assert feed.lease_token is None
    assert ledger.oldest_due_at() is None


def test_of_each_host_the_oldest_is_taken_and_others_wait() -> None:
    now = clock.now()
    for path in "abc":
        watched(now, f"https://news.example.org/{path}")
    other = watched(now, "https://other.example.net/feed")
    for seconds, feed in enumerate(Feed.objects.order_by("-pk")):
        Feed.objects.filter(pk=feed.pk).update(due_at=now - timedelta(seconds=9 - seconds))
    assert [turn.row.url for turn in taken()] == [other.url, "https://news.example.org/c"]


def test_a_feed_that_somebody_did_not_finish_is_taken_alone() -> None:
    now = clock.now()
    bad, good = watched(now), watched(now, "https://other.example.net/feed")
    Feed.objects.filter(pk=bad.pk).update(attempts=1, due_at=now - 2 * SECOND)
    Feed.objects.filter(pk=good.pk).update(due_at=now - SECOND)
    assert taken(alone=False) == []
    (turn,) = taken()
    assert (turn.row, turn.is_suspect, turn.lease.attempts) == (bad, True, 2)
    assert [(one.row, one.is_suspect) for one in taken(alone=False)] == [(good, False)]


def test_a_feed_that_killed_its_worker_three_times_is_laid_aside() -> None:
    now = clock.now()
    feed = watched(now)
    Feed.objects.update(attempts=leases.TRIES, due_at=now - SECOND, lease_until=now - SECOND, lease_token="0" * 32)
    assert taken() == []
    feed.refresh_from_db()
    assert feed.quarantined_at is not None


def test_whoever_waited_too_long_for_a_visitor_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    feed, site = watched(clock.now()), Site()
    ready()
    (turn,) = taken()
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    came = turns.visit(turn, lambda *_asked: None, fetch=site)
    turns.keep(POLL, [came], lambda *_kept: None, now=clock.now())
    feed.refresh_from_db()
    assert (site.asked, feed.attempts, feed.lease_token) == ([], 0, None)


def test_what_breaks_is_told_on_the_row_and_its_host_is_free() -> None:
    feed, site = watched(clock.now()), Site()
    ready()

    def breaks(*_asked: Any) -> None:
        raise ValueError("a feed nobody thought of")

    came = [turns.visit(turn, breaks, fetch=site) for turn in taken()]
    turns.keep(POLL, came, lambda *_kept: None, now=clock.now())
    feed.refresh_from_db()
    assert (feed.attempts, feed.last_error) == (1, "ValueError: a feed nobody thought of")
    assert Host.objects.get().busy_token is None


def test_one_feed_that_is_leased_already_is_looked_at(settings: Any) -> None:
    settings.LOOPBACK_HOSTS = "news.test=127.0.0.1:9"
    feed = watched(clock.now(), "http://news.test/feed")
    host_of("http://news.test/feed")
    ready()
    poll(ledger.lease(POLL)[0])
    feed.refresh_from_db()
    assert (feed.outcome, feed.failures) == ("unreachable", 1)
