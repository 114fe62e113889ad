"""The article's page: its claims by certainty, status and place in the queue, and what is done from there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from claims.admin import article_queue
from claims.models import Article, Claim, Triage
from claims.services import articles, triage, verdicts
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.claims.admin.conftest import at, inline_in, said, signed_in
from tests.factories import claim, person

pytestmark = pytest.mark.django_db


def settled() -> None:
    ledger.drain(ledger.register.works["triage"], for_s=60)


@pytest.fixture
def first(article: Article) -> Claim:
    settled()
    return Claim.objects.filter(appearances__article=article).earliest("pk")


def put(client: Client, do: str, one: Claim, article: Article, **more: str):
    door = reverse("admin:claims_triage_do", args=[do, one.pk])
    return client.post(door, {"article": article.pk, **more})


def test_each_claim_says_whether_it_is_in_the_queue_and_what_can_be_done(
    checker: Client, article: Article, first: Claim
) -> None:
    page = said(checker.get(at(article)))
    many = Triage.objects.queued(clock.now()).filter(claim__appearances__article=article).count()
    assert f"{many} of them are in the queue" in page
    assert "Put it aside for a week" in page
    assert f'id="claim-{first.pk}"' in page


def test_a_claim_is_put_aside_and_brought_back_beside_its_text(checker: Client, article: Article, first: Claim) -> None:
    answer = put(checker, "snooze", first, article, days="7", because="low")
    assert answer["Location"] == f"{at(article)}#claim-{first.pk}"
    assert "put aside" in said(checker.get(at(article)))
    put(checker, "wake", first, article)
    assert article_queue.of(Claim.objects.get(pk=first.pk), clock.now()).do == "snooze"


def test_a_claim_is_put_into_the_queue_and_taken_out_beside_its_text(
    checker: Client, article: Article, first: Claim
) -> None:
    Claim.objects.filter(pk=first.pk).update(kind="opinion", status="unreviewed")
    settled()
    assert article_queue.of(Claim.objects.get(pk=first.pk), clock.now()).do == "promote"
    put(checker, "promote", first, article)
    assert "Take it out again" in said(checker.get(at(article)))
    put(checker, "demote", first, article)
    assert article_queue.of(Claim.objects.get(pk=first.pk), clock.now()).do == "promote"


def test_a_reader_sees_where_claims_stand_without_buttons(article: Article, first: Claim) -> None:
    page = said(signed_in(Role.READER).get(at(article)))
    assert "in the queue" in page
    assert "queue-put" not in page
    assert "from-selection" not in page


def test_a_decided_claim_asks_for_nothing_and_a_lapsed_one_may_come_back(first: Claim, now: datetime) -> None:
    by = person(username="mover")
    Triage.objects.filter(pk=first.pk).update(lapses_at=clock.now() - timedelta(hours=1))
    assert article_queue.of(Claim.objects.get(pk=first.pk), clock.now()).do == "promote"
    verdicts.change_status(
        first, to=Status.NOT_CHECKABLE, by=by, now=now, seen=Status(first.status), reason="it is a greeting"
    )
    assert article_queue.of(Claim.objects.get(pk=first.pk), clock.now()).do == ""


def test_a_joined_claim_stands_where_the_other_stands(first: Claim, now: datetime) -> None:
    other = claim(now, "Another one.")
    triage.promote(other, by=person(username="mover"), now=now)
    Claim.objects.filter(pk=first.pk).update(head=other)
    assert article_queue.of(Claim.objects.get(pk=first.pk), clock.now()).do == "demote"


def test_numbers_have_the_shape_of_the_status_and_the_words_are_told(
    checker: Client, article: Article, first: Claim
) -> None:
    answer = checker.get(at(article))
    page = said(answer)
    assert f'<a class="badge status status-{first.status}" href="{at(first)}"' in page
    assert "What the marks mean" in page
    assert inline_in(answer) == []


@pytest.mark.parametrize(
    ("state", "words"), [("waiting", "the page is read <small> now"), ("due", "its turn comes <small> now")]
)
def test_an_article_on_its_way_says_how_far_it_is(checker: Client, now: datetime, state: str, words: str) -> None:
    article, _is_new = articles.submit_text("The bridge is closed. It is so.", now=now)
    Article.objects.filter(pk=article.pk).update(state=state)
    assert words in said(checker.get(at(article)))


def test_how_many_are_before_it_is_said(checker: Client, now: datetime) -> None:
    for number in range(3):
        article, _is_new = articles.submit_text(f"Bridge {number} is closed.", now=now + timedelta(seconds=number))
    page = said(checker.get(at(article)))
    assert "2 articles are to be split before it" in page


def test_a_split_article_speaks_of_no_steps(checker: Client, article: Article) -> None:
    assert "How far it is" not in said(checker.get(at(article)))


def test_the_text_has_its_places_for_what_is_selected(checker: Client, article: Article) -> None:
    snapshot = article.snapshot
    assert snapshot is not None
    page = said(checker.get(at(article)))
    block = snapshot.blocks[-1]
    assert f'data-start="{block["start"]}" data-end="{block["end"]}"' in page
    assert f'name="version" value="{snapshot.number}"' in page
