"""How much work thirty articles make: what of their claims comes into the queue, and what must be there."""

from collections.abc import Mapping
from typing import Any

from bench.servers import servers
from bench.splitting_sets import NoTexts, Sets

ARTICLES, BESIDE = 30, "polnear_doc"
Spans = set[tuple[int, int]]


def measure(sets: Sets) -> Mapping[str, float]:
    """Take in the annotated articles and as many others as are wanted, split and match them, and count."""
    texts = sets.texts()
    others = [row["text"] for row in sets.rows(BESIDE)][: ARTICLES - len(texts)]
    if len(texts) + len(others) < ARTICLES:
        raise NoTexts(BESIDE)
    with servers() as _folder:
        import django

        django.setup()
        return _counted(sets, texts, others)


def _counted(sets: Sets, texts: Mapping[str, str], others: list[str]) -> Mapping[str, float]:
    from claims.models import Claim, Triage
    from claims.services import articles
    from factcheck import ledger
    from factcheck.lib import clock

    now = clock.now()
    taken = {name: articles.submit_text(text, now=now, outlet=f"Outlet {name}")[0] for name, text in texts.items()}
    for number, text in enumerate(others):
        articles.submit_text(text, now=now, outlet=f"Outlet {number}")
    ledger.drain_all()
    queued = set(Triage.objects.queued(clock.now()).values_list("pk", flat=True))
    wanted, there = 0, 0
    for name, article in taken.items():
        rows = [claim for claim in sets.gold(name) if claim["certainty"] == "unconfirmed"]
        for claim in rows:
            is_there = any(_overlaps(quote, article, queued) for quote in claim["quote"])
            wanted, there = wanted + 1, there + is_there
            if not is_there:
                print(f"not in the queue, {name}: {claim['quote']}", flush=True)
    reasons = {view: Triage.objects.queued(now).because(view).count() for view in sorted(_reasons())}
    print({"queued because": {view: many for view, many in reasons.items() if many}}, flush=True)
    return {
        "articles": float(len(taken) + len(others)),
        "claims": float(Claim.objects.count()),
        "queued": float(len(queued)),
        "unconfirmed": there / wanted,
    }


def _reasons() -> list[str]:
    from claims.verification.priority import Why

    return [why.value for why in Why]


def _overlaps(quote: str, article: Any, queued: set[int]) -> bool:
    """Say whether a claim that is queued, or is joined to one that is, stands on some of these words."""
    article.refresh_from_db()
    start = article.snapshot.text.find(quote)
    if start < 0:
        return False
    end = start + len(quote)
    for place in article.appearances.select_related("claim"):
        head = place.claim.head_id or place.claim_id
        if head in queued and any(span["start"] < end and start < span["end"] for span in place.spans):
            return True
    return False
