"""Fill a development database with a made-up desk of as many claims as are asked for."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from factcheck.lib import clock
from factcheck.management.seeding import planting
from factcheck.management.seeding.planting import Plan, SeedRefused

TELL_EVERY_S = 5.0
WORDS = {"claims": "claims planted", "words": "claims worded for the index", "index": "claims: making the index of",
         "tidying": "claims: tidying up behind"}  # fmt: skip


class Command(BaseCommand):
    """`manage.py seed --claims 100000`."""

    help = (
        "Fill a development database with made-up articles, claims and all that hangs on them, the same for the same"
        " --seed. It writes past the triggers, so it runs as the owner of the tables; what is planted stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--claims", type=int, default=1000, help="how many claims (1000)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes other claims (1)")
        parser.add_argument("--days", type=int, default=90, help="over how many days up to now they came in (90)")
        parser.add_argument("--no-vectors", action="store_true", help="index them by their words only: much quicker")
        parser.add_argument(
            "--into-existing", action="store_true", help="also where there are articles, or on a desk that is open"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse, or plant and tell how far it is."""
        if options["claims"] < 1 or options["days"] < 1:
            raise CommandError("Ask for one claim or more, over one day or more.")
        plan = Plan(
            options["claims"], options["seed"], clock.now(), options["days"], with_vectors=not options["no_vectors"]
        )
        try:
            planting.check(plan, into_existing=options["into_existing"])
        except SeedRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.since = self.told = time.monotonic()
        planting.plant(plan, tell=self.tell)
        took = time.monotonic() - self.since
        self.stdout.write(f"{plan.claims:,} claims in {took:,.1f} s: {plan.claims / took:,.0f} a second.")

    def tell(self, what: str, done: int, every: int) -> None:
        """Tell now and then how far it is."""
        now = time.monotonic()
        if now - self.told > TELL_EVERY_S or done == every:
            self.told = now
            self.stdout.write(f"[{now - self.since:6.1f} s] {done:,} of {every:,} {WORDS[what]}")
            self.stdout.flush()
