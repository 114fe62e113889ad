"""Beat's one tick, and the hints it sends."""

from __future__ import annotations

from factcheck import ledger
from factcheck.celery import app, waiting
from factcheck.leases import leave_cut_connection
from factcheck.lib.crashpoints import crashpoint

HINT_EXPIRES_S = 30


def hint(queue: str) -> None:
    """Tell a worker of that queue that something may be due; not where a hint waits there already.

    The message may be lost, doubled or flushed without loss.
    """
    if not waiting(queue):
        crashpoint("hint.before_send")
        drain.apply_async(args=(queue,), queue=queue, expires=HINT_EXPIRES_S, ignore_result=True, retry=False)


@app.task(ignore_result=True)
def tick() -> None:
    """Look at the ledger and hint at what is due."""
    leave_cut_connection()
    ledger.tick(hint)


@app.task(ignore_result=True)
def drain(queue: str) -> None:
    """Do what is due of the kinds of work of one queue; an unknown name is somebody's junk and does nothing.

    Where the time was over before the work, it hints again, so that no process waits a second for the next tick.
    """
    leave_cut_connection()
    ledger.drain(*ledger.register.on([queue]), then=lambda: hint(queue))
