"""Bring the catalogues of other languages up to date with the code."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from factcheck.management import catalogues

SHOWN = 50


class Command(BaseCommand):
    """`manage.py messages` after a text was written anew; then translate what it names, and run it again."""

    help = "Bring the catalogues of other languages (factcheck/locale) up to date with the code, and compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; say what is missing, and fail where something is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew each catalogue, and say what has no translation."""
        for language in catalogues.languages():
            if options["check"]:
                wrong = catalogues.wrong(language)
            else:
                wrong = catalogues.untranslated(catalogues.renew(language))
            for text in wrong[:SHOWN]:
                self.stdout.write(f"{language}: {text}")
            if wrong:
                path = catalogues.paths(language)[0].relative_to(catalogues.ROOT)
                raise CommandError(
                    f"{len(wrong)} texts are not translated: write them into {path}, then run this again."
                )
            self.stdout.write(f"{language}: complete, {len(catalogues.read(language))} texts")
