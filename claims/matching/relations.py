"""How two claims stand to each other: by what they name, count, date, deny and leave open, never by likeness alone."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from claims.matching.alignment import Alignment
from claims.matching.certain import is_strict
from claims.matching.concepts import keys_of
from claims.matching.foreign import relate_foreign
from claims.matching.kinds import Kind, Relation, Statement
from claims.matching.prepared import Prepared, prepare, prepare_all
from claims.matching.rules import Pair, decide

__all__ = [
    "Kind",
    "Prepared",
    "Relation",
    "Statement",
    "is_certainly_same",
    "prepare",
    "prepare_all",
    "relate",
    "relate_all",
]

FAR = 0.45  # likeness: below it no two of our pairs had anything to do with each other
NEAR = 0.7  # likeness from which sentences are parsed whatever words they share
SHARED = 0.3  # of the shorter's words; with less, sentences that are not near are not parsed
SHORT = 3  # letters of a word that says little
CERTAIN = 0.88
"""Sureness from which two claims are joined without asking a person.

Set by hand, not learnt: it asks for a likeness of 0.76 where all words are shared. What parts right from wrong are the
rules of `certain`, without which a pair stays at `OPEN`; no sweep of the threshold has been measured yet.
"""
OPEN = 0.8
_WORD = re.compile(r"\w+")


def relate(one: Statement, other: Statement, *, likeness: float) -> Relation:
    """Say what the one is to the other; `likeness` is the cosine of their vectors.

    What is neither near nor shares words is told apart before anything is parsed.
    """
    return _unread(one, other, likeness) or _read(one, other, likeness)


def relate_all(one: Statement, others: Sequence[tuple[Statement, float]]) -> list[Relation]:
    """Say what the one is to each of many, given with their likeness: they are parsed at once."""
    found = [_unread(one, other, likeness) for other, likeness in others]
    near = [other for (other, _), known in zip(others, found, strict=True) if known is None]
    prepare_all([(said.text, said.at) for said in (one, *near)] if near else [])
    return [known or _read(one, other, likeness) for (other, likeness), known in zip(others, found, strict=True)]


def _unread(one: Statement, other: Statement, likeness: float) -> Relation | None:
    """Return what can be said without a parse, if that settles it."""
    if likeness < FAR:
        return _apart(likeness, "hardly alike")
    if not (_is_english(one) and _is_english(other)):
        return relate_foreign(one, other, likeness)
    if likeness < NEAR and _shared(one.text, other.text) < SHARED:
        return _apart(likeness, "they share too few words")
    return None


def _read(one: Statement, other: Statement, likeness: float) -> Relation:
    here, there = prepare_all([(one.text, one.at), (other.text, other.at)])
    if not here.terms or not there.terms:
        return _apart(likeness, "one of them tells nothing")
    pair = Pair(one, other, Alignment(here, there), likeness)
    found = decide(pair)
    if found.kind is Kind.SAME and not is_strict(pair):
        return replace(found, sure=min(found.sure, OPEN))
    return found


def is_certainly_same(relation: Relation) -> bool:
    """Whether two claims may be joined without asking a person."""
    return relation.kind is Kind.SAME and relation.sure >= CERTAIN


def _apart(likeness: float, why: str) -> Relation:
    return Relation(Kind.UNRELATED, round(min(1.0, 1 - likeness / 2), 3), (why,))


def _is_english(statement: Statement) -> bool:
    return statement.language.casefold().split("-")[0] == "en"


def _shared(one: str, other: str) -> float:
    """How many of the words of the one with fewer the other has too, 0 to 1, without a parse."""
    here, there = _words(one), _words(other)
    fewer, more = sorted((here, there), key=len)
    keys = frozenset(key for word in more for key in word)
    return sum(not word.isdisjoint(keys) for word in fewer) / len(fewer) if fewer else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[frozenset[str], ...]:
    words = {word.casefold() for word in _WORD.findall(text) if len(word) > SHORT or word.isdigit()}
    return tuple(keys_of(word, word) for word in sorted(words))
