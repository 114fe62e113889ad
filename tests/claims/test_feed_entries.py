"""What a watched feed tells of becomes an article, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from claims.models import Article, Event
from claims.services import articles, feeds
from claims.services.erasure import erase_person
from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused
from factcheck.lib.names import names_of
from sources.models import Archiving, Document, Erasure, FeedEntry, Snapshot
from sources.services import documents, erasure
from tests.factories import person
from tests.sources.feeds import Site, entry, poll, rss, watched

pytestmark = pytest.mark.django_db
STORY = "https://news.example.org/a"


def told(now: datetime, *entries: str) -> None:
    """Let a new feed tell of these, all of which are to come in."""
    watched(now, begin_with=20)
    poll(Site(rss(*entries)), now)


def entered(now: datetime) -> list[str]:
    """Take in what is due, as a worker would."""
    FeedEntry.objects.filter(became="waiting").update(due_at=clock.now() - timedelta(seconds=1))
    return [feeds.enter(held, now=now).value for held in ledger.lease(ledger.register.works["enter"])]


def test_each_new_entry_becomes_an_article_that_is_read_and_watched(now: datetime) -> None:
    told(now, entry("a"), entry("b"))
    assert entered(now) == ["taken", "taken"]
    one = FeedEntry.objects.get(title="a")
    article = Article.objects.get(document__url=STORY)
    assert (one.document, one.due_at, one.lease_token) == (article.document, None, None)
    assert (article.state, article.document.due_at, article.submitted_by) == ("waiting", now, None)
    assert Event.objects.filter(type="article.submitted").count() == 2


def test_an_article_that_somebody_sent_in_before_is_found_again(now: datetime) -> None:
    by = person()
    article, _is_new = articles.submit_url(f"{STORY}?utm_source=mail", now=now, by=by)
    told(now, entry("a"))
    assert entered(now) == ["known"]
    assert FeedEntry.objects.get().document == article.document
    assert Article.objects.get().submitted_by == by


def test_two_feeds_that_tell_of_one_address_make_one_article(now: datetime) -> None:
    told(now, entry("a"))
    other = watched(now, "https://other.example.net/feed")
    waiting = {"identity": STORY, "url": f"{STORY}?utm_medium=rss", "became": "waiting", "seen_at": now, "due_at": now}
    FeedEntry.objects.create(feed=other, key="k", **waiting)
    assert sorted(entered(now)) == ["known", "taken"]
    assert Article.objects.count() == 1


def test_an_address_that_was_erased_is_refused_with_the_reason(now: datetime) -> None:
    told(now, entry("a"))
    ended = erasure.begin(Erasure.What.PERSON, why="asked for", by=person("admin"), now=now)
    erasure.bar([STORY], ended)
    assert entered(now) == ["refused"]
    one = FeedEntry.objects.get()
    assert "asked for" in one.detail
    assert not Article.objects.exists()


def test_whoever_lost_the_entry_meanwhile_makes_no_article(now: datetime) -> None:
    told(now, entry("a"))
    FeedEntry.objects.update(due_at=clock.now() - timedelta(seconds=1))
    (held,) = ledger.lease(ledger.register.works["enter"])
    FeedEntry.objects.update(lease_token="0" * 32)
    with pytest.raises(ledger.LeaseLost):
        feeds.enter(held, now=now)
    assert not Article.objects.exists()
    assert not Document.objects.exists()


def test_the_work_is_done_by_the_worker_that_drains(now: datetime) -> None:
    told(now, entry("a"))
    FeedEntry.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert ledger.drain(ledger.register.works["enter"]) == 1
    assert FeedEntry.objects.get().became == "taken"


def test_addresses_that_hold_a_persons_name_are_forgotten_with_the_person(now: datetime) -> None:
    told(now, entry("a", link="https://news.example.org/ilka-zorxan/a"), entry("b"))
    feed = watched(now, "https://ilka-zorxan.example/feed")
    snapshot = Snapshot.objects.create(document=documents.watch(STORY, now=now)[0], number=1, taken_at=now, text="x")
    copy = "https://archive.example/ilka-zorxan"
    Archiving.objects.create(snapshot=snapshot, host=feed.host, state="kept", url=copy)
    erase_person(names_of(["Ilka Zorxan"]), why="asked for", by=person("admin"), now=now)
    feed.refresh_from_db()
    assert (feed.url, feed.identity, feed.due_at, feed.paused_at) == ("", f"erased:{feed.pk}", None, now)
    one, other = FeedEntry.objects.order_by("title")
    assert (one.url, one.identity, one.became, one.due_at) == ("", "", "refused", None)
    assert (other.became, entered(now)) == ("waiting", ["taken"])
    kept = Archiving.objects.get()
    assert (kept.url, kept.state) == ("", "left_out")
    with pytest.raises(UrlRefused):
        watched(now, "https://ilka-zorxan.example/feed")
    assert str(feed) == "Feed whose address was erased"
