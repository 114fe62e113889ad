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
IN_ORDER = 40  # places: what two workers hold at once, a page of each of so many hosts, may overtake each other

_WATCH = """
from factcheck.lib import clock
from sources.services import documents
for number in range({count}):
    documents.watch(f"http://p{{number % {hosts}}}.test/report-{{number}}", now=clock.now())
"""
# The pages' ids follow one another, and so do their due times.
_FALL_DUE = """
UPDATE sources_document SET due_at = now() + {lead} * interval '1 s' + place * {apart} * interval '1 s'
FROM (SELECT id AS page, row_number() OVER (ORDER BY id) - 1 AS place FROM sources_document) AS places
WHERE id = page RETURNING due_at
"""


def run(*, documents: int, down_s: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Let pages fall due while everything is dead, start it, and measure each look."""
    plan = loss.Plan(seed=0, pages=0, kills=0, crashpoints=(), env={"LOOK_AGAIN_WITHIN": "86400"})
    with loss.stage(str(os.getpid()), plan, say, hosts=HOSTS) as (desk, _servers, _sites, _client):
        desk.manage("shell", "-v", "0", "-c", _WATCH.format(count=documents, hosts=HOSTS))
        patience = 300 + documents
        eventually(lambda: _looks(desk) >= documents, within=patience, what="each page is read for the first time")
        rate = _undisturbed(desk, documents, patience)
        say(f"undisturbed, with all of them due at once: {rate:.1f} looks a second")
        # The first fall due while all is well, so that looks are under way when it dies; the last when it is back.
        before = _looks(desk)
        due = [at for (at,) in desk.rows(_FALL_DUE.format(lead=5, apart=(down_s + 30) / documents))]
        eventually(lambda: _looks(desk) > before, within=120, what="the first page is looked at")
        desk.cut()
        cut_at = datetime.now(UTC)
        under_way = {pk for (pk,) in desk.rows("SELECT id FROM sources_document WHERE lease_until IS NOT NULL")}
        say(f"everything is dead; {_looks(desk) - before} looks made, {len(under_way)} under way")
        time.sleep(down_s)
        up_at = datetime.now(UTC)
        desk.run()
        say("started again")
        deadline = time.monotonic() + 600 + documents
        while _looks(desk, since=min(due)) < documents and time.monotonic() < deadline:
            time.sleep(1)
        say(f"each is looked at; {LATEST_S:.0f} s more, in which a second look would come")
        time.sleep(LATEST_S)
        # A look of the schedule's own comes minutes later, for another due time.
        rows = desk.rows(
            "SELECT document_id, due_at, at FROM sources_check"
            f" WHERE due_at >= '{min(due).isoformat()}' AND due_at <= '{max(due).isoformat()}' ORDER BY at, due_at"
        )
    return _report(rows, documents, cut_at, up_at, under_way, rate=rate)


def _undisturbed(desk: Desk, documents: int, patience: float) -> float:
    """Let all the same pages fall due at once while all is well; return how many are looked at in a second."""
    before = _looks(desk)
    ((start,), *_rest) = desk.rows(_FALL_DUE.format(lead=0, apart=0))
    eventually(lambda: _looks(desk) >= before + documents, within=patience, what="each page is looked at again")
    ((last,),) = desk.rows("SELECT max(at) FROM sources_check")
    return documents / float((last - start).total_seconds())


def _looks(desk: Desk, *, since: datetime | None = None) -> int:
    """Return how many looks were made; since a due time, how many pages were looked at that were due then or later."""
    counted = f"count(DISTINCT document_id) FROM sources_check WHERE due_at >= '{since.isoformat()}'" if since else ""
    with suppress(psycopg.Error):
        count: int
        ((count,),) = desk.rows(f"SELECT {counted or 'count(*) FROM sources_check'}")
        return count
    return 0


def _report(
    rows: list[tuple[Any, ...]],
    documents: int,
    cut_at: datetime,
    up_at: datetime,
    under_way: set[int],
    *,
    rate: float,
) -> dict[str, Any]:
    after = [row for row in rows if row[2] > up_at]
    backlog = sum(1 for _pk, due_at, _at in after if due_at <= up_at)
    latest = max(((at - max(due_at, up_at)).total_seconds() for _pk, due_at, at in after), default=0.0)
    allowed = LATEST_S + backlog / rate
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
