"""A worker or beat that has gone deaf ends itself, so that whoever supervises it starts it again.

A connection whose other end is silently gone looks like one on which nothing happens. Time limits on the socket catch
most of it; this catches the rest, whatever the cause.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import bootsteps, signals
from celery.beat import Scheduler
from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, connection

from factcheck import ledger
from factcheck.celery import TICK, app, waiting
from factcheck.lib import clock
from factcheck.models import Chore

log = logging.getLogger(__name__)

DEAF = 75  # the exit status: EX_TEMPFAIL, try again
TICKS_WAITING = 5


@dataclass(slots=True)
class Ear:
    """When a worker last took a message, and whether its silence means that it is deaf."""

    queues: Collection[str]
    is_busy: Callable[[], bool]
    monotonic: Callable[[], float] = time.monotonic
    heard_at: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin as one who has just heard."""
        self.hear()

    def hear(self, **_signal: Any) -> None:
        """Note that a message came."""
        self.heard_at = self.monotonic()

    def is_deaf(self) -> bool:
        """Say whether messages should have come: ticks, unless others take them; hints while work waits for us.

        Of several workers that serve the ticks a deaf one stays as long as the others take them and no work waits: a
        quiet worker is no sign then, and one that nobody needs does no harm.
        """
        silent_s = self.monotonic() - self.heard_at
        if silent_s < settings.DEAF_AFTER + (settings.CELERY_TASK_TIME_LIMIT if self.is_busy() else 0):
            return False
        try:
            if TICK in self.queues and not _somebody_ticks():
                return True
            return ledger.is_waiting(
                ledger.register.on(self.queues), longer_than=timedelta(seconds=settings.DEAF_AFTER)
            )
        except DatabaseError:  # without the database nobody can tell, and nothing can be done
            return False
        finally:
            connection.close()


def _somebody_ticks() -> bool:
    """Say whether a tick was taken of late; of many workers each hears one only now and then."""
    return Chore.objects.filter(name=TICK, done_at__gt=clock.now() - timedelta(seconds=settings.DEAF_AFTER)).exists()


def end_if(is_deaf: Callable[[], bool], *, who: str, over: threading.Event) -> threading.Thread:
    """Look, in a thread, from time to time; end the whole process at once where it is deaf."""

    def look() -> None:
        while not over.wait(settings.DEAF_AFTER / 5):
            if is_deaf():
                log.critical(
                    "%s heard nothing for %s s though it should have: it ends, to be started again. "
                    "If it comes again, look at the broker and at beat.",
                    who,
                    settings.DEAF_AFTER,
                )
                os._exit(DEAF)

    thread = threading.Thread(target=look, name="watchdog", daemon=True)
    thread.start()
    return thread


class Watch(bootsteps.StartStopStep):
    """Watches over a worker's hearing, from its main process."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        """Begin with nothing to stop."""
        self.over = threading.Event()
        super().__init__(worker, **options)

    def start(self, worker: Any) -> None:
        """Listen to what is taken and to what is thrown away because it came too late: both were heard."""
        ear = Ear(
            queues=set(app.amqp.queues.consume_from),
            is_busy=lambda: len(state.active_requests) >= worker.concurrency,
        )
        for came in (signals.task_received, signals.task_revoked):
            came.connect(ear.hear, weak=False)
        end_if(ear.is_deaf, who="the worker", over=self.over)

    def stop(self, worker: Any) -> None:
        """Let a worker that was asked to go do so in peace."""
        self.over.set()


app.steps["worker"].add(Watch)


class Metronome(Scheduler):
    """Beat's one tick, kept nowhere: the times of all work are in the rows. It ends itself where no tick gets out."""

    def setup_schedule(self) -> None:
        """Take the schedule from the settings and begin to watch."""
        self.sent_at = time.monotonic()
        self.schedule = {}
        self.merge_inplace(self.app.conf.beat_schedule)
        end_if(self.is_mute, who="beat", over=threading.Event())

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **_options: Any) -> Any:  # noqa: FBT001, FBT002  Celery's
        """Send the tick, unless nobody takes them: they are not to pile up while every worker is away."""
        sent = None
        if waiting(TICK) < TICKS_WAITING:
            sent = super().apply_async(entry, producer=producer, advance=advance)
        self.sent_at = time.monotonic()
        return sent

    def is_mute(self) -> bool:
        """Say whether no tick got out for too long."""
        return time.monotonic() - self.sent_at >= settings.DEAF_AFTER
