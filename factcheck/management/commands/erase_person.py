"""Erase a person from everything the desk keeps: shows what it found, and erases with --yes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from claims.services import erased_columns, erasure
from factcheck.access.models import User
from factcheck.lib import clock
from factcheck.lib.names import NameRefused, Names, names_of
from sources.models import Erasure, Source
from sources.services import erasure as pages
from sources.services.erasure import ErasureRefused

SAMPLES, ROUNDS = 3, 3


class Command(BaseCommand):
    """`manage.py erase_person "Ilka Brandt" --yes --why "…" --by USERNAME`."""

    help = "Find a person by their names everywhere, and with --yes erase their words and their names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("name", nargs="*", help="a full name, and other spellings of it")
        parser.add_argument("--also", action="append", default=[], metavar="NAME", help="a surname or nickname alone")
        parser.add_argument(
            "--source", action="append", default=[], type=UUID, metavar="UID", help="a source that is them"
        )
        parser.add_argument("--why", default="", help="the reason, which stays; without the name")
        parser.add_argument("--by", default="", metavar="USERNAME", help="the administrator who answers for it")
        parser.add_argument("--yes", action="store_true", help="erase, not only show; there is no way back")
        parser.add_argument("--lift", type=UUID, metavar="UID", help="let the sentences of that erasure come in again")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Show, erase, or lift."""
        try:
            if options["lift"]:
                self._lift(options)
                return
            names = names_of([*options["name"], *options["also"]])
            sources = [_source(uid) for uid in options["source"]]
            self._show(names)
            if options["yes"]:
                self._erase(names, sources, options)
            else:
                self.stdout.write('Nothing was erased. Add --yes --why "…" --by USERNAME to erase all of it.')
        except (NameRefused, ErasureRefused) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _show(self, names: Names) -> None:
        found = erased_columns.naming(names)
        for label, texts in sorted(found.items()):
            self.stdout.write(f"{label}: {len(texts)}")
            for text in texts[:SAMPLES]:
                self.stdout.write(f"    … {' '.join(text.split())} …")
        if not found:
            self.stdout.write("The names stand nowhere.")

    def _erase(self, names: Names, sources: list[Source], options: dict[str, Any]) -> None:
        by = _person(options["by"])
        # What others wrote while the first round ran is found by the next.
        for _round in range(ROUNDS):
            done = erasure.erase_person(names, why=options["why"], by=by, sources=sources)
            counts = ", ".join(f"{label} {count}" for label, count in sorted(done.counts.items()) if count)
            self.stdout.write(f"Erasure {done.uid}: {counts or 'nothing'}")
            left = erased_columns.naming(names)
            if not left:
                break
        else:
            raise CommandError(f"The names still stand in {', '.join(sorted(left))}. Stop the workers and try again.")
        gone = pages.remove_erased_objects_if_possible()
        self.stdout.write(f"No column holds the names any more. {gone}")

    def _lift(self, options: dict[str, Any]) -> None:
        erased = Erasure.objects.filter(uid=options["lift"]).first()
        if erased is None:
            raise CommandError(f"There is no erasure {options['lift']}.")
        pages.lift(erased, why=options["why"], by=_person(options["by"]), now=clock.now())
        self.stdout.write("Its sentences may come in again. What was erased is not brought back.")


def _person(username: str) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError("Say who answers for it: --by USERNAME of an administrator.")
    return person


def _source(uid: UUID) -> Source:
    source = Source.objects.filter(uid=uid).first()
    if source is None:
        raise CommandError(f"There is no source {uid}.")
    return source
