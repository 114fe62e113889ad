"""`make upgrade-drill`: from an older version to this one while articles come in; none is lost, none is doubled.

python -m tests.chaos.upgrade [--from REV] [--seconds S] [--rate PER_SECOND]
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import redis

from tests.chaos.compose import ROOT
from tests.chaos.desk import eventually
from tests.chaos.stage import MINT, Release, Stage, Table, stage

# The first version that stood: later ones are held against it until there is a tag.
FIRST = "ccc88ea"
WEBS = ("web-a", "web-b")
TRIES = 100
STANDSTILL_S = 90
PROVEN = 5  # articles that `prove` sends
# What a worker of another version may still find: each kind of work it knew, and one that nobody knows any more.
HINTS = (
    "from factcheck import ledger, schedule\n"
    "for name in [*ledger.register.works, 'forgotten']:\n"
    "    schedule.hint(name); schedule.tick.delay()\n"
)


@dataclass(slots=True)
class Client:
    """Sends texts at a steady rate through two webs, as a proxy would, and keeps what it was told."""

    desk: Stage
    rate: float
    told: dict[int, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    broken: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Send until told to stop; every text is sent again until it is acknowledged."""
        began = time.monotonic()
        for number in itertools.count():
            if self.over.wait(max(0.0, began + number / self.rate - time.monotonic())):
                return
            self.send(number)

    def send(self, number: int) -> None:
        """Send one text until it is acknowledged; what was unanswered is unknown, and sent again."""
        text = f"Barn {number} in Merrin burned down on Sunday. Police arrested {number + 2} people nearby."
        for attempt in itertools.count():
            web = WEBS[(number + attempt) % len(WEBS)]
            outcome, uid = self.ask(web, text)
            self.seen[outcome] += 1
            if uid:
                self.told[number] = uid
                return
            if attempt >= len(WEBS):
                time.sleep(0.2)
            if attempt > TRIES:
                self.broken.append(f"article {number} was refused {attempt} times: {outcome}")
                return

    def ask(self, web: str, text: str) -> tuple[str, str]:
        """Send once; return what came of it and, where it was acknowledged, the uid."""
        try:
            status, body = self.desk.api("POST", "/api/v1/articles", {"text": text}, web=web)
        except ConnectionRefusedError:
            return "refused before it was sent, given to the other web", ""
        except (OSError, http.client.HTTPException) as error:
            return f"unanswered ({type(error).__name__}), sent again", ""
        if status in {200, 201}:
            return f"acknowledged with {status}", str(body["uid"])
        self.broken.append(f"{web} {status}: {str(body)[:300]}")
        return f"status {status}, sent again", ""


def main() -> int:
    """Print the table; return 1 where anything was lost, doubled or answered with 5xx."""
    parser = argparse.ArgumentParser(description="Upgrade drill")
    parser.add_argument("--from", dest="old", default="", help=f"the older version: a revision; else tag or {FIRST}")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=2.0, help="articles a second")
    wanted = parser.parse_args()
    revision = wanted.old or newest_tag() or FIRST
    if not known(revision):
        print(f"SKIPPED, nothing was drilled: this clone has no revision {revision}. Is it shallow? Fetch its history.")
        return 0
    table = Table()
    if changed("requirements.txt", since=revision):
        table.say(f"requirements.txt changed since {revision}: the older version runs on today's packages")
    with stage(revision) as desk:
        new = Release(desk.folder / "new", None)
        start_old(desk, table, revision)
        client = Client(desk, wanted.rate)
        thread = threading.Thread(target=client.run, daemon=True)
        began = time.monotonic()
        thread.start()
        roll(desk, new, table, pause=wanted.seconds / 10)
        time.sleep(max(0.0, wanted.seconds - (time.monotonic() - began)))
        client.over.set()
        thread.join(60)
        table.row("load went on for", f"{time.monotonic() - began:.0f} s, {len(client.told)} articles", good=True)
        check(desk, client, table, new)
    return table.worst


def newest_tag() -> str:
    """Return the newest tag of this history, or nothing."""
    return git("describe", "--tags", "--abbrev=0").stdout.strip()


def known(revision: str) -> bool:
    """Say whether the clone holds a revision."""
    return git("cat-file", "-e", f"{revision}^{{commit}}").returncode == 0


def changed(path: str, *, since: str) -> bool:
    """Say whether a file differs from an older version's."""
    return git("diff", "--quiet", since, "--", path).returncode != 0


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask git; the caller looks at how it ended."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def start_old(desk: Stage, table: Table, revision: str) -> None:
    """Start the older version: two webs, its worker, beat."""
    desk.start_servers()
    desk.run("migrate")
    for web in WEBS:
        desk.start(web, service="web")
    desk.start("worker", service=workers(desk)[0])
    desk.start("beat")
    for web in WEBS:
        desk.wait_healthy(web, service="web")
    desk.wait_healthy("beat")
    desk.token = desk.run("web", "python", "manage.py", "shell", "-v", "0", "-c", MINT).split("TOKEN ")[1].strip()
    table.row("the older version runs: 2 webs, worker, beat", revision)
    prove(desk, table, "web-a", "old web, old worker")


def workers(desk: Stage) -> list[str]:
    """Return the services that are workers, as compose.yaml names them today."""
    return [name for name, service in desk.services.items() if "worker" in service.command]


