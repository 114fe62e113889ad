"""Hosts that let no machine in are a reminder to look yourself, one a host, due by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from factcheck.access.models import User
from sources.fetching import pace
from sources.fetching.types import Outcome
from sources.models import Change, Document, Host
from sources.models.walls import CLOSED_BY_ROBOTS
from sources.services import documents, supplying, visiting
from tests.claims.admin.conftest import page_of
from tests.factories import person

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def by(db: None) -> User:
    return person()


def page(url: str, *, now: datetime, **fields: Any) -> Document:
    """Make a page behind a wall that was read before, unless fields say otherwise."""
    made = page_of("The ferry runs again.", now=now, url=url)
    Document.objects.filter(pk=made.pk).update(**{"outcome": "gated", "seen_at": now, **fields})
    made.refresh_from_db()
    return made


def due() -> list[tuple[str, int, datetime]]:
    return [(host.name, host.walled, host.visit_due_at) for host in visiting.reminders()]


def test_a_host_behind_a_wall_is_one_reminder_whatever_the_number_of_its_pages(now: datetime) -> None:
    for number in range(3):
        page(f"https://walled.test/{number}", now=now + timedelta(hours=number))
    page("https://closed.test/1", now=now, outcome="blocked", outcome_detail=CLOSED_BY_ROBOTS)
    for outcome in ("unchanged", "unreachable", "unsupported", "gone"):
        page(f"https://{outcome}.test/1", now=now, outcome=outcome)
    page("https://address.test/1", now=now, outcome="blocked", outcome_detail="address_not_allowed: private")
    page("https://paused.test/1", now=now, paused_at=now, due_at=None)
    assert due() == [("walled.test", 3, now + WEEK), ("closed.test", 1, now + WEEK)]


def test_it_is_due_by_the_clock_so_many_days_after_the_page_was_seen(now: datetime, settings: Any) -> None:
    page("https://walled.test/1", now=now)
    assert visiting.many_due(now=now + WEEK - timedelta(seconds=1)) == 0
    assert visiting.many_due(now=now + WEEK) == 1
    settings.VISIT_EVERY_DAYS = 2
    assert due() == [("walled.test", 1, now + timedelta(days=2))]
    Host.objects.update(visit_every_days=30)
    assert due() == [("walled.test", 1, now + timedelta(days=30))]


def test_what_was_never_seen_is_due_since_we_know_of_it(now: datetime) -> None:
    never = page("https://walled.test/1", now=now, seen_at=None)
    assert due() == [("walled.test", 1, never.created_at)]


def test_the_page_that_waits_longest_decides_for_its_host(now: datetime) -> None:
    late = page("https://walled.test/late", now=now)
    soon = page("https://walled.test/soon", now=now - timedelta(days=3))
    assert [one.pk for one in visiting.pages(soon.host)] == [soon.pk, late.pk]  # type: ignore[arg-type]
    assert due() == [("walled.test", 2, now - timedelta(days=3) + WEEK)]


def test_who_looked_and_found_nothing_new_is_reminded_again_later(now: datetime, by: User) -> None:
    seen, later = page("https://walled.test/1", now=now), now + timedelta(days=9)
    host = seen.host
    assert host is not None
    never = page("https://walled.test/2", now=now, seen_at=None)
    Document.objects.filter(pk=never.pk).update(snapshot=None)
    assert visiting.visited(host, seen=[seen.pk, never.pk], by=by, now=later) == 1
    host.refresh_from_db()
    seen.refresh_from_db()
    never.refresh_from_db()
    assert (host.visited_at, host.visited_by) == (later, by)
    assert (seen.seen_at, never.seen_at) == (later, None), "what was never read is unread still"
    assert due() == [("walled.test", 2, later + WEEK)]


def test_a_page_that_was_not_shown_is_not_taken_for_seen(now: datetime, by: User) -> None:
    shown, other = page("https://walled.test/1", now=now), page("https://walled.test/2", now=now)
    open_again = page("https://walled.test/3", now=now, outcome="unchanged")
    elsewhere = page("https://else.test/1", now=now)
    assert shown.host is not None
    asked = [shown.pk, open_again.pk, elsewhere.pk]
    assert visiting.visited(shown.host, seen=asked, by=by, now=now + WEEK) == 1
    for untouched in (other, open_again, elsewhere):
        untouched.refresh_from_db()
        assert untouched.seen_at == now


def test_a_blind_page_that_a_person_looked_at_is_told_as_seen_again(now: datetime, by: User) -> None:
    blind = page("https://walled.test/1", now=now, blind_at=now)
    assert blind.host is not None
    later = now + WEEK
    visiting.visited(blind.host, seen=[blind.pk], by=by, now=later)
    blind.refresh_from_db()
    assert blind.blind_at is None
    assert not blind.is_blind(later)
    told = Change.objects.get(document=blind, found=Change.Found.SEEN_AGAIN)
    assert (told.before_id, told.due_at) == (blind.snapshot_id, later)


def test_supplying_what_one_saw_puts_the_page_off_too(now: datetime, by: User) -> None:
    walled = page("https://walled.test/1", now=now)
    at = now + timedelta(days=5)
    supplying.supply(walled, text="The ferry runs again on weekdays.", seen_at=at, by=by, now=at)
    assert due() == [("walled.test", 1, at + WEEK)]


def test_a_site_that_lets_us_in_again_is_no_reminder_any_more(now: datetime) -> None:
    walled = page("https://walled.test/1", now=now)
    Document.objects.filter(pk=walled.pk).update(outcome="unchanged")
    assert due() == []
    documents.pause(page("https://paused.test/1", now=now), now=now)
    assert due() == []


def test_meanwhile_such_a_page_is_asked_for_less_than_once_a_day(now: datetime) -> None:
    rng = Random(1)
    again = [
        pace.next_look(
            now=now, outcome=Outcome.GATED, failures=failures, page=pace.Paced(rate=1.0), rng=rng, on=pace.Terms()
        ).at
        - now
        for failures in range(5, 205)
    ]
    assert sum(again, timedelta()) / len(again) > timedelta(days=1)
