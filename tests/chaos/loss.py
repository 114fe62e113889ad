"""P1, no loss: whatever is killed at whatever moment, each answered article is split once and each edit told once."""

from __future__ import annotations

import random
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.checker import Verdict, check, is_drained, is_seen, leased_tables
from tests.chaos.client import Client
from tests.chaos.desk import Desk, token_of
from tests.chaos.faults import CRASHPOINTS, Killer, crash_at
from tests.chaos.mutations import PLANTS
from tests.chaos.servers import Servers
from tests.chaos.sites import EDITS, Sites

LEASE_S = 60.0
START_WITHIN_S = 120.0
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "LOG_LEVEL": "WARNING",
    "CHANGE_LOOKS": "1",
    "LOOK_AGAIN_WITHIN": "3",
    "HOST_GAP": "0",
}
# An exact count of what was handed out more than once: attempts are forgotten when a row is finished.
_INSTRUMENT = (
    "CREATE TABLE IF NOT EXISTS harness_redelivered (kind text, at timestamptz)",
    "GRANT ALL ON harness_redelivered TO PUBLIC",
    """CREATE OR REPLACE FUNCTION harness_note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO harness_redelivered VALUES (TG_TABLE_NAME, clock_timestamp()); RETURN NEW; END $$""",
)
_TRIGGER = """CREATE OR REPLACE TRIGGER harness_note AFTER UPDATE ON {} FOR EACH ROW
    WHEN (NEW.attempts > 1 AND NEW.attempts > OLD.attempts) EXECUTE FUNCTION harness_note()"""


@dataclass(frozen=True)
class Plan:
    """How much of everything, and from which seed."""

    seed: int
    ingests: int = 4000
    kills: int = 100
    gap_s: float = 2.0
    pages: int = 20
    edits: int = EDITS
    crashpoints: tuple[str, ...] = CRASHPOINTS
    faults: tuple[str, ...] = ()
    stop_s: float = 5.0
    lease_s: float = 0.0
    plant: str = ""
    env: dict[str, str] = field(default_factory=dict)
    drain_within_s: float = 900.0
    # How long a fault waits for the desk to work again after the last one: killing the dead shows nothing.
    revive_within_s: float = 30.0
    # Of this share of the faults none is waited out: they meet a desk that still gets up from the last one.
    unrevived: float = 0.25

    def settings(self, sites: Sites) -> dict[str, str]:
        """Return what the desk's environment says."""
        planned = {
            "LOOPBACK_HOSTS": sites.stand_ins,
            "CHAOS_PLANT": self.plant,
            "CHAOS_LEASE_S": str(self.lease_s),
        }
        return SETTINGS | planned | self.env


@dataclass
class Report:
    """What one run did and found."""

    plan: Plan
    faults: dict[str, int]
    crashed: dict[str, float | None]
    sent: int
    retried: int
    redelivered: int
    edits: int
    ran_s: float
    drained_s: float | None
    verdict: Verdict
    # Faults that struck before the desk was back from the last; faults that met nobody; keys tried; looks hurried on.
    piled: int = 0
    missed: int = 0
    keys: int = 0
    hurried: int = 0

    @property
    def holds(self) -> bool:
        """Whether the promise was kept, and every crashpoint was really crashed at."""
        return self.verdict.holds and None not in self.crashed.values() and self.drained_s is not None

    def as_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self) | {"holds": self.holds}


