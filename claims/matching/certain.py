"""Whether two claims are so surely one that no person need be asked: the strictest reading of everything they share."""

import re
from datetime import timedelta

from claims.matching import lexicons
from claims.matching.rules import Pair

LONG_AGO = timedelta(days=30)
_WORD = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(r"\b(?:more|less|fewer) than(?= [$€£]?[\d])|\bat (?:least|most)(?= [$€£]?\d)", re.IGNORECASE)


def is_strict(pair: Pair) -> bool:
    """Whether nothing at all is left that tells the two apart, and each says by itself what it is about."""
    words = pair.words
    return (
        not any(words.alone)
        and words.opposites is None
        and words.figures.are_equal
        and words.dates.are_equal
        and all(words.mains)
        and len(words.same) > 1
        and _turns(words.one.text) == _turns(words.other.text)
        and not (_words(words.one.text) | _words(words.other.text)) & lexicons.words("pronouns")
        and not words.is_turned
        and not words.are_loose
        and _is_of_one_time(pair)
    )


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _turns(text: str) -> frozenset[str]:
    """Return the little words that turn what a sentence says, those of figures aside."""
    return frozenset(_words(_FIGURE.sub("", text)) & lexicons.words("turning"))


def _is_of_one_time(pair: Pair) -> bool:
    """Whether they were said at about the same time, or name the year: what rose in March may rise again in May."""
    if any(one.year is not None for one, _, _ in pair.words.dates.pairs):
        return True
    return pair.one.at is None or pair.other.at is None or abs(pair.one.at - pair.other.at) < LONG_AGO
