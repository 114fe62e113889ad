"""Write claims to a file: CSV, XLSX or JSON, all of them or those of some statuses."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from claims.exports.files import FORMS, written
from claims.models import Claim
from claims.models.claim import STATUSES
from claims.services import exporting
from factcheck.lib import clock

TOLD_EVERY = 1_000


class Command(BaseCommand):
    """`manage.py export_claims claims.csv`."""

    help = "Write claims to a file, its form by its name (.csv, .xlsx, .json); - is standard output as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("file")
        parser.add_argument("--form", choices=list(FORMS), help="where the file's name does not say it")
        parser.add_argument("--status", nargs="+", choices=[code for code, _word in STATUSES], help="those alone")
        parser.add_argument("--stale", action="store_true", help="those alone that need another look")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it; nothing is left of a file that could not be written whole."""
        name: str = options["file"]
        form = options["form"] or (Path(name).suffix.lstrip(".").lower() if name != "-" else "json")
        if form not in FORMS:
            raise CommandError(f"Name the file .csv, .xlsx or .json, or give --form; “{form}” is none of them.")
        claims = Claim.objects.order_by("-id")
        if options["status"]:
            claims = claims.filter(status__in=options["status"])
        if options["stale"]:
            claims = claims.stale()
        keys = exporting.keys(claims, most=sys.maxsize - 1)
        if name == "-":
            self._write(keys, form, sys.stdout.buffer)
            return
        unfinished = Path(f"{name}.part")
        with unfinished.open("wb") as file:
            self._write(keys, form, file)
        unfinished.replace(name)
        self.stdout.write(f"{name}: {len(keys)} claims")

    def _write(self, keys: list[int], form: str, file: BinaryIO) -> None:
        for piece in written(form, self._told(keys)):
            file.write(piece)

    def _told(self, keys: list[int]) -> Any:
        for number, row in enumerate(exporting.rows(keys, now=clock.now()), 1):
            if number % TOLD_EVERY == 0:
                self.stderr.write(f"{number} of {len(keys)}")
            yield row
