"""`make topology`: what docker/compose.yaml describes, as processes, does the main job and survives kill -9 of each.

python -m tests.chaos.topology
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psycopg

from factcheck.management.demo import outlet
from tests.chaos.desk import eventually
from tests.chaos.outlets import Sites
from tests.chaos.stage import Stage, Table, stage


def main() -> int:
    """Print the table; return 1 where something does not hold."""
    table, sites = Table(), Sites()
    with stage(**sites.settings) as one:
        one.start_all()
        table.row("services started in compose's order, all healthy", ", ".join(one.children))
        prove_roles(one, table)
        prove_main_job(one, table, sites)
        for name in one.children:
            prove_restart(one, table, name)
        prove_stop(one, table)
    sites.close()
    return table.worst


def prove_roles(one: Stage, table: Table) -> None:
    """The owner's password stands in no running process of ours, and the application's role alters nothing."""
    owner = one.values["OWNER_PASSWORD"].encode()
    for name in one.processes():
        running = one.children[name].running
        assert running is not None
        seen = b"".join((Path("/proc") / str(pid) / "environ").read_bytes() for pid in group(running.pid))
        table.row(f"{name}: the owner's password is not in its environment", "absent", good=owner not in seen)
    (roles,) = one.rows("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'factcheck%%' AND rolsuper")
    table.row("superusers among the desk's roles", roles[0], good=roles[0] == 0)
    (owned,) = one.rows("SELECT count(*) FROM pg_tables WHERE tableowner = 'factcheck_app'")
    table.row("tables owned by factcheck_app", owned[0], good=owned[0] == 0)
    for sql in (
        "ALTER TABLE claims_claim ADD COLUMN sneaked int",
        "DROP TABLE claims_event",
        "ALTER TABLE claims_event DISABLE TRIGGER ALL",
        "TRUNCATE claims_event",
        "SET session_replication_role = replica",
        "CREATE TABLE sneaked (a int)",
    ):
        table.row(f"factcheck_app: {sql}", *refused(one, sql))


def refused(one: Stage, sql: str) -> tuple[str]:
    """Return how the database refused it; raise where it did not."""
    with one.connect(superuser=False) as connection:
        try:
            connection.execute(sql)
        except psycopg.Error as error:
            return (f"refused: {type(error).__name__}",)
    raise AssertionError(f"not refused: {sql}")


def group(leader: int) -> list[int]:
    """Return the processes of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def prove_main_job(one: Stage, table: Table, sites: Sites) -> None:
    """An article in by REST, its claims out; its page changes, and the claims need another look."""
    status, _answer = one.api("GET", "/api/v1/claims", headers={"Authorization": "Bearer wrong"})
    table.row("a wrong token is refused", status, good=status == 401)
    uid = take_in(one, {"url": outlet.CROSSING})
    claims = one.claims(f"?article={uid}")
    table.row("address in, split, claims out by REST", f"{len(claims)} claims", good=len(claims) > 0)
    sites.edited.set()
    eventually(lambda: one.claims("?stale=true"), within=90, what="a claim needs another look")
    flags = {flag["reason"] for claim in one.claims("?stale=true") for flag in claim["flags"]}
    table.row("its page changed: claims need another look", ", ".join(sorted(flags)))


def take_in(one: Stage, article: dict[str, str]) -> str:
    """Send one article in, and wait until it is split."""
    status, body = one.api("POST", "/api/v1/articles", article)
    assert status in {200, 201}, body
    eventually(lambda: one.split(body["uid"]), within=120, what="the article is split")
    return str(body["uid"])


def prove_restart(one: Stage, table: Table, name: str) -> None:
    """kill -9 of one service with all its children: it comes back, and work goes on."""
    child = one.children[name]
    deaths, running = child.deaths, child.running
    assert running is not None
    os.killpg(running.pid, signal.SIGKILL)
    eventually(lambda: child.deaths > deaths and child.running, within=30, what=f"{name} is started again")
    one.wait_healthy(name)
    text = f"The {name} of Merrin burned down on Sunday. Police arrested {len(name)} people nearby."
    eventually(lambda: answers(one), within=60, what="the web answers")
    uid = take_in(one, {"text": text})
    claims = one.claims(f"?article={uid}")
    table.row(f"kill -9 of {name}: back, and an article split after", f"{len(claims)} claims", good=len(claims) == 2)


def answers(one: Stage) -> bool:
    """Say whether the REST door answers as it should."""
    try:
        return one.api("GET", "/api/v1/claims?page_size=1")[0] == 200
    except OSError:
        return False


def prove_stop(one: Stage, table: Table) -> None:
    """Everything stops when asked, ours before the servers."""
    for name in reversed(list(one.children)):
        running = one.children[name].running
        assert running is not None
        one.stop(name)
        left = group(running.pid)
        table.row(f"{name} stopped", running.returncode, good=not left)


if __name__ == "__main__":
    sys.exit(main())
