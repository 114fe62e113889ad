"""What must hold of the database before anybody works on it, as Django's checks of databases.

`manage.py check --database default` tells them; web, worker and beat do not start on an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from factcheck import grants

OLDEST = 150000
OLDEST_VECTOR = (0, 8)
SHOWN = 3
OURS = frozenset({"access", "claims", "factcheck", "sources"})
# Triggers and privileges are as the version wants them that migrated last.
OF_A_VERSION = frozenset({"factcheck.D010", "factcheck.D023", "factcheck.D024"})
WHOLE = frozenset({"on", "remote_write", "remote_apply"})
TWO_ROLES = "Make two roles (docs/operating.md, “Two database roles”), or allow one with ONE_DATABASE_ROLE=1."


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server says about itself and about us."""

    version: int = OLDEST
    encoding: str = "UTF8"
    fsync: str = "on"
    full_page_writes: str = "on"
    synchronous_commit: str = "on"
    role: str = ""
    is_superuser: bool = False
    is_replica: bool = False
    may_create: bool = False
    owned: Sequence[str] = ()
    # The version of pgvector that is installed, or could be; none where the server lacks it.
    vector: str | None = "0.8.0"
    # Triggers that the models name, and those of them that are there and fire.
    triggers: frozenset[str] = field(default_factory=frozenset)
    firing: frozenset[str] = field(default_factory=frozenset)
    # Privileges on tables that ought not to be, or are wanting, in words.
    excess: Sequence[str] = ()
    wanting: Sequence[str] = ()
    # Migrations of ours that a newer version applied: what differs then may be as that one wants it.
    newer: Sequence[str] = ()


def server(facts: Facts) -> Iterator[Error]:
    """Yield what is wrong with the server: it may lose what was committed, or garble it."""
    on = "Set {0} in postgresql.conf (or ALTER SYSTEM SET {0}) and reload the server."
    if facts.fsync != "on":
        yield Error(
            "fsync is off: a crash may lose or tear the database.", on.format("fsync = on"), id="factcheck.D001"
        )
    if facts.synchronous_commit not in WHOLE:
        said = f"synchronous_commit is {facts.synchronous_commit}: a crash loses what was answered as done."
        yield Error(said, on.format("synchronous_commit = on"), id="factcheck.D002")
    if facts.full_page_writes != "on":
        said = "full_page_writes is off: a crash may leave torn pages."
        yield Error(said, on.format("full_page_writes = on"), id="factcheck.D003")
    if facts.version < OLDEST:
        said = f"The server is PostgreSQL {facts.version // 10000}."
        yield Error(said, "Use PostgreSQL 15 or newer.", id="factcheck.D004")
    if facts.encoding != "UTF8":
        said = f"The database is encoded in {facts.encoding}."
        yield Error(said, "Make it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.", id="factcheck.D005")
    if not _is_new_enough(facts.vector):
        said = f"The server has pgvector {facts.vector}." if facts.vector else "The server lacks pgvector."
        hint = (
            "Install postgresql-NN-pgvector, 0.8 or newer (or take the image pgvector/pgvector), then run"
            " docker/postgres/roles.sql again and, where an older one was, ALTER EXTENSION vector UPDATE."
        )
        yield Error(said, hint, id="factcheck.D006")


def _is_new_enough(vector: str | None) -> bool:
    return vector is not None and tuple(int(part) for part in vector.split(".")[:2]) >= OLDEST_VECTOR


def schema(facts: Facts) -> Iterator[Error]:
    """Yield triggers that the models name and that do not fire."""
    for name in sorted(facts.triggers - facts.firing):
        yield Error(
            f"The trigger {name} is missing or switched off.",
            "Run manage.py pgtrigger install and pgtrigger enable, then audit_verify, and find out who did it.",
            id="factcheck.D010",
        )


def role(facts: Facts) -> Iterator[Error]:
    """Yield what the application's role may and ought not: with it, history could be rewritten."""
    if facts.is_superuser or facts.is_replica:
        said = f"The role {facts.role} is a superuser or may replicate: no trigger or privilege binds it."
        yield Error(said, TWO_ROLES, id="factcheck.D020")
    if facts.owned:
        said = f"The role {facts.role} owns or may act for the owner of {_some(facts.owned)}."
        yield Error(said, TWO_ROLES, id="factcheck.D021")
    if facts.may_create:
        said = f"The role {facts.role} may create tables and functions in the schema public."
        hint = f"As its owner: REVOKE CREATE ON SCHEMA public FROM PUBLIC, {facts.role}. {TWO_ROLES}"
        yield Error(said, hint, id="factcheck.D022")
    if facts.excess and not facts.owned and not facts.is_superuser:
        said = f"The role {facts.role} may do too much: {_some(facts.excess)}."
        yield Error(said, "Run manage.py migrate, which sets its privileges.", id="factcheck.D023")
    if facts.wanting:
        said = f"The role {facts.role} lacks privileges: {_some(facts.wanting)}."
        yield Error(said, "Run manage.py migrate, which sets its privileges.", id="factcheck.D024")


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


