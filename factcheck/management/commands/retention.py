"""Take away what the settings no longer keep; with --dry-run say what would go."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.services import retention
from factcheck.lib import clock


class Command(BaseCommand):
    """`manage.py retention`: the daily chore, now."""

    help = "Drop looks and raw pages that are older than KEEP_CHECKS_DAYS and KEEP_RAW_DAYS say; a chore does it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Thin, or say."""
        do, goes = (retention.plan, "would go") if options["dry_run"] else (retention.thin, "went")
        done = do(now=clock.now())
        raw = f"from before {done.raw_before:%Y-%m-%d}" if done.raw_before else "(KEEP_RAW_DAYS=0: kept for ever)"
        self.stdout.write(f"{done.checks} looks from before {done.checks_before} {goes}.")
        self.stdout.write(f"{done.raw} raw pages {raw} {goes}.")
