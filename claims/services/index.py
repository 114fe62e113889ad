"""What resembles what: neighbours by meaning and by rare words, in one statement of bounded cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Func, IntegerField, Value
from django.utils.translation import gettext as _

from claims.models import Claim, Representation, Represented
from claims.services import representing, terms
from claims.services.representing import NoEmbedder
from claims.services.terms import Asked

MOST_CANDIDATES = 2000  # rows whose words are compared
MOST_TERMS = 24  # of a query: the rarest find, the others only rank
COMMON = 0.05  # share of all claims: words that more of them have find nothing, but among the newest claims
NEWEST = 20_000
LEXICAL = 0.25  # weight of the words beside the cosine
LENGTH, K1, B = 12.0, 1.2, 0.75  # BM25's (Robertson and Zaragoza 2009), with the usual length of a claim in stems
DENSE = 100  # neighbours by meaning that a search looks at
CLOSE, SHARE = 0.45, 0.5  # what a search shows: cosine, or the share of the rarity of its words
SEARCH_LENGTH, SEARCH_WORDS = 200, 16


@dataclass(frozen=True, slots=True)
class Near:
    """A row that resembles a text: `score` orders them, `cosine` is of their vectors, 0 where one has none."""

    claim_id: int
    score: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Found:
    """Claims, best first, and in words what a reader should know of the search; empty where there is nothing."""

    claims: list[int]
    note: str


def nearest(
    text: str,
    vector: Sequence[float] | None,
    *,
    limit: int = 50,
    but: int | None = None,
    language: str = "en",
    among: type[Represented] = Representation,
    model: str | None = None,
    most: int | None = None,
) -> list[Near]:
    """Return the rows that resemble a text most, without `but`; by words alone where there is no vector.

    `model` made the vector: this process's embedder unless named. Of those that share words `most` are looked at.
    """
    asked = terms.of_text(text, language)
    found = candidates(asked, vector, dense=limit + 1, limit=limit + 1, among=among, model=model, most=most)
    return [Near(pk, score, cosine) for pk, score, cosine, _words in found if pk != but][:limit]


def similar(claim: Claim, *, limit: int = 10) -> list[Near]:
    """Return the claims that resemble one that is in the index by meaning; by words where it has no vector.

    Empty while it is not in the index.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"claim": claim.pk, "limit": limit})
        found = cursor.fetchall()
    if (None, None) in found:
        return nearest(claim.text, None, limit=limit, but=claim.pk, language=claim.language)
    return [Near(pk, cosine, cosine) for pk, cosine in found if cosine >= CLOSE]


# By the index of vectors alone, in one statement: it stands on every claim's page. An empty row: it has words only.
_ALIKE = """
    WITH this AS MATERIALIZED (
        SELECT vector, model FROM claims_representation JOIN claims_claim ON id = claim_id
        WHERE claim_id = %(claim)s AND erased_at IS NULL AND vector IS NOT NULL
    )
    (SELECT claim_id, 1 - (vector <=> (SELECT vector FROM this)) FROM claims_representation
    WHERE claim_id <> %(claim)s AND vector IS NOT NULL AND model = (SELECT model FROM this)
    ORDER BY vector <=> (SELECT vector FROM this) LIMIT %(limit)s)
    UNION ALL
    SELECT NULL, NULL FROM claims_representation JOIN claims_claim ON id = claim_id
    WHERE claim_id = %(claim)s AND erased_at IS NULL AND vector IS NULL AND words IS NOT NULL
"""


def search(words: str, *, limit: int) -> Found:
    """Return the claims that somebody may mean by a few words, however they spell them."""
    typed = words[:SEARCH_LENGTH].split()[:SEARCH_WORDS]
    if not typed:
        return Found([], "")
    groups, meant = terms.of_words(typed)
    vector, lacking = _vector(" ".join(typed))
    whole = sum(max(one.rarity for one in group) for group in groups) or 1.0
    found = candidates([one for group in groups for one in group], vector, dense=DENSE, limit=limit + 1)
    best = max((score for _pk, _score, _cosine, score in found), default=0.0)
    shown = [
        pk for pk, _score, cosine, score in found
        if cosine >= CLOSE or (best and score >= SHARE * min(whole, best))
    ]  # fmt: skip
    return Found(shown[:limit], _note(len(shown) > limit, limit, meant, lacking))


def in_order(claims: Sequence[int]) -> Func:
    """Return the place of a row's primary key among these, to order by."""
    keys = Value(list(claims), output_field=ArrayField(BigIntegerField()))
    return Func(keys, F("pk"), function="array_position", output_field=IntegerField())


def _vector(text: str) -> tuple[Sequence[float] | None, str]:
    try:
        return representing.for_search().embed([text])[0].tolist(), ""
    except NoEmbedder as lacking:
        return None, str(lacking)


def _note(is_more: bool, limit: int, meant: Iterable[str], lacking: str) -> str:  # noqa: FBT001
    told = []
    if meant:
        told.append(_("Searched also for words spelled like those typed: %(words)s.") % {"words": ", ".join(meant)})
    if lacking:
        told.append(_("Found by words only, not by meaning: %(why)s") % {"why": lacking})
    if is_more:
        told.append(_("The best %(limit)s are shown.") % {"limit": limit})
    return " ".join(told)


