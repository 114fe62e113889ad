"""A person supplies what they saw of a page: the form, what it refuses, and the claims that hear of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Evidence
from factcheck import ledger
from sources.models import Document
from tests.claims.admin.conftest import at, inline_in, said

pytestmark = pytest.mark.django_db
TODAY = "Traffic notice 14.\n\nThe Selmar bridge stays closed to lorries. Drivers keep a distance."


def test_what_was_seen_is_kept_and_its_claims_hear_of_it(checker: Client, pinned: Evidence, notice: Document) -> None:
    door = at(notice, "supply")
    assert door in said(checker.get(at(notice)))
    page = checker.get(door)
    assert inline_in(page) == []
    assert 'type="datetime-local" name="seen_at" value="' in said(page) or 'name="seen_at" value="' in said(page)
    screenshot = SimpleUploadedFile("seen.png", b"\x89PNG\r\n\x1a\n0000", "image/png")
    given = {"file": screenshot, "text": TODAY, "seen_at": "2026-03-03T10:00"}
    after = said(checker.post(door, given, follow=True))
    assert "Kept. Claims that rest on it hear of it now." in after
    assert "a person who supplied it" in after
    ledger.drain_all([ledger.register.works["hear"]])
    assert "The Selmar bridge stays <ins>closed</ins> to lorries." in said(checker.get(at(pinned.claim)))
    assert "Noted: it says what it said before." in said(
        checker.post(door, {"text": TODAY, "seen_at": "2026-03-03T11:00"}, follow=True)
    )


def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(
    checker: Client, notice: Document, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = at(notice, "supply")
    early = said(checker.post(door, {"text": "An <b>old</b> text.", "seen_at": "2020-01-01T10:00"}))
    assert "A newer version is kept" in early
    assert "An &lt;b&gt;old&lt;/b&gt; text." in early
    assert "Give a file, or type what you saw." in said(checker.post(door, {"seen_at": "2026-03-03T10:00"}))
    assert "This field is required." in said(checker.post(door, {"text": "Words."}))
    assert "Enter a valid date/time." in said(checker.post(door, {"text": "Words.", "seen_at": "\x00"}))
    monkeypatch.setattr("sources.services.supplying.MOST_BYTES", 3)
    large = SimpleUploadedFile("page.html", b"<p>large</p>")
    assert "A file has at most" in said(checker.post(door, {"file": large, "seen_at": "2026-03-03T10:00"}))
    assert notice.snapshots.count() == 1
