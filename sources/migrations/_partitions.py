"""The partitioned table of looks: one partition a month of the due time, made two years ahead, and one for the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MONTHS_AHEAD = 24

_TABLE = """
    CREATE TABLE sources_check (
        document_id bigint NOT NULL,
        due_at timestamptz NOT NULL,
        at timestamptz NOT NULL,
        outcome varchar(20) NOT NULL,
        detail varchar(300) NOT NULL,
        http_status smallint CHECK (http_status >= 0),
        took_ms integer NOT NULL CHECK (took_ms >= 0),
        snapshot_id bigint,
        PRIMARY KEY (document_id, due_at),
        CONSTRAINT sources_check_outcome_known CHECK (outcome IN (
            'unchanged', 'changed', 'change_pending', 'gone', 'throttled', 'gated', 'unreachable', 'blocked',
            'unsupported'))
    ) PARTITION BY RANGE (due_at)
"""


def make_check_table(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table with its partitions."""
    editor.execute(_TABLE)
    editor.execute("CREATE TABLE sources_check_other PARTITION OF sources_check DEFAULT")
    for start, end in months(datetime.now(UTC), MONTHS_AHEAD):
        editor.execute(
            f"CREATE TABLE sources_check_{start:%Y_%m} PARTITION OF sources_check "
            f"FOR VALUES FROM ('{start:%Y-%m-01}') TO ('{end:%Y-%m-01}')"
        )


def drop_check_table(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo it."""
    editor.execute("DROP TABLE sources_check")


def months(now: datetime, count: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield the first days of `count` months and of those after them, from this month on."""
    start = now.replace(day=1)
    for _month in range(count):
        end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        yield start, end
        start = end
