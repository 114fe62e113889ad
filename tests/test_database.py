"""A database that may lose or rewrite what it was told is named before anybody works on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from factcheck import database, grants
from factcheck.database import Facts

pytestmark = pytest.mark.django_db


def ids(facts: Facts) -> list[str]:
    """What is said of these facts, by its id; each message says what to do."""
    messages = [*database.server(facts), *database.schema(facts), *database.role(facts)]
    assert all(message.hint for message in messages)
    return [str(message.id).removeprefix("factcheck.") for message in messages]


def told() -> set[str]:
    return {
        str(message.id).removeprefix("factcheck.")
        for message in run_checks(tags=[Tags.database], databases=["default"])
    }


def test_a_sound_server_and_role_are_not_complained_of() -> None:
    assert ids(Facts()) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(fsync="off"), "D001"),
        (Facts(synchronous_commit="off"), "D002"),
        (Facts(synchronous_commit="local"), "D002"),
        (Facts(full_page_writes="off"), "D003"),
        (Facts(version=140011), "D004"),
        (Facts(encoding="SQL_ASCII"), "D005"),
        (Facts(vector=None), "D006"),
        (Facts(vector="0.7.4"), "D006"),
        (Facts(triggers=frozenset({"t"})), "D010"),
        (Facts(is_superuser=True), "D020"),
        (Facts(is_replica=True), "D020"),
        (Facts(owned=["claims_event"]), "D021"),
        (Facts(may_create=True), "D022"),
        (Facts(excess=["DELETE on claims_event"]), "D023"),
        (Facts(wanting=["a", "b", "c", "d"]), "D024"),
    ],
)
def test_each_weakness_is_an_error_that_says_what_to_do(facts: Facts, said: str) -> None:
    assert ids(facts) == [said]


def test_the_owner_of_the_tables_may_not_serve() -> None:
    with override_settings(DATABASE_AS_OWNER=False):
        assert "D021" in told()
        with override_settings(ONE_DATABASE_ROLE=True):
            assert told() == set()


@pytest.fixture
def application() -> Iterator[DatabaseWrapper]:
    """The test database, as the application reaches it."""
    one = DatabaseWrapper({**connection.settings_dict, "USER": settings.DATABASE_ROLE})
    yield one
    one.close()


@pytest.mark.django_db(transaction=True)
def test_the_applications_role_may_serve_and_a_privilege_too_much_or_too_few_is_told(
    application: DatabaseWrapper,
) -> None:
    role = settings.DATABASE_ROLE
    assert ids(database.facts(application)) == []
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'GRANT DELETE ON claims_event TO "{role}"')
            cursor.execute(f'REVOKE UPDATE ON claims_claim FROM "{role}"')
            cursor.execute("ALTER TABLE claims_event DISABLE TRIGGER USER")
        found = database.facts(application)
        assert (found.excess, found.wanting) == (["DELETE on claims_event"], ["UPDATE on claims_claim"])
        assert set(ids(found)) == {"D010", "D023", "D024"}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE claims_event ENABLE TRIGGER USER")
        grants.apply(role)
    assert ids(database.facts(application)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("granted", "said"),
    [
        ("UPDATE ON claims_payload", "UPDATE on claims_payload"),
        ("UPDATE (event_id) ON claims_payload", "UPDATE (event_id) on claims_payload"),
        ("UPDATE (at) ON claims_event", "UPDATE (at) on claims_event"),
    ],
)
def test_a_privilege_on_columns_that_stay_is_told(application: DatabaseWrapper, granted: str, said: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'GRANT {granted} TO "{settings.DATABASE_ROLE}"')
        assert said in database.facts(application).excess
    finally:
        grants.apply(settings.DATABASE_ROLE)


def test_the_version_before_goes_on_where_a_newer_one_has_migrated() -> None:
    MigrationRecorder(connection).record_applied("elsewhere", "0001_x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_event DISABLE TRIGGER USER")
    of_events = [one for one in database.check(databases=["default"]) if one.id == "factcheck.D010"]
    assert of_events
    assert all(one.is_serious() for one in of_events)
    MigrationRecorder(connection).record_applied("claims", "9999_of_a_newer_version")
    milder = [one for one in database.check(databases=["default"]) if one.id == "factcheck.D010"]
    assert [one.msg for one in milder] == [one.msg for one in of_events]
    assert not any(one.is_serious() for one in milder)
    assert "claims 9999_of_a_newer_version" in str(milder[0].hint)


def test_a_database_that_does_not_answer_is_told_but_no_reason_to_end() -> None:
    nowhere = {"DATABASE_URL": "postgresql://x:@/x?host=/nowhere", "DATABASE_OWNER_URL": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "database", "--database", "default"],
        cwd=settings.BASE_DIR, env=os.environ | nowhere, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "factcheck.D000" in done.stderr
