"""`make drill`: a backup taken while articles come in, restored into a fresh server, and both compared.

python -m tests.chaos.drill [--articles N]
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from factcheck.management.demo import outlet
from tests.chaos.desk import eventually
from tests.chaos.outlets import Sites
from tests.chaos.stage import Stage, Table, stage

CLAIMS = 100
SHAPE = {
    "tables": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    "triggers": "SELECT tgrelid::regclass::text || '.' || tgname || tgenabled::text FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "constraints": "SELECT conrelid::regclass::text || '.' || conname FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    # By name: the server writes a condition's casts otherwise once it has read it back.
    "indexes": "SELECT indexrelid::regclass::text || indisunique || indisvalid FROM pg_index"
    " JOIN pg_class AS its ON its.oid = indrelid WHERE its.relnamespace = 'public'::regnamespace",
    # Rights that nobody was ever granted are the owner's, whether they are written down or not.
    "rights": "SELECT relname || relowner::regrole::text || (SELECT string_agg(one::text, ' ' ORDER BY one::text)"
    " FROM unnest(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner)))"
    " AS one) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')",
}
HEADS = "SELECT DISTINCT ON (subject_uid) subject_uid::text, sequence, digest FROM claims_event ORDER BY 1, 2 DESC"


@dataclass(frozen=True, slots=True)
class Copy:
    """What a database held at one moment."""

    rows: dict[str, int]
    heads: list[tuple[Any, ...]]
    shape: dict[str, list[str]]
    claims: list[str]


def main() -> int:
    """Print the table; return 1 on any difference."""
    parser = argparse.ArgumentParser(description="Backup and restore drill")
    parser.add_argument("--articles", type=int, default=150, help="how many are split before the dump is taken")
    wanted = parser.parse_args().articles
    table, sites = Table(), Sites()
    with stage(**sites.settings) as desk:
        desk.start_all()
        with writing(desk) as sent:
            fill(desk, table, sent, wanted)
            before, seconds = back_up(desk, desk.folder / "factcheck.dump")
            table.row("pg_dump while articles came in", f"{seconds:.1f} s, {len(sent)} articles sent so far")
        shown = render(desk, before.claims)
        shutil.copytree(desk.release.folder / "var", desk.folder / "var")
        with stage(**sites.settings) as fresh:
            restore(desk, fresh, table)
            compare(before, fresh, table)
            work_again(desk, fresh, table, shown)
    sites.close()
    return table.worst


@contextmanager
def writing(desk: Stage) -> Iterator[list[str]]:
    """Let articles come in until the end of the block; yields what was acknowledged so far."""
    sent: list[str] = []
    over = threading.Event()

    def send() -> None:
        while not over.wait(0.02):
            number = len(sent)
            sent.append(
                desk.ingest(f"Mill {number} in Merrin burned down on Sunday. Police arrested {number + 2} people.")
            )

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield sent
    finally:
        over.set()
        thread.join()


def fill(desk: Stage, table: Table, sent: list[str], wanted: int) -> None:
    """Take in a page that is watched, and wait until enough articles are split."""
    status, page = desk.api("POST", "/api/v1/articles", {"url": outlet.CROSSING})
    assert status == 201, page
    split = "SELECT count(*) FROM claims_article WHERE state = 'split'"
    eventually(lambda: desk.rows(split)[0][0] >= wanted, within=600, what=f"{wanted} articles are split")
    eventually(lambda: desk.split(page["uid"]), within=120, what="the page is split")
    table.say(f"{desk.rows(split)[0][0]} of {len(sent)} articles are split; writes go on")


def back_up(desk: Stage, dump: Path) -> tuple[Copy, float]:
    """Dump as the operator does, and note what the dump's very snapshot holds."""
    with desk.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        started = time.monotonic()
        desk.servers.tool("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}", "factcheck")
        return copy_of(connection), time.monotonic() - started


