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
# These change the schema, or write past its triggers, which the application's own role may not: they run as the
# owner's, where there is one.
AS_OWNER = {"createcachetable", "flush", "migrate", "pgtrigger", "remove_stale_contenttypes", "seed"}


def main() -> None:
    """Start what the command needs, run it, and stop what was started."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    starts = command not in NEED_NO_SERVER or "--database" in sys.argv
    try:
        embedded.prepare(os.environ, start=starts and "--help" not in sys.argv)
    except embedded.Refused as refusal:
        sys.exit(f"Cannot start: {refusal}")
    if command in AS_OWNER:
        os.environ["DATABASE_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    from factcheck import checks

    checks.load_settings()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
