"""What must hold of feeds, their entries and the outside archive, and how each is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sources.models import Archiving, Feed, FeedEntry
from sources.services import hosts

URL = "https://news.example.org/feed"


def feed(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a feed."""

    def act(world: Any) -> Feed:
        known = {"identity": URL, "url": URL, "host": hosts.of(URL), "created_at": world.now}
        return Feed.objects.create(**known | fields)

    return act


def entry(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing an entry; fields that are called get the world."""

    def act(world: Any) -> FeedEntry:
        given = {name: value(world) if callable(value) else value for name, value in fields.items()}
        known = {"key": "k", "seen_at": world.now, "became": "refused", "detail": "x"}
        return FeedEntry.objects.create(feed=feed()(world), **known | given)

    return act


def _twice(world: Any) -> None:
    first = entry()(world)
    FeedEntry.objects.create(feed=first.feed, key="k", seen_at=world.now, became="refused", detail="x")


def copy(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a copy outside, which would be fine but for these fields."""

    def act(world: Any) -> Archiving:
        known = {"snapshot": world.snapshot, "host": hosts.of(URL), "state": "kept", "url": "https://archive.example/1"}
        return Archiving.objects.create(**known | fields)

    return act


FEEDS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "sources_archiving_lease_has_token": lambda world: copy(lease_until=world.now)(world),
    "sources_archiving_state_known": copy(state="fine", url=""),
    "sources_archiving_is_due_while_it_waits": copy(state="waiting", url=""),
    "sources_archiving_kept_says_where": copy(url="javascript:alert(1)"),
    "sources_archiving_that_ended_otherwise_says_why": copy(state="failed", url=""),
    "sources_feed_lease_has_token": lambda world: feed(lease_until=world.now)(world),
    "sources_feed_url_is_web": feed(url="feed:news.example.org"),
    "sources_feed_has_identity": feed(identity=""),
    "sources_feed_outcome_known": feed(outcome="fine"),
    "sources_feed_begins_with_few": feed(begin_with=21),
    "sources_feedentry_lease_has_token": entry(lease_until=lambda world: world.now),
    "sources_feedentry_once_a_feed": _twice,
    "sources_feedentry_became_known": entry(became="fine"),
    "sources_feedentry_is_due_while_it_waits": entry(became="waiting"),
    "sources_feedentry_left_out_says_why": entry(detail=""),
    "sources_feedentry_that_came_in_has_its_document": entry(became="taken"),
})  # fmt: skip
