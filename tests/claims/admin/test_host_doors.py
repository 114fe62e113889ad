"""The pages of hosts: how each is asked, whether it answers, and what people may do about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Document, Host
from sources.models.walls import CLOSED_BY_ROBOTS
from tests.claims.admin.conftest import at, inline_in, listed, page_of, said, signed_in
from tests.claims.admin.test_lists import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Client:
    return signed_in(Role.EDITOR, username="editor")


@pytest.fixture
def host(notice: Document) -> Host:
    assert notice.host is not None
    return notice.host


@pytest.fixture
def seven_a_day(settings: Any) -> None:
    settings.HOST_LOOKS_A_DAY = 7


def be(host: Host, **fields: Any) -> None:
    Host.objects.filter(pk=host.pk).update(**fields)
    host.refresh_from_db()


def test_a_list_of_thirty_hosts_asks_as_often_as_one_of_three(checker: Client, now: datetime) -> None:
    for number in range(3):
        page_of("It says so.", now=now, url=f"https://a{number}.example/1")
    few = queries(checker, listed(Host))
    for number in range(30):
        page_of("It says so.", now=now, url=f"https://b{number}.example/1")
    assert queries(checker, listed(Host)) == few <= 12


def test_the_list_tells_how_each_host_stands(checker: Client, host: Host, notice: Document) -> None:
    now = clock.now()
    Document.objects.filter(pk=notice.pk).update(outcome="unreachable", checked_at=now)
    be(
        host, open_until=now + timedelta(minutes=5), open_because="5 failures in a row, the last: <b>status 503</b>",
        day=now.date(), looks_today=12, most_a_day=200, robots_at=now - timedelta(hours=2), robots_status=200,
        robots_text="User-agent: *", crawl_delay_s=10,
    )  # fmt: skip
    page = said(checker.get(listed(Host)))
    for words in (
        at(host), "12 of 200 requests", "1 page", "1 due", "&lt;b&gt;status 503&lt;/b&gt;",
        "10 s <small>as its robots.txt asks</small>", "could not be reached", "2 hours ago, asks for 10 s",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("query", "fields", "page"),
    [
        ("state=resting", {"open_until": timedelta(minutes=5)}, {}),
        ("state=used_up", {"most_a_day": 3, "looks_today": 3, "day": timedelta()}, {}),
        ("state=used_up", {"looks_today": 7, "day": timedelta()}, {}),
        ("state=gated", {}, {"outcome": "gated"}),
        ("state=closed", {}, {"outcome": "blocked", "outcome_detail": CLOSED_BY_ROBOTS}),
        ("state=walled", {}, {"outcome": "gated"}),
        ("state=own", {"gap_s": 4.0}, {}),
        ("q=traffic", {}, {}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("seven_a_day")
def test_hosts_are_narrowed(
    checker: Client, host: Host, query: str, fields: dict[str, Any], page: dict[str, Any]
) -> None:
    Host.objects.create(name="other.example")
    now = clock.now()
    moments = {name: now + value for name, value in fields.items() if isinstance(value, timedelta)}
    be(host, **fields | moments)
    host.documents.update(**page)
    answer = checker.get(f"{listed(Host)}?{query}")
    assert [one.pk for one in answer.context["cl"].result_list] == [host.pk]


def test_of_a_desk_without_a_number_a_host_without_one_is_never_used_up(checker: Client, host: Host) -> None:
    be(host, looks_today=10**6, day=clock.now().date())
    assert list(checker.get(f"{listed(Host)}?state=used_up").context["cl"].result_list) == []


def test_a_hosts_page_tells_what_it_answered_and_leads_to_its_pages(
    checker: Client, host: Host, notice: Document
) -> None:
    Document.objects.filter(pk=notice.pk).update(outcome="gated", outcome_detail="status 403", checked_at=clock.now())
    be(host, robots_text="User-agent: *\nDisallow: /<b>", robots_status=200, robots_at=clock.now())
    answer = checker.get(at(host))
    page = said(answer)
    for words in (at(notice), "status 403", "behind a login or bot wall: 1", "Disallow: /&lt;b&gt;"):
        assert words in page, words
    assert "1 page is watched" in page
    assert "Ask it otherwise" not in page, "that is for editors"
    assert inline_in(answer) == []
    assert checker.get(f"{listed(Document)}?host={host.name}&outcome=gated").context["cl"].result_count == 1


def test_a_page_leads_to_its_host_and_says_that_it_is_left_alone(checker: Client, host: Host, notice: Document) -> None:
    be(host, open_until=clock.now() + timedelta(minutes=5))
    page = said(checker.get(at(notice)))
    assert f'href="{at(host)}"' in page
    assert "left alone until" in page


def test_a_host_without_pages_says_so(checker: Client) -> None:
    empty = Host.objects.create(name="empty.example")
    page = said(checker.get(at(empty)))
    assert "Nobody has looked at a page of it yet." in page
    assert "not read yet" in page
    assert "No page of it is watched" in said(checker.post(at(empty, "again"), follow=True))
    assert "not read yet" in said(checker.get(listed(Host)))


def test_an_editor_says_how_it_is_asked_and_that_is_written_down(editor: Client, host: Host) -> None:
    page = said(
        editor.post(at(host, "pace"), {"gap_s": "2.5", "most_a_day": "100", "visit_every_days": "3"}, follow=True)
    )
    host.refresh_from_db()
    assert (host.gap_s, host.most_a_day, host.visit_every_days) == (2.5, 100, 3)
    assert "it is asked like this from now on" in page
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.change_message) == (
        "editor",
        "gap in s –, most a day –, days between visits – → gap in s 2.5, most a day 100, days between visits 3",
    )  # fmt: skip
    assert "gap in s 2.5" in said(editor.get(at(host, "history")))
    editor.post(at(host, "pace"), {"gap_s": "", "most_a_day": ""})
    host.refresh_from_db()
    assert (host.gap_s, host.most_a_day) == (None, None)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"gap_s": "0"}, "A host rests for 0.2 s at least."),
        ({"gap_s": "-1"}, "greater than or equal to 0"),
        ({"gap_s": "3601"}, "less than or equal to 3600"),
        ({"gap_s": "nan"}, "Enter a number."),
        ({"gap_s": "soon"}, "Enter a number."),
        ({"most_a_day": "1.5"}, "Enter a whole number."),
        ({"visit_every_days": "0"}, "greater than or equal to 1"),
        ({"visit_every_days": "366"}, "less than or equal to 365"),
        ({"most_a_day": "1000001"}, "less than or equal to 1000000"),
    ],
)
def test_what_would_press_a_server_is_refused_in_words(
    editor: Client, host: Host, typed: dict[str, str], told: str
) -> None:
    page = said(editor.post(at(host, "pace"), typed))
    assert told in page
    assert next(iter(typed.values())) in page, "what was typed stands there still"
    host.refresh_from_db()
    assert (host.gap_s, host.most_a_day) == (None, None)
    assert not LogEntry.objects.exists()


def test_no_rest_at_all_only_where_the_desk_asks_its_own_servers(editor: Client, host: Host, settings: Any) -> None:
    settings.HOST_GAP = 0
    editor.post(at(host, "pace"), {"gap_s": "0"})
    host.refresh_from_db()
    assert host.gap_s == 0


def test_less_than_robots_asks_for_is_kept_with_a_warning(editor: Client, host: Host) -> None:
    be(host, crawl_delay_s=10)
    assert "Its robots.txt asks for 10" in said(editor.get(at(host)))
    page = said(editor.post(at(host, "pace"), {"gap_s": "2"}, follow=True))
    assert "Its robots.txt asks for 10 s between two requests: that is what it is given, not less." in page
    assert "10 s <small>as its robots.txt asks</small>" in page


def test_a_host_that_is_left_alone_is_tried_again(checker: Client, host: Host, notice: Document) -> None:
    later = clock.now() + timedelta(hours=1)
    Document.objects.filter(pk=notice.pk).update(due_at=later)
    be(host, open_until=later, open_because="5 failures in a row, the last: refused", fail_count=5)
    assert "Left alone for a while" in said(checker.get(at(host)))
    page = said(checker.post(at(host, "again"), follow=True))
    assert "It is asked now." in page
    assert "5 failures in a row" in page
    host.refresh_from_db()
    notice.refresh_from_db()
    assert (host.open_until, host.fail_count, notice.due_because) == (None, 5, "somebody asked for it")
    assert LogEntry.objects.get().change_message == "tried again"


def test_a_host_whose_looks_are_used_up_says_what_to_do(checker: Client, host: Host) -> None:
    be(host, day=clock.now().date(), looks_today=3, most_a_day=3, next_allowed_at=clock.now() + timedelta(hours=1))
    assert "Try it again now" in said(checker.get(at(host)))
    assert "Allow it more a day, or wait until tomorrow." in said(checker.post(at(host, "again"), follow=True))
    assert not LogEntry.objects.exists()


def test_robots_is_read_again(checker: Client, host: Host) -> None:
    be(host, robots_at=clock.now(), robots_status=200)
    assert "Its robots.txt is read before the next look" in said(checker.post(at(host, "robots"), follow=True))
    host.refresh_from_db()
    assert host.robots_at is None
    assert LogEntry.objects.get().change_message == "robots.txt to be read again"


def test_nothing_is_edited_by_its_bare_address(editor: Client, host: Host) -> None:
    assert editor.post(at(host), {"name": "other.example"}).status_code == 405
    assert editor.post("/admin/sources/host/999999/pace/").status_code == 404
