"""Pairs of our own sentences with their relation, made by rule from groups that were written and checked by hand.

A group has one sentence (`base`) and others by what they are to it: the same, a contradiction, a later figure of the
same quantity, narrower, wider, about the same matter, about another. So each pairs with the base, and with one that is
the same as the base: what contradicts the one contradicts the other. Bases of neighbouring groups are unrelated.

`tuned` groups were there while the rules were written; the `held` ones were written and committed before the first
rule, with other topics, names and frames; two faults that they showed were mended. The `fresh` ones were written after
the rules, by somebody who had not read them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from claims.matching.relations import Kind, Statement

HERE = Path(__file__).parent
AT = datetime(2024, 5, 14, 8, tzinfo=UTC)
LATER = timedelta(hours=20)
PARTS = ("tuned", "held", "fresh")
REVERSED = {"wider": Kind.NARROWS}
Group = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements and what the one is to the other; `is_reversed`: what the other is to the one."""

    one: Statement
    other: Statement
    kind: Kind
    is_reversed: bool = False


def pairs(part: str) -> list[Pair]:
    """The pairs of one part."""
    groups: list[Group] = json.loads((HERE / f"relation_pairs_{part}.json").read_text(encoding="utf-8"))
    return [*(pair for group in groups for pair in _of(group)), *_between(groups)]


def _of(group: Group) -> Iterator[Pair]:
    base, same = group["base"], group.get("same", [])
    yield from (_pair(one, other, "same") for one, other in _both_ways([base, *same]))
    for name in ("contradicts", "supersedes", "narrows", "wider", "related", "unrelated"):
        for at, told in enumerate(group.get(name, [])):
            yield _pair(told, base, name)
            if same:
                yield _pair(told, same[at % len(same)], name)


def _both_ways(same: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every two that say the same."""
    for at, one in enumerate(same):
        yield from ((one, other) for other in same[:at])


def _pair(one: str, other: str, name: str) -> Pair:
    at = AT + LATER if name == "supersedes" else AT
    kind = REVERSED.get(name) or Kind(name)
    return Pair(Statement(one, at=at), Statement(other, at=AT), kind, is_reversed=name in REVERSED)


def _between(groups: Sequence[Group]) -> Iterator[Pair]:
    for at, group in enumerate(groups):
        for step in (1, 5):
            yield _pair(group["base"], groups[(at + step) % len(groups)]["base"], "unrelated")
