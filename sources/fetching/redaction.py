"""Blacking out sentences: every letter gives way to one sign, so that all that stands elsewhere keeps its place."""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Collection, Iterable
from typing import Any

from factcheck.lib.names import Names
from sources.fetching.changes import bounds
from sources.fetching.digest import normalised

FILLER = "█"
TELLING, TELLING_BESIDE_A_NAME = 6, 2  # words
Ranges = list[tuple[int, int]]


def is_blackened(text: str) -> bool:
    """Say whether something of it was erased."""
    return FILLER in text


def blackened(text: str, ranges: Iterable[tuple[int, int]] | None = None) -> str:
    """Return the text with these stretches blacked out, all of it by default; white space stays, so does the length."""
    letters = list(text)
    for start, end in [(0, len(text))] if ranges is None else ranges:
        letters[start:end] = [letter if letter.isspace() else FILLER for letter in letters[start:end]]
    return "".join(letters)


def sentences_around(text: str, places: Iterable[tuple[int, int]]) -> Ranges:
    """Return the whole sentences in which these places lie."""
    cut = bounds(text)
    starts = [start for start, _end in cut]
    found = set()
    for start, end in places:
        first = max(0, bisect_right(starts, start) - 1)
        last = max(first, bisect_right(starts, end - 1) - 1)
        found |= set(cut[first : last + 1]) | {(start, end)}
    return sorted(found)


def key_of(sentence: str, salt: bytes) -> str:
    """Return by which an erased sentence is known again, and from which nobody reads it."""
    plain = normalised(sentence).casefold().strip(" .\"'")
    return hmac.new(salt, plain.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def keys_in(text: str, salt: bytes) -> dict[str, Ranges]:
    """Return the keys of all sentences with the places where they stand."""
    found: dict[str, Ranges] = {}
    for start, end in bounds(text):
        if not is_blackened(text[start:end]):
            found.setdefault(key_of(text[start:end], salt), []).append((start, end))
    return found


class Redactor:
    """What is to be blacked out: sentences that name somebody, and further ones by their keys."""

    def __init__(self, names: Names, *, salt: bytes, keys: Collection[str] = ()) -> None:
        """Keep the names, and the sentences that are known by key alone."""
        self.names, self.salt, self.keys = names, salt, set(keys)

    def ranges(self, text: str) -> Ranges:
        """Return what of the text is to be blacked out."""
        found = sentences_around(text, self.names.places(text))
        if self.keys:
            found += [place for key, places in keys_in(text, self.salt).items() if key in self.keys for place in places]
        return found

    def is_telling(self, sentence: str) -> bool:
        """Say whether a sentence says enough to be known by alone: more than a name, or than "He denied it."."""
        places = self.names.places(sentence)
        named = sum(len(sentence[start:end].split()) for start, end in places)
        return len(sentence.split()) - named >= (TELLING_BESIDE_A_NAME if places else TELLING)

    def hits(self, value: Any) -> bool:
        """Say whether anything in a column's value is to be blacked out."""
        return bool(self.of(value) != value)

    def of(self, value: Any) -> Any:
        """Return a column's value with the sentences blacked out, in lists and JSON objects as well."""
        return mapped(value, lambda text: blackened(text, self.ranges(text)))


def mapped(value: Any, change: Any) -> Any:
    """Return a value of JSON's kinds with every text in it changed, names of fields aside."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {name: mapped(one, change) for name, one in value.items()}
    return value
