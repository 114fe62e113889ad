"""How much the words of a text stand in others: BM25 (Robertson and Zaragoza 2009) over stems."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SATURATION, LENGTH = 1.2, 0.5
STOP = frozenset(resources.files(__package__).joinpath("stop.txt").read_text(encoding="ascii").split())
WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
OF_SOMEBODY = re.compile(r"['’]s\b")
PLURALS = (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""))
SHORTEST = 4  # letters of a word that is stemmed


def words(text: str) -> list[str]:
    """The words of a text that tell something, as stems; numbers without their commas, "U.S." as its letters."""
    folded = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    found = WORD.findall(OF_SOMEBODY.sub("", THOUSANDS.sub("", folded)))
    return [stem(word) for word in found if word not in STOP]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """What is left of an English word without its endings; only to be compared with others of its kind."""
    if len(word) < SHORTEST or word[0].isdigit():
        return word
    ending, instead = next((pair for pair in PLURALS if word.endswith(pair[0])), ("", ""))
    word = word[: len(word) - len(ending)] + instead
    word = _undone(word)
    if word.endswith("e") and len(word) > SHORTEST:
        return word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) >= SHORTEST else word


def _undone(word: str) -> str:
    for ending in ("ingly", "edly", "ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= SHORTEST - 1 and any(letter in "aeiouy" for letter in rest):
            is_doubled = len(rest) >= SHORTEST and rest[-1] == rest[-2] and rest[-1] not in "lsz"
            return rest[:-1] if is_doubled else rest
    return word


@dataclass(frozen=True, slots=True)
class Stock:
    """What all texts are like: how many there are, how many words they have on average, in how many a word stands."""

    texts: int
    average: float
    holders: Mapping[str, int]

    def rarity(self, word: str) -> float:
        """How much a word tells."""
        held = self.holders.get(word, 0)
        return math.log(1 + (self.texts - held + 0.5) / (held + 0.5))


class Words:
    """The words of some texts, to be looked up: of all texts there are, or of a few out of a stock."""

    def __init__(self, texts: Sequence[Sequence[str]], stock: Stock | None = None) -> None:
        """`texts`: the `words` of each; without a `stock` they are all there are."""
        self._count = len(texts)
        self._held: dict[str, list[tuple[int, int]]] = {}
        for place, text in enumerate(texts):
            for word, times in Counter(text).items():
                self._held.setdefault(word, []).append((place, times))
        self._lengths = [len(text) for text in texts]
        average = sum(self._lengths) / max(1, len(texts))
        self.stock = stock or Stock(len(texts), average, {word: len(places) for word, places in self._held.items()})

    def scores(self, asked: Sequence[str]) -> "NDArray[np.float32]":
        """Return a score a text: by each different word that is asked for, rare ones more."""
        import numpy as np

        scores = [0.0] * self._count
        for word in sorted(set(asked) & self._held.keys()):
            rarity = self.stock.rarity(word)
            for place, times in self._held[word]:
                share = 1 - LENGTH + LENGTH * self._lengths[place] / max(1.0, self.stock.average)
                scores[place] += rarity * times * (SATURATION + 1) / (times + SATURATION * share)
        return np.array(scores, np.float32)
