"""Claims on their way into the index, and those of before; whatever ends a worker, none is left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from claims.models import Appearance, Claim, Representation, Term
from claims.services import index, matching
from factcheck import leases, ledger
from factcheck.lib import clock
from tests.factories import claim, split_article

pytestmark = pytest.mark.django_db
WORK = "match"


@pytest.fixture
def now() -> datetime:
    return clock.now()


def work() -> int:
    return ledger.drain(ledger.register.works[WORK], for_s=60)


def words_of(one: Claim) -> str:
    return str(Representation.objects.values_list("words", flat=True).get(pk=one.pk))


def of_before(*texts: str, now: datetime) -> list[Claim]:
    """Claims of a version that knew of no index."""
    made = [claim(now, text) for text in texts]
    Representation.objects.all().delete()
    return made


def test_a_new_claim_is_found_by_its_meaning_and_by_its_words(now: datetime) -> None:
    one = claim(now, "The bridge in Selmar is closed to lorries.")
    assert work() == 1
    kept = one.representation
    assert (kept.due_at, kept.is_matched, len(kept.vector), kept.model != "") == (None, True, 384, True)
    near = index.nearest("Trucks may no longer cross the bridge at Selmar.", kept.vector)
    assert [(found.claim_id, round(found.cosine, 2)) for found in near] == [(one.pk, 1.0)]
    assert "'selmar'" in words_of(one)


def test_what_is_reworded_while_it_is_read_is_read_again(now: datetime) -> None:
    one = claim(now, "The bridge in Selmar is closed to lorries.")
    held = leases.take(Representation, batch=5, lease_for=timedelta(minutes=1))
    Claim.objects.filter(pk=one.pk).update(text="The harbour of Selmar froze.")
    matching.match_many(held, now=now)
    assert Representation.objects.get(pk=one.pk).vector is None
    work()
    assert "'harbour'" in words_of(one)


def test_a_claim_is_found_by_its_quotes_and_no_longer_where_they_are_erased(now: datetime) -> None:
    place = split_article(now).appearances.order_by("id")[0]
    work()
    assert Representation.objects.filter(due_at__isnull=False).count() == 0
    Appearance.objects.filter(pk=place.pk).update(quote="Zebras crossed it.")
    assert Representation.objects.get(pk=place.claim_id).words is None
    work()
    assert "'zebra'" in words_of(place.claim)
    assert index.search("zebras", limit=5).claims == [place.claim_id]
    Appearance.objects.filter(pk=place.pk).update(quote="█")
    work()
    assert "'zebra'" not in words_of(place.claim)


def test_claims_of_before_come_into_the_index_one_after_another_and_are_held_against_nothing(now: datetime) -> None:
    old = of_before("Selmar has two bridges.", "The ferry sank in 1911.", now=now)
    assert not matching.represent_missing(now=now, until=lambda: False)
    rows = Representation.objects.order_by("due_at")
    assert [row.pk for row in rows] == [old[1].pk, old[0].pk]
    assert [row.due_at for row in rows] == [now + timedelta(seconds=n / matching.A_SECOND) for n in (1, 2)]
    assert all(row.is_matched for row in rows)
    assert matching.represent_missing(now=now, until=lambda: True)
    assert not matching.represent_missing(now=now, until=lambda: False)


def test_rows_of_another_embedder_are_read_anew(now: datetime) -> None:
    one = claim(now)
    work()
    assert matching.represent_anew(now=now) == 0
    Representation.objects.update(model="another")
    assert matching.represent_anew(now=now) == 1
    work()
    assert Representation.objects.get(pk=one.pk).model != "another"


def test_without_an_embedder_words_are_stored_and_the_row_says_what_to_do(
    now: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.EMBEDDING_MODEL = tmp_path
    one = claim(now)
    work()
    kept = Representation.objects.get(pk=one.pk)
    assert (kept.vector, kept.words is None, kept.is_matched) == (None, False, False)
    assert "EMBEDDING_MODEL" in kept.last_error
    assert kept.due_at is not None
    assert kept.due_at > now
    assert kept.quarantined_at is None
    assert matching.represent_anew(now=now) == 0
    assert index.nearest("a bridge in Selmar", None)[0].claim_id == one.pk


def test_words_are_counted_and_none_of_an_erased_text_is_left(now: datetime) -> None:
    one, _other = claim(now, "Zebras live in Selmar."), claim(now, "Selmar has a zoo.")
    work()
    assert Term.objects.get(word="selmar").count == 1
    matching.count_terms()
    assert Term.objects.get(word="selmar").count == 2
    Claim.objects.filter(pk=one.pk).update(text="[erased]", erased_at=now)
    matching.count_terms()
    assert not Term.objects.filter(word="zebra").exists()


def test_an_update_of_a_claim_that_leaves_its_text_stays_on_its_page(now: datetime) -> None:
    """A heap-only update: no index of claims is written."""
    one = claim(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('claims_claim'::regclass)")
        (before,) = cursor.fetchone()
        Claim.objects.filter(pk=one.pk).update(said_where="on the radio")
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('claims_claim'::regclass)")
        assert cursor.fetchone() == (before + 1,)


def test_vectors_of_another_embedder_are_not_compared(now: datetime) -> None:
    one, other = claim(now, "The bridge in Selmar is closed to lorries."), claim(now, "The Selmar bridge is closed.")
    work()
    Representation.objects.filter(pk=other.pk).update(model="another:12345678")
    asked = Representation.objects.get(pk=one.pk).vector
    assert [near.claim_id for near in index.nearest("", asked)] == [one.pk]
    assert [near.cosine for near in index.nearest("closed", asked) if near.claim_id == other.pk] == [0]
    assert [near.claim_id for near in index.similar(other)] == []


def test_of_a_claim_that_stands_in_very_many_places_few_are_read(now: datetime) -> None:
    one = split_article(now).appearances.earliest("id").claim
    work()
    (place,) = one.appearances.all()
    made = [Appearance(**{**_plain(place), "fingerprint": f"{n}"}) for n in range(50)]
    Appearance.objects.bulk_create(made)
    rows = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal rows
        result = execute(sql, params, many, context)
        rows += context["cursor"].rowcount if 'FROM "claims_appearance"' in sql else 0
        return result

    with connection.execute_wrapper(count):
        assert work() == 1
    assert 0 < rows < 20


def _plain(row: Appearance) -> dict[str, Any]:
    named = [one.attname for one in row._meta.concrete_fields if one.name not in {"id", "uid"}]
    return {name: getattr(row, name) for name in named}
