"""How much an edit weighs: whether it can bear on what somebody took from the page, and whether the page says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sources.fetching import contrast
from sources.fetching.changes import Difference, differs
from sources.fetching.digest import normalised
from sources.fetching.kinds import is_notice
from sources.fetching.noise import lines, stable
from sources.fetching.types import Block, Link, Reading

Kind = contrast.Kind | Literal["correction", "notice", "reworded", "moved", "link"]
MINOR: frozenset[Kind] = frozenset({"reworded", "moved", "link"})
# What is said anew, or said of the page, takes nothing back of what stood there.
OPEN: frozenset[Kind] = MINOR | {"correction", "notice", "added"}
_UNTOLD: list[Kind] = ["reworded"]
# Words times words of reworded sentences that are held against each other: some thousand sentences of a common length.
MOST_HELD = 1_000_000
LABEL = 4  # words: fewer without a full stop are a label, not a sentence
_CORRECTS = re.compile(
    r"correct|clarif|misst|misspel|misidentif|misattribut|misquot|error|incorrect|inaccura|wrong|amend|retract|withdr"
    r"|regret|apolog|earlier version|previous version|originally|editor|korrektur|berichtigung|rectif|correcc|corre[zc]"
    r"|fe de erratas|fe de errores",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as one look saw it: what a Snapshot keeps of a Reading."""

    text: str
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None

    @classmethod
    def of(cls, reading: Reading) -> Seen:
        """Return what a reading saw."""
        return cls(reading.text, reading.blocks, reading.links, reading.published_at, reading.modified_at)


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: the sentence as it was ('' if it was not there), and as it is now ('' if it is gone)."""

    kind: Kind
    was: str
    now: str

    @property
    def is_substantive(self) -> bool:
        """Whether it can bear on what somebody took from the page."""
        return self.kind not in MINOR


@dataclass(frozen=True, slots=True)
class Weight:
    """What an edit comes to, and why; `notices` are the corrections that were not there before.

    `is_whole` is False where the texts differ so much that not every sentence was held against every other.
    """

    weight: Literal["none", "minor", "substantive"]
    because: tuple[Because, ...] = ()
    notices: tuple[str, ...] = ()
    is_stealth: bool = False
    is_whole: bool = True


def weigh(before: Seen, after: Seen) -> Weight:
    """Say how much changed between two looks at a page, noise aside.

    Substantive: a number, name, negation, quotation, or word for how sure or where a matter stands came, went or gave
    way to another; a sentence came or went; a correction. A stealth edit changes or removes something substantive and
    no notice says so; a later date of modification is no notice, for a machine sets it.
    """
    difference = differs(stable(before), stable(after))
    labels = lines(before) | lines(after)
    sentences = (*_reworded(difference), *_come_and_gone(difference))
    because = (*_unlabelled(sentences, labels), *_moved(difference), *_links(before, after))
    is_told = any(one.kind in {"correction", "notice"} for one in because)
    return Weight(
        weight="substantive" if any(one.is_substantive for one in because) else "minor" if because else "none",
        because=because,
        notices=tuple(one.now for one in because if one.kind == "correction"),
        is_stealth=not is_told and any(one.kind not in OPEN for one in because),
        is_whole=difference.is_whole,
    )


def _reworded(difference: Difference) -> Iterator[Because]:
    left = MOST_HELD
    for was, now in difference.reworded:
        if is_notice(now) and not is_notice(was):
            yield Because(_notice(now), was, now)
            continue
        left -= min(len(was.split()), contrast.LONGEST) * min(len(now.split()), contrast.LONGEST)
        if left < 0:  # nobody knows what they differ in: as if one went and the other came
            yield from (Because("removed", was, ""), Because("added", "", now))
            continue
        kinds: list[Kind] = sorted(contrast.contrast(was, now).kinds)
        yield from (Because(kind, was, now) for kind in kinds or _UNTOLD)


def _come_and_gone(difference: Difference) -> Iterator[Because]:
    for now in difference.added:
        yield Because(_notice(now) if is_notice(now) else "reworded" if _is_label(now) else "added", "", now)
    for was in difference.removed:
        yield Because("reworded" if _is_label(was) else "removed", was, "")


def _unlabelled(because: Iterable[Because], labels: Collection[str]) -> Iterator[Because]:
    """Make minor what a line that is no sentence says otherwise."""
    for one in because:
        is_label = all(normalised(text) in labels or not text for text in (one.was, one.now))
        kind: Kind = "reworded" if is_label and one.kind not in {"correction", "notice"} else one.kind
        yield Because(kind, one.was, one.now)


def _notice(text: str) -> Kind:
    return "correction" if _CORRECTS.search(text) else "notice"


def _is_label(sentence: str) -> bool:
    return len(sentence.split()) < LABEL and not sentence.rstrip("\"'”’)").endswith((".", "!", "?"))


def _moved(difference: Difference) -> Iterator[Because]:
    for sentence, _, _ in difference.moved:
        yield Because("moved", sentence, sentence)


def _links(before: Seen, after: Seen) -> Iterator[Because]:
    was, now = ({(link.text, link.url) for link in page.links} for page in (before, after))
    texts = {normalised(text) for text, _ in was} & {normalised(text) for text, _ in now}
    first = dict(sorted(was, reverse=True))  # of each text the first address
    for text, url in sorted(now - was):
        if normalised(text) in texts:
            yield Because("link", first.get(text, ""), url)
