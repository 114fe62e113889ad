"""A visit is made by the site's own rules and touches no row; what came of it is written down many at once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure, Response
from sources.fetching.types import Outcome
from sources.models import Change, Check, Document, Host, Snapshot
from sources.services import checks, documents, hosts, unchanged, visits
from sources.tasks import LOOK, look_round

pytestmark = pytest.mark.django_db

PAST = timedelta(minutes=5)
WORDS = "Engineers found cracks in the Selmar bridge on Friday, the mayor said. " * 4
HTML = f"<html lang=en><title>Bridge</title><article><h1>Bridge</h1><p>{WORDS}</p></article></html>".encode()
ROBOTS = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"
Said = Response | Failed | Exception


def says(status: int = 200, body: bytes = HTML, *, url: str = "", **headers: str) -> Response:
    return Response(url, status, headers, body, "text/html", "utf-8", (), 0.01, truncated=False)


class Site:
    """Answers by the end of the address, and remembers what it was asked for."""

    def __init__(self, **answers: Said) -> None:
        self.answers: dict[str, Said] = {"robots.txt": says(404, b""), **answers}
        self.asked: list[str] = []

    def __call__(self, url: str, *, validators: Any) -> Response | Failed:
        self.asked.append(url)
        said = self.answers.get(url.rpartition("/")[2], says(304, b""))
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Failed):
            return Failed(said.failure, said.detail, said.took, url)
        return Response(
            url, said.status, said.headers, said.body, said.media_type, said.charset, (), 0.01, truncated=False
        )


def known(url: str = "http://a.test/story", **of_host: Any) -> Document:
    """Make a page that is due and was seen before, of a host whose robots.txt is known."""
    now = clock.now()
    page, _is_new = documents.watch(url, now=now - PAST)
    snapshot = Snapshot.objects.create(
        document=page, number=1, taken_at=now, captured_by="fetch", text=WORDS, digest="0" * 64
    )
    Document.objects.filter(pk=page.pk).update(snapshot=snapshot, etag='"1"', seen_at=now - PAST)
    fresh = {"robots_at": now, "robots_status": 404} | of_host
    page.host = hosts.of(url)
    Host.objects.filter(pk=page.host.pk).update(**fresh)
    return page


def visit(site: Site, *, most: int = 10) -> list[visits.Seen]:
    """Visit what is due and write it down, as a round does."""
    held = hosts.take(most=most, lease_for=ledger.LEASE, alone=True)
    seen = [visits.visit(one, fetch=site) for one in held]
    visits.keep(LOOK, seen, now=clock.now())
    return seen


def free(**fields: Any) -> None:
    """Let every host have had its rest."""
    Host.objects.update(next_allowed_at=None, **fields)


def test_the_first_visit_asks_for_robots_txt_and_the_page_waits_for_its_turn() -> None:
    known(robots_at=None)
    site = Site()
    (seen,) = visit(site)
    assert (site.asked, seen.look) == (["http://a.test/robots.txt"], None)
    page = Document.objects.get()
    assert (page.attempts, page.lease_token, page.checks.count()) == (0, None, 0)
    assert page.due_at is not None
    assert page.due_at < clock.now()
    host = Host.objects.get()
    assert (host.robots_status, host.looks_today) == (404, 1)
    assert host.next_allowed_at is not None
    free()
    visit(site)
    assert site.asked[1:] == ["http://a.test/story"]


def test_what_robots_txt_excludes_is_not_asked_for_and_says_so() -> None:
    known("http://a.test/private/story", robots_text=ROBOTS.decode(), robots_status=200)
    site = Site()
    visit(site)
    page = Document.objects.get()
    assert site.asked == []
    assert (page.outcome, page.seen_at is not None) == (Outcome.BLOCKED, True)
    assert "robots.txt" in page.outcome_detail
    assert Host.objects.get().looks_today == 0


def test_robots_txt_is_kept_for_a_day_and_its_delay_is_heeded() -> None:
    known(robots_at=clock.now() - timedelta(hours=25))
    site = Site(**{"robots.txt": says(200, ROBOTS)})
    visit(site)
    host = Host.objects.get()
    assert (host.robots_text, host.crawl_delay_s) == (ROBOTS.decode(), 3.0)
    assert hosts.rest_after(Document(host=host), says(url="http://a.test/x"), now=clock.now()).for_s == 3.0
    free()
    visit(site)
    assert site.asked == ["http://a.test/robots.txt", "http://a.test/story"]


@pytest.mark.parametrize(
    ("said", "outcome", "failures"),
    [
        (says(503, b""), Outcome.UNREACHABLE, 1),
        (says(429, b""), Outcome.THROTTLED, 1),
        (says(204, b""), Outcome.UNREACHABLE, 0),
        (Failed(Failure.CONNECT, "refused", 0.1, ""), Outcome.UNREACHABLE, 1),
        (Failed(Failure.ADDRESS_NOT_ALLOWED, "inside", 0.1, ""), Outcome.BLOCKED, 0),
    ],
)
def test_a_site_that_does_not_say_whether_we_may_is_not_asked_further(
    said: Said, outcome: Outcome, failures: int
) -> None:
    known(robots_at=None, robots_status=None)
    site = Site(**{"robots.txt": said})
    visit(site)
    page = Document.objects.get()
    assert page.outcome == outcome
    assert page.outcome_detail.startswith("robots.txt could not be read: ")
    assert len(site.asked) == 1
    assert Host.objects.get().fail_count == failures


@pytest.mark.parametrize("failure", [Failure.TOO_MANY_REDIRECTS, Failure.BAD_REDIRECT, Failure.TOO_LARGE])
def test_a_robots_txt_that_cannot_be_had_at_all_asks_nothing(failure: Failure) -> None:
    known(robots_at=None)
    site = Site(**{"robots.txt": Failed(failure, "no", 0.1, "")})
    visit(site)
    free()
    visit(site)
    assert site.asked[1] == "http://a.test/story"


def test_what_a_site_said_before_holds_while_it_cannot_say_it_again() -> None:
    known(
        "http://a.test/private/story",
        robots_text=ROBOTS.decode(),
        robots_status=200,
        robots_at=clock.now() - PAST * 999,
    )
    site = Site(**{"robots.txt": says(500, b"")})
    visit(site)
    host = Host.objects.get()
    assert (host.robots_text, host.robots_status, host.fail_count) == (ROBOTS.decode(), 200, 1)
    free()
    visit(site)
    assert len(site.asked) == 1
    assert Document.objects.get().outcome == Outcome.BLOCKED


def test_many_unchanged_looks_are_written_down_like_one() -> None:
    for number in range(3):
        known(f"http://h{number}.test/story")
    one = known("http://one.test/story")
    Document.objects.update(seen_at=clock.now() - PAST)
    site = Site()
    held = {each.lease.pk: each for each in hosts.take(most=10, lease_for=ledger.LEASE, alone=True)}
    now = clock.now()
    alone = held.pop(one.pk)
    look = visits.visit(alone, fetch=site).look
    assert look is not None
    checks.record(alone.lease, look, now=now)
    visits.keep(LOOK, [visits.visit(each, fetch=site) for each in held.values()], now=now)
    shown = [*checks.COUNTED, "lease_until", "lease_token", "attempts", "last_error", "quarantined_at"]
    rows = {page.pk: page for page in Document.objects.all()}
    for pk in held:
        for name in shown:
            if name != "due_because":
                assert getattr(rows[pk], name) == getattr(rows[one.pk], name), name
        due_at = rows[pk].due_at
        assert due_at is not None
        assert due_at > now
    looks = Check.objects.order_by("document_id")
    assert len({(look.at, look.outcome, look.detail, look.http_status, look.snapshot_id) for look in looks}) == 1
    assert [look.due_at for look in looks] == [
        each.lease.due_at for each in sorted([alone, *held.values()], key=lambda each: each.lease.pk)
    ]


@pytest.mark.parametrize("changed", [False, True])
def test_an_unchanged_look_costs_few_questions_however_many_they_are(
    changed: bool, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        known(f"http://h{number}.test/story")
    Document.objects.update(changed_at=clock.now() if changed else None)
    held = hosts.take(most=20, lease_for=ledger.LEASE, alone=True)
    seen = [visits.visit(one, fetch=Site()) for one in held]
    # Two savepoints where a worker has a transaction; hosts, the price of a look, latest edits, pages with their looks.
    with django_assert_num_queries(6 if changed else 5):
        visits.keep(LOOK, seen, now=clock.now())
    assert Check.objects.count() == 20


@pytest.mark.parametrize(
    ("meanwhile", "outcome"),
    [
        ({"blind_at": clock.now()}, "unchanged"),
        ({"paused_at": clock.now()}, "unchanged"),
        ({"stake": 5.0}, "unchanged"),
        ({"lease_token": "00000000-0000-0000-0000-000000000001"}, ""),
    ],
)
def test_what_changed_meanwhile_is_recorded_as_it_stands_then(meanwhile: dict[str, Any], outcome: str) -> None:
    page = known()
    (held,) = hosts.take(most=1, lease_for=ledger.LEASE, alone=True)
    seen = visits.visit(held, fetch=Site())
    Document.objects.filter(pk=page.pk).update(**meanwhile)
    visits.keep(LOOK, [seen], now=clock.now())
    page.refresh_from_db()
    assert page.outcome == outcome
    assert page.stake == meanwhile.get("stake", 1)
    assert page.checks.count() == (1 if outcome else 0)
    assert Change.objects.filter(found="seen_again").exists() == ("blind_at" in meanwhile)
    assert (page.due_at is None) == ("paused_at" in meanwhile)
    assert Host.objects.get().busy_token is None


def test_a_page_that_waits_for_its_second_look_is_not_recorded_with_the_crowd() -> None:
    page = Document(pending_digest="x")
    assert not unchanged.is_plain(page, checks.Look(Outcome.UNCHANGED, "", 304, 1))
    assert not unchanged.is_plain(Document(), checks.Look(Outcome.GONE, "", 404, 1))
    assert unchanged.is_plain(Document(), checks.Look(Outcome.UNCHANGED, "", 304, 1))


def test_a_batch_that_breaks_is_recorded_one_by_one(caplog: pytest.LogCaptureFixture) -> None:
    known(), known("http://b.test/story")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_crowds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF (SELECT count(*) FROM fresh) > 1 THEN RAISE EXCEPTION 'one at a time'; END IF; RETURN NULL; END $$;"
            "CREATE TRIGGER no_crowds AFTER INSERT ON sources_check REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION no_crowds()"
        )
    visit(Site())
    assert "recorded one by one" in caplog.text
    assert Check.objects.count() == 2
    assert not Host.objects.filter(busy_token__isnull=False).exists()


def test_what_breaks_a_visit_is_told_on_its_row_and_on_no_other() -> None:
    known(), known("http://b.test/other")
    visit(Site(story=ValueError("no such thing")))
    broken, other = Document.objects.order_by("url")
    assert (broken.last_error, broken.attempts) == ("ValueError: no such thing", 1)
    assert (other.outcome, other.last_error) == ("unchanged", "")
    assert not Host.objects.filter(busy_token__isnull=False).exists()


def test_a_first_visit_reads_the_page() -> None:
    documents.watch("http://a.test/new", now=clock.now() - PAST)
    Host.objects.update(robots_at=clock.now(), robots_status=404)
    visit(Site(new=says()))
    page = Document.objects.get()
    assert page.snapshot is not None
    assert page.snapshot.text.startswith("Bridge")


def test_one_leased_page_can_be_looked_at_alone(settings: Any) -> None:
    settings.LOOPBACK_HOSTS = "a.test=127.0.0.1:9"
    known()
    LOOK.do(ledger.lease(LOOK)[0])
    assert Document.objects.get().outcome == Outcome.UNREACHABLE


def test_a_page_without_a_host_is_looked_at_all_the_same() -> None:
    known()
    Document.objects.update(host=None)
    (lease,) = ledger.lease(LOOK)
    held = hosts.Held(lease, Document.objects.select_related("snapshot", "host").get())
    visits.keep(LOOK, [visits.visit(held, fetch=Site())], now=clock.now())
    assert Document.objects.get().outcome == "unchanged"


@pytest.mark.django_db(transaction=True)
def test_a_drain_looks_at_all_that_is_due(settings: Any) -> None:
    settings.LOOPBACK_HOSTS, settings.HOST_GAP = "a.test=127.0.0.1:9,b.test=127.0.0.1:9", 0
    known(), known("http://b.test/story")
    assert LOOK.do_round is look_round
    assert ledger.drain(LOOK) == 2
    assert json.dumps(sorted(Document.objects.values_list("outcome", flat=True))) == '["unreachable", "unreachable"]'


def test_who_waited_too_long_for_a_visitor_is_given_back_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    known()
    (held,) = hosts.take(most=1, lease_for=ledger.LEASE, alone=True)
    monkeypatch.setattr(hosts, "BEGUN_WITHIN_S", -1.0)
    site = Site()
    visits.keep(LOOK, [visits.visit(held, fetch=site)], now=clock.now())
    assert site.asked == []
    page, host = Document.objects.get(), Host.objects.get()
    assert (page.attempts, page.lease_token, host.busy_token, host.looks_today) == (0, None, None, 0)


def test_an_address_that_would_be_refused_today_is_refused_at_its_look() -> None:
    Document.objects.create(identity="x", url="http://10.0.0.1:99/x?y", due_at=clock.now() - PAST)
    hosts.name_pages()
    assert Host.objects.get().name == "10.0.0.1:99"
    held = hosts.take(most=1, lease_for=ledger.LEASE, alone=True)
    visits.keep(LOOK, [visits.visit(one, fetch=checks.fetcher()) for one in held], now=clock.now())
    assert Document.objects.get().outcome == Outcome.BLOCKED
