"""Measure the ledger beside Celery: lease to finish of rows with nothing to do, and messages with nothing to do.

    python bench/ledger.py [--rounds N] [--check]

Both run on the bench's own PostgreSQL (which commits to disk) and Valkey, each in a worker with two processes, in turn:
every ratio is of two measurements that follow each other. With --check the exit status is 1 where a bar is missed.
"""

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import redis

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.servers import servers  # noqa: E402

PROCESSES = 2
WARM_UP, MESSAGES = 100, 1000
ROWS = {1: 1000, 10: 3000, 100: 6000}
BARS = {1: 0.3, 100: 2.0}
WITHIN_S = 120.0
TICK_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where a bar is missed and --check was given."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7, help="how many pairs of measurements (default 7)")
    parser.add_argument("--check", action="store_true", help="exit 1 where a bar is missed")
    asked = parser.parse_args(arguments)
    with servers() as folder, workers(folder):
        rates = measured(asked.rounds)
    missed = print_rates(rates)
    return 1 if missed and asked.check else 0


@contextmanager
def workers(folder: Path) -> Iterator[None]:
    """Run a worker for Celery alone, with Celery's defaults, and ours; both wait for the queues they are told of."""
    running = []
    for name, flags in (("alone", ["--prefetch-multiplier", "4"]), ("app", [])):
        command = [sys.executable, "-m", "celery", "-A", f"bench.ledger_worker:{name}", "worker", "-n", f"{name}@bench"]
        command += ["-c", str(PROCESSES), "-l", "WARNING", "--without-gossip", "--without-mingle", *flags]
        # The house's worker may not end itself for want of ticks: nobody ticks here.
        command += ["-Q", "idle" if name == "alone" else "nobody"]
        log = (folder / f"{name}.log").open("wb")
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait(30)


def measured(rounds: int) -> dict[str, list[float]]:
    """Return rates a second: of messages, and of rows by size of batch, round by round."""
    from bench.ledger_worker import alone
    from factcheck.celery import app

    wait(lambda: len(alone.control.ping(timeout=1) or []) == PROCESSES, "both workers answer")
    sides: dict[str, Callable[[], float]] = {"messages": lambda: rate_of_messages(alone, MESSAGES)}
    for size, rows in ROWS.items():
        app.control.add_consumer(f"bench-{size}", destination=["app@bench"], reply=True)
        rate_of_rows(size, WARM_UP)
        sides[str(size)] = lambda size=size, rows=rows: rate_of_rows(size, rows)  # type: ignore[misc]
    rate_of_messages(alone, WARM_UP)
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 else list(reversed(sides))
        for name in names:
            rates[name].append(sides[name]())
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return rates


def rate_of_messages(alone: Any, many: int) -> float:
    """Fill the queue while nobody takes from it, then let the worker at it."""
    from bench.ledger_worker import nothing

    queue = f"nothing-{secrets.token_hex(3)}"
    with alone.producer_or_acquire() as producer:
        for _message in range(many):
            nothing.apply_async(queue=queue, producer=producer)
    alone.control.add_consumer(queue, destination=["alone@bench"])
    wait(lambda: waiting(queue) < many, "the first message is taken")
    since, left = time.monotonic(), waiting(queue)
    wait(lambda: waiting(queue) == 0, "the last message is taken")
    took = time.monotonic() - since
    alone.control.cancel_consumer(queue, destination=["alone@bench"], reply=True)
    return left / took


def rate_of_rows(size: int, many: int) -> float:
    """Make rows due, hint as the tick does, once a second, and wait until all are finished; drains hint again."""
    from datetime import timedelta

    from factcheck import schedule
    from factcheck.lib import clock
    from factcheck.models import Chore

    now = clock.now()
    Chore.objects.all().delete()
    Chore.objects.bulk_create(Chore(name=f"{row}", due_at=now - timedelta(seconds=1)) for row in range(many))
    since = time.monotonic()
    next_tick = since

    def is_done() -> bool:
        nonlocal next_tick
        if time.monotonic() >= next_tick:
            next_tick += TICK_S
            schedule.hint(f"bench-{size}")
        return not Chore.objects.filter(due_at__isnull=False).exists()

    wait(is_done, "every row is finished")
    took = time.monotonic() - since
    if Chore.objects.exclude(quarantined_at=None, last_error="").exists():
        raise SystemExit("A row failed: the figures are worth nothing.")
    return many / took


def waiting(queue: str) -> int:
    """Ask Valkey how long a queue is, over one connection: asking must not cost what is measured."""
    return int(valkey().llen(queue))


@cache
def valkey() -> Any:
    """Return the one client of this process."""
    return redis.Redis.from_url(os.environ["REDIS_URL"])


def wait(true: Callable[[], bool], what: str) -> None:
    """Wait until something is true; give up by name."""
    until = time.monotonic() + WITHIN_S
    while not true():
        if time.monotonic() > until:
            raise SystemExit(f"Not within {WITHIN_S:.0f} s: {what}.")
        time.sleep(0.01)


def print_rates(rates: dict[str, list[float]]) -> bool:
    """Print medians and ratios of pairs; return whether a bar is missed."""
    print(f"{'':>24}  {'a second':>9}  {'x Celery':>9}  {'lowest':>7}  {'highest':>7}  {'bar':>5}")
    messages, missed = rates.pop("messages"), False
    print(f"{'Celery, messages':>24}  {statistics.median(messages):9.0f}  {'1':>9}")
    for name, rows in rates.items():
        ratios = [ours / theirs for ours, theirs in zip(rows, messages, strict=True)]
        ratio, bar = statistics.median(ratios), BARS.get(int(name))
        missed |= bar is not None and ratio < bar
        words = f"ledger, batches of {name}"
        print(
            f"{words:>24}  {statistics.median(rows):9.0f}  {ratio:9.2f}  {min(ratios):7.2f}  {max(ratios):7.2f}  "
            f"{bar or '':>5}{' MISSED' if bar and ratio < bar else ''}"
        )
    return missed


if __name__ == "__main__":
    sys.exit(main())
