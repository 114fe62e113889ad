"""What people told the desk: evidence like any other, and confidential names that nothing gives away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from claims.models import Claim, Event, Evidence, Payload, Statement
from claims.models.notes import Way
from claims.services import erased_columns, erasure, evidence, stakes, statements, verdicts, voices
from claims.services.evidence import EvidenceRefused
from claims.services.statements import Named, StatementRefused, Taken, Terms
from claims.verification.status import Status
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from tests.claims.pages import typed
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
NAME = "Ilka Zorxbovan"
SUPPORTS = Evidence.Stance.SUPPORTS


@pytest.fixture(autouse=True)
def _with_a_key(settings: Any) -> None:
    settings.SECRETS_KEY, settings.SECRETS_KEY_IS_SET = ["a key of these tests"], True


@pytest.fixture
def checker(db: None) -> User:
    return person()


@pytest.fixture
def bridge(db: None, now: datetime) -> Claim:
    return claim(now)


@pytest.fixture
def taken(now: datetime) -> Taken:
    return Taken(NAME, "I saw lorries on it.", Terms.CONFIDENTIAL, Way.PHONE, now, role="night guard Zorxbovan")


@pytest.fixture
def sealed(bridge: Claim, taken: Taken, checker: User, now: datetime) -> Evidence:
    return statements.take(bridge, taken, stance=SUPPORTS, by=checker, now=now)


def everything_stored() -> str:
    """Return every row of every table."""
    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" AS one')
            stored += [row[0] for row in cursor.fetchall()]
    return "\n".join(stored).lower()


def test_a_confidential_name_is_in_no_table_and_comes_back_to_who_asks(
    sealed: Evidence, checker: User, now: datetime
) -> None:
    assert "i saw lorries on it." in everything_stored()
    assert "zorxbovan" not in everything_stored()
    assert "night guard" not in everything_stored()
    held = Evidence.objects.get(pk=sealed.pk)
    assert statements.reveal(held, by=checker, now=now) == Named(NAME, "night guard Zorxbovan")
    told = Event.objects.get(type="claim.name_revealed")
    assert (told.by, told.payload) == (checker, {"evidence": str(held.uid)})
    assert "zorxbovan" not in everything_stored()
    assert str(held) == "confidential: the name is sealed"


def test_who_may_not_work_on_claims_sees_no_sealed_name(sealed: Evidence, now: datetime) -> None:
    with pytest.raises(StatementRefused, match="Ask a fact-checker"):
        statements.reveal(sealed, by=person(Role.READER), now=now)
    assert not Event.objects.filter(type="claim.name_revealed").exists()


def test_a_statement_carries_a_verdict(sealed: Evidence, bridge: Claim, checker: User, now: datetime) -> None:
    moved = verdicts.change_status(
        bridge, to=Status.SUPPORTED, seen=Status.UNREVIEWED, by=checker, now=now, reason="The guard saw it."
    )
    assert (moved.new, moved.snapshot_ids) == ("supported", [])
    assert voices.saying(bridge) == []
    told = Payload.objects.get(event__type="claim.evidence_accepted").body
    assert told == {"evidence": str(sealed.uid), "stance": "supports", "way": "phone", "terms": "confidential"}


def test_a_statement_is_taken_off_the_table_and_disturbs_no_page(
    sealed: Evidence, checker: User, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(EvidenceRefused, match="Somebody decided on it meanwhile"):
        evidence.accept(sealed, quote="", stance=SUPPORTS, by=checker, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        stakes.tell(sealed.claim, now=now)
        evidence.dismiss(sealed, by=checker, now=now)
    assert Evidence.objects.get().state == "dismissed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "missing"),
        ({"text": ""}, "missing"),
        ({"text": "Zorxbovan saw it."}, "name_in_text"),
        ({"text": "It was ilka zorxbovan's lorry."}, "name_in_text"),
    ],
)
def test_what_would_give_the_name_away_is_refused(
    fields: dict[str, str], code: str, taken: Taken, checker: User, now: datetime
) -> None:
    with pytest.raises(StatementRefused) as refusal:
        statements.take(claim(now), replace(taken, **fields), stance=SUPPORTS, by=checker, now=now)  # type: ignore[arg-type]
    assert (refusal.value.code, Statement.objects.count()) == (code, 0)


def test_a_statement_of_tomorrow_is_refused(bridge: Claim, taken: Taken, checker: User, now: datetime) -> None:
    late = replace(taken, taken_at=now + timedelta(hours=1))
    with pytest.raises(StatementRefused, match="still to come"):
        statements.take(bridge, late, stance=SUPPORTS, by=checker, now=now)


def test_a_name_too_short_to_be_looked_for_is_sealed_all_the_same(
    bridge: Claim, taken: Taken, checker: User, now: datetime
) -> None:
    held = statements.take(bridge, replace(taken, name="Li"), stance=SUPPORTS, by=checker, now=now)
    assert statements.reveal(held, by=checker, now=now).name == "Li"


def test_without_a_key_nothing_confidential_is_taken(
    bridge: Claim, taken: Taken, checker: User, now: datetime, settings: Any
) -> None:
    settings.SECRETS_KEY_IS_SET = False
    with pytest.raises(StatementRefused, match="SECRETS_KEY") as refusal:
        statements.take(bridge, taken, stance=SUPPORTS, by=checker, now=now)
    assert refusal.value.code == "no_key"
    held = statements.take(bridge, replace(taken, terms=Terms.BACKGROUND), stance=SUPPORTS, by=checker, now=now)
    assert str(held) == NAME
    with pytest.raises(StatementRefused, match="no sealed name"):
        statements.reveal(held, by=checker, now=now)


def test_keys_are_changed_without_losing_a_name(sealed: Evidence, checker: User, now: datetime, settings: Any) -> None:
    settings.SECRETS_KEY = ["a new key", "a key of these tests"]
    assert "1 names sealed" in typed("reseal_names")
    settings.SECRETS_KEY = ["a new key"]
    assert statements.reveal(Evidence.objects.get(), by=checker, now=now).name == NAME
    settings.SECRETS_KEY = ["another key"]
    with pytest.raises(StatementRefused, match="put the key back") as refusal:
        statements.reveal(Evidence.objects.get(), by=checker, now=now)
    assert refusal.value.code == "key_missing"
    with pytest.raises(CommandError, match="1 more open with none of the keys"):
        typed("reseal_names")
    settings.SECRETS_KEY, settings.SECRETS_KEY_IS_SET = ["a new key"], False
    with pytest.raises(CommandError, match="SECRETS_KEY"):
        typed("reseal_names")


def test_a_seal_that_was_moved_to_another_statement_does_not_open(
    sealed: Evidence, taken: Taken, checker: User, now: datetime
) -> None:
    other = statements.take(sealed.claim, replace(taken, name="Karl Vogt"), stance=SUPPORTS, by=checker, now=now)
    moved = Statement.objects.get(evidence=other).sealed
    Statement.objects.filter(evidence=sealed).update(sealed=moved)
    with pytest.raises(StatementRefused, match="None of the keys opens it"):
        statements.reveal(Evidence.objects.get(pk=sealed.pk), by=checker, now=now)


def test_sealed_names_are_erased_with_whom_they_name(sealed: Evidence, taken: Taken, now: datetime) -> None:
    other = replace(taken, name="Karl Vogt", role="driver")
    kept = statements.take(sealed.claim, other, stance=SUPPORTS, by=person(username="two"), now=now)
    names, admin = names_of([NAME]), person(Role.ADMIN, username="admin")
    assert erased_columns.naming(names) == {"claims.Statement": ["[a sealed name]"]}
    done = erasure.erase_person(names, why="asked for it", by=admin, now=clock.now())
    assert done.counts["claims.Statement"] == 1
    assert erased_columns.naming(names) == {}
    gone = Statement.objects.get(evidence=sealed)
    assert (gone.sealed, gone.erased_at, gone.text) == ("", done.at, "I saw lorries on it.")
    assert statements.reveal(kept, by=admin, now=clock.now()).name == "Karl Vogt"
    assert "every chain holds" in typed("audit_verify")


def test_statements_on_an_erased_claim_go_with_it(checker: User, taken: Taken, now: datetime, settings: Any) -> None:
    about = claim(now, "Karl Vogt drove over the bridge.")
    statements.take(about, taken, stance=SUPPORTS, by=checker, now=now)
    statements.take(about, replace(taken, terms=Terms.ON_RECORD), stance=SUPPORTS, by=checker, now=now)
    elsewhere = statements.take(claim(now), taken, stance=SUPPORTS, by=checker, now=now)
    assert elsewhere.statement is not None
    Statement.objects.filter(pk=elsewhere.statement.pk).update(sealed="broken")
    admin = person(Role.ADMIN, username="admin")
    done = erasure.erase_person(names_of(["Karl Vogt"]), why="asked for it", by=admin, now=clock.now())
    said = list(Statement.objects.filter(evidence__claim=about).order_by("pk").values_list("name", "text", "sealed"))
    assert said == [("", "█ ███ ███████ ██ ███", ""), ("████ █████████", "█ ███ ███████ ██ ███", "")]
    assert done.counts["claims.Statement"] == 3
    assert done.counts["claims.Statement (sealed, not readable)"] == 1
