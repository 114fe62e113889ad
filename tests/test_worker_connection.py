"""A worker whose connection to PostgreSQL was cut does the next task on a new one."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection

from factcheck import ledger, schedule
from sources.models import Document

pytestmark = pytest.mark.django_db(transaction=True)


def cut() -> None:
    """End this process's backend, as a crash of the server does."""
    parameters = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    kept = {name: parameters[name] for name in ("dbname", "user", "host") if name in parameters}
    with psycopg.connect(**kept, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


def test_the_task_after_the_one_that_met_the_cut_connection_is_done() -> None:
    cut()
    with pytest.raises(OperationalError):
        Document.objects.count()  # outside a transaction, where Django keeps the dead connection
    schedule.drain("split")
    assert ledger.due_names() == []


def test_a_refused_statement_costs_no_connection() -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    kept = connection.connection
    schedule.drain("split")
    assert connection.connection is kept
