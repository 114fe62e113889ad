"""Claims for files: in the order of the list, a few hundred at a time, and nothing told in confidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Claim, Evidence
from claims.services import exporting
from claims.services.exporting import ExportRefused
from tests.claims.admin.conftest import bridge, notice, pinned  # noqa: F401  fixtures
from tests.factories import claim

pytestmark = pytest.mark.django_db


def test_a_claim_leaves_with_its_pages_and_quotes(pinned: Evidence, now: datetime) -> None:  # noqa: F811
    found = exporting.keys(Claim.objects.all())
    told = list(exporting.rows(found, now=now))
    assert [one["text"] for one in told] == [pinned.claim.text]
    assert told[0]["evidence"][0]["quote"] == pinned.exact
    assert told[0]["desk_only"]["created_by"] == "maker"


def test_a_suggestion_does_not_leave(pinned: Evidence, now: datetime) -> None:  # noqa: F811
    Evidence.objects.update(state="dismissed")
    assert next(exporting.rows([pinned.claim_id], now=now))["evidence"] == []


def test_an_overdue_status_says_so(now: datetime) -> None:
    one = claim(now)
    assert next(exporting.rows([one.pk], now=now))["is_overdue"] is False
    Claim.objects.update(holds_until=now + timedelta(hours=1))
    assert next(exporting.rows([one.pk], now=now + timedelta(hours=2)))["is_overdue"] is True


def test_they_leave_in_the_order_of_the_list(now: datetime) -> None:
    made = [claim(now, f"Claim {n}.") for n in range(5)]
    found = exporting.keys(Claim.objects.order_by("text"))
    assert [one["text"] for one in exporting.rows(found, now=now)] == [one.text for one in made]


def test_a_list_too_long_is_refused_and_never_cut(now: datetime) -> None:
    for n in range(3):
        claim(now, f"Claim {n}.")
    assert len(exporting.keys(Claim.objects.all(), most=3)) == 3
    with pytest.raises(ExportRefused, match="narrow it down"):
        exporting.keys(Claim.objects.all(), most=2)


def test_ten_claims_and_a_hundred_ask_the_same_number_of_questions(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    for n in range(100):
        claim(now, f"Claim {n}.")
    for many in (10, 100):
        with django_assert_max_num_queries(5):
            assert len(list(exporting.rows(exporting.keys(Claim.objects.all())[:many], now=now))) == many
