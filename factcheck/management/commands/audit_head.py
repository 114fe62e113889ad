"""Write today's signed heads of all chains, or print the key that others check them with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.services import heads
from factcheck.lib import clock


class Command(BaseCommand):
    """`manage.py audit_head`; the chore of the same name does it daily."""

    help = "Write the signed heads of all chains into AUDIT_HEADS_DIR; --public-key prints what verifies them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--public-key", action="store_true", help="print the public key (PEM) and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do either."""
        if options["public_key"]:
            try:
                key = heads.signing_key(settings.AUDIT_KEY_FILE)
            except heads.NoKey as missing:
                raise CommandError(str(missing)) from missing
            self.stdout.write(heads.public_pem(key).decode(), ending="")
            return
        self.stdout.write(str(heads.write(settings.AUDIT_HEADS_DIR, settings.AUDIT_KEY_FILE, now=clock.now())))
