"""What differs between two versions of a text, sentence by sentence."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sources.fetching import lexicons
from sources.fetching.digest import normalised
from sources.fetching.moves import aligned, in_order

ALIKE = 0.5
# Two sentences may have "he said on Monday that" in common and no more: of the words that tell something they share
# so much, too, unless they have hardly any.
ALIKE_IN_SUBSTANCE, HARDLY_ANY = 0.4, 4
_LITTLE = frozenset(lexicons.entries("little"))
MAX_PAIRS = 50_000
MOST_WORDS, MOST_LETTERS = 300, 5_000  # by which two sentences are found alike
LONGEST_ABBREVIATION = 12
_BLOCK_BREAK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026\u3002\uff01\uff1f])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]*[^\sa-z])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Sgt|Col|Capt|Lt|Rev|vs|Jr|Sr|Inc|Ltd|Co|Corp|U\.S|U\.K|U\.N"
    r"|a\.m|p\.m|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|(?:^|\s)[A-Z])\.$"
)


@dataclass(frozen=True)
class Difference:
    """What became of the sentences of one text in another.

    `added` stand in the new text alone, `removed` in the old; `reworded` are pairs (old, new), `moved` the sentence
    with its number in the old text and in the new; a sentence stands in one of the four. `is_whole`: every sentence was
    held against every other; else only against those about as far down, and a pair may be told as removed and added.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reworded: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, int, int], ...] = ()
    is_whole: bool = True

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reworded or self.moved)


def bounds(text: str) -> list[tuple[int, int]]:
    """Return from where to where each sentence goes, roughly: a block's end ends one, so does a stop before a capital.

    Enough to show what changed; claims are found by `claims.splitting`.
    """
    found: list[tuple[int, int]] = []
    begin = 0
    for gap in [*_BLOCK_BREAK.finditer(text), None]:
        end = gap.start() if gap else len(text)
        found += _in_block(text, begin, end)
        begin = gap.end() if gap else end
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences themselves."""
    return [text[start:end] for start, end in bounds(text)]


def _in_block(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    found = []
    for match in _SENTENCE_END.finditer(text, begin, end):
        before = text[max(begin, match.start() - LONGEST_ABBREVIATION) : match.start()]
        is_numero = before.endswith(("No.", "Nos.")) and text[match.end()].isdigit()
        if not is_numero and not _ABBREVIATION.search(before):
            found.append(_trimmed(text, begin, match.end()))
            begin = match.end()
    last = _trimmed(text, begin, end)
    return [*found, last] if last[0] < last[1] else found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    left = len(inside) - len(inside.lstrip())
    return start + left, start + max(left, len(inside.rstrip()))


def differs(old: str, new: str) -> Difference:
    """Say what changed from one text to the other, sentence by sentence."""
    before, after = sentences(old), sentences(new)
    same = aligned([normalised(one) for one in before], [normalised(one) for one in after])
    kept, taken = in_order(same), set(same.values())
    gone = [place for place in range(len(before)) if place not in same]
    come = [place for place in range(len(after)) if place not in taken]
    pairs, is_whole = _paired(before, after, gone, come)
    reworded = frozenset(pairs.values())
    return Difference(
        added=tuple(after[place] for place in come if place not in pairs),
        removed=tuple(before[place] for place in gone if place not in reworded),
        reworded=tuple((before[pairs[place]], after[place]) for place in sorted(pairs)),
        moved=tuple((after[there], here, there) for here, there in same.items() if here not in kept),
        is_whole=is_whole,
    )


def _paired(
    before: Sequence[str], after: Sequence[str], gone: Sequence[int], come: Sequence[int]
) -> tuple[dict[int, int], bool]:
    """Pair sentences that share most of their words, the most alike first; new place to old place.

    Of equally alike ones those that stand about as far down are paired.
    """
    here, there = [_words(before[place]) for place in gone], [_words(after[place]) for place in come]
    reach = max(1, MAX_PAIRS // max(1, len(come)))
    scored = []
    for row, words in enumerate(there):
        level = row * len(gone) // len(come)
        near = range(max(0, level - reach // 2), min(len(gone), level + reach // 2 + 1))
        alike = {column: _likeness(here[column], words) for column in near}
        scored += [(-alike[column], abs(column - level), row, column) for column in near if alike[column] >= ALIKE]
    partner: dict[int, int] = {}
    used: set[int] = set()
    for _, _, row, column in sorted(scored):
        if row not in partner and column not in used:
            partner[row] = column
            used.add(column)
    return {come[row]: gone[column] for row, column in partner.items()}, len(gone) <= reach // 2


def _words(sentence: str) -> Counter[str]:
    """Return the words of a sentence; of one without end the first, which tell enough to find its like."""
    found = re.finditer(r"\w+", normalised(sentence[:MOST_LETTERS]).casefold())
    return Counter(word[0] for word in islice(found, MOST_WORDS))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two sentences have in common (Dice), 0 to 1; 0 where these tell nothing."""
    alike = _shared(one, other)
    if alike < ALIKE:
        return alike
    telling = [Counter({word: times for word, times in words.items() if word not in _LITTLE}) for words in (one, other)]
    is_short = telling[0].total() + telling[1].total() <= HARDLY_ANY
    return alike if is_short or _shared(*telling) >= ALIKE_IN_SUBSTANCE else 0.0


def _shared(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