def roll(desk: Stage, new: Release, table: Table, *, pause: float) -> None:
    """Migrate under the running older version, then restart one after the other: five restarts."""
    time.sleep(pause)
    desk.run("migrate", release=new)
    table.row("migrated as the owner, everything still the older version", "done")
    prove(desk, table, "web-a", "old web, old worker, new tables")
    time.sleep(pause)
    desk.replace("web-a", service="web", release=new)
    table.row("restart 1: web-a", "new")
    prove(desk, table, "web-a", "new web, old worker")
    time.sleep(pause)
    desk.stop("worker")
    desk.run("web", "python", "manage.py", "shell", "-v", "0", "-c", HINTS)
    for name in workers(desk):
        desk.start(name, release=new)
    for name in workers(desk):
        desk.wait_healthy(name, release=new)
    table.row("restart 2: worker, with hints and ticks of the older version waiting", ", ".join(workers(desk)))
    desk.replace("beat", release=new)
    table.row("restart 3: beat", "new")
    desk.run("web", "python", "manage.py", "shell", "-v", "0", "-c", HINTS)
    prove(desk, table, "web-b", "old web, new worker, new beat")
    time.sleep(pause)
    desk.replace("web-b", service="web", release=new)
    table.row("restart 4: web-b", "new")
    time.sleep(pause)
    for name in workers(desk):
        kill(desk, name, new)
    table.row("restart 5: worker, by kill -9", "started again by itself")
    prove(desk, table, "web-b", "all new")


def kill(desk: Stage, name: str, new: Release) -> None:
    """kill -9 of one service; its restart policy brings it back."""
    child = desk.children[name]
    deaths, running = child.deaths, child.running
    if running is None:
        raise RuntimeError(f"{name} does not run")
    os.killpg(running.pid, signal.SIGKILL)
    eventually(lambda: child.deaths > deaths and child.running, within=30, what=f"{name} is started again")
    desk.wait_healthy(name, release=new)


def prove(desk: Stage, table: Table, web: str, what: str) -> None:
    """An article that is given to one web now is split by whoever works now, after those that came before."""
    began = moved = time.monotonic()
    uid = desk.ingest(f"While there were {what}, a boat sank near Merrin on Sunday.", web=web)
    split = -1
    while not (done := desk.rows(f"SELECT state FROM claims_article WHERE uid = '{uid}'") == [("split",)]):
        before, split = split, desk.rows("SELECT count(*) FROM claims_article WHERE state = 'split'")[0][0]
        moved = time.monotonic() if split > before else moved
        if time.monotonic() - moved > STANDSTILL_S:
            break
        time.sleep(0.2)
    figure = f"{time.monotonic() - began:.1f} s" if done else f"NOT: nothing was split for {STANDSTILL_S} s"
    table.row(f"{what}: an article is split", figure, good=done)


def wait(true: object, *, within: float) -> bool:
    """Say whether something became true in time."""
    try:
        eventually(true, within=within, what="")  # type: ignore[arg-type]
    except AssertionError:
        return False
    return True


def check(desk: Stage, client: Client, table: Table, new: Release) -> None:
    """Hold what was acknowledged against what is there."""
    unsplit = "SELECT count(*) FROM claims_article WHERE state <> 'split'"
    wait(lambda: desk.rows(unsplit) == [(0,)], within=300)
    table.row("articles not split at the end", desk.rows(unsplit)[0][0], good=desk.rows(unsplit) == [(0,)])
    for outcome, count in sorted(client.seen.items()):
        table.row(f"client: {outcome}", count, good=not outcome.startswith("status"))
    for broken in client.broken[:5]:
        table.say(broken)
    stored = Counter(str(uid) for (uid,) in desk.rows("SELECT uid FROM claims_article"))
    lost = [uid for uid in client.told.values() if uid not in stored]
    table.row("acknowledged and lost", len(lost), good=not lost)
    sent = len(client.told) + PROVEN
    table.row("stored, of as many sent", f"{len(stored)} of {sent}", good=len(stored) == sent)
    once = len(set(client.told.values())) == len(client.told)
    table.row("two texts under one uid", len(client.told) - len(set(client.told.values())), good=once)
    processed = desk.rows("SELECT count(*) FROM claims_event WHERE type = 'article.processed' GROUP BY subject_uid")
    table.row("split more than once", sum(count > 1 for (count,) in processed), good={(1,)} == set(processed))
    twice = "SELECT FROM claims_appearance GROUP BY article_id, fingerprint HAVING count(*) > 1"
    doubled = desk.rows(f"SELECT count(*) FROM ({twice}) AS twice")[0][0]
    table.row("claims doubled in an article", doubled, good=doubled == 0)
    stuck = desk.rows("SELECT count(*) FROM claims_article WHERE quarantined_at IS NOT NULL")[0][0]
    table.row("articles stuck", stuck, good=stuck == 0)
    table.row("audit_verify", desk.run("web", "python", "manage.py", "audit_verify", release=new).strip())
    with redis.Redis(port=desk.servers.valkey_port, password=desk.values["VALKEY_PASSWORD"]) as queue:
        table.row("hints of the older version that nobody reads any more", queue.llen("celery"))


if __name__ == "__main__":
    sys.exit(main())
