"""Walk the chains of events and say whether anybody edited them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from claims.models import Event
from claims.services import events

SHOWN = 50


class Command(BaseCommand):
    """`manage.py audit_verify`."""

    help = "Verify the hash chain of every claim and article; ends with 1 and names the first bad events if one breaks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--after", type=UUID, help="go on behind this subject, where an earlier run was stopped")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Verify, and tell."""
        count = Event.objects.count()
        wrong = 0
        for link, what in events.broken(after=options["after"]):
            wrong += 1
            if wrong <= SHOWN:
                self.stderr.write(
                    f"{link.subject} event {link.sequence} ({link.type}, {link.at:%Y-%m-%d %H:%M}): {what}"
                )
        if wrong:
            raise CommandError(
                f"{wrong} events do not fit their chain. Compare them with a backup before anything else."
            )
        self.stdout.write(f"{count} events verified: every chain holds.")
