"""Parts of the queue that somebody keeps under a name."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from claims.models import Claim, SavedFilter
from claims.models.saved import MOST_SAVED
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.claims.admin.conftest import said, signed_in
from tests.factories import claim, split_article

pytestmark = pytest.mark.django_db
QUEUE = "/admin/claims/triage/"
RUMOUR = "Reports that the Kestrel crossing had fallen could not be independently confirmed on Sunday."


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def browser(now: datetime) -> Client:
    """A fact-checker's, with an unconfirmed claim and one on health in the queue."""
    split_article(now, RUMOUR)
    made = claim(now, "Salt heals.")
    Claim.objects.filter(pk=made.pk).update(topic="Health")
    ledger.drain(ledger.register.works["triage"], for_s=60)
    return signed_in(Role.FACT_CHECKER)


@pytest.mark.parametrize(
    ("query", "shown"),
    [("status=unconfirmed", 1), ("certainty=unconfirmed", 1), ("topic=health", 1), ("topic=sport", 0),
     ("status=nonsense&certainty=x", 2), ("show=by_hand&status=unreviewed", 1), ("topic=%00", 2)],
)  # fmt: skip
def test_the_queue_is_narrowed(browser: Client, query: str, shown: int) -> None:
    page = browser.get(f"{QUEUE}?{query}")
    assert len(page.context["rows"]) == shown
    assert ("Nothing here." in said(page)) is (shown == 0)


def test_what_is_narrowed_is_kept_with_its_count_and_taken_off(browser: Client) -> None:
    answer = browser.post(f"{QUEUE}keep/", {"name": " On <b>health</b> ", "query": "topic=Health&before=1.2&x=y"})
    assert answer["Location"] == f"{QUEUE}?topic=Health"
    page = said(browser.get(answer["Location"]))
    assert 'On &lt;b&gt;health&lt;/b&gt; <span class="many">1</span>' in page
    assert "Kept as" in page
    browser.post(f"{QUEUE}keep/", {"name": "On <b>health</b>", "query": "topic=sport"})
    assert SavedFilter.objects.get().query == "topic=sport"
    other = signed_in(Role.READER)
    assert "health" not in said(other.get(QUEUE))
    one = SavedFilter.objects.get()
    assert other.post(f"{QUEUE}forget/{one.pk}/").status_code == 404
    assert browser.post(f"{QUEUE}forget/{one.pk}/").status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("form", "told"),
    [({}, "Give it a name"), ({"name": " \x00"}, "Give it a name"), ({"name": "all"}, "narrow it first"),
     ({"name": "all", "query": "before=1.2"}, "narrow it first")],
)  # fmt: skip
def test_what_says_nothing_is_not_kept(browser: Client, form: dict[str, str], told: str) -> None:
    assert told in said(browser.post(f"{QUEUE}keep/", form, follow=True))
    assert not SavedFilter.objects.exists()


def test_nobody_keeps_very_many(browser: Client) -> None:
    for number in range(MOST_SAVED + 1):
        browser.post(f"{QUEUE}keep/", {"name": f"No. {number}", "query": "show=mine"})
    assert SavedFilter.objects.count() == MOST_SAVED
    assert "take one off the list" in said(browser.get(QUEUE))
