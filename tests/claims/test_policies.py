"""Policies: what one would change is counted before, and claims are told of it by work that is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest

from claims.models import Claim, Flag, Policy, Restamping
from claims.services import flags, policies
from claims.verification import staleness
from claims.verification.staleness import Holding, StaleReason
from factcheck import ledger
from factcheck.lib import clock
from tests.factories import claim

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def work() -> int:
    return ledger.drain(ledger.register.works["restamp"], for_s=60)


def aged(now: datetime, days: int, **fields: object) -> Claim:
    made = claim(now, f"Claim of {days} days {fields}.")
    Claim.objects.filter(pk=made.pk).update(status_since=now - days * DAY, **fields)
    made.refresh_from_db()
    return made


def test_the_database_and_the_rule_agree_on_every_combination(now: datetime) -> None:
    holdings = [
        Holding("unreviewed", "", 5 * DAY), Holding("unreviewed", "forecast", 3 * DAY),
        Holding("unreviewed", "", None, "Sport"), Holding("unreviewed", "fact", DAY, "sport"),
        Holding("refuted", "", DAY),
    ]  # fmt: skip
    for count in range(len(holdings) + 1):
        some = holdings[:count]
        for kind, topic in product(("fact", "forecast", "opinion"), ("", "sport", "SPORT", "health")):
            one = aged(now, 2, kind=kind, topic=topic)
            until = policies.holds_until(some, "unreviewed")
            found = Claim.objects.filter(pk=one.pk).values_list(until, flat=True).get()
            held = staleness.holds_for(some, status="unreviewed", kind=kind, topic=topic)
            assert found == staleness.due_at(one.status_since, held), (count, kind, topic)


def test_a_preview_counts_and_writes_nothing(now: datetime) -> None:
    for days in (1, 3, 6, 20):
        aged(now, days)
    Policy.objects.filter(status="unreviewed").delete()
    wanted = Policy(status="unreviewed", holds_for=5 * DAY)
    assert policies.preview(wanted, now=now) == policies.Preview(claims=4, due=0, would_be_due=2, soon=2)
    assert not Policy.objects.filter(status="unreviewed").exists()
    assert not Restamping.objects.exists()


def test_claims_are_told_by_work_and_those_too_old_are_flagged(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "A_TURN", 2)
    Policy.objects.filter(status="unreviewed").delete()
    young, old, older = (aged(now, days) for days in (1, 9, 30))
    other = aged(now, 30, status="in_review")
    before = other.holds_until
    policies.save(Policy(status="unreviewed", holds_for=5 * DAY), now=now)
    young.refresh_from_db()
    assert young.holds_until is None, "not in the request"
    assert work() == 2
    for one in (young, old, older, other):
        one.refresh_from_db()
    assert young.holds_until == young.due_at == young.status_since + 5 * DAY
    assert older.holds_until == older.status_since + 5 * DAY
    assert other.holds_until == before
    assert (Restamping.objects.get().after, Restamping.objects.get().due_at) == (0, None)
    ledger.drain(ledger.register.works["review"], for_s=60)
    assert set(Flag.objects.values_list("claim", flat=True)) == {old.pk, older.pk}


def test_a_status_that_holds_longer_by_now_loses_its_flag(now: datetime) -> None:
    policy = Policy.objects.create(status="unreviewed", holds_for=5 * DAY)
    one, other = aged(now, 9, holds_until=now - 4 * DAY), aged(now, 90, holds_until=now - 85 * DAY)
    for each in (one, other):
        flags.raise_flag(each, StaleReason.TOO_OLD, now=now)
    policy.holds_for = 20 * DAY
    policies.save(policy, now=now)
    work()
    assert {flag.claim_id: flag.cleared_how for flag in Flag.objects.all()} == {one.pk: "holds_longer", other.pk: ""}
    policy.holds_for = None
    policies.save(policy, now=now)
    work()
    other.refresh_from_db()
    assert (other.holds_until, other.due_at) == (None, None)
    assert not Flag.objects.standing().exists()


def test_a_policy_that_is_given_to_another_status_tells_the_claims_of_both(now: datetime) -> None:
    policy = Policy.objects.create(status="unreviewed", holds_for=5 * DAY)
    policy.status = "not_checkable"
    policies.save(policy, was="unreviewed", now=now)
    assert set(Restamping.objects.values_list("status", flat=True)) == {"unreviewed", "not_checkable"}
    assert str(Restamping.objects.get(status="unreviewed")) == "unreviewed"
    assert str(Policy(status="unreviewed", kind="fact", topic="Sport")) == "unreviewed · fact · Sport"
