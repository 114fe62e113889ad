"""Seal every confidential name with the first key of SECRETS_KEY, so that an older key can be dropped."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from claims.services import statements


class Command(BaseCommand):
    """Doing it again changes nothing but the seals."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Seal, and say how many, and how many no key opens."""
        try:
            count = statements.reseal()
        except statements.StatementRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{count} names sealed with the first key of SECRETS_KEY.")
        if broken := statements.unreadable():
            raise CommandError(f"{broken} more open with none of the keys: put their key back into SECRETS_KEY.")
