"""Looks at which nothing was new are most of all: they are recorded many at once, in one statement."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from factcheck import ledger
from factcheck.lib.crashpoints import crashpoint
from sources.fetching import pace
from sources.fetching.types import Outcome
from sources.models import Document
from sources.services import checks, hosts, pacing

# Of the pages that are still ours and of which nobody else has told anything meanwhile: each gets its columns, and a
# row among the looks. Locked in the order of their ids, as everybody does who locks several.
_RECORD = """
    WITH seen AS MATERIALIZED (
        SELECT * FROM json_populate_recordset(NULL::sources_document, %(pages)s::json)
    ), ours AS MATERIALIZED (
        SELECT page.id FROM sources_document AS page JOIN seen USING (id)
        WHERE page.lease_token = seen.lease_token AND page.paused_at IS NULL AND page.gone_at IS NULL
            AND page.blind_at IS NULL AND page.pending_digest = '' AND page.stake = seen.stake
        ORDER BY page.id FOR NO KEY UPDATE OF page
    ), finished AS (
        UPDATE sources_document AS page SET ({columns}) = ROW ({values}),
            due_at = seen.due_at, lease_until = NULL, lease_token = NULL, attempts = 0, last_error = ''
        FROM seen JOIN ours USING (id) WHERE page.id = seen.id AND page.lease_token = seen.lease_token
        RETURNING page.id
    )
    INSERT INTO sources_check (document_id, due_at, at, outcome, detail, http_status, took_ms)
    SELECT look.id, look.due_at, %(now)s, look.outcome, look.detail, look.http_status, look.took_ms
    FROM json_to_recordset(%(looks)s::json) AS look (
        id bigint, due_at timestamptz, outcome text, detail text, http_status smallint, took_ms integer
    ) JOIN finished USING (id)
    RETURNING document_id
"""


def is_plain(page: Document, look: checks.Look) -> bool:
    """Say whether a look that saw nothing new changes nothing but the page's own columns."""
    is_quiet = not page.sightings and not page.pending_digest and page.gone_at is None and page.blind_at is None
    is_steady = page.unstable_since is None and page.paused_at is None
    return look.outcome is Outcome.UNCHANGED and is_quiet and is_steady


def record(
    seen: Sequence[tuple[hosts.Held, checks.Look]], *, now: datetime, rng: random.Random | None = None
) -> set[ledger.Lease]:
    """Record plain looks in the caller's transaction; return the leases of those that could be.

    What is left alone was taken from us, or somebody told of it meanwhile: `checks.record` knows what to do.
    """
    rng = rng or random.SystemRandom()
    on, edits = pacing.terms(), pacing.edits([held.page for held, _look in seen], now=now)
    pages = [_columns(held, look, edits[held.page.pk], now=now, rng=rng, on=on) for held, look in seen]
    looks = [
        {
            "id": held.lease.pk, "due_at": held.lease.due_at, "outcome": held.page.outcome,
            "detail": held.page.outcome_detail, "http_status": look.http_status, "took_ms": look.took_ms,
        }
        for held, look in seen
    ]  # fmt: skip
    columns = [str(field.column) for field in _counted()]
    statement = _RECORD.format(columns=", ".join(columns), values=", ".join(f"seen.{name}" for name in columns))
    values: dict[str, Any] = {
        "pages": json.dumps(pages, default=str),
        "looks": json.dumps(looks, default=str),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        done = {pk for (pk,) in cursor.fetchall()}
    crashpoint("check.before_commit")
    return {held.lease for held, _look in seen if held.lease.pk in done}


def _columns(
    held: hosts.Held, look: checks.Look, edits: int, *, now: datetime, rng: random.Random, on: pace.Terms
) -> dict[str, Any]:
    """Bring the page up to the look in memory, as `checks.record` does, and return its columns."""
    page = held.page
    page.outcome, page.outcome_detail, page.checked_at = Outcome.UNCHANGED, look.detail[:300], now
    pacing.learn(page, Outcome.UNCHANGED, [(now, False)], on=on)
    checks.count(page, look, Outcome.UNCHANGED, now=now)
    again = checks.when_next(page, look, Outcome.UNCHANGED, now=now, rng=rng, on=on, edits=edits)
    page.due_because = again.because[:300]
    counted = {str(field.column): field.value_from_object(page) for field in _counted()}
    return {**counted, "id": page.pk, "stake": page.stake, "lease_token": held.lease.token, "due_at": again.at}


def _counted() -> list[models.Field[Any, Any]]:
    return [field for field in Document._meta.concrete_fields if field.name in checks.COUNTED]
