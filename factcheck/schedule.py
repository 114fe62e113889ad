"""Beat's one tick, and the hints it sends."""

from __future__ import annotations

from factcheck import ledger
from factcheck.celery import app

HINT_EXPIRES_S = 30


def hint(name: str) -> None:
    """Tell some worker that this kind of work may be due. The message may be lost, doubled or flushed without loss."""
    drain.apply_async(args=(name,), expires=HINT_EXPIRES_S, ignore_result=True, retry=False)


@app.task(ignore_result=True)
def tick() -> None:
    """Look at the ledger and hint at what is due."""
    ledger.tick(hint)


@app.task(ignore_result=True)
def drain(name: str) -> None:
    """Do what is due of one kind; an unknown name is somebody's junk and does nothing."""
    work = ledger.register.works.get(name)
    if work:
        ledger.drain(work)
