"""When what a look saw counts: seen more than once, far enough apart, and not something that comes and goes.

A page may show everybody something else: two versions by chance, adverts in turn, a clock, mirrors that lag. So looks
are not compared as wholes. Of the last dozen, each is held as the sentences that stand there or in the version we keep,
but not in both: by short keys, without a word. A sentence counts as come or gone when look after look says so, unless
it came and went before; what no two looks agree on never counts, and keeps nothing else from counting. No clock here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from statistics import median_low
from typing import Any

from sources.fetching.changes import sentences
from sources.fetching.digest import digest, normalised

Keys = frozenset[str]

MEMORY = 24
CAME_BACK = 12
MOST_KEYS = 400
RESTLESS = 3
ESTABLISHED = 2
PATIENCE = 3
EARLY = 0.9  # a look may come a little before its time
GONE: Keys = frozenset({"gone"})
_LENGTH = 12


class Verdict(StrEnum):
    """What the last look comes to."""

    SAME = "same"
    AWAITED = "awaited"  # another look will tell
    SETTLED = "settled"
    RESTLESS = "restless"  # nothing but what comes and goes


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look, by the keys in which it differs from the version we keep: none, where it saw that version."""

    at: datetime
    differs: Keys

    def as_json(self) -> list[Any]:
        """Return what `from_json` takes back."""
        return [self.at.isoformat(), sorted(self.differs)]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> Sighting:
        """Build it from what `as_json` gave."""
        return cls(datetime.fromisoformat(kept[0]), frozenset(kept[1]))


Memory = Sequence[Sighting]


def keys_of(text: str) -> Keys:
    """Return the keys of a text's sentences: enough to know one again, too short to tell what it said."""
    return frozenset(_key(normalised(one)) for one in sentences(text))


def differs(kept: str, seen: str) -> Keys:
    """Return the keys of the sentences in one of two unlike texts only; of very many, the same few at every look.

    Where the sentences are the same, and only their order or number is not, the text as a whole has a key.
    """
    return _few(keys_of(kept) ^ keys_of(seen)) or frozenset({digest(seen)[:_LENGTH]})


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _few(keys: Keys) -> Keys:
    return keys if len(keys) <= MOST_KEYS else frozenset(sorted(keys)[:MOST_KEYS])


def remembered(memory: Memory) -> list[Sighting]:
    """Return what of it is kept: the last dozen looks, or nothing where all of them saw the version we keep."""
    last = list(memory[-MEMORY:])
    return last if any(one.differs for one in last) else []


def rebased(memory: Memory) -> list[Sighting]:
    """Return the memory as seen from the version that the last look saw, which is kept from now on."""
    now = memory[-1].differs
    return remembered([one if one.differs == GONE else Sighting(one.at, _few(one.differs ^ now)) for one in memory])


def awaited(memory: Memory) -> list[Sighting]:
    """Return the last looks of which none saw the version we keep, in their order."""
    return [*takewhile(lambda one: one.differs, reversed(memory))][::-1]


def is_unstable(memory: Memory, *, was: bool) -> bool:
    """Tell whether look after look undid what the one before showed; where it `was` so, until none does any more."""
    return _is_restless(_of_texts(memory), was=was) or _is_restless(_of_its_absence(memory), was=was)


def judged(
    memory: Memory, *, kept: Keys, since: datetime, looks: int, apart: timedelta, was_unstable: bool = False
) -> Verdict:
    """Say what the last of these looks comes to.

    `kept` are the keys of the version we keep, taken at `since`. So many looks must agree, each `apart` from the next:
    one more where the page is restless, and two at least before it is gone.
    """
    if not memory[-1].differs:
        return Verdict.SAME
    if memory[-1].differs == GONE:
        seen, kept, looks = _of_its_absence(memory), frozenset(), max(2, looks)
    elif looks == 1:
        return Verdict.SETTLED
    else:
        seen = _of_texts(memory)
    is_moody = _is_restless(seen, was=was_unstable)
    passing = _passing(seen, since=seen[-1].at if is_moody else since)
    window = _window(seen, looks + is_moody, apart)
    counting = _counting(window, seen, kept)
    if is_moody or not _is_back(seen):
        counting -= passing
    unsure = (seen[-1].differs & kept) - _agreed(window)
    if counting and (not unsure or _has_waited(seen, apart)):
        return Verdict.SETTLED
    return Verdict.RESTLESS if is_moody and not _hopeful(seen, kept) - passing else Verdict.AWAITED


def _of_texts(memory: Memory) -> list[Sighting]:
    return [one for one in memory if one.differs != GONE]


def _of_its_absence(memory: Memory) -> list[Sighting]:
    return [Sighting(one.at, one.differs & GONE) for one in memory]


def _is_restless(seen: Memory, *, was: bool) -> bool:
    turns, undone = Counter[str](), 0
    for one, other in pairwise(seen):
        turned = one.differs ^ other.differs
        turns.update(turned)
        undone += any(turns[key] > 1 for key in turned)
    return undone >= (1 if was else RESTLESS)


def _passing(seen: Memory, *, since: datetime) -> Keys:
    """Return what came and went, where that began before `since`: a second turn is then no news."""
    turns: dict[str, list[datetime]] = {}
    for one, other in pairwise(seen):
        for key in one.differs ^ other.differs:
            turns.setdefault(key, []).append(other.at)
    return frozenset(key for key, times in turns.items() if len(times) > 1 and times[0] <= since)


def _window(seen: Memory, looks: int, apart: timedelta) -> Memory:
    """Return the looks that must agree: as many as are asked for, and as far back as they have to lie apart."""
    span = apart * (looks - 1) * EARLY
    far = [start for start in range(len(seen) - looks + 1) if seen[-1].at - seen[start].at >= span]
    return seen[far[-1] :] if far else ()


def _agreed(window: Memory) -> Keys:
    return frozenset.intersection(*(one.differs for one in window)) if window else frozenset()


def _counting(window: Memory, seen: Memory, kept: Keys) -> Keys:
    """Return of what the looks agree on that which counts.

    Where they differ otherwise, a sentence of ours that was seen but once may have been a passing one itself: that it
    is gone says nothing.
    """
    agreed = _agreed(window)
    is_one_text = len({one.differs for one in window}) == 1
    return agreed if is_one_text else frozenset(key for key in agreed if key not in kept or _is_established(key, seen))


def _is_back(seen: Memory) -> bool:
    """Tell whether the page has said the same for so long that what came back has come to stay."""
    return len(seen) >= CAME_BACK and len({one.differs for one in seen[-CAME_BACK:]}) == 1


def _is_established(key: str, seen: Memory) -> bool:
    return sum(key not in one.differs for one in seen) >= ESTABLISHED


def _hopeful(seen: Memory, kept: Keys) -> Keys:
    """Return what the next look may settle on a restless page: ours that went, what came twice or beyond the usual."""
    known, usual = set[str](), []
    for one in seen[:-1]:
        usual.append(len(one.differs - kept - known))
        known |= one.differs
    last = seen[-1].differs
    ours = frozenset(key for key in last & kept if _is_established(key, seen))
    fresh = last - kept - known
    return ours | (last & seen[-2].differs) - kept | (fresh if len(fresh) > median_low(usual) else frozenset())


def _has_waited(seen: Memory, apart: timedelta) -> bool:
    """Tell whether looks have differed for so long that none may ever show all of it at once."""
    return seen[-1].at - awaited(seen)[0].at >= PATIENCE * apart
