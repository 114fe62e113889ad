"""A claim and what others checked find each other, whichever came first; likeness alone suggests nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from claims.matching.relations import Kind, Relation, Statement
from claims.models import Claim, KnownCheck, KnownMatch, Representation
from claims.services import known as others
from claims.services import known_matching, representing
from tests.claims.known import URL, known, match
from tests.claims.relating import of_each
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
ALIKE = [1.0] + [0.0] * 383


def saying(kind: Kind, sure: float = 0.9) -> Any:
    """Relate all alike."""

    def relate(_one: Statement, _other: Statement, *, likeness: float) -> Relation:
        return Relation(kind, sure, ("both count 90 million euros",))

    return of_each(relate)


@pytest.fixture
def ours(now: datetime) -> Claim:
    made = claim(now)
    Representation.objects.filter(pk=made.pk).update(vector=ALIKE, model=representing.embedder().name)
    return made


@pytest.fixture
def theirs(now: datetime) -> KnownCheck:
    one = known(now)
    KnownCheck.objects.update(vector=ALIKE, model=representing.embedder().name)
    return one


@pytest.mark.parametrize("kind", [Kind.SAME, Kind.CONTRADICTS, Kind.NARROWS])
def test_both_ways_suggest_the_same(kind: Kind, ours: Claim, theirs: KnownCheck, now: datetime) -> None:
    assert known_matching.consider(ours, ALIKE, now=now, relate=saying(kind)) == 1
    assert known_matching.consider_known(theirs, ALIKE, now=now, relate=saying(kind, 0.7)) == 1
    found = KnownMatch.objects.get()
    assert (found.claim, found.known, found.sure, found.state) == (ours, theirs, 0.7, "suggested")
    assert found.kind == {Kind.NARROWS: "related"}.get(kind, kind.value)
    assert found.because == ["both count 90 million euros"]


def test_what_has_nothing_to_do_with_it_is_not_suggested_and_taken_away(
    ours: Claim, theirs: KnownCheck, now: datetime
) -> None:
    match(ours, now, known=theirs)
    assert known_matching.consider(ours, ALIKE, now=now, relate=saying(Kind.UNRELATED)) == 0
    assert not KnownMatch.objects.exists()
    match(ours, now, known=theirs)
    far = [0.5] + [0.0] * 382 + [0.9]
    assert known_matching.consider_known(theirs, far, now=now, relate=saying(Kind.RELATED)) == 0
    assert not KnownMatch.objects.exists()


def test_what_a_person_dismissed_stays_dismissed(ours: Claim, theirs: KnownCheck, now: datetime) -> None:
    others.dismiss(match(ours, now, known=theirs), by=person(), now=now)
    known_matching.consider(ours, ALIKE, now=now, relate=saying(Kind.SAME, 0.99))
    found = KnownMatch.objects.get()
    assert (found.state, found.sure) == ("dismissed", 0.9)


def test_what_is_gone_is_not_suggested(ours: Claim, theirs: KnownCheck, now: datetime) -> None:
    KnownCheck.objects.filter(url=URL).update(gone_at=now)
    assert known_matching.consider(ours, ALIKE, now=now, relate=saying(Kind.SAME)) == 0
