"""Certainty drift on pairs of our own: a hedge dropped, kept or added, a number hardened, an allegation made a fact."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bench.splitting_sets import Sets
from claims.matching.drift import Said, drift

PAIRS, HELD = (Path(__file__).with_name(name) for name in ("drift_pairs.json", "drift_pairs_held.json"))


def measure(_sets: Sets) -> Mapping[str, float]:
    """The F1 of finding drift with its kind, of all pairs and of those that the rules were not written with."""
    ours, held = _counted(PAIRS), _counted(HELD)
    every = ours + held
    return {"pairs": every.total(), "f1": _f1(every), "held_pairs": held.total(), "held": _f1(held)}


def _counted(path: Path) -> Counter[str]:
    """How many are right, wrong, missed or rightly none; one of another kind is wrong and `both`."""
    told: Counter[str] = Counter()
    for pair in json.loads(path.read_text(encoding="utf-8")):
        found = drift(Said(*pair["source"]), Said(*pair["article"]))
        kind = found.kind if found else ""
        told[_judged(kind, pair["kind"])] += 1
        if kind != pair["kind"]:
            print(f"{pair['kind'] or 'none'} read as {kind or 'none'}: {pair['source'][0]} → {pair['article'][0]}")
    return told


def _judged(found: str, wanted: str) -> str:
    if found == wanted:
        return "right" if wanted else "none"
    return "both" if found and wanted else "wrong" if found else "missed"


def _f1(told: Counter[str]) -> float:
    right = 2 * told["right"]
    return right / (right + told["wrong"] + told["missed"] + 2 * told["both"])
