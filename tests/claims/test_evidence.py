"""Evidence: suggested by pages, accepted by people, pinned to what they saw."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Article, Claim, Evidence
from claims.services import evidence
from claims.services.evidence import EvidenceRefused
from factcheck.access.models import User
from sources.services import documents
from tests.factories import person, split_article

pytestmark = pytest.mark.django_db

SUPPORTS = Evidence.Stance.SUPPORTS


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def article(now: datetime) -> Article:
    return split_article(now)


@pytest.fixture
def one(article: Article) -> Claim:
    return article.appearances.order_by("id")[0].claim


def test_accepted_evidence_pins_the_version_and_the_quote(
    now: datetime, article: Article, one: Claim, by: User
) -> None:
    found = evidence.attach(
        one, article.document, quote="engineers had found   cracks", stance=SUPPORTS, by=by, now=now
    )
    assert found.snapshot == article.document.snapshot
    assert found.exact == "engineers had found cracks"
    assert article.document.snapshot is not None
    assert article.document.snapshot.text[found.start : found.end] == found.exact
    assert found.sentence.startswith("The Harbour Courier reported")
    assert found.anchor == "holds"


def test_a_page_can_be_pinned_as_a_whole(now: datetime, article: Article, one: Claim, by: User) -> None:
    found = evidence.attach(one, article.document, quote=" ", stance=Evidence.Stance.CONTEXT, by=by, now=now)
    assert (found.exact, found.anchor, found.start) == ("", "", None)


@pytest.mark.parametrize(("quote", "code"), [("no such words", "quote_not_found"), ("x" * 2001, "quote_too_long")])
def test_a_quote_that_does_not_fit_is_refused(now: datetime, one: Claim, quote: str, code: str) -> None:
    document = one.appearances.get().article.document
    with pytest.raises(EvidenceRefused) as refused:
        evidence.attach(one, document, quote=quote, stance=SUPPORTS, by=person("editor"), now=now)
    assert refused.value.code == code
    assert not one.evidence.exists()


def test_a_page_that_was_not_read_yet_cannot_be_pinned(now: datetime, one: Claim, by: User) -> None:
    page, _new = documents.watch("https://news.example.org/a", now=now)
    with pytest.raises(EvidenceRefused, match="first look"):
        evidence.attach(one, page, quote="", stance=SUPPORTS, by=by, now=now)


def test_a_page_is_suggested_once_and_accepting_it_keeps_the_row(
    now: datetime, article: Article, one: Claim, by: User
) -> None:
    for _time in range(2):
        evidence.suggest(one, article.document, because="the sentence links to it", now=now)
    suggestion = one.evidence.get()
    accepted = evidence.attach(one, article.document, quote="cracks", stance=SUPPORTS, by=by, now=now)
    assert accepted.pk == suggestion.pk
    assert accepted.suggested_because == "the sentence links to it"


def test_only_one_person_decides_on_a_suggestion(now: datetime, article: Article, one: Claim, by: User) -> None:
    evidence.suggest(one, article.document, because="", now=now)
    suggestion = one.evidence.get()
    evidence.accept(suggestion, quote="", stance=SUPPORTS, by=by, now=now)
    with pytest.raises(EvidenceRefused, match="meanwhile"):
        evidence.accept(suggestion, quote="", stance=SUPPORTS, by=by, now=now)


def test_dismissed_evidence_stays_as_a_row_and_cannot_be_dismissed_twice(
    now: datetime, article: Article, one: Claim, by: User
) -> None:
    found = evidence.attach(one, article.document, quote="", stance=SUPPORTS, by=by, now=now)
    evidence.dismiss(found, by=by, now=now)
    assert not Evidence.objects.accepted().filter(claim=one).exists()
    with pytest.raises(EvidenceRefused, match="already"):
        evidence.dismiss(found, by=by, now=now)
