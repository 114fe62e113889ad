"""Bring in fact-checks from files: a desk's own archive as CSV or JSON, or a DataFeed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.known.archives import COLUMNS
from claims.known.types import Told
from claims.services import known_imports
from claims.services.known_imports import ImportRefused
from factcheck.lib import clock


class Command(BaseCommand):
    """`manage.py import_known archive.csv`."""

    help = (
        "Bring in fact-checks from CSV or JSON files, each file whole or not at all. Columns: "
        + "; ".join(f"{name} ({what})" for name, what in COLUMNS.items())
        + ". Also: ClaimReview as JSON, and DataFeed files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("file", nargs="+", type=Path)
        parser.add_argument("--look", action="store_true", help="only say what would come in")
        parser.add_argument("--leave-out", action="store_true", help="bring in the rest where rows are refused")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Bring in each; a refused one does not stop the others, but the command ends with 1."""
        refused = 0
        for path in options["file"]:
            try:
                self._bring_in(path, is_look=options["look"], leaving_out=options["leave_out"])
            except (ImportRefused, OSError) as error:
                refused += 1
                self.stderr.write(f"{path}: {error}")
                if isinstance(error, ImportRefused):
                    self._tell(path, error.told)
        if refused:
            raise CommandError(f"{refused} of {len(options['file'])} files did not come in")

    def _bring_in(self, path: Path, *, is_look: bool, leaving_out: bool) -> None:
        with path.open("rb") as file:
            told = known_imports.look(file.read(known_imports.MOST_BYTES + 1), now=clock.now())
        if is_look:
            self._tell(path, told)
            self.stdout.write(f"{path}: {len(told.published)} fact-checks, {len(told.refused)} refused")
            return
        kept = known_imports.bring_in(told, by=None, now=clock.now(), leaving_out=leaving_out)
        self._tell(path, told)
        self.stdout.write(
            f"{path}: {kept.new} new, {kept.changed} changed, {kept.same} as before, "
            f"{kept.known_better} known better already, {kept.erased} erased here before"
        )

    def _tell(self, path: Path, told: Told) -> None:
        for problem in told.problems:
            self.stderr.write(f"{path}: {problem}")
        for one in told.refused:
            self.stderr.write(f"{path}: row {one.place}: {one.why}")
