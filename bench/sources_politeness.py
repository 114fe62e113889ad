"""500 pages of one host and 50 of 50 others fall due at once: who is asked when, by the origin's own log.

A desk of real processes as docker/compose.yaml has it (a worker that ticks, two that fetch, beat), with the settings an
operator would have: a rest of one second between two requests to a host. The pages are new, so each host is asked for
its robots.txt first, which counts as a request. Beside them stand hosts that drip: each holds a visitor up until the
deadline of a fetch. `p95` is from the pages' becoming due until the look is written down.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path

from bench.origins import ROOT, Request, origin
from bench.splitting_sets import NotMeasured, Sets

CROWD, OTHERS, DRIPPING = 500, 50, 4
WATCHED_S = float(os.environ.get("POLITENESS_S", "75"))
START_WITHIN_S = 60.0
CELERY = (sys.executable, "-m", "celery", "-q", "-A", "factcheck.celery")
QUIET = ("--without-gossip", "--without-mingle", "-l", "WARNING")


def measure(_sets: Sets) -> Mapping[str, float]:
    """Return how many at once and how far apart the crowded host was asked, and how long the others waited."""
    from bench.servers import servers

    with servers() as folder, origin(folder) as site:
        names = ["crowd", *(f"o{number}" for number in range(OTHERS)), *(f"d{number}" for number in range(DRIPPING))]
        os.environ |= {
            "LOOPBACK_HOSTS": ",".join(f"{name}.test=127.0.0.1:{site.port}" for name in names),
            "LOG_LEVEL": "WARNING",
            "ALIVE_FOLDER": str(folder / "alive"),
        }
        os.environ.pop("HOST_GAP", None)
        with desk(folder):
            waited = _watched()
        crowd = [request for request in site.requests() if request.host == "crowd.test"]
        return _figures(crowd, waited)


def _figures(crowd: list[Request], waited: list[float]) -> Mapping[str, float]:
    if len(crowd) < WATCHED_S / 4 or len(waited) < OTHERS:
        raise NotMeasured(f"{len(crowd)} requests at the crowded host, {len(waited)} of {OTHERS} others looked at")
    at_once = max(sum(1 for one in crowd if one.began <= other.began < one.ended) for other in crowd)
    gaps = [later.began - former.began for former, later in pairwise(crowd)]
    waited.sort()
    print(
        f"politeness: {len(crowd)} requests at the crowded host, {min(gaps):.3f} to {max(gaps):.3f} s apart;"
        f" the others were looked at after {waited[0]:.2f} to {waited[-1]:.2f} s",
        file=sys.stderr,
    )
    return {"at_once": at_once, "gap": min(gaps), "p95": waited[round(0.95 * len(waited)) - 1]}


def _watched() -> list[float]:
    """Watch all pages at once; return after how many seconds each of the others was looked at."""
    import django

    django.setup()
    from bench.origins import plant
    from factcheck.lib import clock
    from sources.models import Check

    urls = [f"http://crowd.test/slow-{number}" for number in range(CROWD)]
    urls += [f"http://d{number}.test/drip-{page}" for number in range(DRIPPING) for page in range(5)]
    urls += [f"http://o{number}.test/report" for number in range(OTHERS)]
    plant(urls, now=clock.now())
    time.sleep(WATCHED_S)
    others = Check.objects.filter(document__host__name__regex=r"^o[0-9]+[.]test$", outcome="unchanged")
    return [(check.at - check.due_at).total_seconds() for check in others.order_by("document_id")]


@contextmanager
def desk(folder: Path) -> Iterator[None]:
    """Run beat, a worker that ticks and does what is short, and two workers that fetch; wait until they answer."""
    commands = [
        [*CELERY, "worker", "-Q", "tick,desk,house,split", "-c", "1", "-n", "desk@bench", *QUIET],
        *([*CELERY, "worker", "-Q", "fetch", "-c", "1", "-n", f"fetch{number}@bench", *QUIET] for number in range(2)),
        [*CELERY, "beat", "--pidfile=", "--schedule", str(folder / "beat")],
    ]
    with ExitStack() as away:
        log = away.enter_context((folder / "desk.log").open("wb"))
        running = [
            subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True) for command in commands
        ]
        away.callback(_stop, running)
        _wait_until_ready(len(commands) - 1)
        yield


def _wait_until_ready(workers: int) -> None:
    from factcheck.celery import app

    until = time.monotonic() + START_WITHIN_S
    while len(app.control.ping(timeout=1) or []) < workers:
        if time.monotonic() > until:
            raise NotMeasured("the workers did not start")


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        os.killpg(process.pid, signal.SIGKILL)
    for process in running:
        process.wait(10)
