"""Rows on their way into the tables by COPY, past the triggers, as whoever owns the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from claims.models import (
    Appearance,
    Article,
    Attribution,
    Claim,
    Event,
    Evidence,
    Feed,
    Flag,
    Link,
    Outbox,
    Payload,
    StatusChange,
    Triage,
)
from claims.services.events import SEQUENCER
from sources.models import Change, Check, Document, Snapshot

_DUE = ("attempts", "last_error")
# The columns that are written, in the order in which rows have them; all others have their default.
COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Document: (
        "id", "uid", "identity", "url", "host_id", "publisher_id", "title", "language", "outcome", "outcome_detail",
        "checked_at", "seen_at", "changed_at", "gone_at", "blind_at", "paused_at", "failures", "looks_since_change",
        "due_at", "due_because", "pending_digest", "pending_looks", "etag", "last_modified", "created_at", *_DUE,
    ),
    Snapshot: (
        "id", "document_id", "number", "taken_at", "captured_by", "title", "byline", "published_at", "language",
        "text", "blocks", "links", "digest", "complete", "truncated",
    ),
    Change: (
        "document_id", "found", "before_id", "after_id", "at", "weight", "is_stealth", "has_notice", *_DUE,
    ),
    Check: ("document_id", "due_at", "at", "outcome", "detail", "http_status", "took_ms", "snapshot_id"),
    Article: (
        "id", "uid", "document_id", "snapshot_id", "state", "state_reason", "submitted_by_id", "created_at",
        "split_at", *_DUE,
    ),
    Claim: (
        "id", "uid", "text", "language", "kind", "topic", "said_at", "said_where", "check_worthiness", "status",
        "status_since", "holds_until", "due_at", "origin", "created_by_id", "created_at", *_DUE,
    ),
    Appearance: (
        "id", "uid", "claim_id", "article_id", "snapshot_id", "spans", "quote", "fingerprint", "certainty", "kind",
        "salience", "because", "anchor", "anchor_sentence",
    ),
    Attribution: ("appearance_id", "position", "name", "cue", "source_id"),
    Evidence: (
        "uid", "claim_id", "document_id", "state", "stance", "snapshot_id", "exact", "prefix", "suffix", "start",
        "end", "sentence", "anchor", "anchor_sentence", "anchored_at", "suggested_because", "by_id", "at",
    ),
    Flag: (
        "claim_id", "reason", "document_id", "detail", "since", "cleared_at", "cleared_by_id", "cleared_how",
    ),
    StatusChange: (
        "claim_id", "number", "old", "new", "by_id", "at", "why", "search_log", "snapshot_ids", "salt",
    ),
    Link: ("uid", "claim_id", "other_id", "kind", "state", "because", "sure", "likeness", "found_at", "at"),
    Event: (
        "id", "subject", "subject_uid", "sequence", "type", "at", "by_id", "commitment", "prev", "digest",
    ),
    Payload: ("event_id", "salt", "body", "erased_why"),
    Outbox: ("event_id", "dispatched_at"),
    Triage: ("claim_id", "priority", "why", "lapses_at", *_DUE),
}  # fmt: skip
Rows = dict[type[Model], list[tuple[Any, ...]]]


def reserved(model: type[Model], many: int) -> list[int]:
    """Return so many primary keys that nobody else gets."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [
            model._meta.db_table, many,
        ])  # fmt: skip
        return [key for (key,) in cursor.fetchall()]


@transaction.atomic
def keep(rows: Rows) -> None:
    """Write a batch, all or nothing; its events get their places in the feed at once."""
    with past_triggers([*rows, Feed]), connection.cursor() as cursor:
        for model, columns in COLUMNS.items():
            copy(model._meta.db_table, columns, rows[model])
        # Two rows name each other: a page its version, the version its page.
        cursor.execute(_CURRENT, [[row[0] for row in rows[Document]]])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER])
        cursor.execute(_PLACES, [[row[0] for row in rows[Event]]])


_CURRENT = """
    UPDATE sources_document AS page SET snapshot_id = (
        SELECT id FROM sources_snapshot WHERE document_id = page.id ORDER BY number DESC LIMIT 1)
    WHERE id = ANY(%s)
"""
_PLACES = """
    INSERT INTO claims_feed (position, event_id)
    SELECT (SELECT coalesce(max(position), 0) FROM claims_feed) + place, id
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS told (id, place)
"""


@contextmanager
def past_triggers(models: Iterable[type[Model]]) -> Iterator[None]:
    """Write without the triggers of these tables, inside a transaction: whoever else writes there waits meanwhile."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into a table by COPY."""
    named = ", ".join(map(connection.ops.quote_name, columns))
    sql = f"COPY {connection.ops.quote_name(table)} ({named}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(sql) as into:
        for row in rows:
            into.write_row(row)
