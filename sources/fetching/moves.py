"""Which sentences of two texts are the same ones, and which of them changed places."""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence


def aligned(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Return which place of `after` holds what stood at a place of `before`, by place; in the order of `before`.

    Heckel (1978), "A technique for isolating differences between files": what stands once in both is the same, and so
    is what is equal right beside it; in time proportional to the texts. Of equal sentences that neither settles, the
    first is paired with the first.
    """
    once, there = _alone(before), _alone(after)
    alone = {here: there[key] for key, here in once.items() if key in there}
    stayed = {here: alone[here] for here in in_order(alone)}
    pairs: dict[int, int] = {}
    for known in ({}, stayed, alone):  # what moved must not take what stands beside what stayed, or at the text's edge
        pairs |= {here: known[here] for here in known if here not in pairs}
        _spread(pairs, before, after, step=1)
        _spread(pairs, before, after, step=-1)
    _leftover(pairs, before, after)
    return dict(sorted(pairs.items()))


def _alone(keys: Sequence[str]) -> dict[str, int]:
    """Return the place of each key that stands there once."""
    times = Counter(keys)
    return {key: place for place, key in enumerate(keys) if times[key] == 1}


def _spread(pairs: dict[int, int], before: Sequence[str], after: Sequence[str], *, step: int) -> None:
    """Pair equal neighbours of what is paired already, from the text's own edge on."""
    taken = set(pairs.values())
    here, last = (-1, len(before)) if step == 1 else (len(before), -1)
    there = -1 if step == 1 else len(after)
    while here + step != last:
        here, there = here + step, there + step
        if here in pairs:
            there = pairs[here]
        elif 0 <= there < len(after) and there not in taken and before[here] == after[there]:
            pairs[here] = there
            taken.add(there)
        else:
            there = len(after) + len(before)  # nothing beside it is known any more


def _leftover(pairs: dict[int, int], before: Sequence[str], after: Sequence[str]) -> None:
    taken = set(pairs.values())
    free: dict[str, deque[int]] = defaultdict(deque)
    for there, key in enumerate(after):
        if there not in taken:
            free[key].append(there)
    for here, key in enumerate(before):
        if here not in pairs and free.get(key):
            pairs[here] = free[key].popleft()


def in_order(pairs: Mapping[int, int]) -> set[int]:
    """Return the most places of `before` that kept their order; whatever else is paired has moved.

    The longest increasing run, by patience sorting (Fredman 1975).
    """
    ends: list[int] = []
    last: list[int] = []
    came_from: dict[int, int | None] = {}
    for here, there in sorted(pairs.items()):
        at = bisect_left(ends, there)
        came_from[here] = last[at - 1] if at else None
        if at == len(ends):
            ends.append(there)
            last.append(here)
        else:
            ends[at], last[at] = there, here
    kept: set[int] = set()
    one: int | None = last[-1] if last else None
    while one is not None:
        kept.add(one)
        one = came_from[one]
    return kept
