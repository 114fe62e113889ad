"""The index of the made-up claims: their words, and made-up vectors by which those of one topic are alike."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from claims.models import Claim, Representation
from claims.models.representation import DIMENSIONS
from claims.services import representing, terms
from claims.services.representing import NoEmbedder
from factcheck.management.seeding.words import TOPICS

if TYPE_CHECKING:
    import numpy as np

CHUNK = 5000
SPREAD = 0.06  # of each number around its topic's; two claims of one topic have a cosine of about 0.4 then
_TABLE = connection.ops.quote_name(Representation._meta.db_table)
_INDEXES = """
    SELECT indexname::text, indexdef FROM pg_indexes
    WHERE tablename = %s AND indexname ~ '_(vector|words)$'
"""
_HALF = "CREATE TEMPORARY TABLE half (claim_id bigint, vector halfvec) ON COMMIT DROP"
_WRITE = """
    INSERT INTO claims_representation (claim_id, vector, words, model, is_matched, attempts, last_error)
    SELECT id, vector, to_tsvector('english', public.unaccent(text)), CASE WHEN vector IS NULL THEN '' ELSE %s END,
        true, 0, ''
    FROM half JOIN claims_claim ON id = claim_id ORDER BY id
"""


def index(seed: int, *, with_vectors: bool, tell: Callable[[str, int, int], None]) -> None:
    """Put every claim that is not there into the index, which is made anew around them; then count the words."""
    try:
        model = representing.embedder().name if with_vectors else ""
    except NoEmbedder:
        model = ""
    missing = Claim.objects.filter(representation=None, erased_at=None).order_by("pk").values_list("pk", "topic")
    every, done = missing.count(), 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INDEXES, [Representation._meta.db_table])
        indexes = dict(cursor.fetchall())
        for name in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        cursor.execute(_HALF)
        rows = missing.iterator(chunk_size=CHUNK)
        while some := list(islice(rows, CHUNK)):
            with cursor.copy("COPY half FROM STDIN") as into:
                for row in _halves(some, seed) if model else ((pk, None) for pk, _topic in some):
                    into.write_row(row)
            cursor.execute(_WRITE, [model])
            cursor.execute("TRUNCATE half")
            done += len(some)
            tell("words", done, every)
        tell("index", done, every)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index is not made over rows that await their checks
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for definition in indexes.values():
            cursor.execute(definition)
    terms.count_again()


def _halves(some: list[tuple[int, str]], seed: int) -> Iterator[tuple[int, str]]:
    import numpy as np

    rng = np.random.default_rng([seed, some[0][0]])
    centres = _centres()
    noise = rng.normal(0, SPREAD, (len(some), DIMENSIONS)).astype(np.float32)
    for (pk, topic), off in zip(some, noise, strict=True):
        vector: Any = centres.get(topic, centres[""]) + off
        vector /= np.linalg.norm(vector)
        yield pk, "[" + ",".join(map("{:.4f}".format, vector.tolist())) + "]"


def _centres() -> dict[str, np.ndarray[Any, Any]]:
    """Return a vector for each topic, and for none."""
    import numpy as np

    found = {}
    for topic in (*TOPICS, ""):
        drawn = np.random.default_rng(zlib.crc32(topic.encode())).normal(0, 1, DIMENSIONS)
        found[topic] = (drawn / np.linalg.norm(drawn)).astype(np.float32)
    return found
