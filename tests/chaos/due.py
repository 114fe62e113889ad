"""P3, due work is done: after an outage every look that became due is made, in its order, once, in bounded time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.chaos import loss
from tests.chaos.desk import Desk, eventually

HOSTS = 50
LATEST_S = 75.0  # a lease and fifteen seconds
IN_ORDER = 20  # places: what several workers lease at once may overtake each other

_WATCH = """
from datetime import timedelta
from factcheck.lib import clock
from sources.models import Document
from sources.services import documents
start = clock.now() + timedelta(seconds={lead})
for number in range({count}):
    page = documents.watch(f"http://p{{number % {hosts}}}.test/report-{{number}}", now=start)[0]
    Document.objects.filter(pk=page.pk).update(due_at=start + timedelta(seconds=number * {apart}))
"""


def run(*, documents: int, down_s: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Let pages fall due while everything is dead, start it, and measure each look."""
    plan = loss.Plan(seed=0, pages=0, kills=0, crashpoints=(), env={"LOOK_AGAIN_WITHIN": "86400"})
    with loss.stage(str(os.getpid()), plan, say, hosts=HOSTS) as (desk, _servers, _sites, _client):
        # The first fall due while all is well, so that looks are under way when it dies; the last when it is back.
        lead = 15
        apart = (down_s + 30) / documents
        desk.manage("shell", "-v", "0", "-c", _WATCH.format(count=documents, hosts=HOSTS, apart=apart, lead=lead))
        eventually(lambda: _looks(desk) > 0, within=120, what="the first page is looked at")
        desk.cut()
        cut_at = datetime.now(UTC)
        under_way = {pk for (pk,) in desk.rows("SELECT id FROM sources_document WHERE lease_until IS NOT NULL")}
        say(f"everything is dead; {_looks(desk)} looks made, {len(under_way)} under way")
        time.sleep(down_s)
        up_at = datetime.now(UTC)
        desk.run()
        say("started again")
        deadline = time.monotonic() + 600 + documents
        while _looks(desk) < documents and time.monotonic() < deadline:
            time.sleep(1)
        rows = desk.rows("SELECT document_id, due_at, at FROM sources_check ORDER BY at")
    return _report(rows, documents, cut_at, up_at, under_way)


def _looks(desk: Desk) -> int:
    with suppress(psycopg.Error):
        count: int
        ((count,),) = desk.rows("SELECT count(DISTINCT document_id) FROM sources_check")
        return count
    return 0


def _report(
    rows: list[tuple[Any, ...]], documents: int, cut_at: datetime, up_at: datetime, under_way: set[int]
) -> dict[str, Any]:
    after = [row for row in rows if row[2] > up_at]
    backlog = sum(1 for _pk, due_at, _at in after if due_at <= up_at)
    caught_up = [at for _pk, due_at, at in after if due_at <= up_at]
    rate = backlog / max(1.0, (max(caught_up) - min(caught_up)).total_seconds()) if caught_up else 0.0
    latest = max(((at - max(due_at, up_at)).total_seconds() for _pk, due_at, at in after), default=0.0)
    allowed = LATEST_S + (backlog / rate if rate else 0)
    waited = [due_at for pk, due_at, _at in after if pk not in under_way]
    places = {due_at: place for place, due_at in enumerate(sorted(waited))}
    displaced = max((abs(place - places[due_at]) for place, due_at in enumerate(waited)), default=0)
    looked = {pk for pk, _due_at, _at in rows}
    twice = len(rows) - len({(pk, due_at) for pk, due_at, _at in rows})
    bars = {
        f"the latest look after {latest:.1f} s, {allowed:.1f} s allowed": latest <= allowed,
        f"oldest first: none out of its place by more than {IN_ORDER} ({displaced})": displaced <= IN_ORDER,
        f"nobody skipped ({documents - len(looked)})": len(looked) == documents,
        f"nobody looked at twice for one due time ({twice}, {len(rows) - documents} looks too many)": twice == 0
        and len(rows) == documents,
    }
    print(f"  {documents} pages, {backlog} of them due when it came back, {rate:.1f} looks a second;", end="")
    print(f" {len(under_way)} were under way when it died, down for {(up_at - cut_at).total_seconds():.0f} s")
    for bar, holds in bars.items():
        print(f"  {'holds ' if holds else 'BROKEN'} {bar}")
    return {
        "documents": documents, "backlog": backlog, "rate": rate, "latest_s": latest, "allowed_s": allowed,
        "displaced": displaced, "bars": bars, "holds": all(bars.values()),
    }  # fmt: skip
