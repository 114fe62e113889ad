"""Texts on their way into the index: embedded, put beside their stems, and stored under the row's lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.matching import embedding, posts
from claims.matching.embedding import NoEmbedder
from claims.models import Represented
from claims.services import terms
from factcheck import ledger

if TYPE_CHECKING:
    from claims.matching.embedding import Embedder

Vector = list[float]
NOTHING: Mapping[int, Vector] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: its sentence, and what else it is found by, such as quotes."""

    text: str
    language: str = "en"
    more: str = ""


def embedder() -> Embedder:
    """Return this process's embedder, loaded by the first call; raises NoEmbedder, which says what to do."""
    return embedding.load(settings.EMBEDDING_MODEL)


def for_search() -> Embedder:
    """Return it for somebody who waits; raises NoEmbedder also where the settings keep it out of the web."""
    if not settings.SEARCH_BY_MEANING:
        raise NoEmbedder(_("SEARCH_BY_MEANING is off."))
    return embedder()


_STORE = """
    UPDATE {table} AS kept SET vector = given.vector::halfvec, model = given.model,
        words = to_tsvector(given.config::regconfig, unaccent(given.said))
    FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS given (pk, token, vector, model, config, said)
    WHERE kept.{pk} = given.pk AND kept.lease_token = given.token
"""
# In one order, so that two who write the same words wait for each other and never both.
_LEARN = """
    INSERT INTO claims_term (word, count)
    SELECT DISTINCT word, 1 FROM {table}, unnest(tsvector_to_array(words)) AS word
    WHERE {pk} = ANY(%s) AND length(word) <= 100 ORDER BY word ON CONFLICT (word) DO NOTHING
"""


def represent(
    held: Sequence[ledger.Lease], said: Mapping[int, Said], *, kept: Mapping[int, Vector] = NOTHING
) -> dict[int, Vector | None]:
    """Embed and store rows of one model that are leased; return the vectors, by primary key.

    Those that are `kept` are not made again. Without an embedder the words are stored alone. Committed when this
    returns, before anybody looks for neighbours: so of two that come in at once at least one finds the other.
    """
    new = [one.pk for one in held if one.pk not in kept]
    made, name = _embedded([said[pk].text for pk in new])
    vectors: dict[int, Vector | None] = {**kept, **dict(zip(new, made, strict=True))}
    table = connection.ops.quote_name(held[0].model._meta.db_table)
    pk = connection.ops.quote_name(held[0].model._meta.pk.attname)
    columns: list[list[Any]] = [
        [one.pk for one in held],
        [one.token for one in held],
        [None if (vector := vectors[one.pk]) is None else str(vector) for one in held],
        [name] * len(held),
        [terms.configuration(said[one.pk].language) for one in held],
        ["\n".join(filter(None, (said[one.pk].text, said[one.pk].more))) for one in held],
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STORE.format(table=table, pk=pk), columns)
        cursor.execute(_LEARN.format(table=table, pk=pk), [columns[0]])
    return vectors


def _embedded(texts: Sequence[str]) -> tuple[list[Vector] | list[None], str]:
    try:
        model = embedder()
    except NoEmbedder:
        return [None] * len(texts), ""
    vectors = model.embed([posts.plain(text) for text in texts]) if texts else ()
    return [vector.tolist() for vector in vectors], model.name


__all__ = ["NoEmbedder", "Represented", "Said", "Vector", "embedder", "for_search", "represent"]
