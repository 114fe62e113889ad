"""What a word is about, so that "fell", "a drop" and "decreased" are one: synonyms, word families, countries."""

from functools import lru_cache

from claims.matching import lexicons

SHORTEST = 4  # letters that a word must keep when its ending is taken off
ENDINGS = (
    "ations", "ation", "itions", "ition", "ments", "ment", "ions", "ion", "ances", "ance", "ences", "ence",
    "ings", "ing", "als", "al", "ed", "es", "e", "s",
)  # fmt: skip


@lru_cache(maxsize=16_384)
def keys_of(lemma: str, lower: str) -> frozenset[str]:
    """Return the names of all that a word may be about; two words mean the same if they share one."""
    found = {
        lemma,
        _stem(lemma),
        *lexicons.classes("synonyms").get(lemma, ()),
        *lexicons.classes("synonyms").get(lower, ()),
    }
    found.update(lexicons.classes("country_of").get(lower, ()))
    return frozenset(found)


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return f"{word.removesuffix(ending)}-"
    return f"{word}-"


@lru_cache(maxsize=16_384)
def are_opposites(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what the one says cannot be so where the other is."""
    against = lexicons.sides("opposites")
    return any(not other.isdisjoint(against.get(key, ())) for key in one)
