"""Real edits to real texts: how much each weighs, what became of the quote, and whether any was passed over."""

import sys
from collections import Counter
from collections.abc import Sequence

from bench.edits import EXPECTED, HARMLESS, KINDS, Edit, edits, halves
from bench.splitting_rows import Figures
from bench.splitting_sets import Sets
from claims.verification.anchors import STANDS, anchor, quote_at
from sources.fetching.reading import read
from sources.fetching.weights import Seen, Weight, weigh

EACH, SEED, SHOWN = 34, 5, 2


def measure(sets: Sets) -> Figures:
    """Edit the texts that are for measuring, and those that served for tuning, and see what is said of it."""
    texts = [row["text"] for row in sets.rows("polnear_doc")] + list(sets.texts().values())
    for_tuning, for_measuring = halves(texts)
    tuned = _measured("tuning", for_tuning)
    beside = {f"tuned_{key}": tuned[key] for key in ("change", "anchor")} | _harmless(for_measuring)
    return _measured("measuring", for_measuring) | beside


def _harmless(texts: Sequence[str]) -> dict[str, float]:
    """Count what is called substantive, or a denial, of edits that no reader would call a change."""
    seen = [(edit, *_seen(edit)) for edit in edits(texts, each=EACH, seed=SEED, kinds=HARMLESS)]
    wrong = [(edit, weight) for edit, weight, _, _ in seen if weight.weight == "substantive"]
    for edit, weight in wrong:
        print(f"    {edit.kind}: {sorted({one.kind for one in weight.because})}: {_changed(edit)}", file=sys.stderr)
    return {
        "harmless": len(seen),
        "harmless_substantive": len(wrong),
        "harmless_denied": sum(found == "denied" for _, _, found, _ in seen),
    }


def _measured(name: str, texts: Sequence[str]) -> dict[str, float]:
    made = list(edits(texts, each=EACH, seed=SEED))
    seen = [(edit, *_seen(edit)) for edit in made]
    change = [(edit, _is_right(edit, weight)) for edit, weight, _, _ in seen]
    anchors = [(edit, found == EXPECTED[edit.kind].anchor) for edit, _, found, _ in seen]
    silent = [(edit, not is_silent) for edit, _, _, is_silent in seen]
    for kind in KINDS:
        figures = [Counter(right for edit, right in part if edit.kind == kind) for part in (change, anchors, silent)]
        print(f"  {name} {kind:<14}", *(f"{part[True]:>3}/{part.total()}" for part in figures), file=sys.stderr)
    _show_wrong(seen)
    count = max(1, len(made))
    return {
        "edits": len(made),
        "change": sum(right for _, right in change) / count,
        "anchor": sum(right for _, right in anchors) / count,
        "silent": sum(not right for _, right in silent),
    }


def _page(text: str) -> Seen:
    return Seen.of(read(text.encode(), media_type="text/plain", charset="utf-8", url="https://news.example.com/a"))


def _seen(edit: Edit) -> tuple[Weight, str, bool]:
    """Return what is said of the edit, of the quote, and whether a quote that does not stand there is said to."""
    found = anchor(quote_at(edit.old, edit.start, edit.end), edit.old, edit.new)
    stands_elsewhere = found.quote is not None and found.quote.start != edit.place
    is_silent = found.anchor in STANDS and (edit.place < 0 or stands_elsewhere)
    return weigh(_page(edit.old), _page(edit.new)), str(found.anchor), is_silent


def _is_right(edit: Edit, weight: Weight) -> bool:
    expected = EXPECTED[edit.kind]
    named = {because.kind for because in weight.because}
    return (weight.weight, expected.because in named, weight.is_stealth) == (expected.weight, True, expected.is_stealth)


def _show_wrong(seen: Sequence[tuple[Edit, Weight, str, bool]]) -> None:
    shown: Counter[str] = Counter()
    for edit, weight, found, is_silent in seen:
        is_right = _is_right(edit, weight) and found == EXPECTED[edit.kind].anchor and not is_silent
        shown[edit.kind] += not is_right
        if not is_right and shown[edit.kind] <= SHOWN:
            told = sorted({because.kind for because in weight.because})
            print(f"    {edit.kind}: {weight.weight} {told} {found}: {_changed(edit)}", file=sys.stderr)


def _changed(edit: Edit) -> str:
    at = next((at for at, (one, other) in enumerate(zip(edit.old, edit.new, strict=False)) if one != other), 0)
    return repr(edit.old[max(0, at - 60) : at + 60]) + " → " + repr(edit.new[max(0, at - 60) : at + 60])
