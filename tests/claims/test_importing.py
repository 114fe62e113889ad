"""Claims and evidence from tables: whole or not at all, and again without doubling."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models

from claims.imports.types import MOST_FAULTS, What, Wrong
from claims.models import Claim, Event, Evidence
from claims.services import evidence, held_by_file, importing
from claims.services.import_words import NOTICES, WORDS, where, why
from claims.services.importing import ImportRefused, Outcome
from factcheck.access.models import User
from sources.models import Document, SourceName
from sources.services import sources
from tests.claims.admin.conftest import NOTICE, page_of
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
CLAIMS = "text,id,claimant,said_at\nThe bridge is shut.,s-1,Ilka Brandt,2026-05-31T18:30\nThe tram is late.,,,\n"
PAGE = "https://traffic.example/notices/14"
OPEN = "The Selmar bridge stays open to lorries."


@pytest.fixture
def by(db: None) -> User:
    return person(username="importer")


def bring(body: str, what: What, *, by: User | None, now: datetime) -> Outcome:
    return importing.bring_in(body.encode(), what, by=by, now=now)


def refused(body: str, what: What, *, by: User | None, now: datetime) -> list[tuple[int, str, Wrong]]:
    before = [model._default_manager.count() for model in (Claim, Evidence, Event, Document)]
    with pytest.raises(ImportRefused) as refusal:
        bring(body, what, by=by, now=now)
    assert [model._default_manager.count() for model in (Claim, Evidence, Event, Document)] == before
    return [(fault.row, fault.column, fault.wrong) for fault in refusal.value.outcome.faults]


def test_claims_come_in_with_what_the_table_says(by: User, now: datetime, settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    outcome = bring(CLAIMS, What.CLAIMS, by=by, now=now)
    assert (len(outcome.made), outcome.known, outcome.rows) == (2, [], 2)
    one = Claim.objects.get(text="The bridge is shut.")
    assert (one.origin, one.created_by, one.status) == ("import", by, "unreviewed")
    assert one.claimant is not None
    assert one.claimant.name == "Ilka Brandt"
    assert one.said_at == datetime(2026, 5, 31, 18, 30, tzinfo=UTC)
    assert Event.objects.of(one.uid).get().type == "claim.created"


def test_the_same_file_again_changes_nothing(by: User, now: datetime) -> None:
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    again = bring(CLAIMS, What.CLAIMS, by=None, now=now)
    assert (again.made, len(again.known)) == ([], 2)
    assert Claim.objects.count() == 2


def test_a_row_that_repeats_another_makes_no_second_claim(by: User, now: datetime) -> None:
    outcome = bring("text\nIt is shut.\nIt  is shut.\n", What.CLAIMS, by=by, now=now)
    assert (len(outcome.made), len(outcome.known)) == (1, 1)


def test_our_own_identifier_stands_for_the_claim_that_has_it(by: User, now: datetime) -> None:
    known = claim(now)
    outcome = bring(f"text,id\n{known.text},{known.uid}\n", What.CLAIMS, by=by, now=now)
    assert outcome.known == [known.text]


def test_an_id_that_stands_for_another_text_is_a_mistake(by: User, now: datetime) -> None:
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    found = refused("text,id\nNew.,s-2\nThe bridge is open.,s-1\nOther.,s-2\n", What.CLAIMS, by=by, now=now)
    assert found == [(3, "id", Wrong.OTHER_TEXT), (4, "id", Wrong.OTHER_TEXT)]


def test_one_wrong_row_keeps_all_out_and_every_wrong_row_is_named(by: User, now: datetime) -> None:
    for name in ("Harbour Courier", "Quay Courier"):
        SourceName.objects.create(source=sources.find_or_make(name), name="Courier", is_ambiguous=True)
    found = refused("text,claimant,kind\nFirst.,,\nSecond.,Courier,\nThird.,,fakt\n", What.CLAIMS, by=by, now=now)
    assert found == [(3, "claimant", Wrong.REFUSED), (4, "kind", Wrong.CHOICE)]


def test_looking_writes_nothing_and_says_what_bringing_in_does(by: User, now: datetime) -> None:
    seen = importing.look(CLAIMS.encode(), What.CLAIMS, by=by, now=now)
    assert len(seen.made) == 2
    assert not Claim.objects.exists()
    assert not Event.objects.exists()
    assert importing.look(b"text,kind\nx,fakt\n", What.CLAIMS, by=by, now=now).faults


def test_no_more_than_a_hundred_faults_are_looked_for(by: User, now: datetime) -> None:
    bring("text,id\nFirst.,s-1\n", What.CLAIMS, by=by, now=now)
    many = "".join(f"Another {n}.,s-1\n" for n in range(MOST_FAULTS + 20))
    assert len(refused(f"text,id\n{many}", What.CLAIMS, by=by, now=now)) == MOST_FAULTS
    missing = "".join(f"none-{n},{PAGE},supports\n" for n in range(MOST_FAULTS + 20))
    assert len(refused(f"claim,address,stance\n{missing}", What.EVIDENCE, by=by, now=now)) == MOST_FAULTS


# -- evidence --------------------------------------------------------------------------------------


def table(*rows: str) -> str:
    return "\n".join(["claim,address,stance,quote", *rows, ""])


def test_a_page_that_was_read_is_pinned_by_its_quote(by: User, now: datetime) -> None:
    page_of(NOTICE, now=now)
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    by_hand = claim(now)
    rows = [f"{name},{PAGE},refutes,{OPEN}" for name in ("s-1", f"/admin/claims/claim/{by_hand.pk}/change/")]
    outcome = bring(table(*rows, f"https://desk.example/{by_hand.uid}/,{PAGE},context,"), What.EVIDENCE, by=by, now=now)
    assert (len(outcome.made), outcome.waiting) == (3, [])
    held = Evidence.objects.accepted().get(claim__text="The bridge is shut.")
    assert (held.exact, held.stance, held.by, held.anchor) == (OPEN, "refutes", by, "holds")


def test_a_page_that_is_new_to_us_is_suggested_until_it_is_read(by: User, now: datetime) -> None:
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    rows = table(f"s-1,{PAGE},refutes,{OPEN}", f"s-1,{PAGE}/b,context,")
    first = bring(rows, What.EVIDENCE, by=by, now=now)
    assert (first.made, len(first.waiting)) == ([], 2)
    suggested = Evidence.objects.suggested().order_by("pk")[0]
    assert "refutes" in suggested.suggested_because
    assert OPEN in suggested.suggested_because
    assert Document.objects.get(url=PAGE).due_at is not None
    assert len(bring(rows, What.EVIDENCE, by=by, now=now).known) == 2
    page_of(NOTICE, now=now)
    then = bring(table(f"s-1,{PAGE},refutes,{OPEN}"), What.EVIDENCE, by=by, now=now)
    assert len(then.made) == 1
    assert Evidence.objects.accepted().get().pk == suggested.pk


def test_without_a_person_evidence_is_only_suggested(by: User, now: datetime) -> None:
    page_of(NOTICE, now=now)
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    assert len(bring(table(f"s-1,{PAGE},refutes,{OPEN}"), What.EVIDENCE, by=None, now=now).waiting) == 1
    assert not Evidence.objects.accepted().exists()


def test_evidence_again_changes_nothing_and_what_was_taken_off_the_table_stays_off(by: User, now: datetime) -> None:
    page_of(NOTICE, now=now)
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    row = table(f"s-1,{PAGE},refutes,{OPEN}")
    bring(row, What.EVIDENCE, by=by, now=now)
    evidence.dismiss(Evidence.objects.get(), by=by, now=now)
    assert len(bring(row, What.EVIDENCE, by=by, now=now).known) == 1
    assert not Evidence.objects.accepted().exists()


def test_what_is_wrong_with_evidence_is_told_by_row_and_column(by: User, now: datetime) -> None:
    page_of(NOTICE, now=now)
    bring(CLAIMS, What.CLAIMS, by=by, now=now)
    found = refused(
        table(
            f"s-1,{PAGE},refutes,{OPEN}",
            f"nobody,{PAGE},refutes,",
            "s-1,http://127.0.0.1/,refutes,",
            f"s-1,{PAGE},refutes,It never said that.",
        ),
        What.EVIDENCE,
        by=by,
        now=now,
    )
    assert found == [(3, "claim", Wrong.NO_CLAIM), (4, "address", Wrong.REFUSED), (5, "quote", Wrong.REFUSED)]


def test_names_of_claims_are_looked_up_in_two_questions(
    by: User, now: datetime, django_assert_num_queries: Any
) -> None:
    made = [claim(now, f"Claim {n}.") for n in range(5)]
    names = {str(one.uid) for one in made} | {f"/claims/claim/{one.pk}/" for one in made} | {"nobody"}
    with django_assert_num_queries(2):
        assert len(held_by_file.claims_named(names, importing.uid_of)) == 10


# -- words -----------------------------------------------------------------------------------------


def test_every_fault_has_words_that_take_what_it_is_given(by: User, now: datetime) -> None:
    assert set(WORDS) == set(Wrong)
    assert set(NOTICES) == {"windows_1252", "utf_16"}
    outcome = importing.look(b"text,kind\n=x,\nIt,fakt\nToo,many,cells\n", What.CLAIMS, by=by, now=now)
    assert [where(one) for one in outcome.faults] == ["Row 2, column “text”:", "Row 3, column “kind”:", "Row 4:"]
    assert "Put ' before it" in why(outcome.faults[0])
    assert where(importing.look(b"", What.CLAIMS, by=by, now=now).faults[0]) == ""


def test_nothing_of_a_file_is_kept_but_what_it_made(now: datetime) -> None:
    columns = {field.name for field in Claim._meta.get_fields() if isinstance(field, models.Field)}
    assert not {"external_id", "file"} & columns, "an id of theirs becomes our identifier and is not kept"
