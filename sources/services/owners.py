"""Whose a source is in the end: the walk up its owners, bounded."""

from __future__ import annotations

from collections.abc import Iterable

from sources.models import Source
from sources.models.source import MOST_OWNERS


def roots(sources: Iterable[int]) -> tuple[dict[int, int], dict[int, str]]:
    """Return the last owner of each source, and the names of all of these.

    The last owner is the source itself where it has none; a merged one is the one it was merged into.

    As many queries as the longest chain has links.
    """
    asked = set(sources)
    above: dict[int, int | None] = {}
    names: dict[int, str] = {}
    waiting = set(asked)
    while waiting:
        rows = Source.objects.filter(pk__in=waiting).values_list("pk", "merged_into", "parent", "name")
        for pk, merged, parent, name in rows:
            above[pk], names[pk] = merged or parent, name
        waiting = {owner for owner in above.values() if owner is not None} - above.keys()
    return {pk: _top(pk, above) for pk in asked}, names


def _top(pk: int, above: dict[int, int | None]) -> int:
    for _step in range(MOST_OWNERS):
        pk = above.get(pk) or pk
    return pk


def run_in_a_circle(source: Source, owner: Source | None) -> bool:
    """Say whether the source would come to own itself, or its chain of owners grow too long, if it got this one."""
    for _step in range(MOST_OWNERS):
        if owner is None:
            return False
        if owner.pk == source.pk:
            return True
        owner = owner.parent
    return True
