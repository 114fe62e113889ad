"""A claim's representation: made with the claim and unmade with its text, whoever writes either."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from claims.models import Claim, Representation
from factcheck.lib import clock
from tests.factories import claim

pytestmark = pytest.mark.django_db
VECTOR = [1.0] + [0.0] * 383


@pytest.fixture
def now() -> datetime:
    return clock.now()


def represented(now: datetime) -> Representation:
    """A claim's representation as work left it."""
    made = claim(now).representation
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_representation SET words = to_tsvector('english', 'the bridge fell')")
    Representation.objects.filter(pk=made.pk).update(due_at=None, vector=VECTOR, model="a", is_matched=True)
    return Representation.objects.get(pk=made.pk)


def test_a_new_claim_is_due_to_be_represented_in_its_own_transaction(now: datetime) -> None:
    made = claim(now).representation
    assert made.due_at is not None
    assert (made.vector, made.words, made.model, made.is_matched) == (None, None, "", False)


def test_another_text_takes_what_was_made_of_the_one_before_and_whoever_holds_it_loses_it(now: datetime) -> None:
    made = represented(now)
    Representation.objects.filter(pk=made.pk).update(lease_until=now, lease_token="5" * 32)
    Claim.objects.filter(pk=made.pk).update(text="The bridge in Selmar was closed.")
    made.refresh_from_db()
    assert (made.vector, made.words, made.model, made.is_matched) == (None, None, "", False)
    assert (made.lease_token, made.due_at is None) == (None, False)


def test_an_erased_text_takes_them_too_and_is_not_represented_again(now: datetime) -> None:
    made = represented(now)
    Claim.objects.filter(pk=made.pk).update(text="[erased]", erased_at=now)
    made.refresh_from_db()
    assert (made.vector, made.words, made.model, made.due_at) == (None, None, "", None)


def test_what_leaves_the_text_as_it_is_leaves_them_as_they_are(now: datetime) -> None:
    made = represented(now)
    Claim.objects.filter(pk=made.pk).update(topic="roads")
    Claim.objects.filter(pk=made.pk).update(text=made.claim.text)
    made.refresh_from_db()
    assert made.vector is not None
    assert made.due_at is None
