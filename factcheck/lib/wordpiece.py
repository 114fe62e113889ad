"""BERT's uncased WordPiece (Devlin et al. 2019): texts as the numbers of the pieces that a model was trained with.

The same numbers as Hugging Face's `tokenizers` gives, with two exceptions: "[SEP]" and its like inside a text are text,
and characters younger than Unicode 8 are classed as this Python knows them.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

LIMIT = 128  # pieces, the marks at both ends among them: what MiniLM was trained on
LONGEST_WORD = 100
MOST_TEXT = 50_000  # characters: enough for any limit of pieces but in texts made of blanks
IDEOGRAPHS = (
    *(range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x2A6E0)),
    *(range(0x2A700, 0x2B740), range(0x2B740, 0x2B820), range(0x2B920, 0x2CEB0), range(0x2F800, 0x2FA20)),
)


class Pieces(NamedTuple):
    """The pieces of a text or of a pair; `types` is 1 for those of the second text."""

    ids: list[int]
    types: list[int]


class _Shown(dict[int, str]):
    """What `str.translate` puts for a character: spaces around what is a word alone, nothing for what is not seen."""

    def __missing__(self, code: int) -> str:
        char, category = chr(code), unicodedata.category(chr(code))
        if char in "\t\n\r" or category[0] == "Z":
            return self.setdefault(code, " ")
        if char == "\ufffd" or category in {"Cc", "Cf", "Co", "Cs", "Mn"}:
            return self.setdefault(code, "")
        is_mark = category[0] == "P" or (char.isascii() and not char.isalnum())
        is_alone = is_mark or any(code in block for block in IDEOGRAPHS)
        return self.setdefault(code, f" {char} " if is_alone else char.lower())


class WordPiece:
    """Cuts texts by a vocabulary: a piece's number is its place there."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Raises KeyError where a mark that BERT needs is not in the vocabulary."""
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown, self._start, self._end = (self._ids[mark] for mark in ("[UNK]", "[CLS]", "[SEP]"))
        self.pad = self._ids["[PAD]"]
        self._shown = _Shown()
        self._cut = lru_cache(maxsize=1 << 16)(self._pieces)

    def encode(self, text: str, other: str | None = None, *, limit: int = LIMIT) -> Pieces:
        """Return a text, or two, as pieces with their marks; cut to `limit`, of a pair the longer one first."""
        if other is None:
            ids = [self._start, *islice(self._all(text), limit - 2), self._end]
            return Pieces(ids, [0] * len(ids))
        one, two, room = list(self._all(text)), list(self._all(other)), limit - 3
        kept = max((room + (len(one) > len(two))) // 2, room - len(two))
        one, two = one[:kept], two[: room - min(kept, len(one))]
        ids = [self._start, *one, self._end, *two, self._end]
        return Pieces(ids, [0] * (len(one) + 2) + [1] * (len(two) + 1))

    def words(self, text: str) -> list[str]:
        """The words of a text as they are cut: lower case, without accents, marks by themselves."""
        return unicodedata.normalize("NFD", text[:MOST_TEXT]).translate(self._shown).split()

    def _all(self, text: str) -> chain[int]:
        return chain.from_iterable(map(self._cut, self.words(text)))

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The longest pieces from the left, or one unknown where nothing fits."""
        pieces, start = [], 0
        while start < len(word) <= LONGEST_WORD:
            rest = "##" * bool(start) + word[start:]
            length = next((end for end in range(len(rest), 0, -1) if rest[:end] in self._ids), 0)
            if length <= 2 * bool(start):
                break
            pieces.append(self._ids[rest[:length]])
            start += length - 2 * bool(start)
        return tuple(pieces) if start == len(word) else (self._unknown,)
