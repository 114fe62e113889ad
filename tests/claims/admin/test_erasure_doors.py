"""Taking a version down from its page; pages of what was erased."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from claims.models import Article, Evidence
from claims.services import erasure
from factcheck.access.roles import Role
from factcheck.lib.names import names_of
from sources.models import Snapshot
from tests.claims.admin.conftest import at, inline_in, said, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_an_administrator_is_asked_once_more_and_for_the_reason(pinned: Evidence) -> None:
    admin, document = signed_in(Role.ADMIN), pinned.document
    assert at(document, "takedown", 1) in said(admin.get(at(document)))
    asked = admin.get(at(document, "takedown", 1))
    assert "1 quotes of evidence stand in it" in said(asked)
    assert inline_in(asked) == []
    assert "This field is required" in said(admin.post(at(document, "takedown", 1), {"why": ""}))
    assert not Snapshot.objects.get(document=document).is_taken_down
    page = said(admin.post(at(document, "takedown", 1), {"why": "a court order"}, follow=True))
    assert "a court order" in page
    assert "Taken down on" in page
    assert "Drivers keep a distance." not in page
    assert at(document, "takedown", 1) not in page
    assert "was taken down already" in said(admin.post(at(document, "takedown", 1), {"why": "again"}))
    assert admin.get(at(document, "takedown", 9)).status_code == 404
    assert "stays open to lorries" in said(admin.get(at(pinned.claim)))


def test_others_neither_see_nor_do_it(checker: Client, pinned: Evidence) -> None:
    assert "Take it down" not in said(checker.get(at(pinned.document)))
    assert checker.get(at(pinned.document, "takedown", 1)).status_code == 403
    assert checker.post(at(pinned.document, "takedown", 1), {"why": "x"}).status_code == 403


@pytest.mark.parametrize("with_quotes", [True, False])
def test_every_page_of_what_was_taken_down_opens(article: Article, now: datetime, *, with_quotes: bool) -> None:
    admin = signed_in(Role.ADMIN)
    claims = [place.claim for place in article.appearances.all()]
    snapshot = Snapshot.objects.get(document=article.document)
    erasure.take_down(
        snapshot, why="a court order", by=person(username="a", role="admin"), now=now, with_quotes=with_quotes
    )
    for row in (article, article.document, *claims):
        answer = admin.get(at(row))
        assert answer.status_code == 200
    assert "Taken down on" in said(admin.get(at(article)))


def test_every_page_of_an_erased_person_opens_and_says_why(article: Article, now: datetime) -> None:
    admin = signed_in(Role.ADMIN)
    claims = [place.claim for place in article.appearances.all()]
    by = person("admin", username="eraser")
    erasure.erase_person(names_of(["Ilka Brandt"]), why="asked for it", by=by, now=now)
    for row in (article, article.document, *claims):
        answer = admin.get(at(row))
        assert answer.status_code == 200
        assert "Brandt" not in said(answer)
    assert "Words of it were erased on" in said(admin.get(at(article)))
    assert "asked for it" in said(admin.get(at(article.document)))
