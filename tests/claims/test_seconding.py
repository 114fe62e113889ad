"""Verdicts that take two people: proposed by one, confirmed or declined by another, and never by the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Claim, Event, Evidence, Proposal, SecondPersonRule, StatusChange, Triage
from claims.services import audit, erasure, evidence, linking, seconding, verdicts, wording
from claims.services.seconding import SecondingRefused
from claims.verification.status import Status
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib.names import names_of
from tests.claims.pages import page_of
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def one(now: datetime) -> Claim:
    """A claim about health, with evidence; verdicts on health take two people."""
    SecondPersonRule.objects.create(topic="Health")
    made = claim(now)
    Claim.objects.filter(pk=made.pk).update(topic="health")
    made.refresh_from_db()
    page = page_of("The Selmar bridge stays open.", now=now)
    evidence.attach(made, page, quote="stays open", stance=Evidence.Stance.REFUTES, by=person(username="x"), now=now)
    return made


@pytest.fixture
def first() -> User:
    return person(username="first")


@pytest.fixture
def second() -> User:
    return person(username="second")


def decide(one: Claim, by: User, now: datetime, **given: Any) -> StatusChange | Proposal:
    one.refresh_from_db()
    asked: dict[str, Any] = {"to": Status.REFUTED, "reason": " The notice says so. ", "seen": Status(one.status)}
    return seconding.decide(one, by=by, now=now, **asked | given)


def proposed(one: Claim, by: User, now: datetime, **given: Any) -> Proposal:
    made = decide(one, by, now, **given)
    assert isinstance(made, Proposal)
    return made


def test_a_verdict_that_takes_two_is_proposed_and_the_claim_taken_into_review(
    one: Claim, first: User, now: datetime
) -> None:
    made = proposed(one, first, now)
    one.refresh_from_db()
    assert (made.why, made.state, one.status) == ("The notice says so.", "open", "in_review")
    assert Triage.objects.get(pk=one.pk).why[0] != "second_person", "the trigger made it due"
    assert Event.objects.filter(subject_uid=one.uid, type="claim.verdict_proposed").get().payload == {"to": "refuted"}


def test_the_second_person_confirms_and_both_stand_in_the_history(
    one: Claim, first: User, second: User, now: datetime
) -> None:
    made = proposed(one, first, now)
    change = seconding.confirm(made, by=second, now=now + MINUTE, looked_at=now + MINUTE)
    made.refresh_from_db()
    one.refresh_from_db()
    assert (change.by, change.proposed_by, change.why) == (second, first, "The notice says so.")
    assert (made.state, made.closed_by, one.status) == ("confirmed", second, "refuted")
    assert not list(audit.disagreeing())
    event = Event.objects.filter(type="claim.status_changed").latest("sequence")
    assert event.payload["proposed_by"] == first.pk


def test_nobody_seconds_their_own_verdict(one: Claim, first: User, now: datetime) -> None:
    with pytest.raises(SecondingRefused, match="somebody else has to confirm"):
        seconding.confirm(proposed(one, first, now), by=first, now=now)
    assert Proposal.objects.get().state == "open"


@pytest.mark.parametrize("role", ["", Role.READER])
def test_who_has_not_the_role_confirms_nothing(one: Claim, first: User, now: datetime, role: str) -> None:
    with pytest.raises(SecondingRefused, match="role"):
        seconding.confirm(proposed(one, first, now), by=person(role, username="z"), now=now)


def test_a_proposal_asks_for_all_that_the_verdict_asks_for(one: Claim, first: User, now: datetime) -> None:
    with pytest.raises(verdicts.ReasonMissing):
        decide(one, first, now, reason=" ")
    with pytest.raises(verdicts.EvidenceMissing):
        decide(one, first, now, to=Status.NOT_ENOUGH_EVIDENCE)
    with pytest.raises(verdicts.NotAllowed):
        decide(one, person(Role.READER), now)
    assert not Proposal.objects.exists()


def test_one_verdict_is_proposed_at_a_time(one: Claim, first: User, second: User, now: datetime) -> None:
    proposed(one, first, now)
    with pytest.raises(verdicts.AlreadyProposed, match="confirmed, declined or withdrawn"):
        decide(one, second, now, to=Status.SUPPORTED)


def test_no_way_around_leads_to_such_a_verdict(one: Claim, first: User, now: datetime) -> None:
    with pytest.raises(verdicts.TakesTwo):
        verdicts.change_status(one, to=Status.REFUTED, by=first, now=now, seen=Status.UNREVIEWED, reason="So.")


def test_what_changed_on_the_page_refuses_the_second_person_too(
    one: Claim, first: User, second: User, now: datetime
) -> None:
    made = proposed(one, first, now)
    page_of("The Selmar bridge is closed.", now=now + 2 * MINUTE)
    with pytest.raises(verdicts.EvidenceMoved):
        seconding.confirm(made, by=second, now=now + 3 * MINUTE, looked_at=now + MINUTE)
    made.refresh_from_db()
    assert made.state == "open"
    assert one.flags.get().reason == "quote_changed"
    with pytest.raises(verdicts.EvidenceMoved):
        decide(claim_of(one), first, now + 3 * MINUTE, looked_at=now + MINUTE)
    seconding.confirm(made, by=second, now=now + 5 * MINUTE, looked_at=now + 4 * MINUTE)


def claim_of(one: Claim) -> Claim:
    one.refresh_from_db()
    return one


def test_a_proposal_is_declined_in_words_or_withdrawn_without(
    one: Claim, first: User, second: User, now: datetime
) -> None:
    made = proposed(one, first, now)
    with pytest.raises(SecondingRefused, match="Say why"):
        seconding.decline(made, by=second, now=now, why=" ")
    assert seconding.decline(made, by=second, now=now, why="The notice is old.").state == "declined"
    with pytest.raises(SecondingRefused, match="Meanwhile: declined"):
        seconding.confirm(made, by=second, now=now)
    assert seconding.decline(proposed(one, first, now), by=first, now=now, why="").state == "withdrawn"


def test_a_claim_that_is_moved_otherwise_leaves_no_proposal_open(one: Claim, first: User, now: datetime) -> None:
    proposed(one, first, now)
    one.refresh_from_db()
    verdicts.change_status(one, to=Status.UNREVIEWED, by=first, now=now, seen=Status.IN_REVIEW)
    assert Proposal.objects.get().state == "overtaken"


def test_other_verdicts_topics_and_rules_that_are_off_take_one(one: Claim, first: User, now: datetime) -> None:
    rule = SecondPersonRule.objects.get()
    for fields in ({"topic": "sport"}, {"status": "supported"}, {"status": "", "topic": "Health", "is_on": False}):
        SecondPersonRule.objects.filter(pk=rule.pk).update(**fields)
        assert not verdicts.takes_two(one, Status.REFUTED)
    SecondPersonRule.objects.filter(pk=rule.pk).update(is_on=True, topic="", status="refuted")
    assert verdicts.takes_two(one, Status.REFUTED)
    assert not verdicts.takes_two(one, Status.NOT_CHECKABLE)
    assert str(SecondPersonRule.objects.get()) == "refuted · any topic"
    assert isinstance(decide(one, first, now, to=Status.SUPPORTED), StatusChange)


def test_erasing_a_claim_blacks_out_what_was_proposed_of_it(first: User, now: datetime) -> None:
    SecondPersonRule.objects.create()
    made = claim(now, "Ilka Zorxbbovan closed the bridge.")
    asked = {"to": Status.NOT_ENOUGH_EVIDENCE, "search_log": "Asked her office."}
    proposal = proposed(made, first, now, reason="She may have.", **asked)
    admin = person(Role.ADMIN)
    erasure.erase_person(names_of(["Ilka Zorxbbovan"]), why="asked", by=admin, now=now)
    proposal.refresh_from_db()
    assert proposal.state == "overtaken"
    assert "She" not in proposal.why
    assert "office" not in proposal.search_log


def test_a_sentence_that_is_edited_meanwhile_leaves_no_proposal_open(one: Claim, first: User, now: datetime) -> None:
    made = proposed(one, first, now)
    one.refresh_from_db()
    wording.edit(one, "The bridge is open to buses.", seen=one.text, by=first, now=now)
    made.refresh_from_db()
    assert made.state == "overtaken"


def test_no_claim_is_joined_while_a_verdict_on_it_waits(one: Claim, first: User, now: datetime) -> None:
    proposed(one, first, now)
    with pytest.raises(linking.LinkRefused, match="waits for a second person"):
        linking.join(claim(now, "Lorries may use it."), one, by=first, now=now)
