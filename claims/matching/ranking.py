"""Which of many texts a text is about: vectors and words together, in memory or over candidates of an index.

Vectors find what is said in other words, words find names and numbers. The weights are round numbers from a
plateau on the dev parts of two sets, which `docs/matching.md` tells of.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from claims.matching import posts
from claims.matching.lexical import Words, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from claims.matching.embedding import Embedder

    Numbers = NDArray[np.floating[Any]]

AT_ONCE = 1_000  # texts between two words of progress
WORDS = 0.2  # what the best text by words gains
SENTENCES = 0.5  # how much the best sentence counts beside the whole text

Told = Callable[[str, int, int], None]  # what, how many are done, of how many


def fused(whole: "Numbers", sentences: "Numbers", lexical: "Numbers") -> "Numbers":
    """Return a score a candidate: the higher, the likelier it is what is asked for.

    `whole`, one row a field of the candidates (claim, title), one column a candidate: cosines with the whole text;
    `sentences`: the same with the sentence that is closest; `lexical`: `Words.scores`. Candidates must be all texts, or
    the best by vectors and the best by words.
    """
    dense: Numbers = (_of_fields(whole) + SENTENCES * _of_fields(sentences)) / (1 + SENTENCES)
    best = lexical.max(initial=0)
    return dense + WORDS * lexical / best if best else dense


def _of_fields(cosines: "Numbers") -> "Numbers":
    """Half by what fits best, half by all fields."""
    fit: Numbers = (cosines.mean(axis=0) + cosines.max(axis=0)) / 2
    return fit


def asked_words(asked: posts.Asked) -> list[str]:
    """The words to look for: the text's own, and its writer's name."""
    return words(f"{asked.text} {asked.writer}")


def _untold(_what: str, _done: int, _of: int) -> None:
    """Nobody listens."""


class Shelf:
    """Texts in memory, to be asked for one of them. Each has the same fields (such as claim and title)."""

    def __init__(self, texts: Sequence[Sequence[str]], embedder: "Embedder", told: Told = _untold) -> None:
        """Embeds every different text once, about 150 a second and core; `told` hears how far it is."""
        import numpy as np

        fields = [[posts.plain(field) for field in text] for text in texts]
        different = list(dict.fromkeys(field for text in fields for field in text))
        places = {field: place for place, field in enumerate(different)}
        order = sorted(different, key=len)
        vectors = np.empty((len(different), embedder.dimensions), np.float32)
        for start in range(0, len(order), AT_ONCE):
            some = order[start : start + AT_ONCE]
            vectors[[places[field] for field in some]] = embedder.embed(some)
            told("texts embedded", start + len(some), len(order))
        self._fields = [vectors[[places[text[field]] for text in fields]] for field in range(len(fields[0]))]
        self._words = Words([words(" ".join(text)) for text in fields])
        self._embedder = embedder

    def ranked(self, queries: Sequence[str], *, limit: int) -> Iterator[list[int]]:
        """Yield the places of the best texts for each query, the best first; of equal ones the first comes first."""
        import numpy as np

        asked = [posts.read(query) for query in queries]
        parts = [(one.text, *one.sentences) for one in asked]
        vectors = self._embedder.embed([part for some in parts for part in some])
        bounds = pairwise(accumulate(map(len, parts), initial=0))
        for one, (start, end) in zip(asked, bounds, strict=True):
            cosines = np.stack([vectors[start:end] @ field.T for field in self._fields])
            lexical = self._words.scores(asked_words(one))
            scores = fused(cosines[:, 0], cosines[:, 1:].max(axis=1), lexical)
            yield [int(place) for place in np.argsort(-scores, kind="stable")[:limit]]
