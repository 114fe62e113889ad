"""Ways to rewrite history with a superuser's rights, and whether `audit_verify` names each: `make tamper`.

A desk of its own is filled through the services, as the application's role; then see bench/tampering.py.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from factcheck import embedded

NUMBERS = {"claims": 1000, "events": 5000, "editors": 20, "each": 200, "clean": 10, "speed": 0}


@contextmanager
def database(where: embedded.Place) -> Iterator[None]:
    """Give a migrated database of its own to this process, which comes as the application's role."""
    name = f"tamper_{secrets.token_hex(4)}"
    of_ours, its = f"/{embedded.OWNER}?", f"/{name}?"
    os.environ.pop("DATABASE_AS_OWNER", None)
    os.environ |= {
        "DATABASE_URL": where.database_url.replace(of_ours, its),
        "DATABASE_OWNER_URL": where.owner_url.replace(of_ours, its),
        "REDIS_URL": where.redis_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
    }
    address = {"host": f"{where.folder}/run", "dbname": embedded.OWNER, "user": embedded.OWNER}
    with psycopg.connect(**address, autocommit=True) as owner:  # type: ignore[arg-type]  # only words are given
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=embedded.CLONE, check=True)
            yield
        finally:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def main() -> None:
    """Run all of it; end with 1 on any miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in NUMBERS.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    hold = embedded.Hold(embedded.place(os.environ.get("TEST_SERVICES", "bench")))
    try:
        with database(hold.place), tempfile.TemporaryDirectory(prefix="tamper") as folder:
            import django
            import django.db

            django.setup()
            from bench import tampering

            try:
                missed = tampering.Trial(asked, Path(folder)).run()
            finally:
                django.db.connections.close_all()
    finally:
        hold.release()
    if missed:
        sys.exit(f"MISSED: {', '.join(missed)}")


if __name__ == "__main__":
    main()
