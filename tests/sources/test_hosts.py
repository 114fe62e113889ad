"""Hosts are asked one page at a time, with a rest in between, and left alone while they do not answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from factcheck import health, ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Failure, Response
from sources.models import Document, Host
from sources.services import documents, hosts

pytestmark = pytest.mark.django_db

PAST = timedelta(minutes=5)
LEASE = timedelta(seconds=60)


def page(url: str, *, ago: timedelta = PAST, **fields: Any) -> Document:
    made, _is_new = documents.watch(url, now=clock.now() - ago)
    Document.objects.filter(pk=made.pk).update(**fields)
    return made


def host(name: str = "a.test", **fields: Any) -> Host:
    Host.objects.filter(name=name).update(**fields)
    return Host.objects.get(name=name)


def take(most: int = 10, *, alone: bool = True, lease_for: timedelta = LEASE) -> list[hosts.Held]:
    return hosts.take(most=most, lease_for=lease_for, alone=alone)


def answer(
    status: int = 200, *, url: str = "http://a.test/1", redirects: tuple[str, ...] = (), **headers: str
) -> Response:
    return Response(
        url,
        status,
        {name.replace("_", "-"): value for name, value in headers.items()},
        b"x",
        "",
        "",
        redirects,
        0.1,
        False,
    )


def failed(failure: Failure = Failure.CONNECT, *, url: str = "http://a.test/1") -> Failed:
    return Failed(failure, "no connection: refused", 0.1, url)


def give_back(held: hosts.Held, said: Response | Failed | None, **more: Any) -> hosts.Rest:
    now = clock.now()
    rest = hosts.rest_after(held.page, said, now=now, **more)
    hosts.free([(held.lease, held.page, rest)], now=now)
    return rest


def test_of_each_host_the_oldest_page_is_taken_and_of_all_the_oldest_first() -> None:
    page("http://a.test/1", ago=timedelta(minutes=1)), page("http://a.test/2", ago=timedelta(hours=2))
    page("http://b.test/1", ago=timedelta(hours=1)), page("http://c.test/1", ago=-timedelta(hours=1))
    assert [held.page.url for held in take()] == ["http://a.test/2", "http://b.test/1"]
    assert take() == []


def test_a_page_comes_with_its_host_and_its_snapshot_but_without_that_ones_text() -> None:
    page("http://a.test:443/1")
    (held,) = take()
    assert (held.page.host, held.page.snapshot) == (Host.objects.get(name="a.test:443"), None)
    assert held.lease.attempts == 1
    held.page.refresh_from_db()
    assert held.page.lease_token == held.lease.token == Host.objects.get().busy_token


def test_no_more_hosts_are_taken_than_asked_for() -> None:
    for name in "abc":
        page(f"http://{name}.test/")
    assert len(take(2)) == 2
    assert len(take(2)) == 1


def test_a_host_is_free_again_when_its_page_is_looked_at_and_its_rest_is_over(settings: Any) -> None:
    page("http://a.test/1"), page("http://a.test/2")
    (held,) = take()
    give_back(held, answer())
    assert take() == [], "it rests for a second"
    host(next_allowed_at=clock.now() - timedelta(seconds=1))
    (other,) = take()
    assert other.page.url == "http://a.test/2"
    settings.HOST_GAP = 0
    give_back(other, answer())
    assert take() == [], "both pages are leased still"


def test_what_came_a_while_ago_has_rested_that_long() -> None:
    page("http://a.test/1")
    (held,) = take()
    assert give_back(held, answer(), since_s=0.4).for_s == pytest.approx(0.6)
    assert hosts.rest_after(held.page, answer(), now=clock.now(), since_s=5.0).for_s == 0.0


def test_whose_worker_died_is_free_when_its_lease_is_over_and_the_late_one_changes_nothing() -> None:
    page("http://a.test/1")
    (late,) = take(lease_for=timedelta(seconds=-1))
    (second,) = take()
    assert second.is_suspect
    give_back(late, failed())
    found = host()
    assert (found.busy_token, found.fail_count) == (second.lease.token, 0)


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        (answer, 1.0),
        (lambda: answer(304), 1.0),
        (lambda: answer(404), 1.0),
        (lambda: answer(redirects=("http://a.test/0", "http://b.test/0")), 2.0),
        (lambda: answer(429, retry_after="3600"), 3600.0),
        (lambda: answer(503, retry_after="7"), 7.0),
        (lambda: answer(503, retry_after="banana"), 30.0),
        (lambda: answer(429), 30.0),
        (lambda: answer(429, retry_after="99999999999"), 86400.0),
        (lambda: answer(429, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"), 86400.0),
        (lambda: answer(500, retry_after="3600"), 1.0),
        (lambda: None, 0.0),
    ],
)
def test_a_host_rests_as_long_as_it_asks_for(said: Callable[[], Response | None], rest: float) -> None:
    page("http://a.test/1")
    (held,) = take()
    assert hosts.rest_after(held.page, said(), now=clock.now()).for_s == rest


def test_a_desk_may_give_a_host_a_rest_of_its_own_and_its_robots_txt_may_ask_for_more() -> None:
    page("http://a.test/1")
    (held,) = take()
    assert held.page.host is not None
    held.page.host.gap_s = 0.0
    assert hosts.rest_after(held.page, answer(), now=clock.now()).for_s == 0.0
    held.page.host.crawl_delay_s = 10.0
    assert hosts.rest_after(held.page, answer(), now=clock.now()).for_s == 10.0


def test_after_five_failures_in_a_row_a_host_is_left_alone_then_one_page_tries() -> None:
    for number in range(6):
        page(f"http://a.test/{number}")
    for count in range(1, 6):
        (held,) = take()
        give_back(held, failed())
        found = host(next_allowed_at=None)
        assert (found.fail_count, found.open_until is not None) == (count, count == 5)
    assert found.open_because == "5 failures in a row, the last: no connection: refused"
    assert take() == []
    host(open_until=clock.now() - timedelta(seconds=1))
    (probe,) = take()
    assert take() == []
    give_back(probe, failed())
    assert host(next_allowed_at=None, open_until=None).fail_count == 6


def test_an_answer_closes_the_circuit_again() -> None:
    page("http://a.test/1")
    host(fail_count=7, open_because="7 failures")
    (held,) = take()
    give_back(held, answer(404))
    found = host()
    assert (found.fail_count, found.open_until, found.open_because) == (0, None, "")


@pytest.mark.parametrize(
    ("said", "fails"),
    [
        (failed(Failure.DEADLINE), 1),
        (failed(Failure.TOO_LARGE), 0),
        (failed(Failure.CONNECT, url="http://other.test/"), 0),
        (failed(Failure.URL_REFUSED, url="http://a b/"), 0),
        (answer(503), 1),
        (answer(503, url="http://other.test/"), 0),
        (answer(403), 0),
    ],
)
def test_only_what_the_host_itself_does_counts_against_it(said: Response | Failed, fails: int) -> None:
    page("http://a.test/1")
    (held,) = take()
    assert hosts.rest_after(held.page, said, now=clock.now()).fail_count == fails


def test_a_days_budget_of_looks_ends_with_the_day(settings: Any) -> None:
    settings.HOST_LOOKS_A_DAY = 2
    page("http://a.test/1"), page("http://a.test/2")
    (held,) = take()
    assert give_back(held, answer()).for_s == 1.0
    found = host(next_allowed_at=None)
    assert (found.looks_today, found.day) == (1, clock.now().date())
    (held,) = take()
    assert give_back(held, answer()).for_s > 1.0
    allowed = host().next_allowed_at
    assert allowed is not None
    assert abs((allowed - clock.now().replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() - 86400) < 5
    host(day=clock.now().date() - timedelta(days=1), next_allowed_at=None, most_a_day=5)
    Document.objects.update(lease_until=None, lease_token=None, attempts=0)
    (held,) = take()
    give_back(held, answer())
    assert host().looks_today == 1


def test_a_page_that_somebody_did_not_finish_is_given_out_alone_and_to_who_does_nothing_else() -> None:
    page("http://a.test/1", ago=timedelta(hours=1), attempts=1), page("http://b.test/1")
    assert take(alone=False) == []
    (suspect,) = take()
    assert (suspect.page.url, suspect.is_suspect) == ("http://a.test/1", True)
    assert [held.page.url for held in take(alone=False)] == ["http://b.test/1"]


def test_what_killed_its_workers_is_laid_aside() -> None:
    past = clock.now() - PAST
    page("http://a.test/1", attempts=3, lease_until=past, lease_token="00000000-0000-0000-0000-000000000001")
    assert take() == []
    assert Document.objects.get().quarantined_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_never_hold_the_same_host() -> None:
    page("http://a.test/1"), page("http://a.test/2"), page("http://b.test/1")
    with transaction.atomic():
        Host.objects.select_for_update().get(name="a.test")
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                values: dict[str, Any] = {
                    "offset": timedelta(0),
                    "lease_for": LEASE,
                    "hold": LEASE,
                    "tries": 3,
                    "most": 9,
                }
                cursor.execute(
                    hosts._TAKE.format(now=hosts._NOW, is_not_stuck="true", columns="page.url"),
                    {**values, "alone": True},
                )
                assert [row[4] for row in cursor.fetchall()] == ["http://b.test/1"]
        finally:
            other.close()


def test_pages_of_an_older_version_are_given_their_host() -> None:
    Document.objects.create(identity="http://old.test/x", url="http://old.test/x", due_at=clock.now() - PAST)
    assert take() == []
    hosts.name_pages()
    (held,) = take()
    assert held.page.host is not None
    assert held.page.host.name == "old.test"
    bare = Document(url="http://old.test/")
    assert hosts.rest_after(bare, answer(), now=clock.now()).for_s == 0.0


def test_pages_behind_others_of_their_host_are_not_late() -> None:
    work = ledger.register.works["look"]
    for number in range(3):
        page(f"http://a.test/{number}", ago=timedelta(hours=1))
    assert ledger.is_waiting([work], longer_than=health.LATE)
    (held,) = take()
    assert ledger.oldest_due_at() is None
    give_back(held, answer(429, retry_after="60"))
    assert not ledger.is_waiting([work], longer_than=timedelta(0))
    host(next_allowed_at=clock.now() - timedelta(minutes=1))
    since = ledger.oldest_due_at()
    assert since is not None
    assert timedelta(seconds=59) < clock.now() - since < timedelta(seconds=65)
    assert not ledger.is_waiting([work], longer_than=health.LATE)
    assert [one.due for one in ledger.backlog() if one.name == "look"] == [2]
