"""The index at a million claims: real sentences' vectors moved about, texts with words as rare as Zipf has them.

INDEX_CLAIMS=100000 makes it smaller. Everything lies on the bench's own PostgreSQL and is taken away behind it.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench.servers import servers
from bench.splitting_sets import Sets

CLAIMS = int(os.environ.get("INDEX_CLAIMS", "1000000"))
SENTENCES, BATCH, SEED = 3000, 20_000, 20261123
QUERIES, EXACT, ARTICLE, SHORT = 100, 20, 40, 4
VOCABULARY, CHANGED, EXPONENT = 200_000, 0.35, 1.05
MEMORY = os.environ.get("INDEX_MEMORY", "2500MB")
BUFFERS = os.environ.get("INDEX_BUFFERS", "3GB")  # the indexes fit, as docs/operating.md asks for
Vectors = NDArray[np.float32]
CLAIM = (
    "id, uid, text, language, kind, topic, said_where, check_worthiness, status, status_since, origin, created_at,"
    " attempts, last_error"
)


def measure(sets: Sets) -> Mapping[str, float]:
    """Fill, build, ask."""
    with servers(f"shared_buffers={BUFFERS}") as _folder:
        import django

        django.setup()
        made = World(_sentences(sets))
        figures = {"claims": float(CLAIMS), **filled(made)}
        figures |= dense(made)
        figures |= hybrid(made)
        figures |= {"article": article(made)}
    return figures


def _sentences(sets: Sets) -> list[str]:
    path = sets.benchmarks / "ct22_claim_match" / "verified_claims.jsonl"
    if not path.exists():
        return [f"{who} said that {what} in {where}." for who in _WHO for what in _WHAT for where in _WHERE]
    with path.open(encoding="utf-8") as lines:
        said = [json.loads(line)["vclaim"] for line in lines]
    return random.Random(SEED).sample(said, min(SENTENCES, len(said)))  # noqa: S311  the same each time


_WHO = [f"{who} {what}" for who in ("The", "A former", "The new", "One") for what in (
    "minister", "mayor", "engineer", "doctor", "union", "court", "bank", "spokesman", "teacher", "farmer"
)]  # fmt: skip
_WHAT = ["the bridge was closed", "prices fell by a tenth", "twelve people were hurt", "the vaccine is safe",
         "no money was paid", "the river rose two metres", "the law was changed", "trains stood still"]  # fmt: skip
_WHERE = ["Selmar", "the capital", "March", "2019", "three provinces", "the north", "the harbour", "that village"]


class World:
    """Real sentences with their vectors, and as many more as are wanted, made of them."""

    def __init__(self, sentences: Sequence[str]) -> None:
        """Embed the sentences; what they are made of becomes the vocabulary, and behind it words that nobody says."""
        from claims.matching.embedding import load

        self.rng = np.random.default_rng(SEED)
        self.words = [sentence.split() for sentence in sentences]
        self.base: Vectors = load().embed(sentences)
        counts: dict[str, int] = {}
        for word in (word for sentence in self.words for word in sentence):
            counts[word] = counts.get(word, 0) + 1
        real = sorted(counts, key=lambda word: -counts[word])
        self.vocabulary = np.array(real + [f"w{number}ik" for number in range(VOCABULARY - len(real))])
        self.odds = np.cumsum(np.arange(1, len(self.vocabulary) + 1) ** -EXPONENT)
        self.odds /= self.odds[-1]

    def vectors(self, count: int) -> tuple[NDArray[np.int64], Vectors]:
        """Move sentences by parts of the ways between others: so noise has the directions that meaning has."""
        of, one, other = self.rng.integers(len(self.base), size=(3, count))
        far = self.rng.uniform(0.1, 0.7, size=(count, 1)).astype(np.float32)
        moved = self.base[of] + far * (self.base[one] - self.base[other])
        return of, (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)

    def texts(self, of: NDArray[np.int64]) -> list[str]:
        """Return the sentences with every third word changed for one of the vocabulary, the common ones mostly."""
        return [" ".join(self._changed(self.words[number])) for number in of]

    def _changed(self, words: Sequence[str]) -> list[str]:
        drawn = self.drawn(len(words))
        is_changed = self.rng.random(len(words)) < CHANGED
        return [str(new) if change else word for word, new, change in zip(words, drawn, is_changed, strict=True)]

    def drawn(self, count: int) -> NDArray[Any]:
        """Draw words by Zipf's law."""
        return self.vocabulary[np.searchsorted(self.odds, self.rng.random(count))]


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """Connect as who may change the schema."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as one:
        one.execute(f"SET maintenance_work_mem = '{MEMORY}'")
        yield one


def filled(made: World) -> dict[str, float]:
    """Write the claims past the triggers, build the indexes, count the words; return the index's figures."""
    from claims.services import representing, terms

    with owner() as one:
        one.execute("ALTER TABLE claims_claim DISABLE TRIGGER USER")
        one.execute("CREATE UNLOGGED TABLE moved (id bigint, text text, vector halfvec(384))")
        for start in range(0, CLAIMS, BATCH):
            _copied(one, made, start, min(BATCH, CLAIMS - start))
        defs = _without_indexes(one)
        one.execute(f"INSERT INTO claims_claim ({CLAIM}) SELECT id, gen_random_uuid(), left(text, 2000), 'en', 'fact',"
                    " '', '', 0.5, 'unreviewed', now(), 'split', now(), 0, '' FROM moved")  # fmt: skip
        one.execute("SELECT setval(pg_get_serial_sequence('claims_claim', 'id'), %s)", [CLAIMS])
        one.execute("ALTER TABLE claims_claim ENABLE TRIGGER USER")
        one.execute(
            "INSERT INTO claims_representation"
            " (claim_id, vector, words, model, is_matched, attempts, last_error)"
            " SELECT id, vector, to_tsvector('english', public.unaccent(text)), %s, true, 0, ''"
            " FROM moved ORDER BY id",
            [representing.embedder().name],
        )
        one.execute("DROP TABLE moved")
        took = {name: _timed(partial(one.execute, sql)) for name, sql in defs.items()}
        one.execute("VACUUM ANALYZE claims_representation")
        one.execute("VACUUM ANALYZE claims_claim")
        (size,) = one.execute("SELECT pg_relation_size('claims_representation_vector')").fetchone() or (0,)
    counting = _timed(terms.count_again)
    print({**took, "words counted, s": counting}, flush=True)
    return {"build": took["claims_representation_vector"], "size": size / 1e6}


