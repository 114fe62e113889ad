"""The only writer of status: the table, who may, what is asked for, and who was first."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from claims.models import Claim, Event, Evidence, Flag, StatusChange
from claims.services import evidence, flags, verdicts
from claims.verification import chain
from claims.verification.staleness import StaleReason
from claims.verification.status import MAY_FOLLOW, Code, Status
from factcheck.access.models import User
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db

S = Status


@pytest.fixture
def checker() -> User:
    return person()


def with_evidence(now: datetime, by: User) -> Claim:
    """A claim of a split article with its own page accepted as evidence."""
    article = split_article(now)
    found = article.appearances.order_by("id")[0]
    evidence.attach(found.claim, article.document, quote=found.quote, stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    return found.claim


def move(one: Claim, to: Status, by: User, now: datetime, **given: Any) -> StatusChange:
    one.refresh_from_db()
    return verdicts.change_status(one, to=to, by=by, now=now, seen=Status(one.status), **given)


def test_a_verdict_leaves_who_when_why_and_what_was_on_the_table(now: datetime, checker: User) -> None:
    one = with_evidence(now, checker)
    change = move(one, S.SUPPORTED, checker, now, reason="  The report says so.  ")
    one.refresh_from_db()
    assert (one.status, one.status_since) == ("supported", now)
    assert one.holds_until == one.due_at == now + timedelta(days=180)
    assert (change.number, change.old, change.new, change.by, change.why) == (
        1, "unreviewed", "supported", checker, "The report says so.",
    )  # fmt: skip
    assert change.snapshot_ids == [one.evidence.get().snapshot_id]
    event = Event.objects.get(subject_uid=one.uid, type="claim.status_changed")
    rests_on = chain.grounds(change.why, change.search_log, change.snapshot_ids)
    grounds = chain.commitment(bytes(change.salt or b""), rests_on)
    assert event.payload == {"old": "unreviewed", "new": "supported", "number": 1, "grounds": grounds}
    assert "report" not in str(event.payload), "the why never leaves the desk"


def test_a_verdict_without_evidence_is_refused(now: datetime, checker: User) -> None:
    with pytest.raises(verdicts.EvidenceMissing, match="evidence"):
        move(claim(now), S.REFUTED, checker, now, reason="It is wrong.")


def test_a_suggestion_is_no_evidence(now: datetime, checker: User) -> None:
    article = split_article(now)
    one = article.appearances.order_by("id")[0].claim
    evidence.suggest(one, article.document, because="the page", now=now)
    with pytest.raises(verdicts.EvidenceMissing):
        move(one, S.SUPPORTED, checker, now, reason="Sure.")


def test_a_verdict_without_a_reason_is_refused(now: datetime, checker: User) -> None:
    with pytest.raises(verdicts.ReasonMissing, match="say why"):
        move(with_evidence(now, checker), S.SUPPORTED, checker, now, reason=" \n ")


def test_unproven_asks_where_we_looked_instead_of_evidence(now: datetime, checker: User) -> None:
    one = claim(now)
    with pytest.raises(verdicts.EvidenceMissing, match="where you looked"):
        move(one, S.NOT_ENOUGH_EVIDENCE, checker, now, reason="Nobody knows.")
    change = move(one, S.NOT_ENOUGH_EVIDENCE, checker, now, reason="Nobody knows.", search_log="Called the ministry.")
    assert change.search_log == "Called the ministry."


def test_a_move_that_the_table_lacks_is_refused_and_says_where_it_may_go(now: datetime, checker: User) -> None:
    one = with_evidence(now, checker)
    move(one, S.SUPPORTED, checker, now, reason="Yes.")
    with pytest.raises(verdicts.IllegalTransition, match="It may go to: in review"):
        move(one, S.REFUTED, checker, now, reason="No.")
    assert one.status_changes.count() == 1


def test_the_second_of_two_reviewers_is_told_that_it_moved(now: datetime, checker: User) -> None:
    one = claim(now)
    verdicts.change_status(one, to=S.IN_REVIEW, by=checker, now=now, seen=S.UNREVIEWED)
    with pytest.raises(verdicts.StatusMoved, match="in review"):
        verdicts.change_status(one, to=S.NOT_CHECKABLE, code=Code.OPINION, by=checker, now=now, seen=S.UNREVIEWED)
    one.refresh_from_db()
    assert (one.status, one.status_changes.count()) == ("in_review", 1)


def test_a_claim_is_closed_by_a_code_or_a_reason(now: datetime, checker: User) -> None:
    one = claim(now)
    with pytest.raises(verdicts.ReasonMissing, match="choose a reason"):
        move(one, S.NOT_CHECKABLE, checker, now, reason=" ")
    change = move(one, S.NOT_CHECKABLE, checker, now, code=Code.OPINION)
    assert (change.code, change.why) == ("opinion", "")
    event = Event.objects.filter(type="claim.status_changed").latest("sequence")
    assert event.payload["code"] == "opinion"
    move(one, S.IN_REVIEW, checker, now, reason="It has a figure after all.")
    assert move(one, S.NOT_CHECKABLE, checker, now, reason="Nobody kept the figure.").code == "other"
    assert StatusChange.objects.filter(new="in_review").get().code == "", "other moves have none"


@pytest.mark.parametrize("role", ["", "reader"])
def test_who_has_not_the_role_moves_nothing(now: datetime, role: str) -> None:
    with pytest.raises(verdicts.NotAllowed):
        move(claim(now), S.IN_REVIEW, person(role), now)


def test_reopening_keeps_both_reasons(now: datetime, checker: User) -> None:
    one = with_evidence(now, checker)
    move(one, S.SUPPORTED, checker, now, reason="Yes.")
    with pytest.raises(verdicts.ReasonMissing):
        move(one, S.IN_REVIEW, checker, now)
    move(one, S.IN_REVIEW, checker, now, reason="A new report came out.")
    assert [change.why for change in one.status_changes.all()] == ["Yes.", "A new report came out."]
    one.refresh_from_db()
    assert one.holds_until is None


def test_a_verdict_clears_the_flags_that_asked_for_it(now: datetime, checker: User) -> None:
    one = with_evidence(now, checker)
    flags.raise_flag(one, StaleReason.TOO_OLD, now=now)
    move(one, S.IN_REVIEW, checker, now)
    assert Flag.objects.standing().filter(claim=one).count() == 1
    move(one, S.SUPPORTED, checker, now, reason="Still so.")
    flag = one.flags.get()
    assert (flag.cleared_how, flag.cleared_by) == ("reviewed", checker)
    assert Event.objects.filter(subject_uid=one.uid, type="claim.flags_cleared").count() == 1


def test_the_database_refuses_what_the_table_refuses(now: datetime) -> None:
    """Every pair of statuses, past the service: an UPDATE goes through just where the table has the move."""
    for old in Status:
        for new in set(Status) - {old}:
            one = _at(claim(now), old)
            allowed = new in MAY_FOLLOW[old]
            refusal = nullcontext() if allowed else pytest.raises(DatabaseError, match="Invalid transition")
            with refusal, transaction.atomic():
                Claim.objects.filter(pk=one.pk).update(status=new)
            one.refresh_from_db()
            assert one.status == (new if allowed else old)


def _at(one: Claim, status: Status) -> Claim:
    """Walk a new claim to a status, by moves that the database allows."""
    for step in (S.IN_REVIEW, status):
        current = Status(Claim.objects.values_list("status", flat=True).get(pk=one.pk))
        if status != current and (step == status or status not in MAY_FOLLOW[current]):
            Claim.objects.filter(pk=one.pk).update(status=step)
    return one


def test_the_database_lets_no_claim_be_born_with_a_verdict(now: datetime) -> None:
    with pytest.raises(DatabaseError, match="cannot begin as supported"), transaction.atomic():
        Claim.objects.create(text="x", status="supported", status_since=now, origin="person")


def test_the_allowed_moves_come_in_the_order_of_the_domain(now: datetime) -> None:
    assert verdicts.allowed_moves(claim(now)) == [
        S.IN_REVIEW, S.SUPPORTED, S.REFUTED, S.CONFLICTING, S.NOT_ENOUGH_EVIDENCE, S.NOT_CHECKABLE,
    ]  # fmt: skip
