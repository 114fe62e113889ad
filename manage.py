#!/usr/bin/env python
"""Django's command line; brings PostgreSQL and a Redis-compatible server of its own when none is named."""

from __future__ import annotations

import os
import sys

from factcheck import embedded

# What these do needs no database, so none is started for them.
NEED_NO_SERVER = {
    "check",
    "collectstatic",
    "compilemessages",
    "help",
    "makemessages",
    "spectacular",
    "version",
}


def main() -> None:
    """Start what the command needs, run it, and stop what was started."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        embedded.prepare(os.environ, start=command not in NEED_NO_SERVER and "--help" not in sys.argv)
    except embedded.Refused as refusal:
        sys.exit(f"Cannot start: {refusal}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
