"""What open claims wait for is noticed by the machine and decided by people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from claims.models import Claim, Condition, Event, Evidence, Triage
from claims.services import conditions, evidence, linking, verdicts
from claims.services.conditions import MOST, ConditionRefused
from claims.verification.status import Code, Status
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Source
from sources.services import sources
from tests.claims.pages import page_of
from tests.factories import person, split_article

pytestmark = pytest.mark.django_db
RUMOUR = "Reports that the Kestrel crossing had fallen could not be independently confirmed on Sunday."


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def one(now: datetime) -> Claim:
    """What its article could not confirm."""
    return Claim.objects.get(status="unconfirmed", appearances__article=split_article(now, RUMOUR))


def work() -> None:
    ledger.drain(ledger.register.works["triage"], for_s=60)


def reported(one: Claim, outlet: str, text: str, by: User, now: datetime) -> Claim:
    """Let another outlet say so in its own voice, as the same claim."""
    article = split_article(now, text, outlet=outlet)
    other = article.appearances.earliest("pk").claim
    linking.join(other, one, by=by, now=now)
    return other


def test_outlets_that_say_so_each_on_their_own_are_noticed_and_bring_the_claim_up(
    one: Claim, by: User, now: datetime
) -> None:
    waited = conditions.wait_for(one, outlets=2, by=by, now=now)
    assert str(waited) == "until 2 independent outlets say so"
    reported(one, "The Coast", "The Kestrel crossing fell at dawn, as soldiers there saw.", by, now)
    work()
    waited.refresh_from_db()
    assert waited.state == "waiting"
    assert "condition_met" not in Triage.objects.get(pk=one.pk).why
    reported(one, "Talvia Today", "On Sunday the army left the Kestrel crossing to the rebels for good.", by, now)
    work()
    waited.refresh_from_db()
    assert (waited.state, waited.met_because) == ("met", "Talvia Today, The Coast")
    work()
    assert "condition_met" in Triage.objects.get(pk=one.pk).why
    one.refresh_from_db()
    assert one.status == "unconfirmed", "a machine decides nothing"
    assert Event.objects.filter(subject_uid=one.uid, type="claim.condition_met").count() == 1


def test_a_source_that_says_so_is_noticed_in_an_article_or_as_evidence(one: Claim, by: User, now: datetime) -> None:
    ministry = sources.find_or_make("Ministry of Defence", domain="defence.example")
    said = conditions.wait_for(one, source=ministry, by=by, now=now)
    assert str(said) == "until Ministry of Defence says so"
    work()
    said.refresh_from_db()
    assert said.state == "waiting"
    page = page_of("The Kestrel crossing fell.", now=now, url="https://defence.example/news")
    page.publisher = ministry
    page.save(update_fields=["publisher"])
    evidence.attach(one, page, quote="", stance=Evidence.Stance.CONTEXT, by=by, now=now)
    work()
    said.refresh_from_db()
    assert said.state == "waiting", "context is no confirmation"
    evidence.attach(one, page, quote="The Kestrel crossing fell.", stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    ledger.reschedule(Triage.objects.filter(pk=one.pk), due_at=now)
    work()
    said.refresh_from_db()
    assert (said.state, said.met_because) == ("met", "Ministry of Defence")


def test_what_was_noticed_is_dismissed_and_what_is_waited_for_dropped(one: Claim, by: User, now: datetime) -> None:
    first = conditions.wait_for(one, outlets=2, by=by, now=now)
    with pytest.raises(ConditionRefused, match="Meanwhile: waiting"):
        conditions.dismiss(first, by=by, now=now)
    assert conditions.drop(first, by=by, now=now).state == "dropped"
    met = {"state": "met", "met_at": now, "met_because": "The Coast"}
    second = Condition.objects.create(claim=one, outlets=3, by=by, at=now, **met)
    assert conditions.dismiss(second, by=by, now=now).state == "dismissed"
    told = Event.objects.filter(subject_uid=one.uid, type__startswith="claim.condition").order_by("sequence")
    assert [event.type for event in told] == [
        "claim.condition_set", "claim.condition_dropped", "claim.condition_dismissed",
    ]  # fmt: skip


def test_a_claim_that_is_closed_waits_for_nothing(one: Claim, by: User, now: datetime) -> None:
    waited = conditions.wait_for(one, outlets=2, by=by, now=now)
    verdicts.change_status(one, to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNCONFIRMED)
    waited.refresh_from_db()
    assert waited.state == "waiting"
    verdicts.change_status(one, to=Status.NOT_CHECKABLE, code=Code.OPINION, by=by, now=now, seen=Status.IN_REVIEW)
    waited.refresh_from_db()
    assert (waited.state, waited.closed_by) == ("ended", None)
    with pytest.raises(ConditionRefused, match="Reopen it first"):
        conditions.wait_for(one, outlets=2, by=by, now=now)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({}, "Give a source", id="nothing"),
        pytest.param({"outlets": 1}, "from 2 to 20", id="one"),
        pytest.param({"outlets": 21}, "from 2 to 20", id="many"),
        pytest.param({"outlets": 2, "by": Role.READER}, "role", id="reader"),
    ],
)
def test_a_condition_is_one_thing_within_bounds(one: Claim, now: datetime, given: dict[str, Any], said: str) -> None:
    asked = {"by": person(given.pop("by", Role.EDITOR)), **given}
    with pytest.raises(ConditionRefused, match=said):
        conditions.wait_for(one, now=now, **asked)


def test_the_same_is_not_waited_for_twice_nor_for_too_much(one: Claim, by: User, now: datetime) -> None:
    conditions.wait_for(one, outlets=2, by=by, now=now)
    with pytest.raises(ConditionRefused, match="already"):
        conditions.wait_for(one, outlets=2, by=by, now=now)
    for number in range(1, MOST):
        conditions.wait_for(one, source=Source.objects.create(name=f"Office {number}"), by=by, now=now)
    with pytest.raises(ConditionRefused, match="drop one first"):
        conditions.wait_for(one, outlets=3, by=by, now=now)


def test_one_outlet_twice_is_one_voice(one: Claim, by: User, now: datetime) -> None:
    waited = conditions.wait_for(one, outlets=2, by=by, now=now)
    reported(one, "The Coast", "The Kestrel crossing fell at dawn, as soldiers there saw.", by, now)
    reported(one, "The Coast", "In the night rebels took the Kestrel crossing over from the army.", by, now)
    work()
    waited.refresh_from_db()
    assert waited.state == "waiting"


def test_a_false_alarm_does_not_count_for_what_is_waited_for_next(one: Claim, by: User, now: datetime) -> None:
    ministry = sources.find_or_make("Ministry of Defence", domain="defence.example")
    page = page_of("The Kestrel crossing fell.", now=now, url="https://defence.example/news")
    page.publisher = ministry
    page.save(update_fields=["publisher"])
    evidence.attach(one, page, quote="The Kestrel crossing fell.", stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    first = conditions.wait_for(one, source=ministry, by=by, now=now)
    work()
    first.refresh_from_db()
    conditions.dismiss(first, by=by, now=now)
    second = conditions.wait_for(one, source=ministry, by=by, now=now)
    work()
    second.refresh_from_db()
    assert (first.met_by, second.state) == ([page.pk], "waiting")


def test_what_a_joined_claim_waited_for_ends_with_the_group(one: Claim, by: User, now: datetime) -> None:
    waited = conditions.wait_for(one, outlets=5, by=by, now=now)
    other = reported(one, "The Coast", "The Kestrel crossing fell at dawn, as soldiers there saw.", by, now)
    other.refresh_from_db()
    seen = Status(other.status)
    verdicts.change_status(other, to=Status.NOT_CHECKABLE, code=Code.TOO_VAGUE, by=by, now=now, seen=seen)
    waited.refresh_from_db()
    assert waited.state == "ended"
    with pytest.raises(ConditionRefused, match="Reopen"):
        conditions.wait_for(one, outlets=4, by=by, now=now)
