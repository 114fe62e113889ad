"""One look at a page: what it counts as, what it leaves, and what it never touches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure
from sources.fetching.types import Outcome
from sources.models import Change, Check, Document
from sources.services import checks, documents
from tests.sources.pages import WORDS, Look, Site, answer, html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_look_confirms")]


def test_the_first_look_keeps_what_the_page_says(look: Look) -> None:
    assert look() is Outcome.CHANGED
    page = Document.objects.get()
    assert page.snapshot is not None
    assert page.snapshot.text.startswith("Bridge\n\nEngineers found cracks")
    assert page.snapshot.raw.unpacked() == html()
    assert page.publisher is not None
    assert page.publisher.home_domains == ["example.org"]
    change = Change.objects.get()
    assert (change.found, change.before, change.after) == ("first", None, page.snapshot)
    assert Check.objects.get().outcome == "changed"
    assert page.due_at is not None
    assert page.due_at > clock.now()


def test_an_unchanged_page_leaves_a_check_and_nothing_else(look: Look) -> None:
    look()
    assert look() is Outcome.UNCHANGED
    page = Document.objects.get()
    assert (page.snapshots.count(), page.changes.count(), page.checks.count()) == (1, 1, 2)
    assert page.looks_since_change == 1


def test_the_servers_validators_are_sent_back_verbatim_and_304_is_unchanged(look: Look, site: Site) -> None:
    look(answer(etag='W/"1"', last_modified="yesterday"))
    assert look(answer(b"", status=304)) is Outcome.UNCHANGED
    assert site.asked[0] is None
    assert (site.asked[1].etag, site.asked[1].last_modified) == ('W/"1"', "yesterday")


def test_a_changed_page_gets_a_snapshot_and_a_change_that_is_due(look: Look) -> None:
    look()
    assert look(answer(html(f"{WORDS}\nIt is closed."))) is Outcome.CHANGED
    page = Document.objects.get()
    change = page.changes.get(found="changed")
    assert change.before is not None
    assert change.before.number == 1
    assert change.after == page.snapshot
    assert change.after is not None
    assert change.after.number == 2
    assert change.due_at is not None


def test_white_space_is_no_change(look: Look) -> None:
    look()
    assert look(answer(html().replace(b" cracks ", b"\n   cracks&nbsp;"))) is Outcome.UNCHANGED


def test_a_look_whose_lease_was_lost_leaves_nothing(look: Look, site: Site) -> None:
    look()
    Document.objects.update(due_at=clock.now() - timedelta(seconds=1))
    held = ledger.lease(ledger.register.works["look"])[0]
    Document.objects.update(lease_token=None, lease_until=None)
    seen = checks.look_at(Document.objects.get(), fetch=lambda *_a, **_k: answer(html("Something else entirely. " * 9)))
    with pytest.raises(ledger.LeaseLost):
        checks.record(held, seen, now=clock.now())
    assert (Check.objects.count(), Document.objects.get().snapshots.count()) == (1, 1)


def test_a_page_paused_while_it_was_looked_at_is_not_due_again(look: Look, site: Site) -> None:
    look()
    page = Document.objects.get()
    Document.objects.update(due_at=clock.now() - timedelta(seconds=1))
    held = ledger.lease(ledger.register.works["look"])[0]
    documents.pause(page, now=clock.now())
    checks.record(held, checks.look_at(page, fetch=site), now=clock.now())
    assert Document.objects.get().due_at is None
    documents.resume(page, now=clock.now())
    assert Document.objects.get().due_at is not None


def test_no_page_waits_longer_than_the_setting(look: Look, settings: Any) -> None:
    settings.LOOK_AGAIN_WITHIN = 5
    look()
    page = Document.objects.get()
    assert page.due_at is not None
    assert page.due_at <= clock.now() + timedelta(seconds=5)


def test_a_time_without_a_zone_is_taken_for_the_desks(look: Look) -> None:
    page = html().replace(
        b"<article>", b"<meta property='article:published_time' content='2026-03-01T08:00:00'><article>"
    )
    look(answer(page))
    snapshot = Document.objects.get().snapshot
    assert snapshot is not None
    assert snapshot.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_looking_now_lets_go_of_what_was_stuck_on_the_page(look: Look, now: datetime) -> None:
    look()
    Change.objects.update(quarantined_at=now, attempts=3)
    Document.objects.update(quarantined_at=now, attempts=3)
    assert documents.look_now(Document.objects.get(), now=now)
    change, page = Change.objects.get(), Document.objects.get()
    assert (change.quarantined_at, change.due_at, change.attempts) == (None, now, 0)
    assert (page.quarantined_at, page.due_at, page.attempts) == (None, now, 0)


def test_look_now_makes_a_watched_page_due(look: Look, now: datetime) -> None:
    look()
    assert documents.look_now(Document.objects.get(), now=now)
    assert Document.objects.get().due_at == now


def test_names_of_the_loopback_hosts_go_through_the_guard(settings: Any) -> None:
    settings.LOOPBACK_HOSTS = "closed.test=127.0.0.1:9"
    failed = checks.fetcher()("http://closed.test/")
    assert isinstance(failed, Failed)
    assert failed.failure is Failure.CONNECT
    assert isinstance(checks.fetcher()("http://127.0.0.1/"), Failed)