@contextmanager
def stage(
    name: str,
    plan: Plan,
    say: Callable[[str], None],
    *,
    redis_url: Callable[[Servers], str] = lambda servers: servers.place.redis_url,
    connections: int = 6,
    hosts: int = 5,
    keys_of: int = 10,
) -> Iterator[tuple[Desk, Servers, Sites, Client]]:
    """Give servers, sites, a running desk and its client, all of this run's own; and take everything away."""
    with ExitStack() as away:
        where = Path(away.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        servers = Servers(name)
        away.callback(servers.stop)
        servers.start()
        sites = Sites(hosts)
        away.callback(sites.stop)
        desk = Desk(
            where,
            database_url=servers.place.database_url,
            owner_url=servers.place.owner_url,
            redis_url=redis_url(servers),
            env=plan.settings(sites),
        )
        desk.manage("migrate", "--verbosity", "0")
        tables = desk.rows("SELECT table_name FROM information_schema.columns WHERE column_name = 'attempts'")
        servers.as_owner(*_INSTRUMENT, *(_TRIGGER.format(table) for (table,) in tables))
        if plan.plant:
            servers.as_owner(*PLANTS[plan.plant].owner)
        away.callback(desk.cut)
        desk.run()
        client = Client(desk, token_of(desk), where / "history.jsonl", connections=connections, keys_of=keys_of)
        away.callback(client.close)
        say(f"a desk on port {desk.port}, its files in {where}")
        yield desk, servers, sites, client


@dataclass
class Haste:
    """Looks again at once at pages that could not be seen while things died; a desk left alone waits for minutes."""

    desk: Desk
    say: Callable[[str], None]
    looks: int = 0

    def look_again(self) -> None:
        """Make them due, and say what had come between."""
        failed = "FROM sources_document WHERE failures > 0 AND due_at > now() + interval '5 s' AND lease_until IS NULL"
        with suppress(psycopg.Error):
            for url, why in self.desk.rows(f"SELECT url, outcome || ': ' || outcome_detail {failed}"):
                self.say(f"looking again at {url}: {why}")
                self.looks += 1
            self.desk.rows(f"UPDATE sources_document SET due_at = now() WHERE id IN (SELECT id {failed}) RETURNING id")


class Editor:
    """Edits the pages during a run: the next sentence of a page once the last one was seen and split."""

    def __init__(self, desk: Desk, sites: Sites, *, pages: range, edits: int, gap_s: float, rng: random.Random) -> None:
        self.desk, self.sites, self.pages, self.edits, self.gap_s, self.rng = desk, sites, pages, edits, gap_s, rng
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._edit, daemon=True)
        self._thread.start()

    def finish(self, within: float, say: Callable[[str], None], haste: Haste) -> None:
        """Make the edits that are left without a pause, and wait for the last of them to be made."""
        self.gap_s = 0.2
        deadline = time.monotonic() + within
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._thread.join(5)
            haste.look_again()
            say(f"{sum(self.sites.edits.values())} of {len(self.pages) * self.edits} edits made")
        self._over.set()
        self._thread.join(10)

    def _edit(self) -> None:
        while not self._over.wait(self.gap_s):
            left = [number for number in self.pages if self.sites.edits.get(number, 0) < self.edits]
            if not left:
                return
            with suppress(psycopg.Error):  # the server is down just now
                ready = [number for number in left if self._is_seen(number)]
                if ready:
                    self.sites.edit(self.rng.choice(ready))

    def _is_seen(self, number: int) -> bool:
        versions = self.sites.edits.get(number, 0) + 1
        return self.desk.rows(
            "SELECT count(*) FROM sources_change c JOIN sources_document d ON d.id = c.document_id"
            " JOIN claims_article a ON a.document_id = d.id WHERE c.due_at IS NULL AND a.due_at IS NULL"
            f" AND a.state = 'split' AND c.found IN ('first', 'changed') AND d.url = '{self.sites.url(number)}'"
        ) == [(versions,)]


def run(plan: Plan, *, name: str, say: Callable[[str], None]) -> Report:
    """Run the plan from beginning to end."""
    started = time.monotonic()
    rng = random.Random(plan.seed)
    with stage(name, plan, say) as (desk, servers, sites, client):
        killer = Killer(desk, servers, rng, stop_s=plan.stop_s)
        pages = range(plan.pages)
        client.pages([sites.url(number) for number in pages])
        client.texts(plan.ingests, rate=plan.ingests / max(10.0, plan.kills * plan.gap_s))
        length = max(1.0, plan.kills * plan.gap_s)
        editor = Editor(
            desk, sites, pages=pages, edits=plan.edits, rng=random.Random(plan.seed),
            gap_s=length / max(1, plan.pages * plan.edits),
        )  # fmt: skip
        _revived(desk, client, START_WITHIN_S)  # a fault before anything was answered shows nothing
        piled = _strike_all(plan, killer, client, rng, say)
        crashed = _crash_all(plan, desk, client, sites, say)
        last_fault, haste = time.monotonic(), Haste(desk, say)
        say("no more faults; finishing the edits")
        client.wait(plan.drain_within_s)
        editor.finish(plan.drain_within_s, say, haste)
        killer.rest()
        drained_at = drained(desk, plan.drain_within_s, client, sites, haste)
        say("drained" if drained_at else f"NOT drained within {plan.drain_within_s} s: {waiting(desk)}")
        time.sleep(plan.lease_s or LEASE_S)  # whoever still holds what was done by another would show now
        verdict = check(desk, client.sent, sites)
        verdict.broken += client.wrong_keys
        return Report(
            plan,
            faults=dict(killer.done),
            crashed=crashed,
            sent=len(client.sent),
            retried=sum(1 for one in client.sent if one.tries > 1),
            redelivered=desk.rows("SELECT count(*) FROM harness_redelivered")[0][0],
            edits=sum(sites.edits.values()),
            ran_s=round(time.monotonic() - started, 1),
            drained_s=round(drained_at - last_fault, 1) if drained_at else None,
            verdict=verdict,
            piled=piled,
            missed=plan.kills - sum(killer.done.values()),
            keys=client.keys_tried,
            hurried=haste.looks,
        )


