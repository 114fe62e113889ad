"""On a claim's page: a second person's word, what it waits for; and the rules that editors make."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Condition, Evidence, Policy, Proposal, Restamping, SecondPersonRule
from factcheck.access.roles import Role
from tests.claims.admin.conftest import at, said, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(checker: Client, pinned: Evidence) -> Proposal:
    """A verdict that one fact-checker proposed."""
    SecondPersonRule.objects.create(status="refuted")
    answer = checker.post(
        at(pinned.claim, "move"), {"to": "refuted", "seen": "unreviewed", "reason": "The notice <b>says</b> so."}
    )
    assert answer["Location"] == at(pinned.claim) + "#proposal"
    return Proposal.objects.get()


def second(proposal: Proposal, do: str) -> str:
    return reverse("admin:claims_claim_second", args=[proposal.claim_id, proposal.pk, do])


def test_a_proposed_verdict_is_shown_and_confirmed_by_somebody_else(checker: Client, proposed: Proposal) -> None:
    own = said(checker.get(at(proposed.claim)))
    assert "It is proposed: a colleague has to confirm this verdict." in own
    assert "Withdraw it" in own
    assert "Confirm it as the second person" not in own
    assert "somebody else has to confirm" in said(checker.post(second(proposed, "confirm")))
    other = signed_in(Role.FACT_CHECKER, username="other")
    page = said(other.get(at(proposed.claim)))
    assert "Confirm it as the second person" in page
    assert "The notice &lt;b&gt;says&lt;/b&gt; so." in page
    assert other.post(second(proposed, "confirm"), {"second-looked_at": "2026-11-01T00:00:00Z"}).status_code == 302
    page = said(other.get(at(proposed.claim)))
    assert "The verdict is ours now." in page
    assert "fact_checker, confirmed by other" in page
    assert Claim.objects.get(pk=proposed.claim_id).status == "refuted"


def test_a_proposed_verdict_is_declined_with_the_typed_reason(proposed: Proposal) -> None:
    other = signed_in(Role.EDITOR)
    refused = other.post(second(proposed, "decline"))
    assert refused.status_code == 409
    assert "Say why you decline it" in said(refused)
    assert other.post(second(proposed, "decline"), {"second-why": "x" * 6000}).status_code == 200
    assert other.post(second(proposed, "decline"), {"second-why": "It is old."}).status_code == 302
    assert other.post(second(proposed, "burn")).status_code == 404
    proposed.refresh_from_db()
    assert (proposed.state, proposed.closed_why) == ("declined", "It is old.")


def test_a_reader_sees_the_proposal_and_no_button(proposed: Proposal) -> None:
    page = said(signed_in(Role.READER).get(at(proposed.claim)))
    assert "A second person is asked" in page
    assert "Decline it" not in page


def test_what_a_claim_waits_for_is_written_down_and_dropped(checker: Client, bridge: Claim) -> None:
    door = reverse("admin:claims_claim_wait_for", args=[bridge.pk])
    assert "Give a source" in said(checker.post(door))
    assert "errorlist" in said(checker.post(door, {"condition-outlets": "99"}))
    assert checker.post(door, {"condition-source": "Ministry of Transport"}).status_code == 302
    assert checker.post(door, {"condition-outlets": "3"}).status_code == 302
    page = said(checker.get(at(bridge)))
    assert "until Ministry of Transport says so" in page
    assert "until 3 independent outlets say so" in page
    one = Condition.objects.earliest("pk")
    end = reverse("admin:claims_claim_end_condition", args=[bridge.pk, one.pk, "dismiss"])
    assert checker.post(end).status_code == 409
    assert checker.post(end.replace("dismiss", "burn")).status_code == 404
    assert checker.post(end.replace("dismiss", "drop")).status_code == 302
    one.refresh_from_db()
    assert one.state == "dropped"


def test_what_was_noticed_is_shown_with_its_pages(checker: Client, bridge: Claim, now: datetime) -> None:
    met = {"state": "met", "met_at": now, "met_because": "The <i>Coast</i>"}
    Condition.objects.create(claim=bridge, outlets=2, by=person(username="waiter"), at=now, **met)
    page = said(checker.get(at(bridge)))
    assert "May have happened" in page
    assert "The &lt;i&gt;Coast&lt;/i&gt;" in page
    assert "That is not it" in page


def test_a_second_person_rule_is_made_by_editors_and_put_out_of_force() -> None:
    editor = signed_in(Role.EDITOR)
    form = {"status": "", "topic": "health", "is_on": "on"}
    assert editor.post(reverse("admin:claims_secondpersonrule_add"), form).status_code == 302
    rule = SecondPersonRule.objects.get()
    listed = said(editor.get(reverse("admin:claims_secondpersonrule_changelist")))
    assert "any verdict" in listed
    change = reverse("admin:claims_secondpersonrule_change", args=[rule.pk])
    assert editor.post(change, {"status": "supported", "topic": ""}).status_code == 302
    assert "any topic" in said(editor.get(reverse("admin:claims_secondpersonrule_changelist")))
    assert not SecondPersonRule.objects.get().is_on


def test_an_editor_sees_what_a_policy_would_change_before_it_is_written(bridge: Claim) -> None:
    editor = signed_in(Role.EDITOR)
    add = reverse("admin:claims_policy_add")
    form = {"status": "unreviewed", "kind": "", "topic": "Bridges", "holds_for": "1 00:00:00"}
    page = said(editor.post(add, {**form, "preview": "1"}))
    assert "Nothing is written yet." in page
    assert 'value="Bridges"' in page
    assert not Policy.objects.filter(topic="Bridges").exists()
    assert editor.post(add, form).status_code == 302
    policy = Policy.objects.get(topic="Bridges")
    assert policy.holds_for == timedelta(days=1)
    assert Restamping.objects.get().status == "unreviewed"
    change = reverse("admin:claims_policy_change", args=[policy.pk])
    assert editor.post(change, {**form, "holds_for": ""}).status_code == 302
    assert "until something changes" in said(editor.get(reverse("admin:claims_policy_changelist")))
    told = LogEntry.objects.filter(object_id=str(policy.pk)).latest("pk").change_message
    assert "holds_for: 1 day, 0:00:00 → None" in told


def test_a_reader_sees_a_policy_and_changes_nothing() -> None:
    reader = signed_in(Role.READER)
    change = reverse("admin:claims_policy_change", args=[Policy.objects.earliest("pk").pk])
    page = said(reader.get(change))
    assert "disabled" in page
    assert "Save" not in page
    assert reader.post(change, {}).status_code == 403
    assert reader.get(change.replace("/change", "9" * 30 + "/change")).status_code == 404
