"""The desk's search box and what a claim's page finds similar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.claims.admin.conftest import listed, signed_in
from tests.factories import claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> dict[str, Claim]:
    now: datetime = clock.now()
    made = {
        "closed": claim(now, "The bridge in Selmar was closed to lorries after cracks were found."),
        "lorries": claim(now, "Lorries may not cross the cracked Selmar bridge."),
        "vaccine": claim(now, "The measles vaccine was withdrawn in March."),
    }
    ledger.drain(ledger.register.works["match"], for_s=60)
    return made


@pytest.fixture
def client() -> Client:
    return signed_in(Role.FACT_CHECKER)


def page(client: Client, **asked: str) -> str:
    return client.get(listed(Claim), asked).content.decode()


def test_the_best_fits_come_first_and_filters_are_kept(client: Client, known: dict[str, Claim]) -> None:
    shown = page(client, q="bridge closed cracks found")
    assert shown.index("was closed to lorries") < shown.index("may not cross")
    assert "measles" not in shown
    assert "was closed to lorries" not in page(client, q="bridge closed", status="refuted")


def test_a_misspelled_word_finds_and_the_page_says_whose_spelling_it_took(
    client: Client, known: dict[str, Claim]
) -> None:
    shown = page(client, q="mesles vacine")
    assert "The measles vaccine" in shown
    assert "spelled like" in shown


def test_the_page_says_where_it_finds_by_words_alone(client: Client, known: dict[str, Claim], settings: Any) -> None:
    settings.SEARCH_BY_MEANING = False
    assert "by words only" in page(client, q="measles vaccine")


def test_a_claims_page_leads_to_similar_ones_or_says_there_are_none(client: Client, known: dict[str, Claim]) -> None:
    where = reverse("admin:claims_claim_change", args=[known["closed"].pk])
    other = reverse("admin:claims_claim_change", args=[known["lorries"].pk])
    assert other in client.get(where).content.decode()
    alone = client.get(reverse("admin:claims_claim_change", args=[known["vaccine"].pk])).content.decode()
    assert "None so far." in alone