def _strike_all(plan: Plan, killer: Killer, client: Client, rng: random.Random, say: Callable[[str], None]) -> int:
    """Do every fault of the plan; return how many did not wait until the desk was back from the last."""
    piled = 0
    for place, kind in enumerate(killer.plan(plan.kills, plan.faults), 1):
        time.sleep(plan.gap_s * (0.5 + rng.random()))
        if rng.random() < plan.unrevived:
            piled += 1
        else:
            _revived(killer.desk, client, plan.revive_within_s)
        _spared(killer.desk, plan)
        is_struck = killer.strike(kind)
        say(f"{place}/{plan.kills} {kind}{'' if is_struck else ' met nobody'}; {client.open} not answered yet")
    return piled


def _revived(desk: Desk, client: Client, within: float) -> None:
    """Wait until another article is split, or none is left to be."""
    deadline, before = time.monotonic() + within, processed(desk)
    while time.monotonic() < deadline:
        now = processed(desk)
        if now is not None and (before is None or now > before or now >= len(client.sent)):
            return
        time.sleep(0.1)


def _spared(desk: Desk, plan: Plan) -> None:
    """Let finish what died twice: a third death makes a row stuck, whosever fault it was, and that is as promised."""
    deadline = time.monotonic() + (plan.lease_s or LEASE_S) + 30
    tables: Collection[str] = ()
    while time.monotonic() < deadline:
        with suppress(psycopg.Error):
            tables = tables or leased_tables(desk)
            twice = " + ".join(f"(SELECT count(*) FROM {table} WHERE attempts >= 2)" for table in tables)
            if desk.rows(f"SELECT {twice}") == [(0,)]:
                return
        time.sleep(0.2)


def processed(desk: Desk) -> int | None:
    """Return how many splittings were finished; None while the database is down."""
    with suppress(psycopg.Error):
        count: int
        ((count,),) = desk.rows("SELECT count(*) FROM claims_event WHERE type = 'article.processed'")
        return count
    return None


def _crash_all(
    plan: Plan, desk: Desk, client: Client, sites: Sites, say: Callable[[str], None]
) -> dict[str, float | None]:
    """Die once at each crashpoint, with traffic that passes it."""
    crashed: dict[str, float | None] = {}
    for place, point in enumerate(plan.crashpoints):
        _spared(desk, plan)
        client.pages([sites.url(plan.pages + place)])

        def work() -> None:
            if client.open < 3:
                client.texts(1, rate=1)
            time.sleep(0.5)

        crashed[point] = crash_at(desk, point, work=work)
        say(f"crashed at {point}" if crashed[point] else f"NEVER passed {point}")
    return crashed


def drained(desk: Desk, within: float, client: Client, sites: Sites, haste: Haste | None = None) -> float | None:
    """Wait until nothing is left to do and every edit was seen; return when that was."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with suppress(psycopg.Error):
            if is_seen(desk, client.sent, sites) and is_drained(desk):
                return time.monotonic()
        if haste:
            haste.look_again()
        time.sleep(0.5)
    return None


def waiting(desk: Desk) -> str:
    """Say what is left to do, for whoever must find out why."""
    found = []
    for table in ("claims_article", "claims_representation", "sources_change", "sources_document"):
        counts = "count(*), count(lease_until), count(quarantined_at), max(attempts), min(due_at), max(due_at)"
        found.append(f"{table} {desk.rows(f'SELECT {counts} FROM {table} WHERE due_at IS NOT NULL')[0]}")
    return "; ".join(found)
