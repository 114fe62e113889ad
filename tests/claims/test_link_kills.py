"""Killed at any moment, a worker leaves no half of a join; of two at once, one joins."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from claims.models import Claim, Event, Link
from claims.services import linking
from factcheck.lib import clock
from factcheck.lib.crashpoints import KILLED
from tests.claims.relating import Near
from tests.factories import claim

ROOT = Path(__file__).resolve().parents[2]
TEXT = "The Selmar bridge is closed to lorries."


def worker(crashpoint: str = "") -> int:
    """Run one to its end, or its death; return how it ended."""
    known = connection.settings_dict
    user, name, host = (quote(str(known[part]), safe="") for part in ("USER", "NAME", "HOST"))
    env = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{user}@/{name}?host={host}",
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "CRASHPOINT": crashpoint,
        "DATABASE_AS_OWNER": "0",
    }
    done = subprocess.run([sys.executable, "-m", "tests.claims.link_worker"], cwd=ROOT, env=env, check=False)
    return done.returncode


def joins() -> tuple[int, int, int]:
    """Count links, claims that point to a head, and what the histories say of it."""
    told = Event.objects.filter(type__in=["claim.joined", "claim.link_accepted"]).count()
    return Link.objects.count(), Claim.objects.filter(head__isnull=False).count(), told


@pytest.mark.django_db(transaction=True)
def test_a_join_is_whole_or_not_there_wherever_the_worker_dies() -> None:
    for _time in range(2):
        claim(clock.now(), TEXT)
    for point in ("link.before_insert", "audit.after_head_lock:3", "link.before_commit"):
        assert worker(point) == KILLED
        assert joins() == (0, 0, 0)
    for _time in range(2):
        assert worker() == 0
        assert joins() == (1, 1, 3)


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_hold_the_same_claims_against_each_other_one_joins_them() -> None:
    same = [claim(clock.now(), TEXT) for _time in range(3)]
    start = threading.Barrier(len(same))

    def consider(one: Claim) -> None:
        start.wait()
        try:
            linking.consider(one, [Near(other.pk) for other in same], now=clock.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=consider, args=[one]) for one in same]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    oldest = same[0].pk
    assert list(Claim.objects.order_by("pk").values_list("head", flat=True)) == [None, oldest, oldest]
    assert Link.objects.joining().count() == 2
    assert Event.objects.filter(type="claim.joined").count() == 2
