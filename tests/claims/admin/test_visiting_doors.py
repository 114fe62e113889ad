"""Where no machine is let in, people are led to look themselves, and say that they did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Document, Host
from sources.services import visiting
from tests.claims.admin.conftest import at, inline_in, page_of, said, signed_in
from tests.claims.admin.test_lists import queries
from tests.claims.admin.test_watching import PAGE, panel

pytestmark = pytest.mark.django_db


def walled(number: int = 1, host: str = "walled.example", *, days_ago: int = 9) -> Document:
    """Make a page behind a wall that was seen days ago."""
    now = clock.now()
    page = page_of("The ferry runs again.", now=now, url=f"https://{host}/{number}")
    seen_at = now - timedelta(days=days_ago)
    Document.objects.filter(pk=page.pk).update(
        title=f"Ferry {number}", outcome="gated", outcome_detail="<b>status 403</b>", seen_at=seen_at
    )
    page.refresh_from_db()
    return page


def host_of(page: Document) -> Host:
    assert page.host is not None
    return page.host


def test_the_front_page_counts_the_hosts_to_look_at(checker: Client) -> None:
    assert "to look at yourself" not in said(checker.get("/admin/"))
    walled(1), walled(2), walled(1, "later.example", days_ago=1)
    assert "1 host to look at yourself" in said(checker.get("/admin/"))
    walled(1, "other.example")
    assert "2 hosts to look at yourself" in said(checker.get("/admin/"))


def test_each_host_is_a_row_that_leads_to_its_pages(checker: Client) -> None:
    first, _second = walled(1), walled(2)
    walled(1, "later.example", days_ago=1)
    shown = panel(said(checker.get(PAGE)), "visits")
    assert f"{at(host_of(first))}#visit" in shown
    assert '<td class="number">2</td>' in shown
    assert "1 due" in shown
    answer = checker.get(at(host_of(first)))
    page = said(answer)
    for words in (
        'href="https://walled.example/1"', 'href="https://walled.example/2"', at(first, "supply"), "due since",
        "&lt;b&gt;status 403&lt;/b&gt;", "Nobody has said yet that they visited it.",
    ):  # fmt: skip
        assert words in page, words
    assert inline_in(answer) == []


def test_it_asks_as_often_for_sixty_hosts_as_for_one_and_leads_to_the_rest(checker: Client) -> None:
    first = walled(0)
    few, few_of_host = queries(checker, PAGE), queries(checker, at(host_of(first)))
    for number in range(1, 60):
        walled(number, f"a{number}.example"), walled(number)
    assert queries(checker, PAGE) == few + 1, "beyond fifty the due ones are counted"
    assert queries(checker, at(host_of(first))) == few_of_host
    shown = panel(said(checker.get(PAGE)), "visits")
    assert "60 due" in shown
    assert shown.count("#visit") == 50
    assert "?state=walled" in shown


def test_whoever_looked_says_so_with_one_click(checker: Client) -> None:
    first, second = walled(1), walled(2)
    Document.objects.filter(pk=second.pk).update(snapshot=None, seen_at=None)
    host = host_of(first)
    assert "Those never read stay unread" in said(checker.get(at(host)))
    typed = [str(first.pk), str(second.pk), "x", "٣", "9" * 30, ""]
    page = said(checker.post(at(host, "visited"), {"page": typed}, follow=True))
    assert "nothing was new. 1 pages count as seen." in page
    assert "Last visited by fact_checker on" in page
    assert "Due on" in page
    assert LogEntry.objects.get().change_message == "looked at 1 pages, nothing new"
    assert "to look at yourself" not in said(checker.get("/admin/"))
    assert "fact_checker" in panel(said(checker.get(PAGE)), "visits")


def test_of_very_many_pages_those_that_are_due_longest_are_shown(
    checker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting, "MOST_PAGES", 2)
    pages = [walled(number, days_ago=20 - number) for number in range(3)]
    page = said(checker.get(at(host_of(pages[0]))))
    assert "The 2 due longest are shown" in page
    assert "https://walled.example/2" not in page.split("Look yourself")[1].split("</section>")[0]
    checker.post(at(host_of(pages[0]), "visited"), {"page": [one.pk for one in pages]})
    pages[2].refresh_from_db()
    assert pages[2].seen_at < clock.now() - timedelta(days=1)  # type: ignore[operator]


def test_a_reader_sees_the_reminder_and_no_button() -> None:
    page = said(signed_in(Role.READER).get(at(host_of(walled()))))
    assert "Look yourself" in page
    assert "nothing new</button>" not in page
    assert "Supply what you saw" not in page
