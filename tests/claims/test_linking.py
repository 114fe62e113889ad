"""A claim is held against its neighbours: what is found is suggested, what is certainly the same is joined."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from claims.matching.relations import Kind, Relation, Statement
from claims.models import Claim, Deciding, Event, Link
from claims.services import linking, verdicts
from claims.verification.status import Status
from factcheck.access.models import User
from tests.claims.relating import Near, consider, of_each, same, told_by
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db

NARROWER = Relation(Kind.NARROWS, 0.8, ("it names the day",))
AGAINST = Relation(Kind.CONTRADICTS, 0.9, ("open and closed exclude each other",))
NEWER = Relation(Kind.SUPERSEDES, 0.9, ("12 became 15",))


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def old(now: datetime) -> Claim:
    return claim(now, "The Selmar bridge is closed to lorries.")


@pytest.fixture
def new(now: datetime) -> Claim:
    return claim(now, "Lorries may not cross the bridge at Selmar.")


def links() -> list[tuple[Any, ...]]:
    return list(Link.objects.order_by("id").values_list("claim_id", "kind", "other_id", "state"))


def head_of(one: Claim) -> int | None:
    return Claim.objects.values_list("head_id", flat=True).get(pk=one.pk)


def decided(one: Claim, by: User, now: datetime) -> Claim:
    verdicts.change_status(
        one, to=Status.NOT_ENOUGH_EVIDENCE, seen=Status(one.status), by=by, now=now, reason="asked", search_log="all"
    )
    one.refresh_from_db()
    return one


def test_what_is_certainly_the_same_is_joined_unasked_and_both_histories_say_so(
    old: Claim, new: Claim, now: datetime
) -> None:
    assert consider(new, {old: same()}, now=now).head_id == old.pk
    assert links() == [(new.pk, "same_as", old.pk, "accepted")]
    link = Link.objects.get()
    assert (link.by, link.because, link.sure, link.likeness) == (None, ["they name the same bridge"], 1.0, 0.9)
    told = [(event.type, event.payload) for event in Event.objects.of(new.uid)]
    known = {"link": str(link.uid), "kind": "same_as", "other": str(old.uid)}
    assert told[:2] == [("claim.joined", {"to": str(old.uid)}), ("claim.link_accepted", known)]
    assert Event.objects.of(old.uid)[0].type == "claim.link_accepted"


@pytest.mark.parametrize(("at", "is_joined"), [(None, True), (0.995, False), (1.1, False), (0.5, True)])
def test_how_sure_it_must_be_is_a_setting(  # noqa: PLR0917  fixtures
    at: float | None,
    is_joined: bool,
    old: Claim,
    new: Claim,
    now: datetime,
    settings: Any,
) -> None:
    settings.SAME_AT = at
    assert (consider(new, {old: same(0.99)}, now=now).head_id == old.pk) == is_joined
    assert Link.objects.get().state == (Deciding.ACCEPTED if is_joined else Deciding.SUGGESTED)


def test_all_else_is_a_suggestion_read_from_the_claim_to_the_other(now: datetime, old: Claim, new: Claim) -> None:
    newer, beside = claim(now, "Fifteen lorries crossed."), claim(now, "The bridge is old.")
    swapped = Relation(Kind.SUPERSEDES, 0.7, ("it is the newer one",), is_reversed=True)
    related = Relation(Kind.RELATED, 0.7, ("one bridge",))
    consider(new, {old: NARROWER, newer: swapped, beside: related}, now=now)
    assert sorted(links()) == sorted(
        [(new.pk, "narrows", old.pk, "suggested"), (newer.pk, "supersedes", new.pk, "suggested")]
    )
    assert head_of(new) is None


def test_doing_it_again_changes_nothing(old: Claim, new: Claim, now: datetime) -> None:
    third = claim(now, "Lorries cannot use the bridge.")
    for _time in range(3):
        consider(new, {old: same(), third: NARROWER}, now=now)
        consider(old, {new: same()}, now=now)
    assert links() == [(new.pk, "same_as", old.pk, "accepted"), (new.pk, "narrows", third.pk, "suggested")]
    assert Event.objects.filter(type="claim.joined").count() == 1


def test_what_the_machine_finds_no_more_it_takes_back_and_may_find_again(old: Claim, new: Claim, now: datetime) -> None:
    nothing = Relation(Kind.UNRELATED, 1.0, ())
    consider(new, {old: NARROWER}, now=now)
    consider(new, {old: nothing}, now=now)
    assert links() == [(new.pk, "narrows", old.pk, "dismissed")]
    consider(new, {old: NARROWER}, now=now)
    assert links() == [(new.pk, "narrows", old.pk, "suggested")]


def test_a_neighbour_that_was_not_looked_at_keeps_its_suggestion(old: Claim, new: Claim, now: datetime) -> None:
    consider(new, {old: NARROWER}, now=now)
    consider(new, {claim(now, "Something else."): NARROWER}, now=now)
    assert Link.objects.filter(state="suggested").count() == 2


def test_what_a_person_dismissed_or_undid_never_comes_back(old: Claim, new: Claim, by: User, now: datetime) -> None:
    consider(new, {old: same()}, now=now)
    linking.undo(Link.objects.get(), by=by, now=now)
    assert head_of(new) is None
    consider(new, {old: same()}, now=now)
    consider(old, {new: same()}, now=now)
    assert links() == [(new.pk, "same_as", old.pk, "dismissed")]
    assert head_of(new) is None


def test_nor_by_the_way_of_a_claim_that_says_the_same(old: Claim, new: Claim, by: User, now: datetime) -> None:
    twin = claim(now, "The bridge at Selmar is shut to lorries.")
    consider(new, {old: same()}, now=now)
    linking.undo(Link.objects.get(), by=by, now=now)
    consider(twin, {old: same()}, now=now)
    consider(twin, {new: same()}, now=now)
    assert (head_of(twin), head_of(new)) == (old.pk, None)
    assert Link.objects.between([twin.pk], [new.pk]).count() == 0


def test_one_link_leads_to_a_group_the_surest(old: Claim, new: Claim, now: datetime) -> None:
    twin = claim(now, "The bridge at Selmar is shut to lorries.")
    consider(twin, {old: same()}, now=now)
    weaker = Relation(Kind.CONTRADICTS, 0.6, ("shut",))
    consider(new, {twin: weaker, old: AGAINST}, now=now)
    assert links()[1:] == [(new.pk, "contradicts", old.pk, "suggested")]
    other = claim(now, "The bridge is open to lorries.")
    consider(other, {old: same()}, now=now)  # joined as well: nothing more is said of the two groups
    consider(other, {new: weaker}, now=now)
    assert Link.objects.filter(kind="contradicts").count() == 1


def test_a_group_that_speaks_against_the_claim_is_not_joined(old: Claim, new: Claim, now: datetime) -> None:
    twin = claim(now, "The bridge at Selmar is shut to lorries.")
    consider(twin, {old: same()}, now=now)
    consider(new, {twin: same(), old: AGAINST}, now=now)
    assert head_of(new) is None
    assert Link.objects.latest("id").state == Deciding.SUGGESTED


def test_claims_between_which_a_quarrel_is_known_are_not_joined(old: Claim, new: Claim, now: datetime) -> None:
    consider(new, {old: AGAINST}, now=now)
    consider(old, {new: same()}, now=now)
    assert head_of(new) is head_of(old) is None


def test_the_decided_claim_is_the_head_and_of_two_that_were_taken_a_person_decides(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    decided(new, by, now)
    consider(new, {old: same()}, now=now)
    assert (head_of(old), head_of(new)) == (new.pk, None)
    third = decided(claim(now, "No lorry may cross."), by, now)
    consider(third, {new: same()}, now=now)
    assert head_of(third) is None
    assert links()[-1] == (third.pk, "same_as", new.pk, "suggested")


def test_nothing_is_joined_unasked_to_a_claim_that_was_closed(old: Claim, new: Claim, by: User, now: datetime) -> None:
    verdicts.change_status(old, to=Status.NOT_CHECKABLE, seen=Status.UNREVIEWED, by=by, now=now, reason="an opinion")
    assert consider(new, {old: same()}, now=now).head_id is None


def test_a_claim_that_brings_two_groups_together_joins_both(old: Claim, new: Claim, now: datetime) -> None:
    twin = claim(now, "No lorry may cross.")
    consider(new, {old: same(), twin: same()}, now=now)
    assert (head_of(old), head_of(new), head_of(twin)) == (None, old.pk, old.pk)


def test_erased_claims_take_no_part(old: Claim, new: Claim, now: datetime) -> None:
    Claim.objects.filter(pk=old.pk).update(erased_at=now)
    consider(new, {old: same()}, now=now)
    consider(old, {new: same()}, now=now)
    assert links() == []


def test_a_claim_that_is_reworded_meanwhile_is_left_for_its_next_turn(old: Claim, new: Claim, now: datetime) -> None:
    def reworded(which: Claim) -> Any:
        def relate(one: Statement, other: Statement, *, likeness: float) -> Relation:
            Claim.objects.filter(pk=which.pk).update(text="Something else.")
            return same()

        return of_each(relate)

    linking.consider(new, [Near(old.pk)], now=now, relate=reworded(old))
    linking.consider(new, [Near(old.pk), Near(new.pk)], now=now, relate=reworded(new))
    assert links() == []


def test_a_claim_that_is_reworded_parts_from_what_the_machine_joined_it_to(
    old: Claim, new: Claim, by: User, now: datetime
) -> None:
    apart = Relation(Kind.RELATED, 0.5, ())
    consider(new, {old: same()}, now=now)
    consider(new, {old: same()}, now=now)
    assert head_of(new) == old.pk
    linking.consider(new, [], now=now, relate=told_by({(new.text, old.text): apart}))
    assert head_of(new) is None
    consider(new, {old: same()}, now=now)
    assert head_of(new) == old.pk
    linking.undo(Link.objects.get(), by=by, now=now)
    linking.join(new, old, by=by, now=now)
    consider(new, {old: apart}, now=now)
    assert head_of(new) == old.pk


def test_the_relation_step_is_told_how_surely_the_newest_text_says_it_and_from_whom(
    old: Claim, new: Claim, now: datetime
) -> None:
    article = split_article(now)
    doubted = Claim.objects.get(appearances__article=article, status="unconfirmed")
    seen: list[Statement] = []

    def relate(one: Statement, other: Statement, *, likeness: float) -> Relation:
        seen.extend([one, other])
        return Relation(Kind.UNRELATED, likeness, ())

    linking.consider(doubted, [Near(old.pk, 0.4)], now=now, relate=of_each(relate))
    assert (seen[0].certainty, seen[0].sources[0]) == ("unconfirmed", "The Selmar Post")
    assert (seen[1].text, seen[1].certainty, seen[1].sources) == (old.text, "asserted", ())


def test_the_same_words_are_the_same_claim(old: Claim, now: datetime) -> None:
    again = claim(now, old.text)
    linking.consider(again, [Near(old.pk, 1.0)], now=now)
    assert head_of(again) == old.pk


def test_very_many_reasons_are_cut_to_what_people_read(old: Claim, new: Claim, now: datetime) -> None:
    wordy = Relation(Kind.NARROWS, 0.5, ("x" * 1000,) * 40)
    linking.consider(new, [Near(old.pk)], now=now, relate=told_by({(new.text, old.text): wordy}))
    assert [len(reason) for reason in Link.objects.get().because] == [300] * 10
