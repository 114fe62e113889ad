"""How well posts find claims through the database's index: mean average precision at five, beside that in memory."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.matching_ranks import SETS, mean_average_precision, measured
from bench.servers import servers
from bench.splitting_sets import NoTexts, Sets

BATCH, BEST = 100, 5


def measure(sets: Sets) -> Mapping[str, float]:
    """MAP@5 of the newer set by the index, and what is lost against the command line's answers."""
    folder = sets.benchmarks / SETS["ct22"]
    if not (folder / "dev.jsonl").is_file():
        raise NoTexts(str(folder))
    in_memory = measured(folder)
    with servers() as _files:
        import django

        django.setup()
        found = _by_the_index(folder)
    print({"in memory": in_memory, "by the index": found}, flush=True)
    return {"ct22": found, "lost": max(0.0, in_memory - found)}


def _by_the_index(folder: Path) -> float:
    from claims.services import recognising, terms

    keys = _filled(_rows(folder / "verified_claims.jsonl"))
    terms.count_again()
    ranked, relevant = [], []
    for row in _rows(folder / "dev.jsonl"):
        near, note = recognising.about(row["text"], limit=BEST)
        if note:
            raise SystemExit(note)
        ranked.append([keys[one.claim_id] for one in near])
        relevant.append(row["relevant"])
    return mean_average_precision(ranked, relevant)


def _filled(rows: Sequence[dict[str, Any]]) -> dict[int, str]:
    """Write claims and put them into the index as a worker does, title and all; return their ids by key."""
    from django.db import connection, transaction

    from claims.models import Claim, Representation
    from claims.services import representing
    from claims.services.representing import Said
    from factcheck import ledger
    from factcheck.lib import clock

    now = clock.now()
    made = Claim.objects.bulk_create(
        [Claim(text=row["vclaim"][:2000], status_since=now, origin=Claim.Origin.PERSON) for row in rows],
        batch_size=BATCH,
    )
    ids = {claim.pk: row["vclaim_id"] for claim, row in zip(made, rows, strict=True)}
    titles = {claim.pk: row.get("title", "") for claim, row in zip(made, rows, strict=True)}
    texts = {claim.pk: claim.text for claim in made}
    work = ledger.register.works["match"]
    while held := ledger.lease(work, batch=BATCH):
        representing.represent(held, {one.pk: Said(texts[one.pk], more=titles[one.pk]) for one in held})
        with transaction.atomic():
            ledger.finish_many(held, due_at=None, is_matched=True)
    if Representation.objects.exclude(due_at=None).exists():
        raise SystemExit("Not all claims came into the index.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_representation")
    return ids


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
