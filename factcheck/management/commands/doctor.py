"""Say in plain words what is wrong with this desk, and what to do."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from factcheck import doctor
from factcheck.lib import alive

SIGNS = {doctor.State.WELL: "✓", doctor.State.WRONG: "✗", doctor.State.TOLD: "·"}
INDENT = 19


class Command(BaseCommand):
    """`manage.py doctor`."""

    help = "Say what is wrong with this desk and what to do; ends with 1 if anything is."
    requires_system_checks = ()  # it tells of them itself

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("--json", action="store_true", help="write JSON")
        parser.add_argument("--net", metavar="URL", default="", help="also fetch an address out there, as a look would")
        parser.add_argument(
            "--live",
            choices=alive.PROCESSES,
            help="only: does that process of this machine live?",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Examine, and tell."""
        if options["live"]:
            sys.exit(alive.main([options["live"]]))
        found = []
        for finding in doctor.examine(net=options["net"]):
            found.append(finding)
            if not options["json"]:
                self.tell(finding)
        wrong = [finding for finding in found if finding.state is doctor.State.WRONG]
        if options["json"]:
            told = {"well": not wrong, "findings": [finding.as_dict() for finding in found]}
            self.stdout.write(json.dumps(told, indent=2))
        if wrong:
            raise CommandError(f"{len(wrong)} of {len(found)} things are wrong.")
        if not options["json"]:
            self.stdout.write("All is well.")

    def tell(self, finding: doctor.Finding) -> None:
        """Write one line, and what to do below it."""
        self.stdout.write(f"{SIGNS[finding.state]} {finding.state.value:6} {finding.about:15}{finding.says}")
        if finding.do and finding.state is not doctor.State.WELL:
            self.stdout.write(f"{'':{INDENT}}     → {finding.do}")
        self.stdout.flush()
