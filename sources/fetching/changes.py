"""What differs between two versions of a text, sentence by sentence."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sources.fetching.digest import normalised

ALIKE = 0.5
MAX_PAIRED = 400
LONGEST_ABBREVIATION = 12
_BLOCK_BREAK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?\u3002\uff01\uff1f])[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]*[^\sa-z])")
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


def sentences(text: str) -> list[str]:
    """Cut a text into sentences, roughly: a block's end ends one, so does a full stop before a capital.

    Enough to show what changed; claims are found by `claims.splitting`.
    """
    return [sentence for block in _BLOCK_BREAK.split(text) for sentence in _of_block(block.strip())]


def _of_block(block: str) -> list[str]:
    found: list[str] = []
    begin = 0
    for match in _SENTENCE_END.finditer(block):
        before = block[max(begin, match.start() - LONGEST_ABBREVIATION) : match.start()]
        is_numero = before.endswith(("No.", "Nos.")) and block[match.end()].isdigit()
        if not is_numero and not _ABBREVIATION.search(before):
            found.append(block[begin : match.end()].strip())
            begin = match.end()
    return [*found, block[begin:]] if block[begin:] else found


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
    if len(gone) * len(come) > MAX_PAIRED * MAX_PAIRED:
        return []
    scored = sorted(
        (
            (likeness, -new_index, -old_index)
            for new_index, new_sentence in enumerate(come)
            for old_index, old_sentence in enumerate(gone)
            if (likeness := _likeness(old_sentence, new_sentence)) >= ALIKE
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, minus_new, minus_old in scored:
        if -minus_new not in partner and -minus_old not in taken:
            partner[-minus_new] = -minus_old
            taken.add(-minus_old)
    return [(gone[partner[index]], come[index]) for index in sorted(partner)]


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(a=_words(one), b=_words(other), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _words(sentence: str) -> list[str]:
    return re.findall(r"\w+", normalised(sentence).casefold())


def _without(all_of_them: Sequence[str], paired: Sequence[str]) -> tuple[str, ...]:
    left = Counter(paired)
    kept = []
    for sentence in all_of_them:
        if left[sentence]:
            left[sentence] -= 1
        else:
            kept.append(sentence)
    return tuple(kept)
