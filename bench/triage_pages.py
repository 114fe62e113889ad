"""The desk's pages with a hundred thousand made-up claims: the server's part of the time, through the whole of Django.

TRIAGE_CLAIMS=10000 makes it smaller. Everything lies on the bench's own PostgreSQL and is taken away behind it.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from bench.matching_index import p95
from bench.servers import ROOT, servers
from bench.splitting_sets import Sets

CLAIMS = int(os.environ.get("TRIAGE_CLAIMS", "100000"))
ASKED, WARM, SETTLED = 30, 3, 2000
QUEUE, LIST = "/admin/claims/triage/", "/admin/claims/claim/"
WORDS = ("bridge closed", "rents rose", "hospital turned away patients", "ballots counted twice")
# Each filter of the list by itself, then several at once, with words, and in another order.
NARROWED = (
    "", "status=unreviewed", "status=unconfirmed", "status=refuted", "look=yes", "look=no", "look=quote_changed",
    "look=too_old", "overdue=yes", "certainty=asserted", "certainty=unconfirmed", "kind=fact", "kind=directive",
    "source={source}", "source={speaker}", "drift=yes", "joined=too", "joined=only", "verdict=yes", "verdict=none",
    "verdict=changed", "verdict=30", "topic=health", "settled=quote_changed", "status=unreviewed&kind=fact&p=20",
    "status=unconfirmed&look=too_old&certainty=unconfirmed", "verdict=30&topic=health&source={source}",
    "kind=fact&certainty=asserted&o=-6", "status=supported&look=yes&joined=too&o=6",
)  # fmt: skip


def measure(_sets: Sets) -> Mapping[str, float]:
    """Fill, settle, and ask for each page."""
    with servers() as _folder:
        # Everything stays: the longest queue that these claims can make.
        os.environ.update(QUEUE_LAPSES_DAYS="3650", SECOND_FACTOR="optional", DEBUG="0")
        figures = {"claims": float(CLAIMS), "seed": CLAIMS / _seeded()}
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        return figures | _settled() | _pages() | _queries()


def _seeded() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "seed", "--claims", str(CLAIMS)], cwd=ROOT, check=True)
    return time.perf_counter() - start


def _settled() -> dict[str, float]:
    """Have a worker say anew where some claims stand in the queue: their rows are right already."""
    from claims.models import Triage
    from factcheck import ledger
    from factcheck.lib import clock

    some = Triage.objects.filter(pk__in=Triage.objects.order_by("-pk").values("pk")[:SETTLED])
    many = ledger.reschedule(some, due_at=clock.now())
    start = time.perf_counter()
    ledger.drain(ledger.register.works["triage"], for_s=600)
    took = time.perf_counter() - start
    if Triage.objects.exclude(due_at=None).exists():
        raise SystemExit(f"Not all were settled: {Triage.objects.exclude(last_error='').values('last_error')[:1]}")
    return {"settle": many / took, "queued": float(Triage.objects.queued(clock.now()).count())}


def _browser() -> Any:
    from django.test import Client

    from factcheck.access.models import User
    from factcheck.access.roles import Role

    browser = Client()
    who, _is_new = User.objects.get_or_create(username="bench", defaults={"role": Role.FACT_CHECKER})
    browser.force_login(who)
    return browser


def _asked(browser: Any, name: str, urls: Iterable[str], *, times: int = ASKED) -> float:
    """Return the p95 of a page in ms; the first few times its plans and templates are made."""
    took, used = [], 0.0
    for number, address in enumerate(itertools.islice(itertools.cycle(urls), times + WARM)):
        used = _processor() if number == WARM else used
        start = time.perf_counter()
        answer = browser.get(address)
        took.append(time.perf_counter() - start)
        if answer.status_code != HTTPStatus.OK:
            raise SystemExit(f"{address} answers {answer.status_code}")
    found = p95(took[WARM:]) * 1e3
    own = (_processor() - used) / times * 1e3
    print(f"  {name:62} p95 {found:6.0f} ms; the processor is at each for {own:6.0f} ms", flush=True)
    return found


def _processor() -> float:
    """Return how long the processor was at it so far, here and in the database: what a busy machine does not blur."""
    from django.db import connection

    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    ticks = server.rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _pages() -> dict[str, float]:
    from claims.models import Article, Claim, Triage
    from factcheck.lib import clock
    from sources.models import Document

    browser = _browser()
    rows = list(Triage.objects.queued(clock.now()).values_list("priority", "pk")[:2000])
    on = min(1000, len(rows) - 1)

    further = f"{QUEUE}?before={rows[on][0]}.{rows[on][1]}"
    narrowed = [f"{QUEUE}?show={view}" for view in ("verdict_flagged", "free", "unconfirmed")]
    fronts = {days: [f"/admin/?days={days}"] for days in (7, 30, 90)}
    searches = [f"q={words}" for words in WORDS] + [f"q={WORDS[0]}&status=unreviewed&kind=fact"]
    return {
        "queue": _asked(browser, "the queue", [QUEUE]),
        "further": _asked(browser, "the queue, further on", [further]),
        "narrowed": _asked(browser, "the queue, narrowed", narrowed),
        "claim": _asked(browser, "a claim", _some(Claim.objects.all())),
        "decided": _asked(browser, "a claim with a verdict", _some(Claim.objects.filter(status="supported"))),
        "article": _asked(browser, "an article", _some(Article.objects.all())),
        "document": _asked(browser, "a document", _some(Document.objects.all())),
        "dashboard": max(_asked(browser, f"the front page, {days} days", fronts[days]) for days in fronts),
        "lists": max(_lists(browser, NARROWED, times=8)),
        "searched": max(_lists(browser, searches, times=8)),
    }


def _some(rows: Any) -> list[str]:
    """Return the addresses of rows from the oldest to the newest, evenly apart."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    where = f"/admin/{rows.model._meta.app_label}/{rows.model._meta.model_name}"
    return [f"{where}/{pk}/change/" for pk in keys[:: len(keys) // ASKED or 1]]


def _lists(browser: Any, queries: Sequence[str], *, times: int) -> Iterator[float]:
    from claims.models import Attribution

    outlet = Attribution.objects.filter(position=0).earliest("pk").source_id
    speaker = Attribution.objects.filter(position=1, source__isnull=False).earliest("pk").source_id
    for query in queries:
        url = f"{LIST}?{query.format(source=outlet, speaker=speaker)}"
        yield _asked(browser, f"claims: {query or 'all'}", [url], times=times)


def _queries() -> dict[str, float]:
    """Count what each page asks the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from claims.models import Article, Claim

    browser = _browser()
    urls = [QUEUE, LIST, "/admin/?days=90", *(f"{LIST}?{query}" for query in NARROWED if "{" not in query)]
    urls += [*_some(Claim.objects.all())[-2:], *_some(Article.objects.all())[-2:]]
    most: list[int] = []
    for url in urls:
        with CaptureQueriesContext(connection) as seen:
            browser.get(url)
        most.append(len(seen))
    print(dict(zip(urls, most, strict=True)), flush=True)
    return {"queries": float(max(most))}
