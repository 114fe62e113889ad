"""Two versions of a page side by side, sentence by sentence, with what the edit weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sources.admin.marks import difference
from sources.fetching.changes import differs, sentences
from sources.fetching.digest import normalised
from sources.fetching.moves import aligned, in_order
from sources.fetching.weights import Because, Weight, weigh
from sources.models import Snapshot
from sources.services import comparing

MOST_LETTERS, MOST_ROWS, AROUND = 150_000, 500, 1
NOISE = "noise"
WORDS: Mapping[str, object] = MappingProxyType(
    {
        "number": _("a number"),
        "name": _("a name"),
        "negation": _("a negation"),
        "status": _("where it stands"),
        "certainty": _("how sure it is"),
        "quote": _("a quotation"),
        "added": _("new sentence"),
        "removed": _("taken out"),
        "moved": _("moved"),
        "correction": _("a correction"),
        "notice": _("a notice"),
        "reworded": _("other words"),
        "link": _("where a link leads"),
        NOISE: _("not of the text"),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as it was and as it is, '' where it was or is not; why it counts, and whether it does.

    A row of `same` sentences that stand folded away shows none of them.
    """

    was: SafeString | str = ""
    now: SafeString | str = ""
    kinds: tuple[object, ...] = ()
    is_substantive: bool = False
    same: int = 0

    @property
    def has_changed(self) -> bool:
        """Whether it says anything of the edit."""
        return bool(self.kinds)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two versions held against each other; `links` lead elsewhere now. `rows` are the first of `many`."""

    rows: list[Row]
    many: int
    links: list[Because]
    weight: Weight
    is_cut: bool


def sides(before: Snapshot, after: Snapshot) -> Sides:
    """Hold two kept versions against each other; of long ones their beginnings."""
    was, now = (comparing.seen_in(one, most=MOST_LETTERS) for one in (before, after))
    weight = weigh(was, now)
    rows = list(_folded(list(_rows(was.text, now.text, weight))))
    return Sides(
        rows=[_marked(row) for row in rows[:MOST_ROWS]],
        many=len(rows),
        links=[one for one in weight.because if one.kind == "link"],
        weight=weight,
        is_cut=max(len(before.text), len(after.text)) > MOST_LETTERS,
    )


def _rows(old: str, new: str, weight: Weight) -> Iterator[Row]:
    """Yield the sentences in the order of the new text; what was taken out stands where it was."""
    before, after = sentences(old), sentences(new)
    same = aligned([normalised(one) for one in before], [normalised(one) for one in after])
    kept, was_at = in_order(same), {there: here for here, there in same.items()}
    pairs = _pairs(before, after, same, differs(old, new).reworded)
    reasons = _reasons(weight)
    shown_elsewhere = {here for here in same if here not in kept} | set(pairs.values())
    here = 0
    for there, sentence in enumerate(after):
        if was_at.get(there) in kept:
            yield from _taken_out(before, range(here, was_at[there]), shown_elsewhere, reasons)
            here = was_at[there] + 1
            yield Row(before[was_at[there]], sentence)
        elif there in was_at:
            yield Row(before[was_at[there]], sentence, (WORDS["moved"],))
        else:
            yield _row(before[pairs[there]] if there in pairs else "", sentence, reasons)
    yield from _taken_out(before, range(here, len(before)), shown_elsewhere, reasons)


def _pairs(
    before: Sequence[str], after: Sequence[str], same: Mapping[int, int], reworded: Sequence[tuple[str, str]]
) -> dict[int, int]:
    """Return where the old sentence of each reworded one stands: new place to old place."""
    free = [here for here in range(len(before)) if here not in same]
    taken, waiting, pairs = set(same.values()), list(reworded), {}
    for there, sentence in enumerate(after):
        if there not in taken and waiting and waiting[0][1] == sentence:
            was, _now = waiting.pop(0)
            pairs[there] = next(here for here in free if before[here] == was)
            free.remove(pairs[there])
    return pairs


def _taken_out(
    before: Sequence[str], places: range, shown_elsewhere: set[int], reasons: Mapping[tuple[str, str], list[Because]]
) -> Iterator[Row]:
    for here in places:
        if here not in shown_elsewhere:
            yield _row(before[here], "", reasons)


def _reasons(weight: Weight) -> dict[tuple[str, str], list[Because]]:
    found: dict[tuple[str, str], list[Because]] = {}
    for one in weight.because:
        found.setdefault((normalised(one.was), normalised(one.now)), []).append(one)
    return found


def _row(was: str, now: str, reasons: Mapping[tuple[str, str], list[Because]]) -> Row:
    """Return a changed sentence; what weighs nothing is the page's machinery, such as a counter."""
    because = reasons.get((normalised(was), normalised(now)), [])
    kinds = tuple(WORDS[one.kind] for one in because) or (WORDS[NOISE],)
    return Row(was, now, kinds, any(one.is_substantive for one in because))


def _marked(row: Row) -> Row:
    """Mark the words that differ; what is the same on both sides has none."""
    if not row.has_changed or row.was == row.now:
        return row
    was, now = difference(row.was, row.now)
    return replace(row, was=was, now=now)


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """Fold away what did not change, but for what stands right beside a change."""
    changed = [place for place, row in enumerate(rows) if row.has_changed]
    near = {beside for place in changed for beside in range(place - AROUND, place + AROUND + 1)}
    run = 0
    for place, row in enumerate(rows):
        if place in near:
            if run:
                yield Row(same=run)
            run = 0
            yield row
        else:
            run += 1
    if run:
        yield Row(same=run)
