"""Claims are found by what they are about, and each leads to those that resemble it: for the desk."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client as Browser

from claims.models import Claim
from factcheck import ledger
from factcheck.access.models import Client, mint
from factcheck.lib import clock
from tests.factories import claim, person, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> tuple[Claim, Claim, Claim]:
    now: datetime = clock.now()
    made = (
        claim(now, "The bridge in Selmar was closed to lorries after cracks were found."),
        claim(now, "Lorries may not cross the cracked Selmar bridge."),
        claim(now, "The measles vaccine was withdrawn in March."),
    )
    ledger.drain(ledger.register.works["match"], for_s=60)
    return made


@pytest.fixture
def desk(browser: Browser) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(person())}"}


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_claims_are_found_however_they_are_spelled_and_narrowed_as_ever(
    browser: Browser, desk: dict[str, str], known: tuple[Claim, Claim, Claim]
) -> None:
    found = browser.get("/api/v1/claims", {"search": "mesles vacine"}, headers=desk).json()
    assert [row["uid"] for row in found["results"]] == [str(known[2].uid)]
    none = browser.get("/api/v1/claims", {"search": "measles vaccine", "status": "refuted"}, headers=desk).json()
    assert none["results"] == []


def test_a_claim_leads_to_those_that_resemble_it(
    browser: Browser, desk: dict[str, str], known: tuple[Claim, Claim, Claim]
) -> None:
    asked = browser.get(f"/api/v1/claims/{known[0].uid}", headers=desk).json()["links"]["similar"]
    (found,) = browser.get(asked, headers=desk).json()["results"]
    assert (found["uid"], found["status"]) == (str(known[1].uid), "unreviewed")
    assert 0.5 < found["likeness"] < 1


def test_only_the_desk_is_told_what_a_machine_finds_similar(
    browser: Browser, known: tuple[Claim, Claim, Claim]
) -> None:
    _token, secret = mint(name="x", scopes=["read:published"], client=Client.objects.create(name="CMS"))
    answer = browser.get(f"/api/v1/claims/{known[0].uid}/similar", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("asked", ["drift=true", "drift=false", "joined=true", "joined=false"])
def test_who_may_not_see_the_desk_cannot_ask_what_a_machine_suspects(browser: Browser, asked: str) -> None:
    _token, secret = mint(name="x", scopes=["write:suggest"], client=Client.objects.create(name="CMS"))
    answer = browser.get(f"/api/v1/claims?{asked}", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
