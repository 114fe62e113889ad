"""A feed as a test puts it there, and the site that answers with it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Response
from sources.fetching.types import Outcome
from sources.models import Feed
from sources.services import feeds

URL = "https://news.example.org/feed"
RNG = random.Random(7)


def entry(title: str, *, link: str | None = None, guid: str = "", at: datetime | None = None) -> str:
    """Return an item; its link is of its title unless given."""
    leads = f"https://news.example.org/{title}" if link is None else link
    dated = f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if at else ""
    named = f"<guid isPermaLink='false'>{guid or title}</guid>"
    return f"<item><title>{title}</title><link>{leads}</link>{named}{dated}</item>"


def rss(*entries: str) -> Response:
    """Return a feed of these."""
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>The Harbour Courier</title>"
    return answer(f"{head}{''.join(entries)}</channel></rss>".encode())


def answer(body: bytes, *, status: int = 200, media_type: str = "application/rss+xml", **headers: str) -> Response:
    """Return what a site says."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, status, named, body, media_type, "utf-8", (), 0.01, truncated=False)


class Site:
    """Answers what the test last put there, and remembers what it was asked."""

    def __init__(self, says: Response | Failed) -> None:
        self.says = says
        self.asked: list[Any] = []

    def __call__(self, _url: str, *, validators: Any) -> Response | Failed:
        self.asked.append(validators)
        return self.says


def watched(now: datetime, url: str = URL, **fields: Any) -> Feed:
    """Watch a feed."""
    return feeds.watch(url, now=now, **fields)[0]


def ready(feed: Feed | None = None) -> None:
    """Let feeds be due since a moment, by the clock of leases."""
    rows = Feed.objects.filter(pk=feed.pk) if feed else Feed.objects.all()
    rows.watched().update(due_at=clock.now() - timedelta(seconds=1))


def poll(site: Site, now: datetime) -> Outcome:
    """Look at the one feed that is watched, as a worker would."""
    ready()
    held = ledger.lease(ledger.register.works["poll"])[0]
    feed = Feed.objects.select_related("host").get(pk=held.pk)
    return feeds.record(held, feeds.look_at(feed, fetch=site), now=now, rng=RNG)
