"""Claims in languages that we do not parse: by numbers, names and likeness alone, and never certainly the same."""

from claims.matching.kinds import Kind, Relation, Statement
from sources.fetching.wording import Word, words

UNLIKE, ALIKE = 0.6, 0.85
MOST = 0.5


def relate_foreign(one: Statement, other: Statement, likeness: float) -> Relation:
    """Say what can be said without a parse; a person looks at whatever comes of it."""
    if likeness < UNLIKE:
        return _found(Kind.UNRELATED, "hardly alike")
    here, there = words(one.text), words(other.text)
    if one.language != other.language or likeness < ALIKE or _names(here) != _names(there):
        return _found(Kind.RELATED, "alike, in a language that is not read closely")
    if _numbers(here) == _numbers(there):
        return _found(Kind.SAME, "the same numbers and names, in a language that is not read closely")
    if _numbers(here) and _numbers(there):
        return _found(Kind.CONTRADICTS, "other numbers in sentences much alike")
    return _found(Kind.RELATED, "numbers in one only")


def _found(kind: Kind, why: str) -> Relation:
    return Relation(kind, MOST, (why,))


def _numbers(sentence: tuple[Word, ...]) -> frozenset[str]:
    return frozenset(word.key for word in sentence if word.is_number)


def _names(sentence: tuple[Word, ...]) -> frozenset[str]:
    """Return the words with a capital, the first of the sentence aside."""
    return frozenset(word.key for word in sentence[1:] if word.is_capital and not word.is_number)
