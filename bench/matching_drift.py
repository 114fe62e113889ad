"""Certainty drift on pairs of our own: a hedge dropped, kept or added, a number hardened, an allegation made a fact."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.splitting_sets import Sets
from claims.matching.drift import Said, drift

PAIRS = Path(__file__).with_name("drift_pairs.json")


def measure(_sets: Sets) -> Mapping[str, float]:
    """The F1 of finding drift with its kind; one of another kind is both missed and wrong."""
    pairs = json.loads(PAIRS.read_text(encoding="utf-8"))
    right = wrong = missed = 0
    for pair in pairs:
        found = drift(Said(*pair["source"]), Said(*pair["article"]))
        kind = found.kind if found else ""
        right += bool(kind) and kind == pair["kind"]
        wrong += bool(kind) and kind != pair["kind"]
        missed += bool(pair["kind"]) and kind != pair["kind"]
        if kind != pair["kind"]:
            print(
                f"drift: {pair['kind'] or 'none'} read as {kind or 'none'}: {pair['source'][0]} → {pair['article'][0]}"
            )
    return {"pairs": len(pairs), "f1": 2 * right / (2 * right + wrong + missed)}
