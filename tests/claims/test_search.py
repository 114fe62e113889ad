"""The search box: whatever people type, and however they spell it, in bounded time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from claims.models import Claim, Representation, Term
from claims.services import index, matching, terms
from factcheck import ledger
from factcheck.lib import clock
from tests.factories import claim

pytestmark = pytest.mark.django_db
TEXTS = {
    "bridge": "The bridge in Selmar was closed to lorries after cracks were found.",
    "vaccine": "The measles vaccine was withdrawn by the ministry in March.",
    "prices": "Bread prices in the capital fell by 12 percent last year.",
    "court": "The court acquitted the former mayor of Selmar.",
    "müller": "Minister Müller paid for the concert hall.",
}


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def known(now: datetime) -> dict[str, Claim]:
    made = {name: claim(now, text) for name, text in TEXTS.items()}
    ledger.drain(ledger.register.works["match"], for_s=60)
    return made


def found(words: str, **fields: Any) -> list[int]:
    return index.search(words, **{"limit": 10, **fields}).claims


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bridge cracks", "bridge"),
        ("BRIDGES lorry", "bridge"),
        ("vacine mesles", "vaccine"),
        ("brigde crakcs", "bridge"),
        ("muller konzert concert", "müller"),
        ("price of bread", "prices"),
        ("12 percent", "prices"),
        ("the ex-mayor was found not guilty", "court"),
    ],
)
def test_a_claim_is_found_however_it_is_asked_for(typed: str, meant: str, known: dict[str, Claim]) -> None:
    assert found(typed)[0] == known[meant].pk


def test_nothing_that_only_shares_a_word_or_nothing_at_all_is_shown(known: dict[str, Claim]) -> None:
    assert found("") == []
    assert found("the of and") == []
    assert found("quantum chromodynamics lattice") == []
    assert known["prices"].pk not in found("bridge Selmar cracks")


def test_a_search_says_whose_spelling_it_took(known: dict[str, Claim]) -> None:
    assert "vaccin" in index.search("vacine", limit=5).note
    assert index.search("vaccine", limit=5).note == ""


def test_without_an_embedder_words_find_and_the_note_says_so(known: dict[str, Claim], settings: Any) -> None:
    settings.SEARCH_BY_MEANING = False
    told = index.search("bridge cracks", limit=5)
    assert told.claims == [known["bridge"].pk]
    assert "SEARCH_BY_MEANING" in told.note


def test_the_best_are_shown_and_that_there_are_more_is_said(known: dict[str, Claim]) -> None:
    told = index.search("Selmar", limit=1)
    assert len(told.claims) == 1
    assert "best 1" in told.note


@pytest.mark.parametrize(
    "typed", ["'", "\\", "a:* & !b | (c)", "%s %(x)s", "\x01", "😀", "' OR 1=1 --", "x" * 5000, "9" * 400]
)
def test_whatever_is_typed_is_words(typed: str, known: dict[str, Claim]) -> None:
    assert set(found(typed)) <= {one.pk for one in known.values()}


def test_an_erased_claim_is_not_found(known: dict[str, Claim], now: datetime) -> None:
    Claim.objects.filter(pk=known["bridge"].pk).update(text="[erased]", erased_at=now)
    assert known["bridge"].pk not in found("bridge cracks lorries")
    assert index.similar(Claim.objects.get(pk=known["bridge"].pk)) == []


def test_similar_claims_are_those_close_in_meaning(known: dict[str, Claim], now: datetime) -> None:
    again = claim(now, "Lorries may not cross the cracked Selmar bridge.")
    assert index.similar(again) == []
    ledger.drain(ledger.register.works["match"], for_s=60)
    assert [one.claim_id for one in index.similar(again)] == [known["bridge"].pk]
    Representation.objects.filter(pk=again.pk).update(vector=None)
    assert index.similar(again)[0].claim_id == known["bridge"].pk


def counted(**counts: int) -> list[terms.Asked]:
    Term.objects.bulk_create([Term(word=word, count=count) for word, count in counts.items()])
    return terms.weighed(list(counts))


@pytest.mark.parametrize(
    ("counts", "queries", "most", "is_common"),
    [
        ({"a": 3, "b": 1500, "c": 900}, ["'a'", "'c'"], [56, 1850], False),
        ({"a": 3000, "b": 30_000}, ["'a' & 'b'", "'a'"], [1000, 1000], False),
        ({"a": 3000}, ["'a'", "'a'"], [1000, 1000], False),
        ({"a": 300_000, "b": 400_000}, ["'a'", "'b'"], [], True),
        ({}, [], [], False),
    ],
)
def test_rare_words_find_and_common_ones_only_together_or_among_the_newest(
    counts: dict[str, int], queries: list[str], most: list[int], is_common: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "claims", lambda: 1_000_000)
    assert index.queries(counted(**counts), index.MOST_CANDIDATES) == (queries, most, is_common)


def test_a_word_that_most_claims_have_is_looked_for_among_the_newest(
    known: dict[str, Claim], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_BY_MEANING = False
    matching.count_terms()
    monkeypatch.setattr(index, "COMMON", 0.0)
    monkeypatch.setattr(index, "MOST_CANDIDATES", 1)
    assert found("Selmar") == [known["court"].pk]
