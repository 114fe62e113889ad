"""What people decide of links: accepted, dismissed, joined by hand, undone; and what a verdict hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from claims.models import Claim, Deciding, Event, Flag, Link
from claims.services import groups, linking, staleness, verdicts, voices
from claims.services.linking import LinkRefused
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.models import User
from tests.claims.relating import consider, same
from tests.claims.test_linking import AGAINST, NARROWER, NEWER, decided, head_of
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def old(now: datetime) -> Claim:
    return claim(now, "The Selmar bridge is closed to lorries.")


@pytest.fixture
def new(now: datetime) -> Claim:
    return claim(now, "Lorries may not cross the bridge at Selmar.")


def test_a_suggestion_is_decided_on_once(old: Claim, new: Claim, by: User, now: datetime) -> None:
    consider(new, {old: NARROWER}, now=now)
    link = linking.accept(Link.objects.get(), by=by, now=now)
    assert (link.state, link.by) == (Deciding.ACCEPTED, by)
    for decide in (linking.accept, linking.dismiss):
        with pytest.raises(LinkRefused, match="accepted") as refused:
            decide(link, by=by, now=now)
        assert refused.value.code == "already_decided"
    assert Event.objects.of(old.uid)[0].type == Event.objects.of(new.uid)[0].type == "claim.link_accepted"


def test_accepting_that_two_are_the_same_joins_them_and_undoing_it_parts_them(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    consider(new, {old: same(0.6)}, now=now)
    linking.accept(Link.objects.get(), by=by, now=now)
    assert head_of(new) == old.pk
    linking.undo(Link.objects.get(), by=by, now=now)
    assert head_of(new) is None
    assert Link.objects.get().state == Deciding.DISMISSED
    told = [(event.type, event.by) for event in Event.objects.of(new.uid)]
    assert told[:3] == [("claim.unjoined", by), ("claim.link_undone", by), ("claim.joined", by)]


def test_a_dismissal_that_is_undone_is_a_suggestion_that_only_a_person_decides_on(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    consider(new, {old: same(0.6)}, now=now)
    linking.dismiss(Link.objects.get(), by=by, now=now)
    linking.undo(Link.objects.get(), by=by, now=now)
    assert Link.objects.open().get().by == by
    consider(new, {old: same()}, now=now)
    assert (Link.objects.get().state, head_of(new)) == (Deciding.SUGGESTED, None)
    with pytest.raises(LinkRefused):
        linking.undo(Link.objects.get(), by=by, now=now)


def test_undoing_restores_the_heads_from_the_links_that_remain(old: Claim, new: Claim, by: User, now: datetime) -> None:
    third, fourth = claim(now, "No lorry may cross."), claim(now, "The bridge is shut to lorries.")
    first = linking.join(new, old, by=by, now=now)
    linking.join(third, new, by=by, now=now)
    linking.join(fourth, third, by=by, now=now)
    assert [head_of(one) for one in (old, new, third, fourth)] == [None, old.pk, old.pk, old.pk]
    linking.undo(first, by=by, now=now)
    assert [head_of(one) for one in (old, new, third, fourth)] == [None, None, new.pk, new.pk]
    linking.join(old, fourth, by=by, now=now)
    assert [head_of(one) for one in (old, new, third, fourth)] == [None, old.pk, old.pk, old.pk]


def test_joining_by_hand_takes_up_what_was_dismissed(old: Claim, new: Claim, by: User, now: datetime) -> None:
    consider(new, {old: same(0.6)}, now=now)
    linking.dismiss(Link.objects.get(), by=by, now=now)
    linking.join(old, new, by=by, now=now)
    assert head_of(new) == old.pk
    assert Link.objects.get().state == Deciding.ACCEPTED
    assert not Link.objects.open().exists()


def test_what_cannot_be_joined_says_why(old: Claim, new: Claim, by: User, now: datetime) -> None:
    linking.join(new, old, by=by, now=now)
    gone = claim(now, "A third one.")
    Claim.objects.filter(pk=gone.pk).update(erased_at=now)
    for one, other, code in ((old, old, "same_claim"), (old, new, "already_joined"), (old, gone, "erased")):
        with pytest.raises(LinkRefused) as refused:
            linking.join(one, other, by=by, now=now)
        assert refused.value.code == code


def test_a_suggestion_between_claims_that_are_one_by_now_awaits_nobody(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    third = claim(now, "No lorry may cross.")
    consider(third, {old: same(0.6)}, now=now)
    linking.join(new, old, by=by, now=now)
    linking.join(third, new, by=by, now=now)
    assert Link.objects.filter(state=Deciding.SUGGESTED).count() == 1
    assert not Link.objects.open().exists()


def test_accepting_what_speaks_against_a_verdict_calls_for_another_look_at_it(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    decided(old, by, now)
    consider(new, {old: AGAINST}, now=now)
    assert not Flag.objects.exists()
    link = linking.accept(Link.objects.about_a_verdict().get(), by=by, now=now)
    flag = Flag.objects.get()
    assert (flag.claim, flag.reason, flag.document) == (old, "counterclaim", None)
    assert flag.detail == {"link": str(link.uid), "kind": "contradicts", "other": str(new.uid)}
    linking.undo(link, by=by, now=now)
    flag.refresh_from_db()
    assert (flag.cleared_how, flag.cleared_by) == ("no_difference", by)


def test_a_newer_claim_calls_at_the_older_one_only_and_at_the_one_that_is_decided_for_it(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    twin = claim(now, "The bridge is shut to lorries.")
    decided(old, by, now)
    linking.join(twin, old, by=by, now=now)
    decided(new, by, now)
    consider(new, {twin: NEWER}, now=now)
    linking.accept(Link.objects.open().get(), by=by, now=now)
    assert [flag.claim for flag in Flag.objects.all()] == [old]


def test_what_speaks_against_an_open_claim_calls_nobody(old: Claim, new: Claim, by: User, now: datetime) -> None:
    consider(new, {old: AGAINST}, now=now)
    assert not Link.objects.about_a_verdict().exists()
    linking.undo(linking.accept(Link.objects.get(), by=by, now=now), by=by, now=now)
    assert not Flag.objects.exists()


def test_the_page_of_a_group_is_where_it_was_decided(old: Claim, new: Claim, by: User, now: datetime) -> None:
    linking.join(new, old, by=by, now=now)
    decided(new, by, now)
    assert (head_of(old), head_of(new)) == (new.pk, None)
    verdicts.change_status(new, to=Status.IN_REVIEW, seen=Status(new.status), by=by, now=now, reason="a new source")
    assert head_of(old) == new.pk


def test_a_joined_claim_ages_with_its_head_and_by_itself_when_they_part(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    later = now + timedelta(days=400)
    for one in (old, new):
        Claim.objects.filter(pk=one.pk).update(holds_until=now, due_at=now)
    link = linking.join(new, old, by=by, now=now)
    held = ledger.lease(ledger.register.works["review"])
    staleness.review_many(held, now=later)
    assert [flag.claim for flag in Flag.objects.all()] == [old]
    linking.undo(link, by=by, now=later)
    staleness.review_many(ledger.lease(ledger.register.works["review"]), now=later)
    assert {flag.claim for flag in Flag.objects.all()} == {old, new}


def test_lists_leave_joined_claims_out_unless_something_calls_for_another_look(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    linking.join(new, old, by=by, now=now)
    assert list(Claim.objects.listed()) == list(Claim.objects.standing_alone()) == [old]
    Flag.objects.create(claim=new, reason="too_old", since=now)
    assert set(Claim.objects.listed()) == {old, new}
    new.refresh_from_db()
    assert set(Claim.objects.together_with(new)) == set(Claim.objects.together_with(old)) == {old, new}


def test_all_the_pages_of_a_group_are_counted_once_each(by: User, now: datetime) -> None:
    text = "The Selmar bridge is closed to lorries."
    outlets = ("Post", "Post", "Courier")
    places = [split_article(now, f"{text} So it says {n} times.", outlet=name) for n, name in enumerate(outlets)]
    one, other, third = (place.appearances.earliest("id").claim for place in places)
    linking.join(other, one, by=by, now=now)
    linking.join(third, other, by=by, now=now)
    for each in (one, other, third):
        told = voices.independent_sources(Claim.objects.get(pk=each.pk))
        assert (told.count, told.of) == (2, 3)
    listed = Claim.objects.with_company().get(pk=one.pk)
    assert listed.said_in == 3  # type: ignore[attr-defined]  # with_company


def test_a_claim_that_is_not_there_joins_nothing(old: Claim) -> None:
    assert set(groups.held([old.pk, 10**9])) == {old.pk}


def test_while_one_of_two_that_speak_against_a_verdict_stands_it_calls(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    third = claim(now, "Lorries cross the Selmar bridge all day.")
    decided(old, by, now)
    accepted = []
    for one in (new, third):
        consider(one, {old: AGAINST}, now=now)
        accepted.append(linking.accept(Link.objects.open().get(), by=by, now=now))
    first, second = accepted
    linking.undo(first, by=by, now=now)
    flag = Flag.objects.standing().get()
    assert (flag.claim, flag.detail["link"], flag.detail["other"]) == (old, str(second.uid), str(third.uid))
    linking.undo(second, by=by, now=now)
    assert not Flag.objects.standing().exists()
