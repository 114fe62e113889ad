"""Do what is due without any broker: the fallback when the hint queue is away."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from factcheck import checks, ledger


class Command(BaseCommand):
    """Looks at the ledger every second and does the work itself."""

    requires_system_checks = ()  # refused in words, below
    help = "Do what is due in this process, without Celery or a broker; runs until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work until stopped, or once."""
        checks.refuse_to_start()
        while True:
            done = ledger.drain_all()
            if done or options["once"]:
                self.stdout.write(f"{done} rows of work done")
                self.stdout.flush()
            if options["once"]:
                return
            time.sleep(1)
