"""Suggested pages are read by a machine, which guesses what they say of the claim and decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser

from claims.admin import claim_page
from claims.models import Claim, Evidence, StanceGuess
from claims.services import evidence, stances
from claims.tasks import ask_stances
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Scope
from sources.fetching.reading import read
from sources.models import Change, Document, Snapshot
from sources.services import documents
from tests.factories import claim, person, token

pytestmark = pytest.mark.django_db

SAYS = "The Selmar bridge is closed to lorries since Monday, the roads office said."
DENIES = "The roads office denies that the Selmar bridge is closed to lorries."
APART = "The museum shows paintings of the coast. Entry is free on Sundays."


def page(name: str, text: str, now: datetime) -> Document:
    """A page that says so, and is heard to say it."""
    document, _new = documents.watch(f"https://news.example.org/{name}", now=now)
    return says(document, text, now)


def says(document: Document, text: str, now: datetime) -> Document:
    before = document.snapshot
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    with transaction.atomic():
        fetch = Snapshot.CapturedBy.FETCH
        after = documents.keep(document, reading, raw=b"", media_type="text/plain", now=now, captured_by=fetch)
        found = Change.Found.CHANGED if before else Change.Found.FIRST
        Change.objects.create(document=document, before=before, after=after, found=found, at=now, due_at=now)
    ledger.drain(ledger.register.works["hear"])
    document.refresh_from_db()
    return document


def read_all() -> None:
    ledger.drain(ledger.register.works["stance"])


@pytest.fixture
def bridge(now: datetime) -> Claim:
    return claim(now)


@pytest.fixture
def by() -> User:
    return person()


def suggested(one: Claim, document: Document, now: datetime) -> Evidence:
    evidence.suggest(one, document, because="the sentence links to it", now=now)
    return Evidence.objects.get(claim=one, document=document)


def guess_of(one: Evidence) -> StanceGuess:
    return StanceGuess.objects.get(evidence=one)


def test_a_suggested_page_is_read_once_for_its_claim(bridge: Claim, now: datetime) -> None:
    known = page("a", SAYS, now)
    one = suggested(bridge, known, now)
    evidence.suggest(bridge, known, because="another sentence links to it", now=now)
    assert guess_of(one).due_at == now
    read_all()
    found = guess_of(one)
    assert (found.label, found.version, found.due_at) == ("supports", 1, None)
    assert guess_of(one).model.startswith("stance:")
    assert str(guess_of(one)) == "seems to support it"
    one.refresh_from_db()
    assert (one.state, one.stance) == ("suggested", "")


def test_a_page_that_was_not_read_yet_is_guessed_about_after_its_first_look(bridge: Claim, now: datetime) -> None:
    document, _new = documents.watch("https://news.example.org/late", now=now)
    one = suggested(bridge, document, now)
    read_all()
    assert (guess_of(one).label, guess_of(one).due_at) == ("", None)
    says(document, DENIES, now)
    read_all()
    assert guess_of(one).label == "refutes"


def test_a_page_that_says_something_else_is_read_again(bridge: Claim, now: datetime) -> None:
    known = page("a", SAYS, now)
    suggested(bridge, known, now)
    read_all()
    says(known, DENIES, now)
    stale: Any = StanceGuess.objects.with_passages().get()
    assert (stale.label, stale.passage) == ("supports", "")
    read_all()
    fresh: Any = StanceGuess.objects.with_passages().get()
    assert (fresh.label, fresh.version, fresh.passage) == ("refutes", 2, DENIES)


def test_what_a_person_decided_on_is_not_read_any_more(bridge: Claim, now: datetime, by: User) -> None:
    known = page("a", SAYS, now)
    one = suggested(bridge, known, now)
    evidence.dismiss(one, by=by, now=now)
    read_all()
    assert (guess_of(one).label, guess_of(one).due_at) == ("", None)
    says(known, DENIES, now)
    assert guess_of(one).due_at is None


def test_a_page_in_another_language_is_not_guessed_about(bridge: Claim, now: datetime) -> None:
    document = page("a", SAYS, now)
    Document.objects.filter(pk=document.pk).update(language="de")
    one = suggested(bridge, document, now)
    read_all()
    assert (guess_of(one).label, guess_of(one).supports, guess_of(one).says) == ("unread", None, 0.0)


def test_what_an_older_version_suggested_is_asked_for_within_a_day(
    bridge: Claim, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        Evidence.objects.create(claim=bridge, document=page(name, SAYS, now), state="suggested", at=now)
    monkeypatch.setattr(stances, "AT_ONCE", 1)
    assert ask_stances(now) is True
    assert ask_stances(now) is True
    assert ask_stances(now) is False
    assert StanceGuess.objects.filter(due_at=now).count() == 2


def shown(one: Claim, now: datetime) -> list[tuple[str, str]]:
    return [
        (row.document.url.rpartition("/")[2], guess.label if guess else "")
        for row, guess, _form in claim_page.of(one, now=now, refused={})["suggested"]
    ]


def test_those_that_seem_to_say_most_come_first(bridge: Claim, now: datetime) -> None:
    for name, text in (("apart", APART), ("says", SAYS)):
        suggested(bridge, page(name, text, now), now)
    read_all()
    suggested(bridge, page("new", SAYS, now), now)
    assert [name for name, _label in shown(bridge, now)] == ["says", "apart", "new"]
    assert shown(bridge, now)[0][1] == "supports"
    assert shown(bridge, now)[2][1] == ""


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        (SAYS, "en", "seems to support"),
        (DENIES, "en", "seems to refute"),
        (APART, "en", "does not seem to settle"),
        (SAYS, "de", "only pages in English"),
    ],
)
def test_the_claims_page_words_the_guess_as_a_guess(
    bridge: Claim, now: datetime, text: str, language: str, words: str
) -> None:
    document = page("a", text, now)
    Document.objects.filter(pk=document.pk).update(language=language)
    suggested(bridge, document, now)
    read_all()
    browser = Browser()
    browser.force_login(person())
    body = browser.get(f"/admin/claims/claim/{bridge.pk}/change/").content.decode()
    assert words in body
    assert ("Read it yourself" in body) == (language == "en")


def test_the_desks_api_tells_the_guess(bridge: Claim, now: datetime, by: User) -> None:
    suggested(bridge, page("a", SAYS, now), now)
    read_all()
    suggested(bridge, page("b", SAYS, now), now)
    accepted = suggested(bridge, page("c", SAYS, now), now)
    StanceGuess.objects.filter(evidence=accepted).delete()
    head = {"authorization": f"Bearer {token(by, Scope.READ_ALL)}"}
    found: Any = Browser().get(f"/api/v1/claims/{bridge.uid}/evidence", headers=head).json()
    by_page = {one["document"]["url"].rpartition("/")[2]: one["guess"] for one in found["results"]}
    assert by_page["a"]["says"] == "supports"
    assert by_page["a"]["supports"] > by_page["a"]["refutes"]
    assert by_page["b"] | {"model": ""} == by_page["b"] | {"says": "", "model": "", "version": None}
    assert by_page["c"] is None