_KNOBS = """
    SELECT set_config('enable_seqscan', 'off', true), set_config('hnsw.iterative_scan', 'strict_order', true)
"""
_BY_WORDS = """
    SELECT hit.pk FROM unnest(%(queries)s::tsquery[], %(most)s::int[]) AS asked (query, most)
    CROSS JOIN LATERAL (SELECT {pk} AS pk FROM {table} WHERE words @@ asked.query LIMIT asked.most) AS hit
"""
_NEWEST = """
    SELECT pk FROM (SELECT {pk} AS pk, words FROM {table} ORDER BY {pk} DESC LIMIT %(newest)s) AS newest
    WHERE words @@ ANY(%(queries)s::tsquery[]) LIMIT %(candidates)s
"""
_BY_MEANING = """
    SELECT {pk} AS pk FROM {table} WHERE vector IS NOT NULL AND model = %(model)s
    ORDER BY vector <=> %(vector)s::halfvec LIMIT %(dense)s
"""
_SCORED = """
    WITH by_words AS MATERIALIZED (SELECT DISTINCT pk FROM ({by_words}) AS hits LIMIT %(candidates)s),
    by_meaning AS MATERIALIZED ({by_meaning}),
    scored AS MATERIALIZED (
        SELECT {pk} AS pk, CASE WHEN vector IS NOT NULL AND model = %(model)s
            THEN coalesce(1 - (vector <=> %(vector)s::halfvec), 0) ELSE 0 END AS cosine, coalesce((
            SELECT sum(rarity) FROM unnest(%(stems)s::text[], %(rarities)s::float8[]) AS asked (stem, rarity)
            WHERE stem = ANY(tsvector_to_array(words))
        ), 0) / (1 + %(k1)s * (1 - %(b)s + %(b)s * coalesce(length(words), 1) / %(length)s)) * (1 + %(k1)s) AS score
        FROM {table} WHERE {pk} IN (SELECT pk FROM by_words UNION SELECT pk FROM by_meaning)
    )
    SELECT pk, cosine + %(lexical)s * score / greatest(max(score) OVER (), 0.001) AS total, cosine, score
    FROM scored ORDER BY total DESC, pk DESC LIMIT %(limit)s
"""


def candidates(
    asked: Sequence[Asked],
    vector: Sequence[float] | None,
    *,
    dense: int,
    limit: int,
    among: type[Represented] = Representation,
    model: str | None = None,
    most: int | None = None,
) -> list[tuple[int, float, float, float]]:
    """Return primary key, score, cosine and BM25 of the best, best first.

    Vectors that another than `model` made, this process's embedder unless named, are as good as none.
    """
    if vector is not None and model is None:
        model = representing.embedder().name
    most = most or MOST_CANDIDATES
    wanted, each, is_common = queries(asked, most)
    names = {
        "table": connection.ops.quote_name(among._meta.db_table),
        "pk": connection.ops.quote_name(among._meta.pk.attname),
    }
    values: dict[str, Any] = {
        "queries": wanted, "most": each, "newest": NEWEST, "candidates": most, "dense": dense,
        "vector": None if vector is None else str(list(vector)), "stems": [one.word for one in asked],
        "rarities": [one.rarity for one in asked], "k1": K1, "b": B, "length": LENGTH, "lexical": LEXICAL,
        "limit": limit, "model": model,
    }  # fmt: skip
    by_words = (_NEWEST if is_common else _BY_WORDS).format(**names)
    by_meaning = "SELECT NULL::bigint AS pk WHERE false" if vector is None else _BY_MEANING.format(**names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_KNOBS)
        cursor.execute(_SCORED.format(by_words=by_words, by_meaning=by_meaning, **names), values)
        rows: list[tuple[int, float, float, float]] = cursor.fetchall()
    return rows


def queries(asked: Sequence[Asked], candidates: int) -> tuple[list[str], list[int], bool]:
    """Return what to look up and how many rows of each at most, and of all; and whether all words are common.

    Words are taken rarest first, as long as all their rows together are few. Where even the rarest has many, rows must
    have several.
    """
    sorts = sorted(asked, key=lambda one: one.count)[:MOST_TERMS]
    claims = terms.claims()
    rare_ones, most, left = [], [], candidates
    for one in sorts:
        if one.count > left:
            break
        rare_ones.append(_query(one.word))
        # The count may be of yesterday.
        most.append(min(left, 2 * one.count + 50))
        left -= one.count
    if rare_ones or not sorts:
        return rare_ones, most, False
    rare = [one for one in sorts if one.count <= COMMON * claims]
    if not rare:
        return [_query(one.word) for one in sorts], [], True
    expected, several = float(claims), []
    for one in rare if len(rare) > 1 else sorts[:2]:
        several.append(_query(one.word))
        expected *= one.count / claims
        if expected <= candidates / 4:
            break
    return [" & ".join(several), _query(rare[0].word)], [candidates // 2, candidates // 2], False


def _query(stem: str) -> str:
    """Return a tsquery of one stem, whatever stands in it."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"
