"""Which claims somebody else's text is about: found by the database, put in order by what they share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from claims.models import Claim, KnownCheck
from claims.services import recognising
from factcheck import ledger
from factcheck.lib import clock
from tests.claims.known import known
from tests.factories import claim

pytestmark = pytest.mark.django_db
TEXTS = (
    "The bridge in Selmar was closed to lorries after cracks were found.",
    "The measles vaccine was withdrawn by the ministry in March.",
    "Bread prices in the capital fell by 12 percent last year.",
)
POST = "Unbelievable!! They shut the Selmar bridge for trucks, cracks everywhere 😡 #selmar. And nobody told us."


@pytest.fixture
def claims() -> list[Claim]:
    now: datetime = clock.now()
    made = [claim(now, text) for text in TEXTS]
    ledger.drain(ledger.register.works["match"], for_s=60)
    return made


def test_a_post_finds_the_claim_it_is_about_first(claims: list[Claim]) -> None:
    near, note = recognising.about(POST, limit=2)
    assert note == ""
    assert near[0].claim_id == claims[0].pk
    assert near[0].score > near[1].score
    assert 0.3 < near[0].cosine < 1


def test_each_sentence_of_a_letter_is_looked_for(claims: list[Claim]) -> None:
    letter = f"{TEXTS[1]} My neighbour wrote to me about many things on Sunday. {TEXTS[2]}"
    near, _note = recognising.about(letter, limit=2)
    assert {one.claim_id for one in near} == {claims[1].pk, claims[2].pk}


def test_without_an_embedder_words_find_it_and_a_note_says_so(claims: list[Claim], settings: Any) -> None:
    settings.SEARCH_BY_MEANING = False
    near, note = recognising.about(POST, limit=5)
    assert near[0].claim_id == claims[0].pk
    assert "SEARCH_BY_MEANING" in note


@pytest.mark.parametrize("text", ["", " \n", "😡", "x" * 10_000])
def test_what_says_nothing_breaks_nothing(text: str, claims: list[Claim]) -> None:
    assert len(recognising.about(text, limit=2)[0]) <= 2


def test_nothing_is_found_where_nothing_is() -> None:
    assert recognising.about(POST, limit=2) == ([], "")


def test_fact_checks_by_others_are_found_as_well() -> None:
    one = known(clock.now(), text=TEXTS[0])
    ledger.drain(ledger.register.works["match_known"], for_s=60)
    near, _note = recognising.about(POST, limit=2, among=KnownCheck)
    assert [each.claim_id for each in near] == [one.pk]
