"""Claims by hand: a speech, a message, a caption; with or without an article."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from claims.models import Claim, Event
from claims.services import articles, claims, events
from claims.services.claims import ClaimRefused
from factcheck.access.models import Client
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db


def test_a_claim_needs_no_article(now: datetime) -> None:
    one = claims.make(
        "  The harbour  is closed. ",
        now=now,
        by=person(),
        claimant="Dara Voss",
        said_where="in parliament",
        said_at=now,
    )
    assert one.text == "The harbour is closed."
    assert (one.origin, one.status) == ("person", "unreviewed")
    assert one.claimant is not None
    assert one.claimant.name == "Dara Voss"
    assert Event.objects.get().type == "claim.created"
    assert str(one) == "The harbour is closed."


def test_a_clients_claim_is_a_suggestion_of_that_client(now: datetime) -> None:
    client = Client.objects.create(name="Selmar Radio")
    one = claims.make("The harbour is closed.", now=now, client=client)
    assert (one.origin, one.client) == ("client", client)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_a_claim_is_one_sentence(now: datetime, text: str) -> None:
    with pytest.raises(ClaimRefused) as refused:
        claims.make(text, now=now, by=person())
    assert refused.value.code == "claim_text"
    assert not Claim.objects.exists()


def test_its_quote_must_stand_in_the_article(now: datetime) -> None:
    article = split_article(now)
    before = Claim.objects.count()
    with pytest.raises(ClaimRefused, match="character for character"):
        claims.make("The bridge is fine.", now=now, by=person(), article=article, quote="the bridge is fine")
    assert Claim.objects.count() == before


def test_an_article_that_was_not_read_yet_has_nothing_to_quote(now: datetime) -> None:
    article, _new = articles.submit_url("https://news.example.org/a", now=now)
    with pytest.raises(ClaimRefused, match="first look"):
        claims.make("The bridge is fine.", now=now, by=person(), article=article, quote="fine")


def test_its_place_in_the_article_can_be_found_again(now: datetime) -> None:
    article = split_article(now)
    one = claims.make(
        "Cracks were found.", now=now, by=person(), article=article, quote="had found cracks", certainty="probable"
    )
    place = one.appearances.get()
    assert (place.quote, place.certainty, place.because) == ("had found cracks", "probable", ["by hand"])
    assert str(place) == "had found cracks"


def test_events_of_one_subject_are_numbered_without_gap(now: datetime) -> None:
    one = claim(now)
    for _time in range(3):
        events.record(one, "claim.noted", now=now)
    numbers = Event.objects.filter(subject_uid=one.uid).values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_its_transaction_is_a_mistake(now: datetime) -> None:
    one = claim(now)
    with pytest.raises(RuntimeError, match="transaction"):
        events.record(one, "claim.noted", now=now)
    with transaction.atomic():
        assert str(events.record(one, "claim.noted", now=now)) == "claim.noted"
