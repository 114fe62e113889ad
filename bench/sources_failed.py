"""A failed look is never a change: sixty ways to fail, five looks at each, then an edit of every page.

    python -m bench.sources_failed [--only NAME]

Each page has a server of its own on loopback, and is asked through the guarded client, read in the jail and written to
rows as a worker does it; only the clock is ours, ten minutes a look, and a fetch ends after four seconds, not twenty.
"""

import argparse
import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.behaviours import OVER_TLS, PATH, behaviours, page, secure, story
from bench.splitting_sets import NotMeasured, Sets
from factcheck.lib.http import Limits, fetch
from tests.pure.lib.servers import PUBLIC, Origin, Script, answer, origin

ROOT = Path(__file__).resolve().parent.parent
FAILED_LOOKS, LOOKS_AFTER = 5, 3
LIMITS = Limits(total_s=4.0)
AT_ONCE = 12
LIMIT_S = 1_800


def measure(_sets: Sets) -> Mapping[str, float]:
    """Measure it in a process of its own, for it has servers and a database of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.sources_failed"],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=LIMIT_S,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(done.stderr.strip().splitlines()[-1][:200])
    sys.stderr.write(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON, and on the other channel what became of each behaviour."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a behaviour, by name")
    asked = parser.parse_args(arguments)
    from bench.servers import servers

    with servers():
        import django

        django.setup()
        figures = run(asked.only)
    print(json.dumps(figures))
    return 0


@dataclass
class Site:
    """One page, its server and what the server does: shows the page, fails, or shows it edited."""

    number: int
    name: str
    fails: Script
    state: str = "good"
    outcomes: list[str] = field(default_factory=list)
    servers: dict[int, Origin] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address; a host of its own."""
        return f"http://page-{self.number}.test{PATH}"

    def open(self, stack: ExitStack) -> None:
        """Start what listens: port 80, and 443 where the behaviour is one of certificates."""
        self.servers[80] = stack.enter_context(origin(self.answers))
        if self.name in OVER_TLS:
            self.servers[443] = stack.enter_context(origin(secure(OVER_TLS[self.name]), reads_head=False))

    def answers(self, connection: socket.socket) -> None:
        """Answer as the state wants it; elsewhere than at its path the site has a front page and a login."""
        asked = self.servers[80].heads[-1].partition(" ")[2].partition(" ")[0]
        if self.state == "failing" and asked == PATH:
            self.fails(connection)
        elif asked == PATH:
            connection.sendall(answer(page(story(self.number, dead=15 if self.state == "edited" else 12))))
        elif asked == "/":
            connection.sendall(answer(page("\n".join(f"Street {n} is closed to cars this week." for n in range(60)))))
        else:
            connection.sendall(answer(page("Welcome back. Enter your password.", more="<input type=password>")))

    def resolve(self, _host: str, _port: int) -> Sequence[str]:
        """Lead every name to a public address, unless names are what fails."""
        if self.state == "failing" and self.name in {"no such name", "resolver failed"}:
            raise socket.gaierror(socket.EAI_NONAME if self.name == "no such name" else socket.EAI_AGAIN, "no answer")
        return (PUBLIC,)

    def dial(self, address: str, port: int, timeout: float) -> socket.socket:
        """Lead every address to this site's server."""
        if self.state == "failing" and self.name == "refused":
            raise ConnectionRefusedError("nobody listens")
        return self.servers[port].dial(address, port, timeout)


def run(only: Sequence[str] = (), *, looks: int = FAILED_LOOKS, limits: Limits = LIMITS) -> dict[str, float]:
    """Look, fail, and edit; return the figures. A bench's database, or a test's, must be there."""
    from factcheck.lib import clock

    sites = [Site(at, name, fails) for at, (name, fails) in enumerate(behaviours().items()) if not only or name in only]
    with ExitStack() as stack:
        for site in sites:
            site.open(stack)
        rounds = ["good", *["failing"] * looks, *["edited"] * LOOKS_AFTER]
        at = clock.now() - timedelta(days=2)
        for state in rounds:
            at += timedelta(minutes=10)
            _round(sites, state, at, limits)
            if state == "failing":
                failed = _told(sites)
        return _figures(sites, failed, _told(sites))


def _round(sites: Sequence[Site], state: str, at: datetime, limits: Limits) -> None:
    """Look once at every page: many at a time where nothing is written, one after another where it is."""
    from factcheck import ledger
    from sources.models import Document
    from sources.services import checks, documents

    for site in sites:
        site.state = state
        known, _new = documents.watch(site.url, now=at)
        Document.objects.filter(pk=known.pk).update(due_at=at)
    leased = {held.pk: held for held in ledger.lease(ledger.register.works["look"], batch=len(sites))}
    pages = {one.url: one for one in Document.objects.select_related("snapshot").filter(pk__in=leased)}

    def look(site: Site) -> Any:
        asked = partial(fetch, resolve=site.resolve, dial=site.dial, limits=limits)
        return checks.look_at(pages[site.url], fetch=asked)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        seen = list(pool.map(look, sites))
    for site, one in zip(sites, seen, strict=True):
        held = leased[pages[site.url].pk]
        site.outcomes.append(str(checks.record(held, one, now=at, rng=random.Random(site.number))))  # noqa: S311


def _told(sites: Sequence[Site]) -> Counter[str]:
    """Count the changes of text that were told, by address."""
    from sources.models import Change

    changed = Change.objects.filter(found="changed", document__url__in=[site.url for site in sites])
    return Counter(changed.values_list("document__url", flat=True))


def _figures(sites: Sequence[Site], failed: Counter[str], told: Counter[str]) -> dict[str, float]:
    from sources.models import Snapshot

    for site in sites:
        print(f"{site.name:<28} {told[site.url]} {' '.join(site.outcomes)}", file=sys.stderr)
    edits = {site.url: told[site.url] - failed[site.url] for site in sites}
    right = Snapshot.objects.filter(document__url__in=edits, number=2, text__contains="At least 15 people")
    seen = {url for url in right.values_list("document__url", flat=True) if edits[url] == 1}
    return {
        "behaviours": len(sites),
        "false_changes": failed.total(),
        "edits_seen": len(seen),
        "edits_doubled": sum(count > 1 for count in edits.values()),
    }


if __name__ == "__main__":
    start = time.monotonic()
    status = main()
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    sys.exit(status)
