"""How well stance is judged, by the command line as it is called: `python -m claims.stance PAIRS.jsonl`.

VitaminC's dev part in three classes; FEVER-Symmetric's, where SUPPORTS and REFUTES alone are chosen from, less the few
rows whose claim or evidence stands in VitaminC's train part too; Emergent's headlines without training: `for` is
SUPPORTS, `against` REFUTES, `observing` NOT ENOUGH INFO, for that is what our product means by a mere report.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.splitting_sets import Sets
from claims.stance.model import LABELS, MODELS, Label

EMERGENT = {"for": Label.SUPPORTS, "against": Label.REFUTES, "observing": Label.UNKNOWN}
Row = Mapping[str, Any]


def measure(sets: Sets) -> Mapping[str, float]:
    """Judge three dev parts."""
    vitaminc, train = sets.rows("vitaminc"), sets.rows("vitaminc", "train")
    learnt = {_same(row[key]) for row in train for key in ("claim", "evidence")}
    symmetric = sets.rows("fever_symmetric")
    unseen = [row for row in symmetric if not learnt & {_same(row["claim"]), _same(row["evidence"])}]
    emergent = [row | {"evidence": row["headline"]} for row in sets.rows("emergent")]
    judged = [max(scores, key=lambda label: scores[label]) for scores in _judged(vitaminc)]
    truth = [row["label"] for row in vitaminc]
    return {
        "vitaminc_f1": _macro_f1(truth, judged),
        "vitaminc": _accuracy(truth, judged),
        "symmetric": _accuracy(
            [row["label"] for row in unseen],
            [max(("SUPPORTS", "REFUTES"), key=lambda label: scores[label]) for scores in _judged(unseen)],
        ),
        "emergent": _accuracy(
            [EMERGENT[row["label"]] for row in emergent],
            [max(scores, key=lambda label: scores[label]) for scores in _judged(emergent)],
        ),
        "weights": sum(path.stat().st_size for path in MODELS.iterdir()) / 1e6,
    }


def _judged(rows: Sequence[Row]) -> list[dict[str, float]]:
    """What the command answers."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = Path(folder) / "pairs.jsonl"
        lines = (json.dumps({"claim": row["claim"], "evidence": row["evidence"]}) for row in rows)
        pairs.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "claims.stance", str(pairs)]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [json.loads(line)["scores"] for line in said.splitlines()]


def _same(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _accuracy(truth: Sequence[str], judged: Sequence[str]) -> float:
    return sum(one == other for one, other in zip(truth, judged, strict=True)) / len(truth)


def _macro_f1(truth: Sequence[str], judged: Sequence[str]) -> float:
    scores = []
    for label in LABELS:
        hits = sum(one == other == label for one, other in zip(truth, judged, strict=True))
        scores.append(2 * hits / (truth.count(label) + judged.count(label)))
    return sum(scores) / len(scores)
