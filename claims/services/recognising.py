"""Which claims somebody else's text is about: a post, a sentence of a letter, what a client asks us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.matching import posts, ranking
from claims.models import Representation, Represented
from claims.services import index, representing, terms
from claims.services.index import Near
from claims.services.representing import NoEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TEXT_LENGTH = 5000  # characters of a text that are read
CANDIDATES = 100  # of the whole text, and of each of its sentences


def about(
    text: str, *, limit: int, language: str = "en", among: type[Represented] = Representation
) -> tuple[list[Near], str]:
    """Return the rows that a text is likely about, best first, and a note where they were found by words alone.

    The database finds candidates for the text and each of its sentences; `ranking.fused` puts them in order, as it does
    on the command line. That something comes first does not mean that it is the same: nothing here decides.
    """
    asked = posts.read(text[:TEXT_LENGTH])
    stems = terms.of_text(f"{asked.text} {asked.writer}", language)
    try:
        vectors = representing.for_search().embed((asked.text, *asked.sentences))
    except NoEmbedder as lacking:
        found = index.candidates(stems, None, dense=0, limit=limit, among=among)
        return [Near(pk, score, cosine) for pk, score, cosine, _words in found], str(lacking)
    lexical: dict[int, float] = {}
    for vector in vectors.tolist():
        found = index.candidates(stems, vector, dense=CANDIDATES, limit=2 * CANDIDATES, among=among)
        lexical |= {pk: words for pk, _score, _cosine, words in found}
    return _ranked(sorted(lexical), lexical, vectors, among)[:limit], ""


def _ranked(
    keys: Sequence[int], lexical: dict[int, float], asked: NDArray[np.float32], among: type[Represented]
) -> list[Near]:
    import numpy as np

    kept = dict(among._default_manager.filter(pk__in=keys, vector__isnull=False).values_list("pk", "vector"))
    here = [pk for pk in keys if pk in kept]
    if not here:
        return []
    cosines = asked @ np.array([kept[pk] for pk in here], np.float32).T
    scores = ranking.fused(cosines[:1], cosines[1:].max(axis=0)[None], np.array([lexical[pk] for pk in here]))
    order = np.argsort(-scores, kind="stable")
    return [Near(here[place], float(scores[place]), float(cosines[0, place])) for place in order]
