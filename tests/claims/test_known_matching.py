"""A claim and what others checked find each other, whichever came first; likeness alone suggests nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.matching.relations import Kind, Relation, Statement
from claims.models import Claim, KnownCheck, KnownMatch, Representation
from claims.services import known as others
from claims.services import known_matching, representing
from factcheck import leases, ledger
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


# -- as work ---------------------------------------------------------------------------------------


def work() -> int:
    return ledger.drain(ledger.register.works["match_known"], for_s=60)


def test_a_fact_check_that_comes_in_finds_the_claims_that_we_have(now: datetime) -> None:
    ours = claim(now, "The harbour bridge cost 90 million euros.")
    ledger.drain(ledger.register.works["match"], for_s=60)
    theirs = known(now)
    assert work() == 1
    theirs.refresh_from_db()
    assert (theirs.due_at, theirs.model) == (None, representing.embedder().name)
    assert [(one.claim, one.kind) for one in theirs.matches.all()] == [(ours, "same")]


def test_what_says_nothing_any_more_leaves_the_index_and_suggests_nothing(ours: Claim, now: datetime) -> None:
    theirs = known(now, text="█████")
    assert work() == 1
    theirs.refresh_from_db()
    assert (theirs.due_at, theirs.vector) == (None, None)
    assert not KnownMatch.objects.exists()


def test_without_an_embedder_it_waits_an_hour(now: datetime, settings: Any, tmp_path: Any) -> None:
    settings.EMBEDDING_MODEL = tmp_path
    theirs = known(now)
    work()
    theirs.refresh_from_db()
    assert theirs.due_at is not None
    assert theirs.due_at > now
    assert theirs.quarantined_at is None
    assert not KnownMatch.objects.exists()


def test_a_lease_that_was_lost_suggests_nothing(now: datetime) -> None:
    claim(now, "The harbour bridge cost 90 million euros.")
    ledger.drain(ledger.register.works["match"], for_s=60)
    theirs = known(now)
    held = leases.take(KnownCheck, batch=5, lease_for=timedelta(minutes=1))
    KnownCheck.objects.filter(pk=theirs.pk).update(lease_token=None, lease_until=None)
    known_matching.match_many(held, now=now)
    assert not KnownMatch.objects.exists()
