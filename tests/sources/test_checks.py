"""One look at a page: what it counts as, what it leaves, and what it never touches."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure, Response
from sources.fetching.types import Outcome, Unreadable
from sources.models import Change, Check, Document
from sources.services import checks, documents

pytestmark = pytest.mark.django_db

URL = "https://news.example.org/bridge"
WORDS = "Engineers found cracks in the Selmar bridge on Friday, the mayor said. " * 4
RNG = random.Random(7)


def html(text: str = WORDS, **_more: str) -> bytes:
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return f"<html lang=en><title>Bridge</title><article><h1>Bridge</h1>{paragraphs}</article></html>".encode()


def answer(body: bytes | None = None, *, status: int = 200, **headers: str) -> Response:
    return Response(
        url=URL,
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=html() if body is None else body,
        media_type="text/html",
        charset="utf-8",
        redirects=(),
        took=0.01,
        truncated=False,
    )


class Site:
    """Answers what the test last put there, and remembers what it was asked."""

    def __init__(self) -> None:
        self.now_says: Response | Failed = answer()
        self.asked: list[Any] = []

    def __call__(self, _url: str, *, validators: Any) -> Response | Failed:
        self.asked.append(validators)
        return self.now_says


@pytest.fixture
def site() -> Site:
    return Site()


Look = Callable[..., Outcome]


@pytest.fixture
def look(site: Site) -> Look:
    """Make the page due, and look at it as a worker would; the clock moves by what the test says."""
    documents.watch(URL, now=clock.now())

    def once(said: Response | Failed | None = None, *, at: datetime | None = None) -> Outcome:
        site.now_says = said or site.now_says
        Document.objects.update(due_at=clock.now() - timedelta(seconds=1))
        held = ledger.lease(ledger.register.works["look"])[0]
        page = Document.objects.select_related("snapshot").get()
        seen = checks.look_at(page, fetch=site)
        return checks.record(held, seen, now=at or clock.now(), rng=RNG)

    return once


@pytest.fixture(autouse=True)
def _one_look_confirms(settings: Any) -> None:
    settings.CHANGE_LOOKS = 1


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


def test_a_change_must_be_seen_twice_and_far_enough_apart_where_the_desk_wants_it(look: Look, settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 600
    look()
    other, third = answer(html(f"{WORDS}\nIt is closed.")), answer(html(f"{WORDS}\nIt is open."))
    start = clock.now()
    assert look(other, at=start) is Outcome.CHANGE_PENDING
    assert look(third, at=start + timedelta(minutes=10)) is Outcome.CHANGE_PENDING, "another text is no confirmation"
    assert look(answer(), at=start + timedelta(minutes=20)) is Outcome.UNCHANGED
    assert look(other, at=start + timedelta(minutes=30)) is Outcome.CHANGE_PENDING
    page = Document.objects.get()
    assert page.due_at == start + timedelta(minutes=40)
    assert look(other, at=start + timedelta(minutes=31)) is Outcome.CHANGE_PENDING, "too soon to confirm anything"
    assert look(other, at=start + timedelta(minutes=40)) is Outcome.CHANGED
    assert Document.objects.get().snapshots.count() == 2


def test_a_page_that_differs_at_every_look_is_taken_as_it_is_after_a_while(look: Look, settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 600
    look()
    start = clock.now()
    seen = [
        look(answer(html(f"{WORDS}\nVisitor {number} came.")), at=start + timedelta(minutes=10 * number))
        for number in range(4)
    ]
    assert seen == [Outcome.CHANGE_PENDING] * 3 + [Outcome.CHANGED]


def test_a_304_drops_what_awaited_its_second_look(look: Look, settings: Any) -> None:
    look()
    settings.CHANGE_LOOKS = 2
    changed = answer(html(f"{WORDS}\nIt is closed."))
    assert look(changed) is Outcome.CHANGE_PENDING
    assert look(answer(b"", status=304)) is Outcome.UNCHANGED
    assert look(changed) is Outcome.CHANGE_PENDING


def test_a_page_is_gone_after_two_looks_and_said_so_once(look: Look, settings: Any) -> None:
    look()
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 0
    missing = answer(b"gone", status=404)
    assert look(missing) is Outcome.CHANGE_PENDING
    assert look(missing) is Outcome.GONE
    assert look(missing) is Outcome.GONE
    page = Document.objects.get()
    assert page.changes.filter(found="gone").count() == 1
    assert page.gone_at is not None
    assert page.snapshot is not None, "what it said is kept"
    assert look(answer()) is Outcome.UNCHANGED
    assert Document.objects.get().gone_at is None
    assert Change.objects.get(found="seen_again").document == page
    assert look() is Outcome.UNCHANGED
    assert Change.objects.filter(found="seen_again").count() == 1


FAILED_LOOKS = [
    (Failed(Failure.DNS, "no such name", 0.1, URL), Outcome.UNREACHABLE),
    (Failed(Failure.DEADLINE, "20 s", 20.0, URL), Outcome.UNREACHABLE),
    (Failed(Failure.TLS, "expired", 0.1, URL), Outcome.UNREACHABLE),
    (Failed(Failure.ADDRESS_NOT_ALLOWED, "10.0.0.1", 0.1, URL), Outcome.BLOCKED),
    (answer(b"", status=200), Outcome.UNREACHABLE),
    (answer(b"no", status=500), Outcome.UNREACHABLE),
    (answer(b"no", status=403), Outcome.GATED),
    (answer(b"no", status=429, retry_after="3600"), Outcome.THROTTLED),
    (answer(b"<html><title>Just a moment...</title><p>Verify you are a human</p></html>"), Outcome.GATED),
    (answer(b"<html><body><form><input type=password></form><p>Log in to continue</p></html>"), Outcome.GATED),
    (answer(b"<html><body><script>x()</script><noscript>Please enable JavaScript</noscript>"), Outcome.UNSUPPORTED),
    (answer(b"<html><body></body></html>"), Outcome.UNSUPPORTED),
    (answer(html("Something went wrong. Please try again later.")), Outcome.UNREACHABLE),
    (answer(html("We are down for scheduled maintenance. Come back in an hour, please.")), Outcome.UNREACHABLE),
    (answer(html("We value your privacy. We and our partners store cookies on your device.")), Outcome.GATED),
    (answer(html("This content is not available in your region.")), Outcome.GATED),
    (
        answer(
            b"<html><title>The News</title><body><h1>Welcome back to The News</h1><form><p>Enter your name and your "
            b"password and you will be taken to the page that you wanted to read in a moment or so.</p>"
            b"<input type='password'></form></body></html>"
        ),
        Outcome.GATED,
    ),
    (answer(b"<html><article><p>Top stories of the hour. Weather and traffic.</p></article></html>"), Outcome.GATED),
]


@pytest.mark.parametrize(("said", "outcome"), FAILED_LOOKS)
def test_a_failed_look_is_never_a_change(look: Look, said: Response | Failed, outcome: Outcome) -> None:
    look()
    before = Document.objects.values_list("snapshot", "changed_at", "seen_at", "etag").get()
    assert look(said) in {outcome, Outcome.UNREACHABLE}
    page = Document.objects.get()
    assert Document.objects.values_list("snapshot", "changed_at", "seen_at", "etag").get() == before
    assert page.changes.count() == 1
    assert page.failures == 1
    assert page.due_at is not None
    assert Check.objects.count() == 2


def test_a_page_that_says_it_was_not_found_is_on_its_way_to_gone(look: Look, settings: Any) -> None:
    look()
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 0
    missing = answer(html("Page not found. Perhaps the search helps."))
    assert look(missing) is Outcome.CHANGE_PENDING
    assert look(missing) is Outcome.GONE


def test_a_short_page_that_speaks_of_a_retraction_is_a_change(look: Look) -> None:
    look()
    assert look(answer(html("This article was retracted by its editors."))) is Outcome.CHANGED


def test_a_machine_that_is_short_of_room_is_not_the_pages_fault(look: Look, site: Site) -> None:
    page = Document.objects.get()

    def no_room(_body: bytes, **_about: Any) -> Any:
        raise OSError(28, "No space left on device")

    seen = checks.look_at(page, fetch=site, read=no_room)
    assert seen.outcome is Outcome.UNREACHABLE
    assert "No space left" in seen.detail


def test_a_failed_first_look_keeps_nothing_and_is_tried_again(look: Look) -> None:
    assert look(Failed(Failure.CONNECT, "refused", 0.1, URL)) is Outcome.UNREACHABLE
    page = Document.objects.get()
    assert (page.snapshot, page.seen_at, page.changes.count()) == (None, None, 0)
    assert page.due_at is not None


def test_retry_after_is_heeded(look: Look) -> None:
    look(answer(b"", status=429, retry_after="7200"))
    page = Document.objects.get()
    assert page.due_at is not None
    assert page.due_at > clock.now() + timedelta(minutes=110)


def test_half_a_page_does_not_replace_a_whole_one(look: Look) -> None:
    look()
    deep = b"<html><article><p>" + WORDS.encode() + b"</p>" + b"<div>" * 400 + b"<p>Deep down</p></article></html>"
    assert look(answer(deep)) is Outcome.UNREACHABLE
    assert Document.objects.get().snapshots.count() == 1


def test_a_page_that_breaks_its_bounds_is_unsupported(look: Look, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = answer(b"<p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">x</p>")
    assert look(bomb) is Outcome.UNSUPPORTED
    assert "cpu" in Document.objects.get().outcome_detail


def test_a_page_for_which_our_own_machine_was_too_slow_is_looked_at_again_soon(look: Look) -> None:
    page = Document.objects.get()
    seen = checks.look_at(
        page, fetch=lambda *_args, **_named: answer(), read=lambda *_args, **_named: Unreadable("wall", "not in time")
    )
    held = ledger.lease(ledger.register.works["look"])[0]
    assert checks.record(held, seen, now=clock.now(), rng=RNG) is Outcome.UNREACHABLE
    page.refresh_from_db()
    assert page.due_at is not None
    assert page.due_at <= clock.now() + timedelta(minutes=5), "not tomorrow, as a page that cannot be read"
    assert "here" in page.outcome_detail


def test_a_page_unseen_for_too_long_is_told_once_and_taken_back_when_it_is_seen(look: Look, settings: Any) -> None:
    settings.MONITOR_BLIND_AFTER = 3600
    look()
    down = Failed(Failure.CONNECT, "refused", 0.1, URL)
    later = clock.now() + timedelta(hours=2)
    look(down, at=clock.now() + timedelta(minutes=30))
    assert checks.tell_blind(now=clock.now() + timedelta(minutes=30)) == 0
    look(down, at=later)
    assert list(Document.objects.blind(later)) == [Document.objects.get()]
    assert Document.objects.get().is_blind(later)
    assert checks.tell_blind(now=later) == 1
    assert checks.tell_blind(now=later + timedelta(hours=1)) == 0
    assert Change.objects.filter(found="blind").count() == 1
    look(answer(), at=later + timedelta(hours=2))
    assert not Document.objects.get().is_blind(later + timedelta(hours=2))
    assert Change.objects.filter(found="seen_again").count() == 1
    assert Document.objects.get().blind_at is None


def test_a_page_that_nobody_looked_at_is_blind_by_the_readers_clock(look: Look, settings: Any) -> None:
    """All workers dead: nothing was recorded, and yet nobody may take the page for fresh."""
    settings.MONITOR_BLIND_AFTER = 3600
    look()
    assert Document.objects.get().is_blind(clock.now() + timedelta(hours=2))
    assert checks.tell_blind(now=clock.now() + timedelta(hours=2)) == 1


def test_a_page_of_which_only_half_can_be_read_was_not_seen(look: Look) -> None:
    look()
    deep = b"<html><article><p>" + WORDS.encode() + b"</p>" + b"<div>" * 400 + b"<p>Deep down</p></article></html>"
    seen_at = Document.objects.get().seen_at
    look(answer(deep))
    page = Document.objects.get()
    assert (page.seen_at, page.failures) == (seen_at, 1)
    assert "half a page" in page.outcome_detail


def test_a_page_never_seen_is_not_blind(look: Look) -> None:
    look(Failed(Failure.CONNECT, "refused", 0.1, URL), at=clock.now() + timedelta(days=9))
    assert checks.tell_blind(now=clock.now() + timedelta(days=30)) == 0
    assert not Change.objects.exists()
    assert not Document.objects.get().is_blind(clock.now() + timedelta(days=30))


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
