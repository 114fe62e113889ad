"""The table of what ratings come to is the desk's, and tells what is lost by it."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.known import ratings
from claims.models import KnownCheck, KnownRating
from claims.services import known_ratings
from tests.claims.known import URL, keep, published

pytestmark = pytest.mark.django_db


def test_a_new_desk_begins_with_the_common_ratings() -> None:
    assert KnownRating.objects.count() == len(ratings.seeds()) + len(ratings.SEEDED_SCALES)
    assert {str(one) for one in KnownRating.objects.filter(words="")} >= {"0.0–0.25", "0.75–1.0"}


def test_a_row_of_the_desk_s_own_gives_every_fact_check_its_meaning_anew(now: datetime) -> None:
    assert known_ratings.remap() == 0
    keep(
        published(url=f"{URL}/1", rating="Two whales"),
        published(url=f"{URL}/2", rating="Two whales", site="other.example"),
        published(url=f"{URL}/3", rating="", value=4.0, best=5.0, worst=1.0),
        published(url=f"{URL}/4", rating="False"),
        now=now,
    )
    KnownRating.objects.create(words="two whales", status="conflicting")
    own = KnownRating.objects.create(words="two whales", site="other.example", status="refuted")
    assert known_ratings.remap() == 2
    came = KnownCheck.objects.order_by("pk").values_list("status", flat=True)
    assert list(came) == ["conflicting", "refuted", "supported", "refuted"]
    assert KnownCheck.objects.get(site="other.example").rule == own
    assert known_ratings.remap() == 0


def test_what_the_mapping_loses_is_counted(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    KnownRating.objects.create(words="no verdict", status="")
    said = [
        *("Seventeen herrings", "seventeen herrings!", "Nine eels", "No verdict", "False", "Pants on fire"),
        *("False. It was in 2011.", "True", "❔"),
    ]
    keep(*(published(url=f"{URL}/{place}", rating=rating) for place, rating in enumerate(said)), now=now)
    keep(published(url=f"{URL}/n", rating="Six", value=1.0, best=5.0, worst=1.0), now=now)
    lost = known_ratings.lost()
    assert (lost.checks, lost.without) == (10, 5)
    assert dict(lost.unmapped) == {"seventeen herrings": 2, "nine eels": 1, "–": 1}
    assert lost.left_out == (("no verdict", 1),)
    assert dict(lost.collapsed["refuted"]) == {"false": 1, "pants on fire": 1, "false it was in 2011": 1, "six": 1}
    assert "supported" not in lost.collapsed
    assert lost.loosely == {"how it begins": 1, "its number": 1}
    monkeypatch.setattr(known_ratings, "MOST_SHOWN", 1)
    assert (known_ratings.lost().more, known_ratings.lost().without) == (2, 5)
