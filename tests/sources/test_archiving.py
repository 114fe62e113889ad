"""Versions of pages are kept outside as well where a desk wants it, and never what is to stay inside."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure, Response
from sources.fetching.reading import read
from sources.models import Archiving, Document, Host, Snapshot
from sources.services import archiving, documents, visits
from sources.tasks import ARCHIVE
from tests.sources.feeds import answer

pytestmark = pytest.mark.django_db
BASE, PAGE = "https://web.archive.org/save", "https://news.example.org/bridge?a=1"
COPY = "https://web.archive.org/web/20260302090000/https://news.example.org/bridge?a=1"
PENDING, DONE = {"status": "pending"}, {"status": "success", "timestamp": "20260302090000", "original_url": PAGE}
State = Archiving.State


@pytest.fixture(autouse=True)
def _has_archive(settings: Any) -> None:
    settings.ARCHIVE_URL, settings.ARCHIVE_KEY = BASE, ""


@pytest.fixture
def key(settings: Any) -> None:
    settings.ARCHIVE_KEY = "access:of-ours"


def version(now: datetime, words: str = "The bridge is shut.", *, by_fetch: bool = True) -> Snapshot:
    """Keep a version of the page, as a look or a person does."""
    page, _is_new = documents.watch(PAGE, now=now)
    reading = read(words.encode(), media_type="text/plain", charset="utf-8", url=PAGE)
    by = Snapshot.CapturedBy.FETCH if by_fetch else Snapshot.CapturedBy.PERSON
    return documents.keep(page, reading, raw=words.encode(), media_type="text/plain", now=now, captured_by=by)


class Archive:
    """Answers what the test put there, in turn, and remembers what it was asked."""

    def __init__(self, *says: Response | Failed) -> None:
        self.says = list(says)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, url: str, **what: Any) -> Response | Failed:
        self.asked.append((url, what))
        return self.says.pop(0)


def says(status: int = 200, said: Any = None, *, url: str = "", redirects: Any = (), **headers: str) -> Response:
    body = b"" if said is None else json.dumps(said).encode()
    plain = answer(body, status=status, **headers)
    return Response(
        url or BASE, status, plain.headers, body, "application/json", "", tuple(redirects), 0.01, truncated=False
    )


def asked(archive: Archive, now: datetime) -> State:
    """Ask for what is due, as a worker would."""
    Archiving.objects.filter(due_at__isnull=False).update(due_at=clock.now() - timedelta(seconds=1))
    (held,) = ledger.lease(ARCHIVE)
    told = archiving.ask(archiving.waiting().get(pk=held.pk), visits.Heard(archive), now=now)
    return archiving.record(held, told, now=now)


def test_each_version_that_we_fetched_is_to_be_kept_outside(now: datetime) -> None:
    snapshot = version(now)
    one = Archiving.objects.get()
    assert (one.snapshot, one.state, one.due_at) == (snapshot, "waiting", now)
    assert (one.host.name, one.host.gap_s) == ("web.archive.org", 10.0)


def test_without_the_setting_nothing_is_asked(now: datetime, settings: Any) -> None:
    settings.ARCHIVE_URL = ""
    version(now)
    assert not Archiving.objects.exists()
    assert not Host.objects.filter(name="web.archive.org").exists()


def test_what_a_person_supplied_or_pasted_stays_inside(now: datetime) -> None:
    version(now, by_fetch=False)
    reading = read(b"A draft.", media_type="text/plain", charset="utf-8", url="")
    pasted, _is_new = documents.supply(reading, raw=b"A draft.", media_type="text/plain", by=None, now=now)
    assert pasted.kept_inside
    assert not Archiving.objects.exists()
    archiving.enlist(pasted, Snapshot(captured_by="fetch"), now=now)
    assert not Archiving.objects.exists()


def test_a_page_that_is_kept_inside_is_told_to_nobody_from_then_on(now: datetime) -> None:
    version(now)
    archiving.keep_inside(Document.objects.get(), now=now)
    one = Archiving.objects.get()
    assert (one.state, one.due_at, one.detail) == ("left_out", None, "The page is kept inside.")
    version(now, "The bridge is open.")
    assert Archiving.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"kept_inside": True}, "kept inside"),
        ({"outcome": "gated"}, "behind a login"),
        ({"url": "", "due_at": None}, "without address"),
    ],
)
def test_what_may_not_be_told_any_more_is_not_asked_for(columns: dict[str, Any], why: str, now: datetime) -> None:
    version(now)
    Document.objects.update(**columns)
    archive = Archive()
    assert asked(archive, now) is State.LEFT_OUT
    one = Archiving.objects.get()
    assert (archive.asked, one.asked_at) == ([], None)
    assert why in one.detail


def test_a_version_of_which_something_was_erased_is_not_asked_for(now: datetime) -> None:
    snapshot = version(now)
    Snapshot.objects.filter(pk=snapshot.pk).update(erased_at=now, erased_why="asked for")
    assert asked(Archive(), now) is State.LEFT_OUT


@pytest.mark.parametrize("url", ["", "https://other.example/save"])
def test_an_archive_that_was_taken_away_meanwhile_is_not_asked(url: str, now: datetime, settings: Any) -> None:
    version(now)
    settings.ARCHIVE_URL = url
    assert asked(Archive(), now) is State.LEFT_OUT


def test_a_newer_version_takes_the_place_of_one_that_waits_and_one_an_hour_goes_outside(now: datetime) -> None:
    version(now)
    newer = version(now, "The bridge is open.")
    assert Archiving.objects.get().snapshot == newer
    asked(Archive(says(content_location="/web/1/x")), now)
    version(now + timedelta(minutes=5), "The bridge is shut again.")
    assert Archiving.objects.latest("pk").due_at == now + archiving.APART
    assert Archiving.objects.count() == 2


@pytest.mark.parametrize(
    "said",
    [
        says(content_location="/web/20260302090000/https://news.example.org/bridge?a=1"),
        says(201, location=COPY),
        says(url=COPY, redirects=[BASE]),
    ],
)
def test_without_a_key_the_answer_leads_to_the_copy(said: Response, now: datetime) -> None:
    version(now)
    archive = Archive(said)
    assert asked(archive, now) is State.KEPT
    assert archive.asked == [(f"{BASE}/{PAGE}", {"validators": None})]
    one = Archiving.objects.get()
    assert (one.url, one.asked_at, one.answered_at, one.due_at) == (COPY, now, now, None)


@pytest.mark.usefixtures("key")
def test_with_a_key_a_job_is_given_and_asked_after_until_it_is_done(now: datetime) -> None:
    version(now)
    archive = Archive(says(said={"job_id": "spn2-7f"}), says(said=PENDING), says(said=DONE))
    assert asked(archive, now) is State.ASKED
    assert Archiving.objects.get().due_at == now + archiving.LOOK_AFTER
    assert asked(archive, now + timedelta(minutes=1)) is State.ASKED
    assert asked(archive, now + timedelta(minutes=2)) is State.KEPT
    one = Archiving.objects.get()
    assert (one.url, one.asked_at, one.answered_at) == (COPY, now, now + timedelta(minutes=2))
    assert [url for url, _what in archive.asked] == [BASE, f"{BASE}/status/spn2-7f", f"{BASE}/status/spn2-7f"]
    first, second, _third = (what for _url, what in archive.asked)
    assert first["headers"]["Authorization"] == second["headers"]["Authorization"] == "LOW access:of-ours"
    assert first["body"] == b"url=https%3A%2F%2Fnews.example.org%2Fbridge%3Fa%3D1"
    assert "body" not in second


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Failed(Failure.DNS, "leads nowhere", 0.1, BASE), "dns: leads nowhere"),
        (says(401), "does not take our ARCHIVE_KEY"),
        (says(500), "status 500"),
        (says(200), "no JSON object"),
        (says(200, []), "no JSON object"),
        (says(200, {"message": "You have reached your limit"}), "You have reached your limit"),
        (says(200, {"job_id": "../../x"}), "no job to ask after"),
        (says(200, {"job_id": "x" * 300}), "no job to ask after"),
    ],
)
def test_an_archive_that_does_not_take_it_is_asked_again_later_and_three_times_at_most(
    said: Response | Failed, why: str, now: datetime
) -> None:
    version(now)
    states = [asked(Archive(said), now) for _time in range(3)]
    assert states == [State.WAITING, State.WAITING, State.FAILED]
    one = Archiving.objects.get()
    assert (one.failures, one.due_at, one.answered_at) == (3, None, now)
    assert why in one.detail


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("said", "minutes", "why"),
    [
        ({"status": "error", "status_ext": "error:no-access"}, 1, "error:no-access"),
        ({"status": "pending"}, 16, "did not come to an end"),
        ({"status": "success", "timestamp": "1", "original_url": "x\ny"}, 1, "nobody can be led to"),
    ],
)
def test_a_job_that_comes_to_nothing_is_begun_anew(said: Any, minutes: int, why: str, now: datetime) -> None:
    version(now)
    asked(Archive(says(said={"job_id": "a"})), now)
    later = now + timedelta(minutes=minutes)
    assert asked(Archive(says(said=said)), later) is State.WAITING
    one = Archiving.objects.get()
    assert (one.job, one.failures, one.due_at) == ("", 1, later + archiving.AGAIN)
    assert why in one.detail
    asked(Archive(Failed(Failure.DNS, "nowhere", 0.1, BASE)), later)
    assert Archiving.objects.get().due_at == later + 2 * archiving.AGAIN


@pytest.mark.usefixtures("key")
def test_a_status_that_cannot_be_asked_for_is_a_failure(now: datetime) -> None:
    version(now)
    asked(Archive(says(said={"job_id": "a"})), now)
    assert asked(Archive(says(503)), now) is State.WAITING


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (says(), "without saying where the copy is"),
        (says(content_location="http://10.0.0.1/copy"), "nobody can be led to"),
        (says(403), "status 403"),
        (Failed(Failure.ADDRESS_NOT_ALLOWED, "inside", 0.1, BASE), "address_not_allowed"),
    ],
)
def test_an_answer_that_leads_nowhere_is_a_failure(said: Response | Failed, why: str, now: datetime) -> None:
    version(now)
    assert asked(Archive(said), now) is State.WAITING
    assert why in Archiving.objects.get().detail


def test_the_archive_is_left_alone_for_as_long_as_it_asks(now: datetime) -> None:
    version(now)
    asked(Archive(says(429, retry_after="7200")), now)
    assert Archiving.objects.get().due_at == now + timedelta(hours=2)


def test_what_failed_is_asked_for_again_when_somebody_wants_it(now: datetime) -> None:
    version(now)
    page = Document.objects.get()
    assert not archiving.ask_again(page, now=now)
    Archiving.objects.update(state="failed", detail="x", due_at=None, failures=3)
    assert archiving.ask_again(page, now=now)
    one = Archiving.objects.get()
    assert (one.state, one.failures, one.due_at) == ("waiting", 0, now)
    Archiving.objects.all().delete()
    assert not archiving.ask_again(page, now=now)


@pytest.mark.parametrize("is_keyed", [True, False])
def test_the_whole_way_goes_through_the_guard_and_the_turns_of_the_archives_host(
    is_keyed: bool, now: datetime, settings: Any
) -> None:
    settings.ARCHIVE_URL, settings.LOOPBACK_HOSTS = "http://archive.test/save", "archive.test=127.0.0.1:9"
    settings.ARCHIVE_KEY = "access:x" if is_keyed else ""
    version(now)
    Archiving.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert ledger.drain(ARCHIVE) == 1
    one = Archiving.objects.get()
    assert (one.state, one.failures) == ("waiting", 1)
    assert one.detail.startswith("connect: ")
    host = Host.objects.get(name="archive.test")
    assert (host.busy_token, host.fail_count) == (None, 1)
    assert host.next_allowed_at is not None


def test_an_archive_inside_is_never_reached(now: datetime, settings: Any) -> None:
    settings.ARCHIVE_URL = "http://127.0.0.1/save"
    version(now)
    Archiving.objects.update(due_at=clock.now() - timedelta(seconds=1))
    ARCHIVE.do(ledger.lease(ARCHIVE)[0])
    assert Archiving.objects.get().detail.startswith("address_not_allowed")
