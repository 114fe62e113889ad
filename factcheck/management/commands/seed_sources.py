"""Bring in the outlets, agencies and owners that most desks meet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sources import seeds
from sources.services import seeding


class Command(BaseCommand):
    """`manage.py seed_sources`."""

    help = (
        "Bring in the known outlets, agencies and owners with their names and domains. `migrate` does so by itself; "
        "what the desk changed, merged or took away stays as it is."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Bring in what never came, and say what others have already."""
        done = seeding.seed()
        told = f"Sources, version {seeds.version()} of the list: {done.sources} new sources, {done.names} new names."
        self.stdout.write(told)
        for one in done.taken:
            self.stdout.write(f"left as it is on this desk: {one}. Merge the two if they are one.")