def _without_indexes(one: psycopg.Connection) -> dict[str, str]:
    rows = one.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'claims_representation'"
        " AND indexname IN ('claims_representation_vector', 'claims_representation_words')"
    ).fetchall()
    for name, _sql in rows:
        one.execute(f"DROP INDEX {name}")
    return dict(rows)


def _copied(one: psycopg.Connection, made: World, start: int, count: int) -> None:
    of, vectors = made.vectors(count)
    halves = vectors.astype(">f2")
    head = (384).to_bytes(2, "big") + bytes(2)
    with one.cursor() as cursor, cursor.copy("COPY moved FROM STDIN BINARY") as copy:
        copy.set_types(["int8", "text", "bytea"])
        for number, text in enumerate(made.texts(of)):
            copy.write_row((start + number + 1, text, head + halves[number].tobytes()))


def dense(made: World) -> dict[str, float]:
    """Ask for what resembles claims by meaning, as their pages do, and scan for it."""
    from claims.models import Claim
    from claims.services import index

    claims = list(Claim.objects.filter(pk__in=made.rng.choice(CLAIMS, 2 * QUERIES, replace=False) + 1))
    for claim in claims[QUERIES:]:
        index.similar(claim)
    asked = [_told(partial(_near, claim)) for claim in claims[:QUERIES]]
    with owner() as one:
        one.execute("SET enable_indexscan = off")
        exact = [_told(partial(_scan, one, claim.pk)) for claim in claims[:EXACT]]
    took, scans = [seconds for _found, seconds in asked], [seconds for _found, seconds in exact]
    pairs = zip(exact, asked, strict=False)
    recall = statistics.mean(len(right & ours) / len(right) for (right, _slow), (ours, _fast) in pairs if right)
    print({"dense, ms": _spread(took), "exact, ms": _spread(scans)}, flush=True)
    return {"recall": recall, "p95": p95(took) * 1e3, "faster": statistics.median(scans) / statistics.median(took)}


