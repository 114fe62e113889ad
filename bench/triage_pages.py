"""The desk's pages with a hundred thousand claims: the server's part of the time, through the whole of Django.

TRIAGE_CLAIMS=10000 makes it smaller. Everything lies on the bench's own PostgreSQL and is taken away behind it.
"""

import os
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus

import psycopg

from bench.matching_index import p95
from bench.servers import servers
from bench.splitting_sets import Sets

CLAIMS = int(os.environ.get("TRIAGE_CLAIMS", "100000"))
AN_ARTICLE, ASKED, SETTLED = 50, 40, 5000
QUEUE, LIST = "/admin/claims/triage/", "/admin/claims/claim/"
# Past the triggers, since they make each row due: what a desk would have after years.
_FILL = (
    """INSERT INTO claims_claim (uid, text, language, kind, topic, said_where, check_worthiness, status, status_since,
        holds_until, origin, created_at, attempts, last_error)
    SELECT gen_random_uuid(), 'Bridge ' || n || ' was closed to lorries after ' || n %% 97 || ' cracks were found.',
        'en', CASE WHEN n %% 9 = 0 THEN 'opinion' ELSE 'fact' END, '', '', (n * 7919 %% 1000) / 1000.0,
        CASE WHEN n %% 40 = 0 THEN 'refuted' WHEN n %% 41 = 0 THEN 'unconfirmed' WHEN n %% 43 = 0 THEN 'in_review'
            ELSE 'unreviewed' END, article.created_at, NULL, 'split', article.created_at, 0, ''
    FROM generate_series(1, %(claims)s) AS n
    JOIN claims_article AS article ON article.id = (SELECT min(id) FROM claims_article) + n / %(an_article)s""",
    """INSERT INTO claims_appearance (uid, claim_id, article_id, snapshot_id, spans, quote, fingerprint, certainty,
        kind, salience, because, anchor, anchor_sentence)
    SELECT gen_random_uuid(), claim.id, article.id, article.snapshot_id,
        '[{"start": 0, "end": 43, "quote": "The bridge"}]',
        'The bridge was closed to lorries on Monday.', md5(claim.id::text), CASE WHEN claim.status = 'unconfirmed'
            THEN 'unconfirmed' ELSE 'asserted' END, claim.kind, 'core', '[]', 'holds', ''
    FROM claims_claim AS claim JOIN claims_article AS article ON article.created_at = claim.created_at""",
    """INSERT INTO claims_flag (claim_id, reason, detail, since, cleared_how)
    SELECT id, 'quote_changed', '{}', status_since, '' FROM claims_claim WHERE id %% 200 = 0""",
    """INSERT INTO claims_triage (claim_id, due_at, attempts, last_error) SELECT id, now(), 0, '' FROM claims_claim""",
)
_TABLES = ("claims_article", "claims_claim", "claims_appearance", "claims_flag", "claims_triage")
TEXT = "The bridge was closed to lorries on Monday. " * 60


def measure(_sets: Sets) -> Mapping[str, float]:
    """Fill, settle, and ask for each page."""
    with servers() as _folder:
        # Everything stays: the longest queue that these claims can make.
        os.environ.update(QUEUE_LAPSES_DAYS="3650", SECOND_FACTOR="optional", DEBUG="0")
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        _filled()
        figures = {"claims": float(CLAIMS), **_settled()}
        return figures | _pages()


def _filled() -> None:
    _articles()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as one:
        for table in _TABLES:
            one.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in _FILL:
            one.execute(statement, {"claims": CLAIMS, "an_article": AN_ARTICLE})
        for table in _TABLES:
            one.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            one.execute(f"VACUUM ANALYZE {table}")


def _articles() -> None:
    """Write the articles that they stand in, nine minutes apart, each as its outlet's one page."""
    from claims.models import Article
    from factcheck.lib import clock
    from sources.models import Document, Snapshot, Source

    many, now = CLAIMS // AN_ARTICLE + 1, clock.now()
    outlets = Source.objects.bulk_create([Source(name=f"Outlet {number}", kind="outlet") for number in range(200)])
    pages = Document.objects.bulk_create([
        Document(identity=f"seed:{number}", title=f"Story {number}", language="en", publisher=outlets[number % 200])
        for number in range(many)
    ])  # fmt: skip
    seen = Snapshot.objects.bulk_create([
        Snapshot(document=page, number=1, taken_at=now, captured_by="person", title=page.title, language="en",
                 text=TEXT, digest=f"{page.pk:064}")
        for page in pages
    ])  # fmt: skip
    articles = Article.objects.bulk_create([
        Article(document=page, snapshot=version, state="split", split_at=now)
        for page, version in zip(pages, seen, strict=True)
    ])  # fmt: skip
    for number, (page, version, article) in enumerate(zip(pages, seen, articles, strict=True)):
        page.snapshot, article.created_at = version, now - number * timedelta(minutes=9)
    Document.objects.bulk_update(pages, ["snapshot"], batch_size=500)
    Article.objects.bulk_update(articles, ["created_at"], batch_size=500)


def _settled() -> dict[str, float]:
    from claims.models import Triage
    from factcheck import ledger
    from factcheck.lib import clock

    start = time.perf_counter()
    ledger.drain(ledger.register.works["triage"], for_s=3600)
    took = time.perf_counter() - start
    if Triage.objects.exclude(due_at=None).exists():
        raise SystemExit(f"Not all were settled: {Triage.objects.exclude(last_error='').values('last_error')[:1]}")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as one:
        one.execute("VACUUM ANALYZE claims_triage")
    return {"settle": CLAIMS / took, "queued": float(Triage.objects.queued(clock.now()).count())}


def _pages() -> dict[str, float]:
    from django.test import Client

    from claims.models import Claim, Triage
    from factcheck.access.models import User
    from factcheck.access.roles import Role
    from factcheck.lib import clock

    browser = Client()
    browser.force_login(User.objects.create_user(username="bench", role=Role.FACT_CHECKER))

    def asked(url: Callable[[int], str]) -> float:
        took = []
        for number in range(ASKED + 5):
            address = url(number)
            start = time.perf_counter()
            answer = browser.get(address)
            took.append(time.perf_counter() - start)
            if answer.status_code != HTTPStatus.OK:
                raise SystemExit(f"{address} answers {answer.status_code}")
        return p95(took[5:]) * 1e3

    rows = list(Triage.objects.queued(clock.now()).values_list("priority", "pk")[:2000])
    on = min(1000, len(rows) - ASKED - 5)
    claims = list(Claim.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, CLAIMS // (2 * ASKED))])
    return {
        "queue": asked(lambda _number: QUEUE),
        "further": asked(lambda number: f"{QUEUE}?before={rows[on + number][0]}.{rows[on + number][1]}"),
        "narrowed": asked(lambda _number: f"{QUEUE}?show=verdict_flagged"),
        "list": asked(lambda number: f"{LIST}?status=unreviewed&kind=fact&p={1 + number % 20}"),
        "claim": asked(lambda number: f"{LIST}{claims[number]}/change/"),
    }
