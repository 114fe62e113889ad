"""Where a text names somebody: case, accents, possessives, hyphenation and line breaks do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_LETTERS = 3
JOINED_LETTERS = 8
_HYPHENATED = r"(?:[-\u2010\u2011]\s*\n\s*)?"
_BETWEEN = r"(?:[\W_]|%20){{{least},6}}"
_INITIAL = r"(?:[^\W\d_]\.?[\W_]{1,6})?"
_WORD = re.compile(r"\w+")


class NameRefused(ValueError):
    """A spelling that would match too much."""


@dataclass(frozen=True, slots=True)
class Names:
    """Somebody's names, ready to be looked for."""

    pattern: re.Pattern[str]

    def are_in(self, text: str) -> bool:
        """Say whether the text names them."""
        return bool(self.pattern.search(_folded(text)))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return from where to where each naming goes, in code points of the text as it is."""
        folded = _folded(text)
        if not self.pattern.search(folded):
            return []
        origin = [at for at, letter in enumerate(text) for _part in _fold(letter)]
        return [(origin[m.start()], origin[m.end() - 1] + 1) for m in self.pattern.finditer(folded)]


def names_of(spellings: Iterable[str]) -> Names:
    """Return what finds these spellings, each also with the last word first; raises NameRefused."""
    found = [_pattern(spelling) for spelling in spellings]
    if not found:
        raise NameRefused("Give at least one name.")
    return Names(re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?:['\u2019]?s)?(?![^\W_])"))


def _pattern(spelling: str) -> str:
    words = _WORD.findall(_folded(spelling))
    letters = sum(map(len, words))
    if letters < LEAST_LETTERS:
        raise NameRefused(f"“{spelling}” is too short to be looked for: it would match too much.")
    spelled = [_HYPHENATED.join(map(re.escape, word)) for word in words]
    between = _BETWEEN.format(least=0 if letters >= JOINED_LETTERS else 1)
    first = f"{between}{_INITIAL}".join(spelled)
    turned = between.join([spelled[-1], *spelled[:-1]])
    return f"{first}|{turned}"


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def _fold(letter: str) -> str:
    return _FOLDS[ord(letter)]


class _Folds(dict[int, str]):
    """Letters without case and accents, nothing for accents and invisible signs that stand alone; made when asked."""

    def __missing__(self, number: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(number).casefold())
        self[number] = "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Cf"})
        return self[number]


_FOLDS = _Folds()