def copy_of(connection: psycopg.Connection[Any]) -> Copy:
    """Count every table, take every chain's head, and choose claims by a seed that says which."""
    shape = {name: sorted(row[0] for row in connection.execute(sql)) for name, sql in SHAPE.items()}
    rows = {}
    for name in shape["tables"]:
        (rows[name],) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() or (0,)
    heads = connection.execute(HEADS).fetchall()
    # Of split articles only: what is still being split may get another appearance after the snapshot.
    uids = connection.execute(
        "SELECT DISTINCT uid::text FROM claims_claim AS claim WHERE EXISTS (SELECT FROM claims_appearance AS seen"
        " JOIN claims_article AS article ON article.id = seen.article_id"
        " WHERE seen.claim_id = claim.id AND article.state = 'split') ORDER BY 1"
    ).fetchall()
    chosen = random.Random(20).sample([uid for (uid,) in uids], min(CLAIMS, len(uids)))
    return Copy(rows, heads, shape, chosen)


def render(desk: Stage, uids: list[str]) -> dict[str, Any]:
    """Return claims as REST renders them."""
    shown = {}
    for uid in uids:
        status, shown[uid] = desk.api("GET", f"/api/v1/claims/{uid}")
        assert status == 200, shown[uid]
    return shown


def restore(desk: Stage, fresh: Stage, table: Table) -> None:
    """Make a new server with its roles, restore into it, and put the files back beside it."""
    fresh.start_servers()
    dump = str(desk.folder / "factcheck.dump")
    started = time.monotonic()
    fresh.servers.tool("pg_restore", "--exit-on-error", "--single-transaction", "--dbname=factcheck", dump)
    table.row(
        "pg_restore into a fresh server", f"{time.monotonic() - started:.1f} s, {Path(dump).stat().st_size:,} bytes"
    )
    shutil.copytree(desk.folder / "var", fresh.release.folder / "var", dirs_exist_ok=True)
    same = digests(desk.folder / "var") == digests(fresh.release.folder / "var")
    table.row("files of var put back", f"{len(digests(desk.folder / 'var'))} files", good=same)
    fresh.keep("SECRET_KEY", desk.values["SECRET_KEY"])
    fresh.token = desk.token


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file, by its path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def compare(before: Copy, fresh: Stage, table: Table) -> None:
    """Hold the restored database against the snapshot, before any process of ours touches it."""
    with fresh.connect() as connection:
        after = copy_of(connection)
    for name in sorted(before.rows.keys() | after.rows.keys()):
        was, now = before.rows.get(name), after.rows.get(name)
        if was or now:
            table.row(f"rows of {name}", f"{was} = {now}" if was == now else f"{was} became {now}", good=was == now)
    table.row("rows in all", sum(after.rows.values()), good=before.rows == after.rows)
    table.row("chain heads, every subject", len(after.heads), good=before.heads == after.heads)
    for name, found in before.shape.items():
        lost = set(found) ^ set(after.shape[name])
        table.row(f"the same {name}", sorted(lost)[:3] or len(found), good=not lost)


def work_again(desk: Stage, fresh: Stage, table: Table, shown: dict[str, Any]) -> None:
    """Start the desk on what was restored: it shows the same, works on, and its chains hold."""
    table.row("nothing is left to migrate", fresh.run("migrate", "python", "manage.py", "migrate", "--check") or "none")
    table.row("audit_verify", fresh.run("migrate", "python", "manage.py", "audit_verify").strip())
    fresh.start_processes()
    again = render(fresh, list(shown))
    differing = [uid for uid in shown if shown[uid] != again[uid]]
    table.row("random claims by REST, with the old token", f"{len(again)} equal", good=not differing)
    for uid in differing[:3]:
        table.say(f"  {uid}: {shown[uid]} became {again[uid]}")
    uid = fresh.ingest("The granary of Merrin burned down on Sunday. Police arrested 9000 people nearby.")
    eventually(lambda: fresh.split(uid), within=300, what="an article is split after the restore")
    new = fresh.claims(f"?article={uid}")
    table.row("a new article and its claims get numbers of their own", f"{len(new)} claims", good=len(new) == 2)
    missing = desk.rows("SELECT count(*) FROM claims_article WHERE state <> 'split'")[0][0]
    eventually(
        lambda: fresh.rows("SELECT count(*) FROM claims_article WHERE state <> 'split'") == [(0,)],
        within=600,
        what="what was unsplit in the dump is split",
    )
    table.row("what waited in the dump is split too", f"{missing} still wait at the old desk")
    table.row("audit_verify, after work went on", fresh.run("web", "python", "manage.py", "audit_verify").strip())


if __name__ == "__main__":
    sys.exit(main())
