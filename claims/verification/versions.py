"""Which places of an article's version before stand in the new one: by the same words, or by the same statement.

Never guess: a place is the same by its words, or its claim is the same by its standalone sentence. "12 dead" that
becomes "15 dead" is another claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a sentence loses or gains when its frame changes: "had also seized" becomes "seized".
_LOOSE = frozenset({"a", "already", "also", "an", "had", "has", "have", "now", "the"})
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in one place, as far as two versions can be compared: the claim's words, and the article's."""

    fingerprint: str
    quote: str
    text: str
    certainty: str


def key(text: str) -> str:
    """Return what two spellings of a text share: white space and case do not count."""
    return " ".join(text.casefold().split())


def statement(text: str) -> tuple[str, ...]:
    """Return the words by which two sentences say the same; loose ones and signs do not count."""
    return tuple(word for word in _WORD.findall(text.casefold()) if word not in _LOOSE)


Likeness = Callable[[Said], Any]
# The surest first.
BY_WORDS: Sequence[Likeness] = (
    lambda said: said.fingerprint,
    lambda said: (key(said.quote), said.certainty),
    lambda said: key(said.quote),
)
BY_STATEMENT: Sequence[Likeness] = (
    lambda said: (statement(said.text), said.certainty),
    lambda said: statement(said.text),
)


def paired(before: Mapping[int, Said], now: Mapping[int, Said], *, by: Iterable[Likeness]) -> dict[int, int]:
    """Return for places of the new version which place before each of them is; each is taken once.

    Of several alike those go together whose claims say most of the same, then in the order of the text. Places go by
    any number of the caller's, in that order.
    """
    found: dict[int, int] = {}
    said_before = {place: frozenset(statement(said.text)) for place, said in before.items()}
    said_now = {place: frozenset(statement(said.text)) for place, said in now.items()}
    for likeness in by:
        taken = set(found.values())
        waiting: dict[Any, list[int]] = {}
        for place in before.keys() - taken:
            waiting.setdefault(likeness(before[place]), []).append(place)
        pairs = [
            (-len(said_now[place] & said_before[old]), place, old)
            for place in now.keys() - found.keys()
            for old in waiting.get(likeness(now[place]), ())
        ]
        for _shared, place, old in sorted(pairs):
            if place not in found and old not in taken:
                found[place] = old
                taken.add(old)
    return found
