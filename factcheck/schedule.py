"""Beat's one tick, and the hints it sends."""

from __future__ import annotations

from factcheck import ledger
from factcheck.celery import app, waiting

HINT_EXPIRES_S = 30


def hint(queue: str) -> None:
    """Tell a worker of that queue that something may be due; not where a hint waits there already.

    The message may be lost, doubled or flushed without loss.
    """
    if not waiting(queue):
        drain.apply_async(args=(queue,), queue=queue, expires=HINT_EXPIRES_S, ignore_result=True, retry=False)


@app.task(ignore_result=True)
def tick() -> None:
    """Look at the ledger and hint at what is due."""
    ledger.tick(hint)


@app.task(ignore_result=True)
def drain(queue: str) -> None:
    """Do what is due of the kinds of work of one queue; an unknown name is somebody's junk and does nothing."""
    ledger.drain(*ledger.register.on([queue]))
