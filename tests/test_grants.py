"""What the application's role may do in the database, shown by trying all that it may not."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

from claims.models import Event
from factcheck import embedded, grants

pytestmark = pytest.mark.django_db

OURS = ("access", "sources", "claims", "factcheck")
# Tables of ours from which the application may also delete. A new table is placed here, or in factcheck/grants.py.
ORDINARY = {
    "access.AnsweredKey", "access.Client", "access.Tally", "access.Token", "access.Usage", "access.User",
    "access.User_groups", "access.User_user_permissions",
    "claims.Appearance", "claims.Article", "claims.Attribution", "claims.Policy", "claims.Submission",
    "factcheck.Chore",
    "sources.Change", "sources.Document", "sources.Source", "sources.SourceName",
}  # fmt: skip
TABLES = sorted(grants.tables())
NEVER = {
    "TRUNCATE {0}": "permission denied",
    "DROP TABLE {0}": "must be owner",
    "ALTER TABLE {0} ADD COLUMN extra int": "must be owner",
    "ALTER TABLE {0} DISABLE TRIGGER USER": "must be owner",
    "ALTER TABLE {0} OWNER TO CURRENT_USER": "must be owner",
    "CREATE TRIGGER t BEFORE INSERT ON {0} EXECUTE FUNCTION suppress_redundant_updates_trigger()": "permission denied",
    "CREATE RULE r AS ON INSERT TO {0} DO INSTEAD NOTHING": "must be owner",
    "CREATE INDEX ON {0} ((1))": "must be owner",
}


@pytest.fixture
def application() -> Iterator[psycopg.Connection]:
    """The test database, as the application reaches it."""
    given = connection.settings_dict
    with psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user=settings.DATABASE_ROLE,
        options="-c lock_timeout=2000", autocommit=True,
    ) as one:  # fmt: skip
        yield one


def refused(one: psycopg.Connection, statement: str, *names: str) -> str:
    """Return in whose words the database refused."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
        one.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    return str(refusal.value)


def test_every_table_of_ours_is_placed() -> None:
    labels = {model._meta.label for model in grants.tables().values() if model._meta.app_label in OURS}
    placed = grants.KEPT | grants.ERASABLE.keys() | grants.STAYING
    assert labels == placed | ORDINARY
    assert not placed & ORDINARY


def test_what_a_trigger_protects_no_privilege_allows() -> None:
    import pgtrigger

    for model in apps.get_models():
        for trigger in getattr(model._meta, "triggers", []):
            if isinstance(trigger, pgtrigger.Protect) and "DELETE" in str(trigger.operation):
                assert "DELETE" not in grants.rights(model._meta.label)


@pytest.mark.parametrize("table", TABLES)
def test_no_statement_that_rewrites_history_is_allowed(table: str, application: psycopg.Connection) -> None:
    for statement, says in NEVER.items():
        assert says in refused(application, statement, table), statement
    label = grants.tables()[table]._meta.label
    allowed = grants.rights(label)
    if "DELETE" not in allowed:
        assert "permission denied" in refused(application, "DELETE FROM {0}", table)
    for field in grants.tables()[table]._meta.concrete_fields:
        if field.column is not None and not may_update(allowed, field):
            statement = "UPDATE {0} SET {1} = {1}"
            assert "permission denied" in refused(application, statement, table, field.column)


def may_update(allowed: tuple[str, ...], field: models.Field[object, object]) -> bool:
    right = next((right for right in allowed if right.startswith("UPDATE")), "")
    return right == "UPDATE" or field.column in right.replace("(", " ").replace(")", " ").replace(",", " ").split()


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (n int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER DATABASE {0} SET session_replication_role = replica",
        "ALTER SYSTEM SET fsync = off",
        "SET ROLE {1}",
        "SET SESSION AUTHORIZATION {1}",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "SELECT * FROM pg_authid",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "DELETE FROM sources_check_other",
        "DROP TABLE sources_check_other",
    ],
)
def test_the_application_is_nobody_else_and_changes_no_schema(statement: str, application: psycopg.Connection) -> None:
    refused(application, statement, connection.settings_dict["NAME"], embedded.OWNER)


def test_privileges_that_somebody_added_are_taken_back() -> None:
    role, table = settings.DATABASE_ROLE, Event._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT ALL ON {table} TO "{role}"')
        assert grants.apply(role)
        cursor.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [role, table])
        assert cursor.fetchone() == (False,)


def test_one_role_that_owns_everything_is_granted_nothing() -> None:
    assert not grants.apply(connection.settings_dict["USER"])
