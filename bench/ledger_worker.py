"""What bench/ledger.py lets its workers do: nothing, once as rows of the ledger and once as Celery's own messages."""

import os
from collections.abc import Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django.setup()

from celery import Celery  # noqa: E402
from django.db import transaction  # noqa: E402

from factcheck import ledger  # noqa: E402
from factcheck.celery import app  # noqa: E402
from factcheck.models import Chore  # noqa: E402

# Celery alone, with its own defaults: no Django around its tasks, no results, early acknowledgement.
alone = Celery("alone", broker=app.conf.broker_url)
alone.conf.update(
    task_ignore_result=True,
    task_default_queue="idle",
    broker_transport_options=app.conf.broker_transport_options,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@alone.task(name="nothing", ignore_result=True)
def nothing() -> None:
    """Do nothing."""


def finish(held: ledger.Lease) -> None:
    """Finish one row in a transaction of its own."""
    with transaction.atomic():
        ledger.finish(held, due_at=None)


def finish_many(held: Sequence[ledger.Lease]) -> None:
    """Finish a batch in one transaction."""
    with transaction.atomic():
        ledger.finish_many(held, due_at=None)


# Each on a queue of its own; the house's own kinds of work are not hinted at here.
for size in (1, 10, 100):
    ledger.register.add(
        ledger.Work(f"bench-{size}", Chore, finish, batch=size, queue=f"bench-{size}", do_batch=finish_many)
    )
