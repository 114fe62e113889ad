"""A list asks the database as often for thirty rows as for three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Appearance, Claim, Drift, Link
from claims.services import events, evidence, flags
from claims.services.claims import make
from claims.verification.staleness import StaleReason
from factcheck.lib import clock
from sources.models import Check, Document, Source
from sources.services import sources, supplying
from tests.api.conftest import Caller, read_page
from tests.claims.known import known, match
from tests.factories import person, split_article

pytestmark = pytest.mark.django_db
MOST = 8


def _claim() -> Claim:
    found = Claim.objects.order_by("id").first()
    assert found is not None
    return found


def _articles(now: datetime, start: int, many: int) -> None:
    for number in range(start, many):
        split_article(now, f"Story number {number} of the council is told.", outlet=f"Outlet {number}")


def _claims(now: datetime, start: int, many: int) -> None:
    _articles(now, start, many)
    for number, claim in enumerate(Claim.objects.order_by("id")[start:many], start):
        source = sources.find_or_make(f"Speaker {number}")
        Claim.objects.filter(pk=claim.pk).update(claimant=source)
        page = read_page(now, f"https://courier.example/{number}")
        flags.raise_flag(claim, StaleReason.SOURCE_GONE, now=now, document=page)


def _documents(now: datetime, start: int, many: int) -> None:
    for number in range(start, many):
        read_page(now, f"https://outlet{number}.example/1")


def _sources(now: datetime, start: int, many: int) -> None:
    for number in range(start, many):
        source = sources.find_or_make(f"Speaker {number}")
        Source.objects.filter(pk=source.pk).update(parent=sources.find_or_make(f"Owner {number}"))


def _evidence(now: datetime, start: int, many: int) -> None:
    claim = _claim() if start else make("A claim.", now=now)
    for number in range(start, many):
        evidence.suggest(claim, read_page(now, f"https://courier.example/{number}"), because="a link", now=now)


def _history(now: datetime, start: int, many: int) -> None:
    from django.db import transaction

    claim = _claim() if start else make("A claim.", now=now)
    for number in range(start, many):
        with transaction.atomic():
            events.record(claim, "claim.noted", now=now, number=number)


def _links(now: datetime, start: int, many: int) -> None:
    claim = _claim() if start else make("A claim.", now=now)
    for number in range(start, many):
        other = make(f"Another claim {number}.", now=now)
        Link.objects.create(claim=claim, other=other, kind="narrows", state="suggested", found_at=now, at=now)


def _drifts(now: datetime, start: int, many: int) -> None:
    _articles(now, start + bool(start), many + 1)
    one, *others = Appearance.objects.order_by("id")[: many + 1]
    given = {"state": "suggested", "kind": "hedge_dropped", "found_at": now, "at": now, "said": "a", "source_said": "b"}
    for other in others:
        Drift.objects.get_or_create(appearance=one, source=other, defaults={"claim": one.claim, **given})


def _known(now: datetime, start: int, many: int) -> None:
    for number in range(start, many):
        known(now, url=f"https://checkers.example/{number}")


def _known_of_a_claim(now: datetime, start: int, many: int) -> None:
    claim = _claim() if start else make("A claim.", now=now)
    for number in range(start, many):
        match(claim, now, known=known(now, url=f"https://checkers.example/{number}"))


def _checks(now: datetime, start: int, many: int) -> None:
    page = Document.objects.get() if start else read_page(now)
    for number in range(start, many):
        at = now + timedelta(minutes=number)
        Check.objects.create(
            document=page, due_at=at, at=at, outcome="changed", took_ms=1, snapshot_id=page.snapshot_id
        )


def _versions(now: datetime, start: int, many: int) -> None:
    page = Document.objects.get() if start else read_page(now)
    for number in range(start, many):
        by, at = person(username=f"person {number}"), clock.now()
        supplying.supply(page, text=f"The bridge carries {number} lorries.", seen_at=at, by=by, now=at)


LISTS: dict[str, tuple[Callable[[datetime, int, int], None], Callable[[], str]]] = {
    "api-articles": (_articles, lambda: "articles"),
    "api-claims": (_claims, lambda: "claims"),
    "api-documents": (_documents, lambda: "documents"),
    "api-versions": (_versions, lambda: f"documents/{Document.objects.get().uid}/versions"),
    "api-sources": (_sources, lambda: "sources"),
    "api-evidence": (_evidence, lambda: f"claims/{_claim().uid}/evidence"),
    "api-links": (_links, lambda: f"claims/{_claim().uid}/links"),
    "api-drifts": (_drifts, lambda: f"claims/{_claim().uid}/drifts"),
    "api-known-checks": (_known, lambda: "known-checks"),
    "api-claim-known-checks": (_known_of_a_claim, lambda: f"claims/{_claim().uid}/known-checks"),
    "api-history": (_history, lambda: f"claims/{_claim().uid}/history"),
    "api-checks": (_checks, lambda: f"documents/{Document.objects.get().uid}/checks"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_thirty_costs_no_more_queries_than_one_of_three(checker: Caller, today: datetime, name: str) -> None:
    make_rows, address = LISTS[name]
    make_rows(today, 0, 3)
    path = address()
    checker.get(path)  # notes the token's last use
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(checker.get(path).json()["results"]) >= 3
    make_rows(today, 3, 30)
    with CaptureQueriesContext(connection) as many:
        assert len(checker.get(path).json()["results"]) >= 30
    assert len(many) == len(few) <= MOST, [query["sql"][:200] for query in many.captured_queries]
    assert not any(
        '"text", ' in query["sql"]
        and "sources_snapshot" in query["sql"]
        and '"sources_snapshot"."text"' in query["sql"]
        for query in many.captured_queries
    )


def test_every_list_has_its_query_count() -> None:
    from factcheck.api.doors import Listing
    from tests.api.test_access import ROUTES

    assert set(LISTS) == {name for name, view in ROUTES.items() if issubclass(view, Listing)}
