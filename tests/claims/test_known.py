"""What others found on a claim is a suggestion until a person accepts it, and stays away when dismissed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from claims.models import Claim, Event, Evidence, KnownCheck, KnownMatch
from claims.services import known as others
from claims.services.known import MatchRefused
from factcheck.access.roles import Role
from sources.models import Document
from tests.api.conftest import Caller
from tests.claims.admin.conftest import page_of, said, signed_in
from tests.claims.known import TEXT, URL, keep, known, match, published
from tests.factories import claim, person, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(now: datetime) -> Claim:
    return claim(now)


def test_an_accepted_one_gives_context_as_its_page_says_today(ours: Claim, now: datetime) -> None:
    page_of("It did not cost so much.", now=now, url=URL)
    by = person()
    found = others.accept(match(ours, now), by=by, now=now)
    held = Evidence.objects.get(claim=ours)
    assert (held.state, held.stance, found.evidence) == ("accepted", "context", held)
    assert (found.state, found.by, found.at) == ("accepted", by, now)
    assert Event.objects.of(ours.uid)[0].type == "claim.known_check_accepted"
    ours.refresh_from_db()
    assert ours.status == "unreviewed"
    other = match(ours, now, known=known(now, url=f"{URL}/b"))
    KnownCheck.objects.filter(pk=other.known_id).update(url=f"{URL}#again")
    other = KnownMatch.objects.select_related("known").get(pk=other.pk)
    assert others.accept(other, by=by, now=now).evidence == held


def test_where_its_page_was_not_read_yet_it_is_watched_and_suggested(ours: Claim, now: datetime) -> None:
    found = others.accept(match(ours, now), by=person(), now=now)
    held = Evidence.objects.get(claim=ours)
    assert (held.state, held.suggested_because) == ("suggested", "Harbour Checkers checked it: “Mostly false”")
    assert (found.evidence, Document.objects.get().due_at) == (held, now)


def test_a_rating_in_numbers_is_told_in_numbers(ours: Claim, now: datetime) -> None:
    one = known(now, url=f"{URL}/n", rating="", value=2.0, best=5.0, worst=1.0)
    others.accept(match(ours, now, known=one), by=person(), now=now)
    assert Evidence.objects.get().suggested_because == "Harbour Checkers checked it: “2”"


def test_a_dismissed_one_is_shown_no_more_and_cannot_be_accepted(ours: Claim, now: datetime) -> None:
    found, by = match(ours, now), person()
    assert list(others.matching(ours)) == [found]
    others.dismiss(found, by=by, now=now)
    assert not others.matching(ours)
    for do in (others.accept, others.dismiss):
        with pytest.raises(MatchRefused, match="dismissed"):
            do(found, by=by, now=now)
    assert str(found) == f"{ours.pk} same {found.known_id}"


def test_one_whose_page_cannot_be_asked_for_is_not_accepted(ours: Claim, now: datetime) -> None:
    found = match(ours, now)
    KnownCheck.objects.update(url="")
    found = KnownMatch.objects.select_related("known").get(pk=found.pk)
    with pytest.raises(MatchRefused):
        others.accept(found, by=person(), now=now)


def test_the_claim_s_page_shows_it_with_its_rating_mapped_and_the_desk_decides(ours: Claim, now: datetime) -> None:
    found = match(ours, now)
    client = signed_in(Role.FACT_CHECKER)
    page = said(client.get(reverse("admin:claims_claim_change", args=[ours.pk])))
    for words in ("Checked by others", TEXT, "Mostly false", "both count 90 million euros", "never our verdict"):
        assert words in page
    done = client.post(reverse("admin:claims_claim_known_accept", args=[ours.pk, found.pk]), follow=True)
    assert "Its page is context of this claim." in said(done)
    assert "accepted by fact_checker" in said(done)
    again = client.post(reverse("admin:claims_claim_known_accept", args=[ours.pk, found.pk]))
    assert (again.status_code, "Somebody decided on it meanwhile" in said(again)) == (409, True)
    done = client.post(reverse("admin:claims_claim_known_dismiss", args=[ours.pk, found.pk]), follow=True)
    assert "Checked by others" not in said(done)


def test_rest_tells_the_desk_what_others_found(ours: Claim, now: datetime) -> None:
    found = match(ours, now)
    keep(published(url=f"{URL}/2", text="The gates are blue.", rating="Seventeen herrings"), now=now)
    caller = Caller(token(person(Role.READER)))
    (told,) = caller.get(f"claims/{ours.uid}/known-checks").json()["results"]
    assert (told["relation"], told["state"], told["sure"]) == ("same", "suggested", 0.9)
    assert told["known_check"]["comes_to"] == "refuted"
    narrowed: tuple[tuple[str, Any], ...] = (
        ("q", "gates blue"),
        ("comes_to", "refuted"),
        ("url", URL),
        ("gone", "false"),
        ("gone", "true"),
    )
    counts = [len(caller.get("known-checks", **{name: value}).json()["results"]) for name, value in narrowed]
    assert counts == [1, 1, 1, 2, 0]
    others.dismiss(found, by=person(), now=now)
    assert caller.get(f"claims/{ours.uid}/known-checks").json()["results"] == []
