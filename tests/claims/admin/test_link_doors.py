"""Links, joins and drifts on the desk: on a claim's page, in its lists, and all suggestions on one page."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim, Deciding, Drift, Link
from claims.services import linking
from factcheck.access.roles import Role
from tests.claims.admin.conftest import at, inline_in, listed, said, signed_in
from tests.claims.relating import consider, same
from tests.claims.test_drifting import FIRM, OPEN, told
from tests.claims.test_linking import AGAINST, NARROWER, decided
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
SUGGESTIONS = "/admin/claims/claim/suggestions/"


@pytest.fixture
def other(bridge: Claim, now: datetime) -> Claim:
    return claim(now, "Lorries may cross the bridge at Selmar.")


def door(one: Claim, row: Link | Drift, do: str) -> str:
    return reverse(f"admin:claims_claim_{row._meta.model_name}", args=[one.pk, row.pk, do])


def test_a_suggestion_shows_both_claims_and_why_and_is_decided_in_one_click(
    checker: Client, bridge: Claim, other: Claim, now: datetime
) -> None:
    consider(other, {bridge: NARROWER}, now=now)
    link = Link.objects.get()
    page = said(checker.get(at(bridge)))
    assert "is wider than" in page
    assert "Suggested because: it names the day" in page
    assert "is narrower than" in said(checker.get(at(other)))
    answer = checker.post(door(bridge, link, "accept"), follow=True)
    assert "Noted: the link stands." in said(answer)
    assert not inline_in(answer)
    assert Link.objects.get().state == Deciding.ACCEPTED
    late = checker.post(door(other, link, "dismiss"))
    assert late.status_code == 409
    assert "Somebody decided on it meanwhile" in said(late)
    assert checker.post(door(bridge, link, "burn")).status_code == 404
    assert "Take that back" in said(checker.get(at(other)))


def test_what_speaks_against_a_verdict_says_so_and_its_flag_leads_to_it(
    checker: Client, bridge: Claim, other: Claim, now: datetime
) -> None:
    decided(bridge, person(username="decider"), now)
    consider(other, {bridge: AGAINST}, now=now)
    assert "Yes, the verdict needs another look" in said(checker.get(at(bridge)))
    checker.post(door(other, Link.objects.get(), "accept"))
    page = checker.get(at(bridge))
    assert "another claim speaks against it" in said(page)
    assert f'<a href="{at(other)}">{other.text}</a>' in said(page)


def test_joined_claims_are_shown_with_their_head_and_part_in_one_click(
    checker: Client, bridge: Claim, other: Claim, now: datetime
) -> None:
    consider(other, {bridge: same()}, now=now)
    page = said(checker.get(at(bridge)))
    assert "Joined by the machine" in page
    assert other.text in page
    assert "This claim is joined to" in said(checker.get(at(other)))
    for url, is_there in (("", False), ("?joined=too", True), ("?joined=only", True), ("?joined=nonsense", False)):
        assert (other.text in said(checker.get(listed(Claim) + url))) == is_there, url
    assert "left out" in said(checker.get(listed(Claim)))
    checker.post(door(bridge, Link.objects.get(), "undo"))
    assert Claim.objects.get(pk=other.pk).head is None
    assert "One that was dismissed" in said(checker.get(at(bridge)))


@pytest.mark.parametrize("by_address", [False, True], ids=["uid", "address"])
def test_claims_are_joined_by_hand(
    checker: Client, bridge: Claim, other: Claim, now: datetime, by_address: bool
) -> None:
    url = reverse("admin:claims_claim_join", args=[bridge.pk])
    typed = f"https://desk.example{at(other)}" if by_address else str(other.uid)
    assert "The claims are one now." in said(checker.post(url, {"other": typed}, follow=True))
    assert Claim.objects.get(pk=other.pk).head == bridge
    again = checker.post(url, {"other": typed})
    assert again.status_code == 409
    assert "They are joined already." in said(again)
    for wrong in ("", "no such claim", "00000000-0000-4000-8000-000000000000", "/claims/claim/999999/"):
        assert "There is no such claim" in said(checker.post(url, {"other": wrong}))


def test_a_drift_shows_both_sentences_and_how_sure_each_is(checker: Client, now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    linking.join(place.claim, source.claim, by=person(username="joiner"), now=now)
    drift = Drift.objects.get()
    page = said(checker.get(at(source.claim)))
    assert "The texts are not equally sure" in page
    for words in (OPEN, FIRM, "states what its source left open", "Its source said"):
        assert words in page
    both = checker.get(listed(Claim) + "?joined=too&drift=yes")
    assert f"claim/{place.claim_id}/" in said(both)
    assert f"claim/{source.claim_id}/" not in said(both)
    for do, state in (("accept", "accepted"), ("undo", "suggested"), ("dismiss", "dismissed")):
        checker.post(door(source.claim, drift, do))
        drift.refresh_from_db()
        assert drift.state == state
    assert f"claim/{place.claim_id}/" not in said(checker.get(listed(Claim) + "?joined=too&drift=yes"))


def test_all_suggestions_stand_on_one_page_and_are_narrowed_by_kind(
    checker: Client, bridge: Claim, other: Claim, now: datetime
) -> None:
    assert "Nothing awaits anybody." in said(checker.get(SUGGESTIONS))
    decided(bridge, person(username="decider"), now)
    third = claim(now, "The bridge will be closed to lorries on Monday.")
    consider(other, {bridge: AGAINST, third: NARROWER}, now=now)
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    linking.join(place.claim, source.claim, by=person(username="joiner"), now=now)
    shows = {
        "": {"link", "drift"}, "verdict": {"link"}, "contradicts": {"link"}, "narrows": {"link"},
        "hedge_dropped": {"drift"}, "same_as": set(), "machine": set(), "nonsense": {"link", "drift"},
    }  # fmt: skip
    for kind, kinds in shows.items():
        page = checker.get(f"{SUGGESTIONS}?kind={kind}&p=99")
        assert not inline_in(page)
        assert {what for what in ("link", "drift") if f'id="{what}-' in said(page)} == kinds, kind
    assert "Choose" not in said(signed_in(Role.READER).get(SUGGESTIONS))


def test_the_chosen_are_dismissed_and_each_says_what_became_of_it(
    checker: Client, bridge: Claim, other: Claim, now: datetime
) -> None:
    third = claim(now, "The bridge will be closed to lorries on Monday.")
    consider(other, {bridge: AGAINST, third: NARROWER}, now=now)
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    linking.join(place.claim, source.claim, by=person(username="joiner"), now=now)
    first, second = Link.objects.open()
    linking.accept(first, by=person(username="quicker"), now=now)
    rows = [f"link-{first.pk}", f"link-{second.pk}", f"drift-{Drift.objects.get().pk}", "link-999999", "x-1"]
    page = said(checker.post(SUGGESTIONS, {"row": rows}))
    assert page.count("<strong>dismissed</strong>") == 2
    assert page.count("Somebody decided on it meanwhile") == 1
    assert sorted(Link.objects.filter(kind__in=["narrows", "contradicts"]).values_list("state", flat=True)) == [
        "accepted", "dismissed",
    ]  # fmt: skip
    assert "Nothing was chosen." in said(checker.post(SUGGESTIONS))


def test_what_the_machine_joined_can_be_gone_through_and_parted(
    checker: Client, bridge: Claim, other: Claim, now: datetime
) -> None:
    consider(other, {bridge: same()}, now=now)
    url = f"{SUGGESTIONS}?kind=machine"
    assert "Part them" in said(checker.get(url))
    answer = checker.post(door(other, Link.objects.get(), "undo"), {"back": "suggestions"})
    assert answer["Location"] == SUGGESTIONS
    assert "Nothing of this kind awaits anybody." in said(checker.get(url))


def test_the_page_of_suggestions_asks_as_often_for_thirty_rows_as_for_three(
    checker: Client, bridge: Claim, now: datetime
) -> None:
    def queries(many: int) -> int:
        for number in range(many):
            consider(claim(now, f"The bridge bears {many}{number} lorries."), {bridge: NARROWER}, now=now)
        with CaptureQueriesContext(connection) as seen:
            assert checker.get(SUGGESTIONS).status_code == 200
        return len(seen)

    checker.get(SUGGESTIONS)  # notes a sign of life
    assert queries(3) == queries(30) <= 12
    with CaptureQueriesContext(connection) as seen:
        assert checker.get(at(bridge)).status_code == 200
    assert len(seen) <= 40
