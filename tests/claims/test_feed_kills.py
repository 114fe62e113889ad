"""Killed at any moment, a worker loses no entry of a feed and takes none in twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from claims.models import Article, Event
from factcheck.lib import clock
from factcheck.lib.crashpoints import KILLED
from sources.models import Feed, FeedEntry
from tests.sources.feeds import watched

ROOT = Path(__file__).resolve().parents[2]


def worker(crashpoint: str = "") -> int:
    """Run one to its end, or its death; return how it ended."""
    known = connection.settings_dict
    user, name, host = (quote(str(known[part]), safe="") for part in ("USER", "NAME", "HOST"))
    url = f"postgresql://{user}@/{name}?host={host}"
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "CRASHPOINT": crashpoint,
        "DATABASE_AS_OWNER": "0",
    }
    done = subprocess.run([sys.executable, "-m", "tests.claims.feed_worker"], cwd=ROOT, env=env, check=False)
    return done.returncode


def free() -> None:
    """Let the leases of the dead be over."""
    for model in (Feed, FeedEntry):
        model.objects.filter(lease_until__isnull=False).update(lease_until=None, lease_token=None, attempts=0)


@pytest.mark.django_db(transaction=True)
def test_each_entry_comes_in_once_wherever_the_worker_dies() -> None:
    watched(clock.now(), begin_with=3)
    for point in ("fetch.after_body", "check.before_commit"):
        assert worker(point) == KILLED
        free()
        assert not FeedEntry.objects.exists()
    for point in ("ingest.before_insert", "ingest.before_commit:2"):
        assert worker(point) == KILLED
        free()
        assert FeedEntry.objects.count() == 3
    assert Article.objects.count() == 1
    assert worker() == 0
    assert sorted(FeedEntry.objects.values_list("title", "became")) == [(one, "taken") for one in "abc"]
    assert Article.objects.count() == Event.objects.filter(type="article.submitted").count() == 3
