"""What the application's role may do to each table; the owner's role, which migrates, grants it after every migrate.

Nothing here lets the application change the schema, empty a table or switch a trigger off: whoever takes over the
application still cannot rewrite history. A table that is named nowhere below is an ordinary one, of which rows come,
change and go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction

if TYPE_CHECKING:
    from django.db import models

# Rows stay as they were written.
KEPT = frozenset({"claims.Event", "claims.Feed", "sources.ErasedText", "sources.ErasureSalt"})
# Rows stay, and erasing a person or taking down a version may empty these columns.
_SAID = ("erased_at", "erased_by_id", "erased_why")
ERASABLE: dict[str, tuple[str, ...]] = {
    "claims.Payload": ("salt", "body", *_SAID),
    "claims.Contact": ("whom", "source_id", "role", "question", "answered_at", "answer", "answer_by_id"),
    "claims.Note": ("text",),
    "claims.Search": ("looked_in", "looked_for", "found"),
    "claims.Statement": ("name", "role", "sealed", "text", "erased_at"),
    "claims.StatusChange": ("why", "search_log", "salt", *_SAID),
    "sources.Snapshot": ("title", "byline", "text", "blocks", "links", *_SAID),
    "sources.RawBytes": ("content", "key", *_SAID),
    "sources.Check": ("detail",),
    "sources.Erasure": ("why", "counts", "lifted_at", "lifted_by_id", "lifted_why"),
    "sources.Grading": ("why",),
    "sources.Merge": ("name", "why", "moved", "undone_at", "undone_by_id"),
}
# Rows change but stay.
STAYING = frozenset(
    {
        "claims.Claim", "claims.Condition", "claims.Drift", "claims.Evidence", "claims.Flag", "claims.Link",
        "claims.Outbox", "claims.Proposal",
    }
)  # fmt: skip
# Written by migrations only.
READ = frozenset({"auth.Permission", "contenttypes.ContentType"})
ORDINARY = ("SELECT", "INSERT", "UPDATE", "DELETE")
# What the application may do to the schema, through functions that check what they are asked.
FUNCTIONS = ("factcheck_make_partitions(text, integer)", "factcheck_drop_partitions(text, date)")
_LOCK = 0x66636772


def rights(label: str) -> tuple[str, ...]:
    """Return the privileges on a model's table."""
    if label in READ:
        return ("SELECT",)
    if label in KEPT:
        return ("SELECT", "INSERT")
    if label in ERASABLE:
        return ("SELECT", "INSERT", f"UPDATE ({', '.join(ERASABLE[label])})")
    return ORDINARY[:3] if label in STAYING else ORDINARY


def tables() -> dict[str, type[models.Model]]:
    """Return every table of the models, also those between two models, with its model."""
    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model._meta.managed and not model._meta.proxy}


def statements(role: str) -> Iterator[str]:
    """Yield what brings a role's privileges to what stands here, whatever they were."""
    quote = connection.ops.quote_name
    to = quote(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to}"
    yield f"REVOKE ALL ON SCHEMA public FROM {to}"
    yield f"GRANT USAGE ON SCHEMA public TO {to}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}"
    known = set(connection.introspection.table_names())
    for table, model in tables().items():
        if table in known:
            yield f"GRANT {', '.join(rights(model._meta.label))} ON {quote(table)} TO {to}"
    if "django_migrations" in known:
        yield f"GRANT SELECT ON django_migrations TO {to}"
    for function in _known_functions():
        yield f"GRANT EXECUTE ON FUNCTION public.{function} TO {to}"


def _known_functions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regprocedure(name) IS NOT NULL", [
            list(FUNCTIONS)
        ])  # fmt: skip
        return [name for (name,) in cursor.fetchall()]


@transaction.atomic
def apply(role: str) -> bool:
    """Give the role its privileges, all at once; False where it is the owner itself, which needs none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (role,):
            return False
        for statement in statements(role):
            cursor.execute(statement)
    return True
