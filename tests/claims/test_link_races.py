"""Who decides while a worker compares, or counts: no decision is lost, and no two wait for each other for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Claim, Deciding, Drift, Link, Term
from claims.services import drifting, erasure, linking, matching
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from tests.claims.relating import consider, same
from tests.claims.test_drifting import FIRM, OPEN, told
from tests.claims.test_linking import NARROWER
from tests.factories import claim, person

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = "SELECT FROM pg_locks WHERE NOT granted"  # unlike pg_stat_activity it is not kept for a transaction

HELD_UP = """
    CREATE OR REPLACE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(4242); RETURN NEW; END $$;
    CREATE OR REPLACE TRIGGER held_up AFTER UPDATE ON claims_drift FOR EACH ROW EXECUTE FUNCTION held_up();
"""


class Worker:
    """Another connection that does something, and what broke it."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self.broken: list[Exception] = []
        self._do = do
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._do()
        except Exception as error:  # noqa: BLE001  the test looks at it
            self.broken.append(error)
        finally:
            connection.close()

    def waits(self, many: int = 1) -> None:
        """Return when it waits for us; `many` wait by then."""
        with connection.cursor() as cursor:
            while self._thread.is_alive():
                cursor.execute(WAITS)
                if cursor.rowcount >= many:
                    return
                time.sleep(0.01)

    def ends(self) -> None:
        """Return when it has ended well."""
        self._thread.join()
        assert self.broken == []


def test_what_a_person_dismisses_while_a_worker_looks_at_it_stays_dismissed() -> None:
    now, by = clock.now(), person()
    old, new = claim(now, "The Selmar bridge is closed to lorries."), claim(now, "Lorries may not cross at Selmar.")
    consider(new, {old: same(0.6)}, now=now)
    with transaction.atomic():
        linking.dismiss(Link.objects.get(), by=by, now=now)
        worker = Worker(lambda: consider(new, {old: same()}, now=now))
        worker.waits()
    worker.ends()
    link = Link.objects.get()
    assert (link.state, link.by, Claim.objects.get(pk=new.pk).head_id) == (Deciding.DISMISSED, by, None)


@contextmanager
def held_up() -> Iterator[None]:
    """Let whoever updates a drift stop there, its row locked, until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_UP)
        cursor.execute("SELECT pg_advisory_lock(4242)")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(4242)")


@pytest.fixture(autouse=True)
def _nobody_held_up() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS held_up CASCADE")


def test_whoever_decides_on_a_drift_and_whoever_finds_another_do_not_lock_each_other_out() -> None:
    now, by = clock.now(), person()
    first, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    linking.join(place.claim, first.claim, by=by, now=now)
    drift = Drift.objects.get()
    second = told(now, OPEN, "The Courier", "possible")
    with held_up():
        deciding = Worker(lambda: drifting.dismiss(drift, by=by, now=now))
        deciding.waits()
        finding = Worker(lambda: linking.join(second.claim, place.claim, by=by, now=now))
        finding.waits(2)
    deciding.ends()
    finding.ends()
    assert Drift.objects.filter(appearance=place).count() == 2
    assert Drift.objects.get(pk=drift.pk).state == Deciding.DISMISSED


def test_whoever_erases_what_a_drift_quotes_and_whoever_decides_on_it_do_not_lock_each_other_out() -> None:
    now, by = clock.now(), person(Role.ADMIN)
    source = told(now, "Ilka Zorxan may have closed the bridge.", "The Courier", "possible")
    place = told(now, FIRM, "The Echo", "asserted", "The Courier")
    consider(place.claim, {source.claim: NARROWER}, now=now)
    drift = Drift.objects.get()
    with held_up():
        deciding = Worker(lambda: drifting.dismiss(drift, by=by, now=now))
        deciding.waits()
        erasing = Worker(lambda: erasure.erase_person(names_of(["Ilka Zorxan"]), why="asked for", by=by))
        erasing.waits(2)
    deciding.ends()
    erasing.ends()
    assert "Zorxan" not in Drift.objects.get().source_said


def test_words_that_come_in_while_they_are_counted_are_counted_once() -> None:
    now = clock.now()
    claim(now, "The harbour of Selmar froze.")
    ledger.drain(ledger.register.works["match"], for_s=60)
    Term.objects.all().delete()  # as an erasure leaves it
    with transaction.atomic():
        Term.objects.create(word="selmar", count=1)
        worker = Worker(matching.count_terms)
        worker.waits()
    worker.ends()
    assert dict(Term.objects.values_list("word", "count")) == {"froze": 1, "harbour": 1, "selmar": 1}
