"""Bring in claims, or evidence, from CSV files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.imports.types import COLUMNS, What
from claims.services import importing
from claims.services.import_words import NOTICES, where, why
from claims.services.importing import LARGE_BYTES, LARGE_ROWS, ImportRefused, Outcome
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock


class Command(BaseCommand):
    """`manage.py import_claims claims.csv --as ilka`."""

    help = (
        "Bring in claims from CSV files, each whole or not at all; the same file again changes nothing. Columns: "
        f"{', '.join(COLUMNS[What.CLAIMS])}; with --evidence: {', '.join(COLUMNS[What.EVIDENCE])}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("file", nargs="+", type=Path)
        parser.add_argument("--evidence", action="store_true", help="the files are of evidence")
        parser.add_argument("--look", action="store_true", help="only say what would come in")
        parser.add_argument("--as", dest="person", default="", help="who brings it in; without, evidence is suggested")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Bring in each; a refused one does not stop the others, but the command ends with 1."""
        what = What.EVIDENCE if options["evidence"] else What.CLAIMS
        by = self._person(options["person"])
        run = importing.look if options["look"] else importing.bring_in
        refused = 0
        for path in options["file"]:
            try:
                with path.open("rb") as file:
                    body = file.read(LARGE_BYTES + 1)
                outcome = run(
                    body, what, by=by, now=clock.now(), bytes_at_most=LARGE_BYTES, rows_at_most=LARGE_ROWS
                )  # fmt: skip
            except OSError as error:
                self.stderr.write(f"{path}: {error}")
                refused += 1
            except ImportRefused as refusal:
                self._tell(path, refusal.outcome)
                refused += 1
            else:
                self._tell(path, outcome)
                refused += bool(outcome.faults)
        if refused:
            raise CommandError(f"{refused} of {len(options['file'])} files did not come in")

    @staticmethod
    def _person(name: str) -> User | None:
        if not name:
            return None
        by = User.objects.filter(username=name, is_active=True).first()
        if by is None or not by.may(Action.SUBMIT):
            raise CommandError(f"“{name}” is nobody who may bring in claims.")
        return by

    def _tell(self, path: Path, outcome: Outcome) -> None:
        for code in outcome.notices:
            self.stderr.write(f"{path}: {NOTICES[code]}")
        for fault in outcome.faults:
            self.stderr.write(" ".join(part for part in (f"{path}:", where(fault), why(fault)) if part))
        if not outcome.faults:
            self.stdout.write(
                f"{path}: {len(outcome.made)} new, {len(outcome.known)} known, "
                f"{len(outcome.waiting)} waiting for the first look at their page"
            )
