"""The lists: bounded in queries, narrowed by words that are known, unmoved by hostile addresses."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Appearance, Article, Claim, Evidence
from claims.services import articles, claims, evidence
from claims.verification.staleness import StaleReason
from factcheck import ledger
from factcheck.access.models import Client as Newsroom
from factcheck.access.models import Token, User, mint
from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Check, Document, Source
from tests.claims.admin.conftest import at, flag, listed, page_of, said, signed_in
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
MOST = 25


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def more_rows(many: int, now: datetime) -> None:
    """Add claims with articles, chains, flags and evidence, people, tokens and clients."""
    for number in range(many):
        stamp = f"{many}-{number}"
        article, _is_new = articles.submit_text(
            f"Bridge {stamp} is closed. It is so.", now=now, outlet=f"Outlet {stamp}"
        )
        one = claims.make(f"Bridge {stamp} is closed.", now=now, article=article, quote=f"Bridge {stamp} is closed")
        outlet = article.document.publisher
        appearance = one.appearances.get()
        appearance.chain.create(position=0, name=str(outlet), source=outlet)
        flag(one, StaleReason.SOURCE_GONE, now=now, document=article.document)
        mint(name=stamp, scopes=["read:all"], client=Newsroom.objects.create(name=stamp))
        person(username=stamp)


@pytest.mark.parametrize("model", [Claim, Article, Document, Source, User, Token, Newsroom])
def test_a_list_asks_as_often_for_thirty_rows_as_for_three(model: Any, now: datetime) -> None:
    client = signed_in(Role.ADMIN)
    more_rows(3, now)
    few = queries(client, listed(model))
    more_rows(30, now)
    assert queries(client, listed(model)) == few <= MOST


def rich_claim(many: int, now: datetime) -> Claim:
    one = claim(now, f"A claim with {many} of everything.")
    by = person(username=f"by-{many}")
    for number in range(many):
        stamp = f"{many}-{number}"
        article, _is_new = articles.submit_text(f"Text {stamp}. It says so.", now=now, outlet=f"Outlet {stamp}")
        snapshot = article.document.snapshot
        assert snapshot is not None
        appearance = Appearance.objects.create(
            claim=one, article=article, snapshot=snapshot, quote=f"Text {stamp}", certainty="possible",
            spans=[{"start": 0, "end": 6}], fingerprint=stamp, kind="fact", salience="core",
        )  # fmt: skip
        appearance.chain.create(position=0, name=f"Outlet {stamp}", source=article.document.publisher)
        page = page_of(f"Page {stamp}. It says so.", now=now, url=f"https://page.example/{stamp}")
        if number % 2:
            evidence.attach(one, page, quote="It says so.", stance=Evidence.Stance.SUPPORTS, by=by, now=now)
        else:
            evidence.suggest(one, page, because="a link", now=now)
        flag(one, StaleReason.QUOTE_CHANGED, now=now, document=page, was="a", today="b")
    return one


def test_a_claims_page_asks_as_often_for_thirty_of_everything_as_for_three(checker: Client, now: datetime) -> None:
    few, many = (rich_claim(number, now) for number in (3, 30))
    assert queries(checker, at(few)) == queries(checker, at(many)) <= MOST


def test_an_articles_page_asks_as_often_for_thirty_claims_as_for_three(checker: Client, now: datetime) -> None:
    counts = []
    for many in (3, 30):
        text = "\n\n".join(f"Bridge {many}-{number} is closed." for number in range(many))
        article, _is_new = articles.submit_text(text, now=now, outlet="The Post")
        for number in range(many):
            quote = f"Bridge {many}-{number} is closed"
            one = claims.make(quote, now=now, article=article, quote=quote)
            flag(one, StaleReason.TOO_OLD, now=now)
        counts.append(queries(checker, at(article)))
    assert counts[0] == counts[1] <= MOST


def test_a_documents_page_asks_as_often_for_thirty_looks_as_for_three(checker: Client, now: datetime) -> None:
    page = page_of("It says so.", now=now)
    counts, by = [], person(username="by")
    for many in (3, 30):
        for number in range(many):
            due = now + timedelta(minutes=many * 100 + number)
            Check.objects.create(document=page, due_at=due, at=due, outcome="unchanged", took_ms=1)
            one = claim(now, f"Claim {many}-{number}.")
            evidence.attach(one, page, quote="", stance=Evidence.Stance.SUPPORTS, by=by, now=now)
        counts.append(queries(checker, at(page)))
    assert counts[0] == counts[1] <= MOST


@pytest.fixture
def crowd(article: Article, pinned: Evidence, now: datetime) -> dict[str, Claim]:
    """Claims that differ in what the filters ask for."""
    late = claim(now, "An old forecast.", kind="forecast")
    Claim.objects.filter(pk=late.pk).update(holds_until=clock.now() - timedelta(hours=1))
    placed = claim(
        now, "It was denied.", article=article, quote="Talks over the Selmar bridge collapsed", certainty="denied"
    )
    outlet = article.document.publisher
    placed.appearances.get().chain.create(position=0, name=str(outlet), source=outlet)
    flag(pinned.claim, StaleReason.SOURCE_GONE, now=now, document=pinned.document)
    ledger.drain(ledger.register.works["match"], for_s=60)
    return {"late": late, "placed": placed, "flagged": pinned.claim}


def shown(client: Client, query: str) -> set[int]:
    answer = client.get(f"{listed(Claim)}?{query}")
    assert answer.status_code == 200, query
    return {one.pk for one in answer.context["cl"].result_list}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=unreviewed&look=yes", {"flagged"}),
        ("look=source_gone", {"flagged"}),
        ("look=too_old", set()),
        ("overdue=yes", {"late"}),
        ("certainty=denied", {"placed"}),
        ("kind=forecast&overdue=yes", {"late"}),
        ("status=refuted", set()),
        ("q=old+forecast", {"late"}),
        ("q=bridge+lorries+closed", {"flagged"}),
        ("q=Talks+over+the+Selmar+bridge+collapsed&certainty=denied", {"placed"}),
    ],
)
def test_the_list_is_narrowed(checker: Client, crowd: dict[str, Claim], query: str, names: set[str]) -> None:
    by_key = {one.pk: name for name, one in crowd.items()}
    assert {by_key[pk] for pk in shown(checker, query) if pk in by_key} == names


def test_the_list_is_narrowed_to_who_says_it(checker: Client, crowd: dict[str, Claim]) -> None:
    source = Source.objects.get(name="The Selmar Post")
    assert crowd["placed"].pk in shown(checker, f"source={source.pk}")
    assert crowd["late"].pk not in shown(checker, f"source={source.pk}")
    unsaid = Source.objects.create(name="Nobody quotes it")
    assert shown(checker, f"source={unsaid.pk}") == set()
    assert "Nobody quotes it" in said(checker.get(f"{listed(Claim)}?source={unsaid.pk}"))


def test_without_a_flag_is_a_filter_too(checker: Client, crowd: dict[str, Claim]) -> None:
    fresh = shown(checker, "look=no")
    assert crowd["late"].pk in fresh
    assert crowd["flagged"].pk not in fresh


@pytest.mark.parametrize(
    "query",
    [
        "status=%00", "status=nonsense", "look=%27--", "source=abc", "source=%D9%A3",
        "source=99999999999999999999999999",
        "source=" + "9" * 5000, "q=%00", "q=" + "x" * 5000, "q=%27%3B+drop", "o=99.-x", "p=abc", "all=", "certainty=",
        "kind=fact&kind=x", "q=%F0%9F%92%A9", "_facets=True", "overdue=%FF",
    ],
)  # fmt: skip
def test_a_hostile_address_is_no_choice(checker: Client, crowd: dict[str, Claim], query: str) -> None:
    assert checker.get(f"{listed(Claim)}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["text=%00", "created_by__password__startswith=a", "id__gt=1", "status__exact=x"])
def test_a_lookup_that_no_filter_offers_is_refused(query: str, article: Article) -> None:
    client = signed_in(Role.ADMIN)
    for model in (Claim, Article, Document, Source, User, Token):
        assert client.get(f"{listed(model)}?{query}").status_code == 400


@pytest.mark.parametrize("key", ["0", "-1", "abc", "9" * 30, "9" * 5000, "%00", "٣x", "1/../2"])
def test_a_row_that_is_not_there_leads_back(checker: Client, key: str) -> None:
    for model in (Claim, Article, Document, Source):
        answer = checker.get(f"{listed(model)}{key}/change/")
        assert answer.status_code in {302, 404}, (model, key)


@pytest.mark.parametrize("query", ["state=split", "state=stuck", "state=nonsense", "q=collapse", "q=selmar+post"])
def test_articles_are_narrowed(checker: Client, article: Article, query: str) -> None:
    answer = checker.get(f"{listed(Article)}?{query}")
    found = [one.pk for one in answer.context["cl"].result_list]
    assert found == ([] if query == "state=stuck" else [article.pk])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("watch=watched", True), ("watch=paused", False), ("watch=stuck", False), ("watch=supplied", False),
        ("outcome=gone", False), ("q=traffic", True),
    ],
)  # fmt: skip
def test_documents_are_narrowed(checker: Client, notice: Document, query: str, found: bool) -> None:
    answer = checker.get(f"{listed(Document)}?{query}")
    assert (notice.pk in [one.pk for one in answer.context["cl"].result_list]) is found


def test_an_empty_list_says_so(checker: Client) -> None:
    assert "Nothing here yet." in said(checker.get(listed(Claim)))
    assert "Nothing fits." in said(checker.get(f"{listed(Claim)}?status=refuted"))


def test_a_claim_in_many_articles_names_three(checker: Client, now: datetime) -> None:
    rich_claim(5, now)
    assert "and 2 more" in said(checker.get(listed(Claim)))


def test_a_claim_that_no_text_says_any_longer_is_told_so_with_where_it_stood(
    checker: Client, article: Article, now: datetime
) -> None:
    Appearance.objects.filter(article=article).update(ended_at=now)
    page = said(checker.get(listed(Claim)))
    assert "no text says it any longer" in page
    assert str(article) in page


def test_times_are_told_in_the_desks_time_zone(checker: Client, notice: Document, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    Document.objects.filter(pk=notice.pk).update(checked_at=datetime.fromisoformat("2026-03-02T20:00:00+00:00"))
    assert "3 Mar 2026, 05:00" in said(checker.get(listed(Document)))


def test_the_front_page_leads_to_the_lists_of_work(checker: Client, crowd: dict[str, Claim]) -> None:
    front = checker.get("/admin/").content.decode()
    doors = [unescape(href) for href in re.findall(r'class="door[^"]*"\s+href="([^"]+)"', front)]
    assert len(doors) == 10
    for door in doors:
        assert checker.get(door).status_code == 200, door
    ordered = checker.get(next(door for door in doors if "o=" in door)).context["cl"].queryset.query.order_by
    assert ordered[0] == "-check_worthiness"


def test_a_refusal_is_told_in_the_desks_frame(checker: Client, bridge: Claim) -> None:
    assert "Not yours to do" in said(checker.get(listed(User)))
    assert "Nothing here" in said(checker.post(f"/admin/claims/claim/{bridge.pk + 1000}/move/"))


def test_a_list_of_very_many_is_paged_to_a_bound_and_says_so(
    checker: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.access.admin.MOST_PAGED", 60)
    for number in range(60):
        claim(now, f"Bridge {number} is closed.")
    assert "60 claims" in said(checker.get(listed(Claim)))
    claim(now, "One more bridge is closed.")
    last = checker.get(f"{listed(Claim)}?p=2")
    assert "The first 60 of more claims: narrow the list to find the others." in said(last)
    assert len(last.context["cl"].result_list) == 10
    assert "more than 60 results" in said(checker.get(f"{listed(Claim)}?kind=fact"))
