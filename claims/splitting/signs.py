"""What the surface of a sentence shows: one of some words, a word with some ending, or an expression.

The words of a sentence are looked up in a table of all signs, once: a search for
every sign takes twice as long.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sign:
    """Shown by one of `words`, a word of `shortest` letters or more that ends in `ending`, or the `expression`.

    Words are cut at whatever is neither letter nor digit: "isn't" is isn and t; `is_cased`: they count only as written
    here. `beside` are words without one of which the expression cannot be found, so that nobody searches for it; where
    there are none, it is always searched for.
    """

    words: Collection[str] = ()
    ending: str = ""
    shortest: int = 0
    expression: re.Pattern[str] | None = None
    beside: Collection[str] = ()
    is_cased: bool = False


def one_of(words: str, *, ending: str = "", shortest: int = 0, is_cased: bool = False) -> Sign:
    """One of the words, or a word with the ending."""
    return Sign(words.split(), ending, shortest, is_cased=is_cased)


def found(expression: str, *, words: str = "", beside: str = "") -> Sign:
    """The expression, whatever the case, or one of the words."""
    return Sign(words.split(), expression=re.compile(expression, re.IGNORECASE), beside=beside.split())


class Signs:
    """Signs by name, as tables to look words up in."""

    def __init__(self, signs: Mapping[str, Sign]) -> None:
        """Turn the signs around: from each word to what it shows."""
        self.written: dict[str, list[str]] = defaultdict(list)
        self.small: dict[str, list[str]] = defaultdict(list)
        self.beside: dict[str, list[str]] = defaultdict(list)
        self.endings = [(sign.ending, sign.shortest, name) for name, sign in signs.items() if sign.ending]
        self.expressions = {name: sign.expression for name, sign in signs.items() if sign.expression}
        self.always = [name for name in self.expressions if not signs[name].beside]
        for name, sign in signs.items():
            for word in sign.words:
                (self.written if sign.is_cased else self.small)[word].append(name)
            for word in sign.beside:
                self.beside[word].append(name)

    def shown(self, text: str) -> set[str]:
        """The names of the signs that a sentence shows."""
        written = WORD.findall(text)
        small = {word.lower() for word in written}
        shown = {name for word in self.small.keys() & small for name in self.small[word]}
        shown.update(name for word in self.written.keys() & written for name in self.written[word])
        for ending, shortest, name in self.endings:
            if name not in shown and any(word.endswith(ending) and len(word) >= shortest for word in small):
                shown.add(name)
        asked = {name for word in self.beside.keys() & small for name in self.beside[word]}
        shown.update(name for name in asked.union(self.always) if self.expressions[name].search(text))
        return shown
