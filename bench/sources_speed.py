"""Looks a second at pages that did not change, beside a bare httpx2 loop that writes nothing down.

500 pages on 100 hosts under .test, host gap 0, each answered with 304 by an origin in a process of its own. Ours: two
processes as a worker has them, so many hosts at once in each; every look leaves its row, its page's and its host's new
state. Theirs: one process with one shared client and keep-alive, as many threads (or coroutines) as ours in all. Both
in turns; the figures are medians, and the ratio is that of pairs.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.origins import ETAG, ROOT, Origin, origin, plant
from bench.splitting_sets import NotMeasured, Sets

PAGES, HOSTS, ROUNDS = 500, 100, 7
PROCESSES, AT_ONCE = 2, 8
WITHIN_S = 60.0


def measure(_sets: Sets) -> Mapping[str, float]:
    """Return looks a second of ours, requests a second of theirs, and the ratio."""
    from bench.servers import servers

    with servers() as folder, origin(folder) as site:
        os.environ |= {
            "LOOPBACK_HOSTS": ",".join(f"h{host}.test=127.0.0.1:{site.port}" for host in range(HOSTS)),
            "HOST_GAP": "0",
            "FETCHES_AT_ONCE": str(AT_ONCE),
            "LOG_LEVEL": "WARNING",
        }
        _plant()
        with workers() as ours:
            return _in_turns(ours, site)


def _in_turns(ours: list[subprocess.Popen[str]], site: Origin) -> Mapping[str, float]:
    rates: dict[str, list[float]] = {"looks": [], "threads": [], "coroutines": []}
    _looks(ours)
    _threads(site)
    for _round in range(ROUNDS):
        rates["looks"].append(_looks(ours))
        rates["threads"].append(_threads(site))
        rates["coroutines"].append(asyncio.run(_coroutines(site)))
    ratios = [mine / theirs for mine, theirs in zip(rates["looks"], rates["threads"], strict=True)]
    shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"speed: ratios of pairs {shown}; {PROCESSES} processes of {AT_ONCE} hosts at once", file=sys.stderr)
    return {name: statistics.median(found) for name, found in rates.items()} | {"ratio": statistics.median(ratios)}


def _plant() -> None:
    import django

    django.setup()
    from factcheck.lib import clock

    urls = [f"http://h{number % HOSTS}.test/report-{number}?bench=1" for number in range(PAGES)]
    plant(urls, now=clock.now(), robots_at=clock.now(), robots_status=404)


@contextmanager
def workers() -> Iterator[list[subprocess.Popen[str]]]:
    """Give processes that look at what is due, each time they are told to."""
    with ExitStack() as away:
        running = []
        for _process in range(PROCESSES):
            command = [sys.executable, "-m", "bench.sources_speed"]
            one = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            away.callback(one.wait, 30)
            away.callback(one.stdin.close)  # type: ignore[union-attr]  # it has one
            running.append(one)
        for one in running:
            one.stdout.readline()  # type: ignore[union-attr]  # it is ready
        yield running


def _looks(ours: list[subprocess.Popen[str]]) -> float:
    from django.db import connection
    from django.db.models import F

    from factcheck.lib import clock
    from sources.models import Check, Document

    Document.objects.update(due_at=clock.now(), looks_since_change=0)
    before = Check.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE sources_document, sources_host")
    since = time.perf_counter()
    for one in ours:
        one.stdin.write("look\n")  # type: ignore[union-attr]
        one.stdin.flush()  # type: ignore[union-attr]
    for one in ours:
        one.stdout.readline()  # type: ignore[union-attr]
    took = time.perf_counter() - since
    seen = Document.objects.filter(outcome="unchanged", looks_since_change=1, due_at__gt=F("checked_at")).count()
    if Check.objects.count() - before != PAGES or seen != PAGES:
        raise NotMeasured(f"{Check.objects.count() - before} looks and {seen} pages written down, not {PAGES}")
    return PAGES / took


def _threads(site: Origin) -> float:
    import httpx2

    with httpx2.Client(trust_env=False) as client, ThreadPoolExecutor(PROCESSES * AT_ONCE) as pool:

        def ask(number: int) -> int:
            said = {"If-None-Match": ETAG, "Host": f"h{number % HOSTS}.test"}
            status: int = client.get(f"http://127.0.0.1:{site.port}/report-{number}?bench=1", headers=said).status_code
            return status

        since = time.perf_counter()
        statuses = set(pool.map(ask, range(PAGES)))
        took = time.perf_counter() - since
    _must_be_unchanged(statuses)
    return PAGES / took


async def _coroutines(site: Origin) -> float:
    import httpx2

    room = asyncio.Semaphore(PROCESSES * AT_ONCE)
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def ask(number: int) -> int:
            said = {"If-None-Match": ETAG, "Host": f"h{number % HOSTS}.test"}
            async with room:
                answer = await client.get(f"http://127.0.0.1:{site.port}/report-{number}?bench=1", headers=said)
            status: int = answer.status_code
            return status

        since = time.perf_counter()
        statuses = set(await asyncio.gather(*(ask(number) for number in range(PAGES))))
        took = time.perf_counter() - since
    _must_be_unchanged(statuses)
    return PAGES / took


def _must_be_unchanged(statuses: set[int]) -> None:
    if statuses != {304}:
        raise NotMeasured(f"the bare loop was answered {statuses}")


def work() -> None:
    """Look at everything that is due, each time a line comes in."""
    import django

    django.setup()
    from factcheck import ledger

    print("ready", flush=True)
    for _line in sys.stdin:
        while ledger.drain(ledger.register.works["look"], for_s=WITHIN_S):
            pass
        print("done", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    work()
