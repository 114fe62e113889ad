"""The edits of a claim's sentence on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.models import Claim
from factcheck.access.roles import Role
from tests.claims.admin.conftest import at, said, signed_in

pytestmark = pytest.mark.django_db
EDIT = {"start": 3, "end": 5, "was": "It", "now": "The <old> bridge", "why": "it is the bridge", "at": 0}
WRITTEN = "The <old> bridge is shut."


@pytest.fixture
def edited(bridge: Claim) -> Claim:
    Claim.objects.filter(pk=bridge.pk).update(text=WRITTEN, written=WRITTEN, edits=[EDIT])
    bridge.refresh_from_db()
    return bridge


def test_each_edit_is_shown_with_its_reason(checker: Client, edited: Claim) -> None:
    page = said(checker.get(at(edited)))
    assert "In place of the article's own words" in page
    assert "<del>It</del> <ins>The &lt;old&gt; bridge</ins>" in page
    assert "it is the bridge" in page


def test_one_button_puts_the_words_back_and_one_writes_them_again(checker: Client, edited: Claim) -> None:
    answer = checker.post(at(edited, "reword", 0), {"as": "article"}, follow=True)
    assert "The claim now says: “It is shut.”" in said(answer)
    assert "Write it again" in said(answer)
    edited.refresh_from_db()
    assert edited.text == "It is shut."
    answer = checker.post(at(edited, "reword", 0), {"as": "written"}, follow=True)
    assert "Put the article's own words back" in said(answer)
    edited.refresh_from_db()
    assert edited.text == WRITTEN


def test_the_second_to_put_them_back_is_told(checker: Client, edited: Claim) -> None:
    checker.post(at(edited, "reword", 0), {"as": "article"})
    answer = checker.post(at(edited, "reword", 0), {"as": "article"})
    assert answer.status_code == 409
    assert "Somebody did that meanwhile" in said(answer)


def test_a_reader_sees_them_without_a_button(edited: Claim) -> None:
    page = said(signed_in(Role.READER).get(at(edited)))
    assert "it is the bridge" in page
    assert "Put the article" not in page


def test_a_claim_without_edits_says_nothing_of_them(checker: Client, bridge: Claim) -> None:
    assert "own words" not in said(checker.get(at(bridge)))
