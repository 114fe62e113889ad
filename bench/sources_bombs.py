"""Pages, feeds and PDF files made to hold up whoever reads them, read in the jail by a worker that must live.

Each is read twice: alone, and while other processes keep every core busy; and so are whole ones that a seed breaks.
"""

import multiprocessing
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.bombs import FEEDS, HTML, PDFS, made, mutated
from bench.splitting_rows import Figures
from bench.splitting_sets import Sets
from factcheck.lib import templates
from sources.fetching.feeds import read_feed_in_jail
from sources.fetching.outcomes import FEED_TYPES, READABLE
from sources.fetching.reading import read_in_jail
from sources.fetching.types import FeedReading, Reading, Unreadable

BURNERS = os.cpu_count() or 2
PATIENCE_S = 60.0
MUTATED = 2_000


@dataclass(frozen=True)
class Answer:
    """What became of one bomb: its name, how it was answered, and the seconds it took."""

    name: str
    said: str
    seconds: float


def measure(_sets: Sets) -> Figures:
    """Return how many bombs there were, the slowest, the largest memory, and what was lost to them."""
    answers, lost, memory = [], 0, 0.0
    for load in (0, BURNERS):
        with _busy(load), _Worker() as worker:
            for name in (*HTML, *FEEDS, *PDFS):
                answer = worker.answer(name)
                answers.append(answer)
                print(f"  {answer.seconds:5.1f} s  {answer.said:<24} {name}{' (busy)' * bool(load)}", flush=True)
            if not load:
                answers += [worker.answer(str(seed)) for seed in range(MUTATED)]
            memory = max(memory, worker.memory())
            lost += worker.lost
    return {
        "bombs": len(HTML) + len(FEEDS) + len(PDFS),
        "mutated": MUTATED,
        "unanswered": sum(not answer.said for answer in answers),
        "slowest": max(answer.seconds for answer in answers),
        "memory": memory,
        "workers_lost": lost,
    }


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Keep so many processes counting meanwhile."""
    burners = [multiprocessing.get_context("spawn").Process(target=_burn, daemon=True) for _ in range(count)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


def _burn() -> None:
    while True:
        pass


class _Worker:
    """A process that reads what it is told to, as a worker of the service does; a fresh one when it is lost."""

    def __init__(self) -> None:
        self.lost = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,))
        self._process.start()
        theirs.close()
        self._ours.recv()

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def answer(self, name: str) -> Answer:
        """Have the bomb of that name read; no answer where the worker ended or sat over it."""
        self._ours.send(name)
        with suppress(EOFError):
            if self._ours.poll(PATIENCE_S):
                said, seconds = self._ours.recv()
                return Answer(name, said, seconds)
        self.lost += 1
        self._process.kill()
        self._process.join()
        self._start()
        return Answer(name, "", PATIENCE_S)

    def memory(self) -> float:
        """Return the megabytes of the largest child so far."""
        self._ours.send("")
        largest: float = self._ours.recv()
        return largest


def _work(asked: "Connection[object, object]") -> None:
    _read("sentence of 100,000")
    asked.send("ready")
    while True:
        name = str(asked.recv())
        if name:
            asked.send(_read(name))
        else:
            templates.close_all()
            asked.send(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def _read(name: str) -> tuple[str, float]:
    """Read the bomb as a look does; return what came of it and the seconds it took."""
    url = "https://bombs.test/x"
    media_type, body = mutated(int(name)) if name.isdigit() else made(name)
    begun = time.perf_counter()
    answer: Reading | FeedReading | Unreadable
    if media_type in FEED_TYPES - READABLE:
        answer = read_feed_in_jail(body, media_type=media_type, url=url)
    else:
        answer = read_in_jail(body, media_type=media_type, charset="", url=url)
    seconds = time.perf_counter() - begun
    said = answer.reason if isinstance(answer, Unreadable) else answer.truncated or "complete"
    return said, seconds
