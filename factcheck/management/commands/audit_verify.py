"""Hold the log against itself and against the heads that were signed, and say whether anybody edited it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from claims.services import audit, heads

SHOWN = 50
TELL_EVERY_S = 5.0


class Command(BaseCommand):
    """`manage.py audit_verify --heads DIR --public-key FILE`."""

    help = "Verify chains, payloads, feed, status changes and signed heads; ends with 1 and names the first bad rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--after", type=UUID, help="go on behind this subject, where an earlier run was stopped")
        parser.add_argument("--heads", type=Path, help="folder of head files, best from where they were shipped to")
        parser.add_argument(
            "--public-key",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="public key (PEM) that was kept elsewhere; again for each that signed once",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Verify, and tell."""
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        self.told = time.monotonic()
        walk, wrong = audit.Walk(options["after"], tell=self.tell), 0
        keys = public_keys(options["public_key"]) if options["heads"] else []
        try:
            for where, what in findings(walk, options["heads"], keys):
                wrong += 1
                if wrong <= SHOWN:
                    self.stderr.write(f"{where}: {what}")
        except KeyboardInterrupt:
            raise CommandError(
                f"Stopped behind {walk.count} events, {wrong} rows that do not fit. Go on with: --after {walk.done}"
            ) from None
        if wrong:
            raise CommandError(
                f"{wrong} rows do not fit their chain or each other. Compare them with a backup before anything else."
            )
        self.stdout.write(f"{walk.count} events verified: every chain holds.")
        if not options["heads"]:
            self.stdout.write("They were not held against signed heads: name the folder with --heads.")

    def tell(self, walk: audit.Walk) -> None:
        """Tell now and then how far a long run got."""
        if time.monotonic() - self.told > TELL_EVERY_S:
            self.told = time.monotonic()
            self.stdout.write(f"{walk.count} events, up to {walk.done} …")
            self.stdout.flush()


def public_keys(files: Sequence[Path]) -> list[Ed25519PublicKey]:
    """Read the keys, or take our own where none is named; none is ever made here."""
    try:
        if not files:
            return [heads.signing_key(settings.AUDIT_KEY_FILE).public_key()]
        return [heads.public_key(file.read_bytes()) for file in files]
    except (OSError, ValueError, TypeError, heads.NoKey) as error:
        raise CommandError(f"Nothing was verified: {error}") from error


def findings(walk: audit.Walk, folder: Path | None, keys: Sequence[Ed25519PublicKey]) -> Iterator[tuple[str, str]]:
    """Yield all that is wrong: in the chains, around them, and against the heads."""
    yield from walk.broken()
    yield from audit.disagreeing()
    if folder:
        yield from heads.held_against(folder, *keys)
