"""Evidence of a claim."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from claims.models import Claim, Evidence
from claims.services import evidence
from sources.models import Document
from tests.api.conftest import PAGE, Caller, Counts, is_problem

pytestmark = pytest.mark.django_db

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_attached_evidence_is_pinned_to_what_the_page_says_now(checker: Caller, claim: Claim, page: Document) -> None:
    sent = {"document": str(page.uid), "stance": "supports", "quote": "closed to lorries"}
    answer = checker.post(f"claims/{claim.uid}/evidence", sent)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["stance"], told["by"]) == ("accepted", "supports", "fact_checker")
    assert told["document"] == {"uid": str(page.uid), "url": PAGE, "title": page.title}
    assert told["snapshot"]["number"] == 1
    assert [one["type"] for one in told["selector"]] == ["TextQuoteSelector", "TextPositionSelector"]
    assert told["selector"][0]["exact"] == "closed to lorries"
    assert told["anchor"] == "holds"
    assert checker.get(f"claims/{claim.uid}/evidence").json()["results"] == [told]


def test_a_page_is_named_by_its_address_too(checker: Caller, claim: Claim, page: Document) -> None:
    sent = {"url": PAGE + "#here", "stance": "context"}
    told = checker.post(f"claims/{claim.uid}/evidence", sent).json()
    assert told["document"]["uid"] == str(page.uid)
    assert (told["quote"], told["selector"]) == ("", [])


def test_a_page_that_was_not_read_yet_is_watched_from_then_on(checker: Caller, claim: Claim) -> None:
    sent = {"url": "https://courier.example/new", "stance": "context"}
    is_problem(checker.post(f"claims/{claim.uid}/evidence", sent), 409, "not_read_yet")
    assert Document.objects.get().due_at is not None
    assert Evidence.objects.count() == 0


def test_a_suggestion_is_accepted_once(checker: Caller, claim: Claim, page: Document, today: datetime) -> None:
    evidence.suggest(claim, page, because="the sentence links to it", now=today)
    listed = checker.get(f"claims/{claim.uid}/evidence", state="suggested").json()["results"][0]
    assert (listed["suggested_because"], listed["stance"], listed["by"]) == ("the sentence links to it", "", None)
    at = f"claims/{claim.uid}/evidence/{listed['uid']}/accept"
    accepted = checker.post(at, {"stance": "refutes", "quote": "cracks in two pillars"})
    assert accepted.status_code == 200
    assert accepted.json()["state"] == "accepted"
    is_problem(checker.post(at, {"stance": "refutes"}), 409, "already_decided")
    assert checker.get(f"claims/{claim.uid}/evidence", state="suggested").json()["results"] == []


def test_evidence_is_dismissed_once(checker: Caller, claim: Claim, page: Document, today: datetime) -> None:
    evidence.suggest(claim, page, because="a link", now=today)
    at = f"claims/{claim.uid}/evidence/{Evidence.objects.get().uid}/dismiss"
    assert checker.post(at).json()["state"] == "dismissed"
    is_problem(checker.post(at, {}), 409, "already_decided")
    is_problem(checker.post(at, {"reason": "x"}), 400, "invalid")


def test_evidence_is_found_under_its_own_claim_only(
    checker: Caller, claim: Claim, page: Document, today: datetime
) -> None:
    from claims.services.claims import make

    evidence.suggest(claim, page, because="a link", now=today)
    other = make("Another claim.", now=today)
    uid = Evidence.objects.get().uid
    is_problem(checker.post(f"claims/{other.uid}/evidence/{uid}/dismiss"), 404, "not_found")


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "invalid"),
    ({"stance": "supports"}, 400, "invalid"),
    ({"stance": "supports", "url": PAGE, "document": UNKNOWN}, 400, "invalid"),
    ({"stance": "supports", "document": UNKNOWN}, 422, "document_unknown"),
    ({"stance": "supports", "document": 5}, 400, "invalid"),
    ({"stance": "proves", "url": PAGE}, 422, "not_in_list"),
    ({"stance": "supports", "url": "ftp://x"}, 400, "scheme_not_allowed"),
    ({"stance": "supports", "url": "http://127.0.0.1/"}, 422, "address_not_allowed"),
    ({"stance": "supports", "url": PAGE, "quote": "not on the page"}, 422, "quote_not_found"),
    ({"stance": "supports", "url": PAGE, "quote": "x" * 2001}, 400, "quote_too_long"),
    ({"stance": "supports", "url": PAGE, "by": "me"}, 400, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_refused_says_why_and_leaves_no_row(  # noqa: PLR0917  fixtures
    checker: Caller, claim: Claim, page: Document, counts: Counts, body: dict[str, Any], status: int, code: str
) -> None:
    before = counts()
    is_problem(checker.post(f"claims/{claim.uid}/evidence", body), status, code)
    assert counts() == before