_SERVER = """
    SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('fsync'),
        current_setting('full_page_writes'), current_setting('synchronous_commit'), rolname::text, rolsuper,
        rolreplication, has_schema_privilege('public', 'CREATE'),
        ARRAY(SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(relowner, 'MEMBER') ORDER BY 1),
        (SELECT coalesce(installed_version, default_version) FROM pg_available_extensions WHERE name = 'vector')
    FROM pg_roles WHERE rolname = current_user
"""
_TRIGGERS = (
    "SELECT tgname::text FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid = ANY(%s::text[]::regclass[])"
)
# What is granted on whole tables, and on single columns where the table as a whole is not.
_HAS = """
    SELECT tab, act, NULL FROM unnest(%(tables)s::text[]) AS tab CROSS JOIN
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) AS act
    WHERE has_table_privilege(tab, act)
    UNION ALL SELECT tab, act, attname::text FROM unnest(%(tables)s::text[]) AS tab
        JOIN pg_attribute ON attrelid = tab::regclass AND attnum > 0 AND NOT attisdropped
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS act
    WHERE has_column_privilege(tab, attnum, act) AND NOT has_table_privilege(tab, act)
"""


def facts(asked: BaseDatabaseWrapper | None = None) -> Facts:
    """Ask the server."""
    wanted, asked = grants.tables(), asked or connections["default"]
    with asked.cursor() as cursor:
        cursor.execute(_SERVER)
        told: Any = cursor.fetchone()
        there = [table for table in asked.introspection.table_names(cursor) if table in wanted]
        cursor.execute(_TRIGGERS, [there])
        firing = frozenset(name for (name,) in cursor.fetchall())
        cursor.execute(_HAS, {"tables": there})
        excess, wanting = _differences(set(cursor.fetchall()), {table: wanted[table] for table in there})
        newer = _newer(asked)
    return Facts(*(*told, _named_triggers(), firing, excess, wanting, newer))


def _newer(asked: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations of our apps in the database that this version does not know: a newer one migrated it."""
    known = MigrationLoader(None).disk_migrations
    applied = MigrationRecorder(asked).applied_migrations()
    return [f"{app} {name}" for app, name in sorted(applied) if app in OURS and (app, name) not in known]


def _named_triggers() -> frozenset[str]:
    return frozenset(
        trigger.get_pgid(model) for model in apps.get_models() for trigger in getattr(model._meta, "triggers", [])
    )


def _differences(has: set[tuple[str, str, str | None]], wanted: dict[str, Any]) -> tuple[list[str], list[str]]:
    ought = {right for table, model in wanted.items() for right in _rights(table, model._meta.label)}
    return [sorted(map(_in_words, some)) for some in (has - ought, ought - has)]  # type: ignore[return-value]


def _rights(table: str, label: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield what is granted on a table: the act, and the column where it is one only."""
    for right in grants.rights(label):
        act, _paren, columns = right.rstrip(")").partition(" (")
        for column in columns.split(", ") if columns else [None]:
            yield table, act, column


def _in_words(right: tuple[str, str, str | None]) -> str:
    table, act, column = right
    return f"{act} ({column}) on {table}" if column else f"{act} on {table}"


@register(Tags.database)
def check(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Hold the database against all of it."""
    if app_configs or "default" not in (databases or ()):
        return []
    try:
        found = facts()
    except OperationalError as error:
        hint = "Look at DATABASE_URL and at the server."
        return [
            checks.Warning(
                f"The database does not answer, so nothing about it was checked: {error}", hint, id="factcheck.D000"
            )
        ]
    messages: list[CheckMessage] = [*server(found), *schema(found)]
    if not (settings.DATABASE_AS_OWNER or settings.ONE_DATABASE_ROLE or settings.DEBUG):
        messages += role(found)
    return [_milder(message, found) if message.id in OF_A_VERSION and found.newer else message for message in messages]


def _milder(message: CheckMessage, found: Facts) -> CheckMessage:
    """Return an error as a warning, where a newer version migrated the database that we still serve from."""
    hint = f"A newer version migrated this database ({_some(found.newer)}): finish the upgrade, then check again."
    return checks.Warning(message.msg, hint, id=message.id)
