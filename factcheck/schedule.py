"""Beat's one tick, the hints it sends, and what a process of a worker does on them."""

from __future__ import annotations

from typing import Any

from celery import signals

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


@signals.worker_process_init.connect(weak=False)
def process_starts(**_given: Any) -> None:
    """Let each process of a worker prepare for the kinds of work of its queues."""
    for work in ledger.register.on(app.amqp.queues.consume_from):
        if work.prepare is not None:
            work.prepare()
