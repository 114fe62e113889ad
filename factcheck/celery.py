"""The Celery application: workers that take hints, and one tick a second. What is due stands in PostgreSQL."""

from __future__ import annotations

from typing import Any

from celery import Celery
from kombu import Queue

from factcheck import checks, life  # noqa: F401  life hangs itself on Celery's signals

TICK = "tick"

checks.load_settings()
app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.CELERY_DB_REUSE_MAX = 100  # else every task opens a new connection
app.conf.imports = ["factcheck.schedule", "factcheck.watchdog"]
# What a worker serves that is not told otherwise by -Q; the ledger's kinds of work name the others.
app.conf.task_queues = [Queue(TICK), Queue("desk"), Queue("fetch"), Queue("house"), Queue("split")]
app.conf.task_default_queue = "desk"
app.conf.beat_scheduler = "factcheck.watchdog:Metronome"
app.conf.beat_schedule = {
    "tick": {
        "task": "factcheck.schedule.tick",
        "schedule": 1.0,
        "options": {"queue": TICK, "expires": 5, "ignore_result": True},
    },
}


def waiting(queue: str) -> int:
    """Return how many messages wait on a queue; raises a connection error where the broker does not answer."""
    with app.connection_for_write() as connection:
        connection.connect()
        channel: Any = connection.channel()
        count: int = channel.queue_declare(queue=queue).message_count
        return count