def _near(claim: Any) -> set[int]:
    from claims.services import index

    return {one.claim_id for one in index.similar(claim, limit=10)}


def _scan(one: psycopg.Connection, claim: int) -> set[int]:
    from claims.services import index

    rows = one.execute(_EXACT, {"claim": claim}).fetchall()
    return {pk for pk, cosine in rows if cosine >= index.CLOSE}


_EXACT = """
    WITH this AS MATERIALIZED (SELECT vector FROM claims_representation WHERE claim_id = %(claim)s)
    SELECT claim_id, 1 - (vector <=> (SELECT vector FROM this)) FROM claims_representation WHERE claim_id <> %(claim)s
    ORDER BY vector <=> (SELECT vector FROM this) LIMIT 10
"""


def hybrid(made: World) -> dict[str, float]:
    """Search as people do, and as badly as they can; and look for what resembles whole claims."""
    from claims.services import index

    rng = random.Random(SEED)  # noqa: S311  the same each time
    texts = made.texts(made.vectors(QUERIES)[0])
    common = [str(word) for word in made.vocabulary[:60] if len(word) >= SHORT]
    typical = [" ".join(rng.sample(text.split(), min(4, len(text.split())))) for text in texts]
    worst = {
        "one common word": rng.choices(common, k=QUERIES // 4),
        "common words": [" ".join(rng.sample(common, 6)) for _ in range(QUERIES // 4)],
        "long": [" ".join(map(str, made.drawn(60))) for _ in range(QUERIES // 4)],
        "misspelled": [_misspelled(one, rng) for one in typical[: QUERIES // 4]],
    }
    index.search(typical[0], limit=50)
    seconds = [_timed(partial(index.search, one, limit=50)) for one in typical]
    bad = {kind: [_timed(partial(index.search, one, limit=50)) for one in some] for kind, some in worst.items()}
    whole = [
        _timed(partial(index.nearest, text, vector))
        for text, vector in zip(texts, made.vectors(QUERIES)[1].tolist(), strict=True)
    ]
    print(
        {
            "typical": _spread(seconds),
            **{kind: _spread(some) for kind, some in bad.items()},
            "whole claims": _spread(whole),
        }
    )
    return {"hybrid": p95(seconds) * 1e3, "worst": max(p95(some) for some in bad.values()) * 1e3}


def _misspelled(text: str, rng: random.Random) -> str:
    words = []
    for word in text.split():
        place = rng.randrange(len(word))
        words.append(word[:place] + rng.choice("aeiourstn") + word[place + 1 :] if len(word) > SHORT else word)
    return " ".join(words)


def article(made: World) -> float:
    """Match an article's new claims, as a worker does."""
    from claims.models import Claim, Representation
    from claims.services import representing
    from claims.splitting import parse
    from factcheck import ledger
    from factcheck.lib import clock

    now = clock.now()
    representing.embedder()  # as in a worker that has worked before
    parse.model()
    for text in made.texts(made.vectors(ARTICLE)[0]):
        Claim.objects.create(text=text[:2000], status_since=now, origin=Claim.Origin.PERSON)
    took = _timed(lambda: ledger.drain(ledger.register.works["match"], for_s=600))
    if Representation.objects.exclude(due_at=None).exists():
        raise SystemExit(
            f"Not all were matched: {Representation.objects.exclude(last_error='').values('last_error')[:1]}"
        )
    return took


def _told(do: Callable[[], set[int]]) -> tuple[set[int], float]:
    start = time.perf_counter()
    found = do()
    return found, time.perf_counter() - start


def _timed(do: Callable[[], Any]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def p95(seconds: Sequence[float]) -> float:
    """Return the time that one in twenty exceeds."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1e3:.1f}, p95 {p95(seconds) * 1e3:.1f}, most {max(seconds) * 1e3:.1f}"
