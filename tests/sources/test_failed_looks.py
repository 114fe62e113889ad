"""Looks that saw nothing: never a change, told when it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from factcheck import ledger
from factcheck.lib import clock, jail
from factcheck.lib.answers import Failed, Failure, Response
from sources.fetching.reading import read_in_jail
from sources.fetching.types import Outcome, Unreadable
from sources.models import Change, Check, Document
from sources.services import checks
from tests.sources.pages import RNG, URL, WORDS, Look, Site, answer, html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_look_confirms")]


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


def test_a_page_that_breaks_its_bounds_is_unsupported(look: Look) -> None:
    bomb = answer(b"<p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">x</p>")
    patient = partial(read_in_jail, run=partial(jail.run, cpu_s=1, wall_s=120))  # however busy this machine is
    seen = checks.look_at(Document.objects.get(), fetch=lambda *_args, **_named: bomb, read=patient)
    held = ledger.lease(ledger.register.works["look"])[0]
    assert checks.record(held, seen, now=clock.now(), rng=RNG) is Outcome.UNSUPPORTED
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


def too_slow(*, now: datetime, is_read: bool = False) -> Outcome:
    """Look at a page for which our own machine is too slow, unless `is_read`."""
    Document.objects.update(due_at=clock.now() - timedelta(seconds=1))
    held = ledger.lease(ledger.register.works["look"])[0]
    read = {} if is_read else {"read": lambda *_args, **_named: Unreadable("wall", "not in time")}
    page = Document.objects.select_related("snapshot").get()
    seen = checks.look_at(page, fetch=lambda *_args, **_named: answer(), **read)
    return checks.record(held, seen, now=now, rng=RNG)


def test_a_page_for_which_we_are_always_too_slow_is_not_read_for_ever(look: Look) -> None:
    now = clock.now()
    assert [too_slow(now=now) for _look in range(4)] == ["unreachable"] * 2 + ["unsupported"] * 2
    page = Document.objects.get()
    assert page.outcome_detail == "could not be read here in time, at 3 looks in a row or more"
    assert page.due_at is not None
    assert page.due_because.startswith("unsupported 4 times in a row; tried again within ")
    assert too_slow(now=now, is_read=True) is Outcome.CHANGED
    assert too_slow(now=now) is Outcome.UNREACHABLE, "a row begins anew behind a look that could read it"


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


@pytest.mark.parametrize(("led_to", "kept"), [("https://other.example.org/notice", ""), (f"{URL}/", '"v1"')])
def test_what_another_page_says_of_its_version_is_not_kept(look: Look, site: Site, led_to: str, kept: str) -> None:
    """Sent to our page's own server, it would be answered 304 for a page that is not the one we keep."""
    look(replace(answer(etag='"v1"'), url=led_to, redirects=(URL,)))
    assert Document.objects.get().etag == kept


def test_half_a_page_is_no_change_where_only_links_were_too_many_before(look: Look) -> None:
    linked = "Of the bridge <a href=/x>the port</a> says that it is shut, <a href=/y>the mayor</a> that it is not. "
    look(answer(html(f"{WORDS}\n" + f"{linked * 26}\n" * 40)))
    assert Document.objects.get().snapshot.truncated == "links"  # type: ignore[union-attr]
    deep = html(WORDS).replace(b"</article>", b"<div>" * 300 + b"more" + b"</article>")
    assert look(answer(deep)) is Outcome.UNREACHABLE


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("https://news.example.org/subscribe?from=/bridge", Outcome.GATED),
        ("https://news.example.org/user/login.html", Outcome.GATED),
        ("https://login.example.org/x", Outcome.GATED),
        ("https://news.example.org/errors/503", Outcome.UNREACHABLE),
        ("https://news.example.org/404.html", Outcome.CHANGE_PENDING),
    ],
)
def test_what_stands_at_the_door_is_not_the_page_however_long_it_is(look: Look, url: str, outcome: Outcome) -> None:
    look()
    offer = html("Read all our stories about bridges, ferries and schools for one euro a week, wherever you are. " * 20)
    assert look(replace(answer(offer), url=url, redirects=(URL,))) is outcome
    assert Document.objects.get().snapshots.count() == 1


@pytest.mark.parametrize("url", ["https://news.example.org/2026/teachers-sign-up-for-strike", f"{URL}?consent=1"])
def test_a_page_that_moved_is_read_where_it_is_now(look: Look, url: str) -> None:
    look()
    assert look(replace(answer(), url=url, redirects=(URL,))) is Outcome.UNCHANGED


def test_a_page_that_was_never_read_is_not_told_as_blind(look: Look) -> None:
    """That it was not found was seen; it was never watched with success."""
    assert look(answer(b"no", status=404)) is Outcome.CHANGE_PENDING
    later = clock.now() + timedelta(days=30)
    assert checks.tell_blind(now=later) == 0
    assert not Document.objects.get().is_blind(later)
