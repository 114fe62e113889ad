"""The page of what we cannot see: every sort of trouble, since when, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Document, Host
from tests.claims.admin.conftest import inline_in, listed, page_of, said, signed_in
from tests.claims.admin.test_lists import queries

pytestmark = pytest.mark.django_db
PAGE = "/admin/sources/document/health/"


def troubled(many: int, now: datetime) -> None:
    """Make pages of every sort of trouble."""
    host = Host.objects.get_or_create(name="down.example", defaults={"open_until": now + timedelta(hours=1)})[0]
    states: dict[str, dict[str, Any]] = {
        "blind": {"seen_at": now - timedelta(days=30), "outcome": "unreachable", "outcome_detail": "<b>timeout</b>"},
        "stuck": {"quarantined_at": now, "attempts": 3, "last_error": "TypeError: odd"},
        "gated": {"outcome": "gated", "outcome_detail": "status 403"},
        "pending": {"outcome": "change_pending", "pending_since": now},
        "resting": {"host": host, "outcome_detail": "status 503"},
    }
    for number in range(many):
        for name, state in states.items():
            url = f"https://{name}.example/{many}-{number}"
            page = page_of(f"{name} {many}-{number} says so.", now=now, url=url)
            Document.objects.filter(pk=page.pk).update(title=f"{name} page {many}-{number}", **state)


def panel(page: str, name: str) -> str:
    """Return one panel's words."""
    return page.split(f'aria-labelledby="{name}"')[1].split("</section>", maxsplit=1)[0]


def test_where_all_is_seen_the_page_says_so(checker: Client) -> None:
    page = said(checker.get(PAGE))
    assert page.count("None.") == 5
    assert f'href="{PAGE}"' in said(checker.get("/admin/"))


def test_each_trouble_stands_in_its_panel_with_what_was_said(checker: Client) -> None:
    troubled(1, clock.now())
    answer = checker.get(PAGE)
    page = said(answer)
    for name, words in {
        "blind": "&lt;b&gt;timeout&lt;/b&gt;", "stuck": "TypeError: odd", "pending": "", "resting": "status 503",
    }.items():  # fmt: skip
        assert f"{name} page 1-0" in panel(page, name)
        assert words in panel(page, name)
    assert "blind page" not in panel(page, "pending")
    assert "gated.example" in panel(page, "visits")
    assert inline_in(answer) == []


def test_it_asks_as_often_for_sixty_pages_as_for_one_and_leads_to_the_rest(checker: Client) -> None:
    now = clock.now()
    troubled(1, now)
    few = queries(checker, PAGE)
    troubled(60, now)
    assert queries(checker, PAGE) == few <= 8  # five of its own
    page = said(checker.get(PAGE))
    for name, narrowed in {
        "blind": "watch=blind", "stuck": "watch=stuck", "pending": "outcome=change_pending", "resting": "watch=resting",
    }.items():  # fmt: skip
        assert panel(page, name).count(f"{name} page") == 50
        assert f"{listed(Document)}?{narrowed}" in panel(page, name)


def test_readers_see_it_too() -> None:
    assert signed_in(Role.READER).get(PAGE).status_code == 200
