"""The few verb forms a standalone sentence needs: "accused of stealing" becomes "stole"."""

from functools import cache

from claims.splitting import lexicons

VOWELS = "aeiou"
SHORT = 4
SIBILANTS = ("s", "sh", "ch", "x", "z", "o")
PRESENT = {"be": "is", "have": "has"}


@cache
def _irregular() -> dict[str, str]:
    return dict(pair.split() for pair in lexicons.words("past"))


def past_of(lemma: str) -> str:
    """The past of a verb's plain form: stole, stopped, carried."""
    irregular = _irregular().get(lemma)
    if irregular is not None:
        return irregular
    if lemma.endswith("e"):
        return f"{lemma}d"
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return f"{lemma[:-1]}ied"
    short = len(lemma) <= SHORT and lemma[-1:] not in "wxyhk" and lemma[-2:-1] in VOWELS and lemma[-3:-2] not in VOWELS
    return f"{lemma}{lemma[-1]}ed" if short and lemma[-1] not in VOWELS else f"{lemma}ed"


def present_of(lemma: str) -> str:
    """The third person of a verb's plain form: steals, carries, has."""
    if lemma in PRESENT:
        return PRESENT[lemma]
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return f"{lemma[:-1]}ies"
    return f"{lemma}es" if lemma.endswith(SIBILANTS) else f"{lemma}s"


def possessive_of(name: str) -> str:
    """A name as an owner: Anna's, the voters', Kevin King and Timothy Weeks'."""
    return f"{name}'" if name.endswith("s") and not name.endswith("ss") else f"{name}'s"
