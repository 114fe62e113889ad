"""Where a page is also kept outside, on its own page and beside the evidence, and keeping it inside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from claims.models import Evidence
from sources.models import Archiving, Document
from tests.claims.admin.conftest import NOTICE, at, page_of, said

pytestmark = pytest.mark.django_db
COPY = "https://web.archive.org/web/20260302090000/https://traffic.example/notices/14"


@pytest.fixture(autouse=True)
def _has_archive(settings: Any) -> None:
    settings.ARCHIVE_URL = "https://web.archive.org/save"


def test_the_copy_stands_on_the_page_and_beside_the_evidence(checker: Client, pinned: Evidence) -> None:
    assert COPY not in said(checker.get(at(pinned.claim)))
    Archiving.objects.update(state="kept", url=COPY, due_at=None)
    assert COPY in said(checker.get(at(pinned.document)))
    page = said(checker.get(at(pinned.claim)))
    assert COPY in page
    assert "also kept outside" in page


def test_what_failed_says_why_and_is_asked_for_again(checker: Client, notice: Document) -> None:
    Archiving.objects.update(state="failed", detail="status 520", due_at=None, failures=3)
    page = said(checker.get(at(notice)))
    assert "not kept outside" in page
    assert "status 520" in page
    assert "asked again" in said(checker.post(at(notice, "archive"), follow=True))
    assert Archiving.objects.get().state == "waiting"
    assert "nothing to ask again" in said(checker.post(at(notice, "archive"), follow=True))


def test_a_page_is_kept_inside(checker: Client, notice: Document, now: datetime) -> None:
    page = said(checker.post(at(notice, "keep_inside"), follow=True))
    assert "no archive outside is told of this page" in page
    assert "Keep this page inside" not in page
    page_of(f"{NOTICE} And more.", now=now)
    assert [one.state for one in Archiving.objects.all()] == ["left_out"]
    Archiving.objects.all().delete()
    assert "Kept inside" in said(checker.get(at(notice)))


def test_without_an_archive_the_page_does_not_speak_of_one(checker: Client, now: datetime, settings: Any) -> None:
    settings.ARCHIVE_URL = ""
    assert "Kept outside" not in said(checker.get(at(page_of(NOTICE, now=now))))
