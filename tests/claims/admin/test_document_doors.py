"""A document's page: how it is watched, what rests on it, and what can be done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from claims.models import Evidence
from claims.services import articles
from claims.verification.staleness import StaleReason
from sources.models import Check, Document
from tests.claims.admin.conftest import at, flag, listed, said

pytestmark = pytest.mark.django_db


def test_the_page_links_the_claims_that_rest_on_it(checker: Client, pinned: Evidence, now: datetime) -> None:
    flag(pinned.claim, StaleReason.SOURCE_GONE, now=now, document=pinned.document)
    page = said(checker.get(at(pinned.document)))
    assert at(pinned.claim) in page
    assert "a page it rests on is gone" in page
    assert "Drivers keep a distance." in page


def test_the_looks_are_paged(checker: Client, notice: Document, now: datetime) -> None:
    for number in range(60):
        due = now + timedelta(minutes=number)
        Check.objects.create(
            document=notice, due_at=due, at=due, outcome="unreachable", detail=f"detail-{number};", took_ms=3
        )
    first, second = (said(checker.get(f"{at(notice)}?page={page}")) for page in (1, 2))
    assert "Page 1 of 2" in first
    assert "detail-59;" in first
    assert "detail-9;" not in first
    assert "detail-9;" in second
    assert checker.get(f"{at(notice)}?page=%00").status_code == 200


def test_a_page_is_paused_and_resumed(checker: Client, notice: Document) -> None:
    checker.post(at(notice, "pause"))
    notice.refresh_from_db()
    assert notice.paused_at is not None
    page = said(checker.get(at(notice)))
    assert "Resume" in page
    assert "paused" in page
    checker.post(at(notice, "look"))
    assert "it is paused or has no address" in said(checker.get(at(notice)))
    checker.post(at(notice, "resume"))
    again = Document.objects.get(pk=notice.pk)
    assert (again.paused_at, again.due_because) == (None, "somebody asked for it")


def test_a_page_is_looked_at_on_request(checker: Client, notice: Document) -> None:
    checker.post(at(notice, "look"))
    assert "It is looked at now." in said(checker.get(at(notice)))


def test_a_stuck_page_is_tried_again(checker: Client, notice: Document, now: datetime) -> None:
    Document.objects.filter(pk=notice.pk).update(quarantined_at=now, attempts=3, last_error="TypeError: <b>odd</b>")
    assert "TypeError: &lt;b&gt;odd" in said(checker.get(at(notice)))
    assert "stuck" in said(checker.get(listed(Document)))
    checker.post(at(notice, "requeue"))
    notice.refresh_from_db()
    assert notice.quarantined_at is None
    checker.post(at(notice, "requeue"))
    assert "It is not stuck" in said(checker.get(at(notice)))


def test_a_blind_page_says_since_when(checker: Client, notice: Document, now: datetime) -> None:
    Document.objects.filter(pk=notice.pk).update(
        seen_at=now, outcome="unreachable", outcome_detail="timeout", due_because="backing off"
    )
    page = said(checker.get(at(notice)))
    assert "We could not look since 2 Mar 2026, 09:00" in page
    assert "could not be reached" in page
    assert "backing off" in page


def test_a_supplied_text_has_nothing_to_look_at(checker: Client, now: datetime) -> None:
    article, _is_new = articles.submit_text("The bridge is closed.", now=now)
    page = said(checker.get(at(article.document)))
    assert "text without address" in page
    assert "Look now" not in page


def test_a_page_that_was_never_read_says_so(checker: Client, now: datetime) -> None:
    article, _is_new = articles.submit_url("https://post.example/bridge", now=now)
    page = said(checker.get(at(article.document)))
    for words in ("not looked at yet", "It was not read yet.", "Nobody has looked at it yet."):
        assert words in page


def test_a_long_text_is_shown_in_part(checker: Client, notice: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.admin.documents.TEXT_SHOWN", 10)
    monkeypatch.setattr("claims.admin.documents.MOST_CLAIMS", 0)
    assert "The text goes on: read all of it." in said(checker.get(at(notice)))


def test_nothing_is_posted_to_a_documents_page(checker: Client, notice: Document) -> None:
    assert checker.post(at(notice), {"url": "https://other.example"}).status_code == 405
    assert checker.post(f"/admin/sources/document/{notice.pk + 1000}/look/").status_code == 404
