"""The application keeps its monthly partitions through functions of the owner, and can do nothing else with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from factcheck.lib import clock
from sources.models import Check

pytestmark = pytest.mark.django_db


def ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row and row[0]


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'sources_check'::regclass")
        return {name for (name,) in cursor.fetchall()}


def month(ahead: int) -> datetime:
    """The first day of a month from now, by PostgreSQL's own reckoning."""
    first: datetime = ask("SELECT date_trunc('month', now(), 'UTC') + make_interval(months => %s)", ahead)
    return first.astimezone(UTC)


def look(due_at: datetime) -> None:
    Check.objects.create(document_id=1, due_at=due_at, at=due_at, outcome="unchanged", took_ms=1)


def where(due_at: datetime) -> str:
    return str(ask("SELECT tableoid::regclass::text FROM sources_check WHERE due_at = %s", due_at))


def test_partitions_are_made_ahead_once() -> None:
    before = partitions()
    assert ask("SELECT factcheck_make_partitions('sources_check', 30)") == 6
    assert ask("SELECT factcheck_make_partitions('sources_check', 30)") == 0
    names = {f"sources_check_{month(ahead):%Y_%m}" for ahead in range(24, 30)}
    assert partitions() - before == names
    look(month(28))
    assert where(month(28)) == f"sources_check_{month(28):%Y_%m}"


def test_rows_that_came_too_early_move_out_of_the_rest() -> None:
    inside, outside = month(25) - timedelta(microseconds=1), month(25)
    look(inside)
    look(outside)
    assert where(inside) == where(outside) == "sources_check_other"
    assert ask("SELECT factcheck_make_partitions('sources_check', 25)") == 1
    assert where(inside) == f"sources_check_{month(24):%Y_%m}"
    assert where(outside) == "sources_check_other"
    assert Check.objects.count() == 2


def test_a_made_partition_has_the_rules_of_its_table() -> None:
    ask("SELECT factcheck_make_partitions('sources_check', 25)")
    look(month(24))
    with pytest.raises(DatabaseError, match="_pkey"), transaction.atomic():
        look(month(24))
    with pytest.raises(DatabaseError, match="sources_check_outcome_known"), transaction.atomic():
        Check.objects.create(document_id=2, due_at=month(24), at=month(24), outcome="fine", took_ms=1)


def test_old_partitions_are_dropped_and_young_ones_kept() -> None:
    old, kept = month(-14), month(-3)
    with connection.cursor() as cursor:
        for start in (old, kept):
            end = (start + timedelta(days=32)).replace(day=1)
            cursor.execute(
                f"CREATE TABLE sources_check_{start:%Y_%m} PARTITION OF sources_check "
                f"FOR VALUES FROM ('{start:%Y-%m-01}') TO ('{end:%Y-%m-01}')"
            )
    for due_at in (old, kept, month(-20)):
        look(due_at)
    assert ask("SELECT factcheck_drop_partitions('sources_check', %s)", month(-12).date()) == 1
    assert f"sources_check_{old:%Y_%m}" not in partitions()
    assert [check.due_at for check in Check.objects.all()] == [kept], "what lay in the rest went too"
    assert ask("SELECT factcheck_drop_partitions('sources_check', %s)", month(-12).date()) == 0


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT factcheck_make_partitions('claims_event', 24)", "is no table of the house"),
        ("SELECT factcheck_make_partitions('sources_check; DROP TABLE x', 24)", "is no table of the house"),
        ("SELECT factcheck_make_partitions(NULL, 24)", "is no table of the house"),
        ("SELECT factcheck_make_partitions('sources_check', 0)", "1 to 120"),
        ("SELECT factcheck_make_partitions('sources_check', 121)", "1 to 120"),
        ("SELECT factcheck_make_partitions('sources_check', NULL)", "1 to 120"),
        ("SELECT factcheck_drop_partitions('claims_event', DATE '2020-01-01')", "is no table of the house"),
        ("SELECT factcheck_drop_partitions('sources_check', current_date - 29)", "younger than 30 days"),
        ("SELECT factcheck_drop_partitions('sources_check', NULL)", "younger than 30 days"),
    ],
)
def test_anything_else_is_refused(sql: str, says: str) -> None:
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        ask(sql)


@pytest.fixture
def application() -> Iterator[psycopg.Connection]:
    given = connection.settings_dict
    with psycopg.connect(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user=settings.DATABASE_ROLE
    ) as one:
        yield one
        one.rollback()


def test_the_application_may_ask_for_it(application: psycopg.Connection) -> None:
    """Also where it puts tables and functions of its own in the way: the function looks only where the owner put it."""
    application.execute("CREATE TEMP TABLE sources_check_other (due_at timestamptz)")
    application.execute("SET search_path = pg_temp, public")
    assert application.execute("SELECT public.factcheck_make_partitions('sources_check', 25)").fetchone() == (1,)
    old = clock.now().date() - timedelta(days=4000)
    assert application.execute("SELECT public.factcheck_drop_partitions('sources_check', %s)", [old]).fetchone() == (0,)


def test_nobody_else_may(application: psycopg.Connection) -> None:
    for function in ("factcheck_make_partitions(text, integer)", "factcheck_drop_partitions(text, date)"):
        acl = ask("SELECT proacl::text FROM pg_proc WHERE oid = %s::regprocedure", function)
        assert not [entry for entry in acl.strip("{}").split(",") if entry.startswith("=")], acl
