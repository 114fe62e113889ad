"""Take down one version of a page: its text, links and bytes go, its digest, time and the reason stay."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from claims.services import erasure
from factcheck.access.models import User
from factcheck.lib import clock
from sources.models import Snapshot
from sources.services import erasure as pages
from sources.services.erasure import ErasureRefused


class Command(BaseCommand):
    """`manage.py takedown_snapshot DOCUMENT NUMBER --why "…" --by USERNAME --yes`."""

    help = "Empty one version of a page, given by the document's uid and the version's number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("document", type=UUID, help="the document's uid")
        parser.add_argument("number", type=int, help="the version's number")
        parser.add_argument("--why", default="", help="the reason, which stays and is shown")
        parser.add_argument("--by", default="", metavar="USERNAME", help="the administrator who answers for it")
        parser.add_argument("--with-quotes", action="store_true", help="also the quotes that claims pinned in it")
        parser.add_argument("--yes", action="store_true", help="do it, not only show; there is no way back")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Show, or take down."""
        versions = Snapshot.objects.select_related("document")
        snapshot = versions.filter(document__uid=options["document"], number=options["number"]).first()
        if snapshot is None:
            raise CommandError("There is no such version.")
        self.stdout.write(f"{snapshot}, taken {snapshot.taken_at:%Y-%m-%d %H:%M}, {len(snapshot.text)} characters")
        if not options["yes"]:
            self.stdout.write('Nothing was taken down. Add --yes --why "…" --by USERNAME.')
            return
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError("Say who answers for it: --by USERNAME of an administrator.")
        try:
            erasure.take_down(snapshot, why=options["why"], by=by, now=clock.now(), with_quotes=options["with_quotes"])
        except ErasureRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Taken down. {pages.remove_erased_objects_if_possible()}")
