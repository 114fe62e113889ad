"""What differs between two versions of a text, sentence by sentence."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sources.fetching.digest import normalised

ALIKE = 0.5
MAX_PAIRS = 100_000
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
    """Sentences of the new text that are not in the old, of the old not in the new, and reworded pairs.

    A pair is (old, new); its sentences stand in neither of the other two.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reworded: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reworded)


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
    """Say what changed from one text to the other; sentences that only moved have not changed."""
    before, after = sentences(old), sentences(new)
    gone, come = _missing(before, after), _missing(after, before)
    pairs = _paired(gone, come)
    return Difference(
        added=_without(come, [new_sentence for _, new_sentence in pairs]),
        removed=_without(gone, [old_sentence for old_sentence, _ in pairs]),
        reworded=tuple(pairs),
    )


def _missing(here: Sequence[str], there: Sequence[str]) -> list[str]:
    """Return the sentences of `here` that `there` lacks, in order, counting repeats."""
    left = Counter(normalised(sentence) for sentence in there)
    missing = []
    for sentence in here:
        key = normalised(sentence)
        if left[key]:
            left[key] -= 1
        else:
            missing.append(sentence)
    return missing


def _paired(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """Pair sentences that share most of their words, the most alike first; in the order of the new text."""
    if len(gone) * len(come) > MAX_PAIRS:
        return []
    before, after = [_words(sentence) for sentence in gone], [_words(sentence) for sentence in come]
    scored = sorted(
        (
            (likeness, -new, -old)
            for new, new_words in enumerate(after)
            for old, old_words in enumerate(before)
            if (likeness := _likeness(old_words, new_words)) >= ALIKE
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for _, minus_new, minus_old in scored:
        if -minus_new not in partner and -minus_old not in partner.values():
            partner[-minus_new] = -minus_old
    return [(gone[partner[index]], come[index]) for index in sorted(partner)]


def _words(sentence: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", normalised(sentence).casefold()))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two sentences have in common (Dice), 0 to 1."""
    shared = (one & other).total()
    total = one.total() + other.total()
    return 2 * shared / total if total else 0.0


def _without(all_of_them: Sequence[str], paired: Sequence[str]) -> tuple[str, ...]:
    left = Counter(paired)
    kept = []
    for sentence in all_of_them:
        if left[sentence]:
            left[sentence] -= 1
        else:
            kept.append(sentence)
    return tuple(kept)
