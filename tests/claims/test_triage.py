"""The queue follows whatever it depends on, by itself; people take, put aside and promote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Claim, Flag, Link, Triage
from claims.services import flags, linking, triage, verdicts
from claims.services.triage import TriageRefused
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck import leases, ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def work() -> int:
    return ledger.drain(ledger.register.works["triage"], for_s=60)


def row(one: Claim) -> Triage:
    work()
    return Triage.objects.get(pk=one.pk)


def queue(now: datetime) -> list[int]:
    work()
    return list(Triage.objects.queued(now).values_list("pk", flat=True))


def move(one: Claim, to: Status, now: datetime) -> None:
    verdicts.change_status(
        one, to=to, seen=Status(one.status), by=person(username=f"{to}-{one.pk}"), now=now, reason="so"
    )
    one.refresh_from_db()


def decided(one: Claim) -> Claim:
    """With a verdict, whatever it rests on."""
    Claim.objects.filter(pk=one.pk).update(status="in_review")
    Claim.objects.filter(pk=one.pk).update(status="refuted")
    one.refresh_from_db()
    return one


def test_of_an_article_the_claims_most_worth_checking_come_in_and_every_unconfirmed_one(
    now: datetime, settings: Any
) -> None:
    settings.QUEUE_AN_ARTICLE = 1
    split_article(now)
    work()
    ranked = Claim.objects.filter(kind__in=["fact", "forecast"]).order_by("-check_worthiness", "id")
    unconfirmed = set(Claim.objects.filter(status="unconfirmed").values_list("pk", flat=True))
    assert unconfirmed
    assert set(queue(now)) == unconfirmed | {ranked[0].pk}
    assert Triage.objects.count() == Claim.objects.count()
    assert "worth" in row(ranked[0]).why


def test_it_is_found_out_again_when_a_flag_rises_and_when_it_is_cleared(now: datetime) -> None:
    one = decided(claim(now))
    assert queue(now) == []
    flags.raise_flag(one, StaleReason.QUOTE_CHANGED, now=now)
    assert row(one).why == ["verdict_flagged"]
    flags.clear_flag(Flag.objects.get(), how=Flag.Cleared.NO_DIFFERENCE, now=now, by=person())
    assert queue(now) == []


def test_a_move_is_seen_in_the_queue_at_once(now: datetime) -> None:
    one = claim(now)
    assert row(one).why == ["by_hand"]
    move(one, Status.IN_REVIEW, now)
    assert Triage.objects.get(pk=one.pk).why == ["in_review"]
    move(one, Status.NOT_CHECKABLE, now)
    assert (Triage.objects.get(pk=one.pk).priority, queue(now)) == (None, [])


def test_two_claims_that_speak_against_each_other_bring_both_in(now: datetime) -> None:
    old, new = decided(claim(now)), claim(now, "The Selmar bridge is open to lorries.")
    Link.objects.create(claim=new, other=old, kind="contradicts", state="suggested", found_at=now, at=now)
    assert row(old).why == ["counterclaim"]
    assert row(new).why == ["by_hand", "followed"] or row(new).why == ["followed", "by_hand"]
    linking.dismiss(Link.objects.get(), by=person(), now=now)
    assert row(new).why == ["by_hand"]
    assert row(old).priority is None


def test_a_claim_follows_the_verdict_of_one_that_it_may_be(now: datetime) -> None:
    one, other = claim(now), claim(now, "The Selmar bridge is shut to lorries.")
    Link.objects.create(claim=one, other=other, kind="same_as", state="suggested", found_at=now, at=now)
    assert "followed" not in row(one).why
    decided(other)
    assert "followed" in row(one).why


def test_a_joined_claim_is_queued_as_the_one_it_is_joined_to(now: datetime) -> None:
    one, other = claim(now), claim(now, "The Selmar bridge is shut to lorries.")
    assert set(queue(now)) == {one.pk, other.pk}
    linking.join(one, other, by=person(), now=now)
    assert queue(now) == list(Claim.objects.filter(head=None).values_list("pk", flat=True))
    joined = Claim.objects.get(head__isnull=False)
    Flag.objects.create(claim=joined, reason="quote_changed", since=now)
    assert "flagged" in row(Claim.objects.get(head=None)).why


def test_what_lapses_leaves_and_comes_back_where_it_appears_anew(now: datetime) -> None:
    split_article(now)
    first = queue(now)
    assert first
    assert queue(now + 8 * DAY) == []
    split_article(now, "The Harbour Gazette wrote this.\n\n" + Claim.objects.get(pk=first[0]).text, outlet="Gazette")
    assert first[0] in queue(now)


def test_an_erased_claim_is_not_in_the_queue(now: datetime) -> None:
    one = claim(now)
    assert queue(now) == [one.pk]
    Claim.objects.filter(pk=one.pk).update(erased_at=now)
    assert queue(now) == []


def test_a_change_while_a_worker_is_at_it_is_not_lost(now: datetime) -> None:
    one = claim(now)
    held = leases.take(Triage, batch=5, lease_for=HOUR)
    flags.raise_flag(one, StaleReason.SOURCE_GONE, now=now)
    triage.settle_many(held, now=now)
    assert Triage.objects.get(pk=one.pk).priority is None
    assert "flagged" in row(one).why


def test_claims_of_before_come_in_by_and_by(now: datetime) -> None:
    one = claim(now)
    Triage.objects.all().delete()
    assert queue(now) == []
    assert not triage.take_in_missing(now=now)
    assert queue(now) == [one.pk]


# -- people ----------------------------------------------------------------------------------------


def test_who_takes_a_claim_holds_it_for_half_an_hour(now: datetime) -> None:
    one, mine, other = claim(now), person(), person(username="other")
    work()
    assert triage.take(one, by=mine, now=now).is_held(now)
    with pytest.raises(TriageRefused, match="fact_checker took it"):
        triage.take(one, by=other, now=now)
    with pytest.raises(TriageRefused, match="may release it"):
        triage.release(one, by=other, now=now)
    held = Triage.objects.queued(now)
    assert (held.held_by(mine.pk, now).count(), held.free_for(other.pk, now).count()) == (1, 0)
    assert triage.take(one, by=other, now=now + HOUR).taken_by == other
    assert triage.release(one, by=other, now=now + HOUR).taken_by is None
    assert Triage.objects.queued(now).free_for(mine.pk, now).count() == 1


def test_what_is_put_aside_comes_back_by_the_clock_by_hand_or_when_something_changed(now: datetime) -> None:
    one, by = claim(now), person()
    work()
    triage.snooze(one, until=now + DAY, because="later", by=by, now=now)
    assert (queue(now), queue(now + DAY)) == ([], [one.pk])
    assert [each.pk for each in Triage.objects.snoozed(now)] == [one.pk]
    triage.wake(one, by=by)
    assert queue(now) == [one.pk]
    triage.snooze(one, until=now + DAY, because="later", by=by, now=now)
    flags.raise_flag(one, StaleReason.QUOTE_CHANGED, now=now)
    assert queue(now) == [one.pk]


@pytest.mark.parametrize(("days", "because", "code"), [
    (0, "later", "snooze_until"), (91, "later", "snooze_until"), (1, "", "snooze_because"), (1, "x", "snooze_because"),
])  # fmt: skip
def test_it_is_put_aside_for_a_time_and_a_reason(days: int, because: str, code: str, now: datetime) -> None:
    with pytest.raises(TriageRefused) as refused:
        triage.snooze(claim(now), until=now + days * DAY, because=because, by=person(), now=now)
    assert refused.value.code == code


def test_what_did_not_come_in_by_itself_is_put_in_and_taken_out(now: datetime, settings: Any) -> None:
    settings.QUEUE_AN_ARTICLE = 0
    split_article(now)
    one = Claim.objects.filter(status="unreviewed", kind="fact").exclude(pk__in=queue(now))[0]
    assert triage.promote(one, by=person(), now=now).why == ["promoted"]
    assert one.pk in queue(now + 30 * DAY)
    triage.demote(one, by=person(username="two"), now=now)
    assert one.pk not in queue(now)


def test_a_reader_does_nothing_here(now: datetime) -> None:
    with pytest.raises(TriageRefused) as refused:
        triage.take(claim(now), by=person(Role.READER), now=now)
    assert refused.value.code == "not_allowed"
