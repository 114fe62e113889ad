"""The start and the signs of life of workers and of beat, hung on Celery's own signals."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import signals
from celery.apps import worker
from django.conf import settings
from django.utils.log import configure_logging

from factcheck import checks
from factcheck.lib import alive

log = logging.getLogger(__name__)


@signals.celeryd_init.connect(weak=False)
def print_nothing(instance: Any, **_given: Any) -> None:
    """Let a worker write events only: no banner, and warnings as events. For beat there is `celery -q`."""
    instance.quiet = True
    worker.safe_say = lambda *_said: None  # type: ignore[attr-defined]  # it writes "Warm shutdown" past all logging
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    logging.captureWarnings(capture=True)


@signals.setup_logging.connect(weak=False)
def log_as_all_do(**_given: Any) -> None:
    """Let Celery leave logging alone: settings.LOGGING is set up by Django."""


@signals.worker_init.connect(weak=False)
def worker_starts(**_given: Any) -> None:
    """Check settings and database before any work is taken, and let those go first who wait for an answer."""
    checks.refuse_to_start()
    os.nice(settings.WORKER_NICE)


@signals.worker_shutdown.connect(weak=False)
def worker_stops(**_given: Any) -> None:
    """Say so, as an event."""
    log.info("the worker stops")


@signals.heartbeat_sent.connect(weak=False)
def worker_lives(**_given: Any) -> None:
    """Show every two seconds that the worker goes round and the queue takes its heartbeat."""
    alive.touch("worker")


@signals.beat_init.connect(weak=False)
def beat_starts(**_given: Any) -> None:
    """Check likewise; from now on each message that this process sends is a sign of life."""
    checks.refuse_to_start()
    signals.after_task_publish.connect(beat_lives, weak=False)


def beat_lives(**_given: Any) -> None:
    """Show that a tick was sent."""
    alive.touch("beat")
