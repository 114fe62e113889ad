"""Evidence and flags on a claim's page."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from claims.models import Claim, Evidence, Flag
from claims.services import evidence
from claims.verification.staleness import StaleReason
from sources.models import Document
from tests.claims.admin.conftest import at, flag, page_of, said

pytestmark = pytest.mark.django_db
QUOTE = "The Selmar bridge stays open to lorries."


def attach(client: Client, claim: Claim, address: str, quote: str = QUOTE, stance: str = "refutes"):
    form = {"attach-address": address, "attach-quote": quote, "attach-stance": stance}
    return client.post(at(claim, "attach"), form)


@pytest.fixture
def suggested(bridge: Claim, notice: Document, now: datetime) -> Evidence:
    evidence.suggest(bridge, notice, because="the sentence links to it: “<b>notice</b>”", now=now)
    return bridge.evidence.get()


def test_a_page_is_attached_by_its_address(checker: Client, bridge: Claim, notice: Document) -> None:
    answer = attach(checker, bridge, notice.url)
    assert answer.status_code == 302
    held = bridge.evidence.get()
    assert (held.state, held.exact, held.document) == ("accepted", QUOTE, notice)
    page = said(checker.get(at(bridge)))
    assert "Refutes" in page
    assert "The quote today:</span> unchanged" in page
    assert "accepted by fact_checker" in page


def test_a_quote_that_does_not_stand_there_is_refused_and_kept(
    checker: Client, bridge: Claim, notice: Document
) -> None:
    answer = attach(checker, bridge, notice.url, quote="The bridge fell down.")
    assert answer.status_code == 200
    assert "copy it character for character" in said(answer)
    assert "The bridge fell down." in said(answer)
    assert notice.url in said(answer)
    assert not bridge.evidence.exists()


def test_a_page_new_to_us_is_watched_and_the_person_is_told_to_wait(checker: Client, bridge: Claim) -> None:
    answer = attach(checker, bridge, "https://new.example/page")
    assert answer.status_code == 200
    assert "was not read yet" in said(answer)
    assert QUOTE in said(answer)
    assert Document.objects.get(url="https://new.example/page").due_at is not None


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://127.0.0.1/", "not an address", "", "http://x/\x00"])
def test_an_address_that_is_none_is_refused_and_kept(checker: Client, bridge: Claim, address: str) -> None:
    answer = attach(checker, bridge, address)
    assert answer.status_code == 200
    assert "errorlist" in said(answer)
    assert QUOTE in said(answer)
    assert not Document.objects.filter(evidence__isnull=False).exists()


def test_a_suggestion_is_accepted_with_stance_and_quote(checker: Client, suggested: Evidence) -> None:
    prefix = f"accept-{suggested.pk}"
    form = {f"{prefix}-stance": "refutes", f"{prefix}-quote": QUOTE}
    assert checker.post(at(suggested.claim, "accept", suggested.pk), form).status_code == 302
    suggested.refresh_from_db()
    assert (suggested.state, suggested.exact) == ("accepted", QUOTE)


def test_a_suggestion_without_stance_or_with_a_wrong_quote_keeps_what_was_typed(
    checker: Client, suggested: Evidence
) -> None:
    prefix, url = f"accept-{suggested.pk}", at(suggested.claim, "accept", suggested.pk)
    for form in ({f"{prefix}-quote": "typed words"}, {f"{prefix}-quote": "typed words", f"{prefix}-stance": "refutes"}):
        answer = checker.post(url, form)
        assert answer.status_code == 200
        assert "errorlist" in said(answer)
        assert "typed words" in said(answer)
    suggested.refresh_from_db()
    assert suggested.state == "suggested"


def test_the_second_to_decide_on_a_suggestion_is_told(checker: Client, suggested: Evidence) -> None:
    dismiss = at(suggested.claim, "dismiss", suggested.pk)
    assert checker.post(dismiss).status_code == 302
    answer = checker.post(dismiss)
    assert answer.status_code == 409
    assert "It was dismissed already." in said(answer)
    form = {f"accept-{suggested.pk}-stance": "refutes", f"accept-{suggested.pk}-quote": QUOTE}
    answer = checker.post(at(suggested.claim, "accept", suggested.pk), form)
    assert answer.status_code == 409
    assert "Somebody decided on it meanwhile" in said(answer)


def test_evidence_of_another_claim_is_not_found(checker: Client, suggested: Evidence, now: datetime) -> None:
    from tests.factories import claim

    other = claim(now, "Another claim.")
    for name in ("accept", "dismiss"):
        assert checker.post(at(other, name, suggested.pk)).status_code == 404
    raised = flag(suggested.claim, StaleReason.TOO_OLD, now=now)
    assert checker.post(at(other, "clear", raised.pk)).status_code == 404


def test_a_changed_quote_shows_both_sentences_with_their_difference(
    checker: Client, bridge: Claim, notice: Document, now: datetime
) -> None:
    was, today = "The bridge is <open> to lorries.", "The bridge is <b>closed</b> to lorries."
    flag(bridge, StaleReason.QUOTE_CHANGED, now=now, document=notice, was=was, today=today, quote="open")
    page = said(checker.get(at(bridge)))
    assert "Needs another look" in page
    assert "a quote it rests on changed" in page
    assert "The bridge is &lt;" in page
    assert "<del>open</del>" in page
    assert "<ins>b&gt;closed&lt;/b</ins>" in page


def test_a_flag_is_settled_once(checker: Client, bridge: Claim, now: datetime) -> None:
    raised = flag(bridge, StaleReason.TOO_OLD, now=now)
    assert checker.post(at(bridge, "clear", raised.pk)).status_code == 302
    raised.refresh_from_db()
    assert (raised.cleared_how, str(raised.cleared_by)) == (Flag.Cleared.NO_DIFFERENCE, "fact_checker")
    answer = checker.post(at(bridge, "clear", raised.pk))
    assert answer.status_code == 409
    assert "Somebody settled it meanwhile" in said(answer)


def test_a_reworded_quote_of_evidence_shows_both_sentences(checker: Client, pinned: Evidence) -> None:
    Evidence.objects.filter(pk=pinned.pk).update(
        anchor="reworded", anchor_sentence="The Selmar bridge is shut to lorries."
    )
    page = said(checker.get(at(pinned.claim)))
    assert "The quote today:</span> reworded" in page
    assert "<ins>is shut</ins>" in page


def test_a_page_as_a_whole_is_evidence_too(checker: Client, bridge: Claim, now: datetime) -> None:
    document = page_of("A long report.\n\nIt says much.", now=now, url="https://report.example/")
    assert attach(checker, bridge, document.url, quote="", stance="context").status_code == 302
    assert "The page as a whole." in said(checker.get(at(bridge)))
