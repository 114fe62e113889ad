"""Moving a claim on its page: by the table, with reasons, and never over somebody else's move."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from claims.models import Claim, Evidence, StatusChange
from claims.services import flags
from claims.verification.staleness import StaleReason
from factcheck.lib import clock
from tests.claims.admin.conftest import at, page_of, said, signed_in

pytestmark = pytest.mark.django_db


def move(client: Client, claim: Claim, **form: str):
    return client.post(at(claim, "move"), {"seen": "unreviewed", **form})


def test_a_claim_is_taken_into_review_and_the_page_says_so(checker: Client, bridge: Claim) -> None:
    answer = move(checker, bridge, to="in_review")
    assert answer.status_code == 302
    assert answer["Location"] == at(bridge)
    page = said(checker.get(at(bridge)))
    assert "Our status is now “in review”." in page
    change = bridge.status_changes.get()
    assert (change.old, change.new, change.by.username) == ("unreviewed", "in_review", "fact_checker")


def test_a_verdict_without_evidence_is_refused_and_the_typed_text_stays(checker: Client, bridge: Claim) -> None:
    answer = move(checker, bridge, to="refuted", reason="the office <says> so", search_log="asked the office")
    assert answer.status_code == 200
    page = said(answer)
    assert "A verdict asks for accepted evidence" in page
    assert "the office &lt;says&gt; so" in page
    assert "asked the office" in page
    assert not StatusChange.objects.exists()


def test_a_verdict_without_reason_is_refused(checker: Client, pinned: Evidence) -> None:
    answer = move(checker, pinned.claim, to="refuted", reason="   ")
    assert "This move asks for a reason" in said(answer)
    assert not StatusChange.objects.exists()


def test_unproven_without_a_search_log_is_refused(checker: Client, bridge: Claim) -> None:
    answer = move(checker, bridge, to="not_enough_evidence", reason="nothing found")
    assert "asks for a search log" in said(answer)


def test_a_verdict_with_reason_and_evidence_is_kept_with_what_was_on_the_table(
    checker: Client, pinned: Evidence
) -> None:
    answer = move(checker, pinned.claim, to="refuted", reason="The office says it is open.")
    assert answer.status_code == 302
    change = StatusChange.objects.get()
    assert change.snapshot_ids == [pinned.snapshot_id]
    page = said(checker.get(at(pinned.claim)))
    assert "The office says it is open." in page
    assert "Our status:</span> refuted" in page


def test_an_illegal_move_is_refused_with_what_is_allowed(checker: Client, bridge: Claim) -> None:
    answer = move(checker, bridge, to="withdrawn", reason="no longer ours")
    assert answer.status_code == 200
    assert "a claim cannot go to “withdrawn”" in said(answer)
    assert "no longer ours" in said(answer)


def test_the_second_of_two_reviewers_is_told_that_it_moved(checker: Client, bridge: Claim) -> None:
    other = signed_in("editor")
    assert move(other, bridge, to="in_review").status_code == 302
    answer = move(checker, bridge, to="not_checkable", reason="my long reason")
    assert answer.status_code == 409
    page = said(answer)
    assert "Meanwhile the claim was moved to “in review”" in page
    assert "my long reason" in page
    assert '<input type="hidden" name="seen" value="in_review">' in page
    assert StatusChange.objects.count() == 1


def test_a_double_click_moves_once(checker: Client, bridge: Claim) -> None:
    answers = [move(checker, bridge, to="in_review").status_code for _click in range(2)]
    assert answers == [302, 409]
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize(
    "form", [{}, {"to": "nonsense"}, {"to": ""}, {"to": "in_review", "seen": "x\x00"}, {"to": "in_review", "seen": ""}]
)
def test_a_move_that_is_none_is_refused(checker: Client, bridge: Claim, form: dict[str, str]) -> None:
    answer = checker.post(at(bridge, "move"), {"seen": "unreviewed", "reason": "kept words", **form})
    assert answer.status_code == 200
    assert "errorlist" in said(answer)
    assert "kept words" in said(answer)
    assert not StatusChange.objects.exists()


def test_a_reason_without_end_is_refused(checker: Client, bridge: Claim) -> None:
    answer = move(checker, bridge, to="in_review", reason="x" * 5001)
    assert answer.status_code == 200
    assert "at most 5000 characters" in said(answer)


def test_no_form_writes_the_status(checker: Client, bridge: Claim) -> None:
    assert checker.post(at(bridge), {"status": "supported", "text": "other"}).status_code == 405
    bridge.refresh_from_db()
    assert bridge.status == "unreviewed"
    by_hand = {
        "text": "Born decided.",
        "kind": "fact",
        "language": "en",
        "certainty": "asserted",
        "status": "supported",
    }
    assert checker.post("/admin/claims/claim/add/", by_hand).status_code == 302
    assert Claim.objects.get(text="Born decided.").status == "unreviewed"


def test_a_move_must_be_posted(checker: Client, bridge: Claim) -> None:
    assert checker.get(at(bridge, "move")).status_code == 405


def test_a_claim_that_is_not_there_cannot_be_moved(checker: Client, bridge: Claim) -> None:
    for key in (bridge.pk + 1000, 10**30):
        assert checker.post(f"/admin/claims/claim/{key}/move/", {"to": "in_review"}).status_code == 404


def opened(client: Client, claim: Claim) -> str:
    """Return when the page that the browser shows was opened, as its form has it."""
    found = re.search(r'name="looked_at" value="([^"]+)"', client.get(at(claim)).content.decode())
    assert found is not None
    return found[1]


def test_a_verdict_over_a_quote_that_changed_shows_both_sentences_and_is_made_on_the_page_that_shows_them(
    checker: Client, pinned: Evidence
) -> None:
    looked_at = opened(checker, pinned.claim)
    page_of("Traffic notice 15.\n\nThe Selmar bridge is closed to all lorries.", now=clock.now())
    refused = move(checker, pinned.claim, to="supported", reason="It says so.", looked_at=looked_at)
    assert refused.status_code == 409
    page = said(refused)
    assert "Meanwhile what it rests on changed." in page
    assert "It says so." in page, "what was typed is kept"
    assert "Needs another look" in page
    assert "The Selmar bridge is closed to all lorries." in page
    again = move(checker, pinned.claim, to="supported", reason="It says so.", looked_at=opened(checker, pinned.claim))
    assert again.status_code == 302
    assert pinned.claim.flags.get().cleared_how == "reviewed"


def test_what_else_rose_meanwhile_is_told_and_stays_open(checker: Client, pinned: Evidence) -> None:
    looked_at = opened(checker, pinned.claim)
    flags.raise_flag(pinned.claim, StaleReason.TOO_OLD, now=clock.now())
    assert move(checker, pinned.claim, to="supported", reason="Yes.", looked_at=looked_at).status_code == 302
    page = said(checker.get(at(pinned.claim)))
    assert "Meanwhile: our status is older than it holds" in page
    assert pinned.claim.flags.get().cleared_at is None


def test_a_claim_is_closed_for_a_reason_of_the_list_and_the_history_says_it(checker: Client, bridge: Claim) -> None:
    page = said(checker.get(at(bridge)))
    assert 'value="not_checkable/not_a_claim"' in page
    assert "split into smaller" not in page, "that is not for choosing"
    assert "choose a reason" in said(move(checker, bridge, to="not_checkable"))
    assert move(checker, bridge, to="not_checkable/too_vague").status_code == 302
    assert "It is too vague." in said(checker.get(at(bridge)))
    refused = move(checker, bridge, to="not_checkable/split_up", seen="not_checkable")
    assert "errorlist" in said(refused)
