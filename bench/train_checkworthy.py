"""Train the model of check-worthiness that ships, and write it with its digest: docs/models.md.

    python bench/train_checkworthy.py [--benchmarks DIR] [--dry-run]

Learns from ct24_checkworthy's train part alone. Nothing is drawn by chance: the optimiser starts from zero and the
folds are stretches of the debates' own order, so the same file gives the same model. The threshold comes from those
folds (debates not seen in training), never from a dev part.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from claims.splitting.worth import MEASURES, MODEL, SIGNS, surface, terms  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "benchmarks"
TRAIN = "ct24_checkworthy/train.jsonl.gz"
MODELS = ROOT / "claims/splitting/models"
FOLDS = 5
LEAST_ROWS = 2  # in which a term must be found
STRENGTH = 5.0  # the inverse of the penalty
SIGNS_COUNT = 0.5  # what one deviation of a sign counts, beside a row of terms of length 1

Floats = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, say what the folds say, and write the model unless told not to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT, metavar="DIR")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    packed = (asked.benchmarks / TRAIN).read_bytes()
    rows = sorted(map(json.loads, gzip.decompress(packed).splitlines()), key=lambda row: int(row["id"]))
    worthy = np.array([row["check_worthy"] for row in rows], dtype=np.float64)
    found = [set(terms(row["text"])) for row in rows]
    shown = np.array([surface(row["text"]) for row in rows])
    unseen = np.empty(len(rows))
    folds = np.arange(len(rows)) * FOLDS // len(rows)
    for fold in range(FOLDS):
        unseen[folds == fold] = guess_fold(found, shown, worthy, folds == fold)
    threshold, best = best_threshold(worthy, unseen)
    print(f"{len(rows)} rows; on debates not seen: F1 {best:.3f} with log-odds from {threshold:.2f} on")
    model = fit(found, shown, worthy)
    if not asked.dry_run:
        origin = {"file": TRAIN, "sha256": hashlib.sha256(packed).hexdigest(), "rows": len(rows)}
        write({"trained_on": origin, **model.as_json(threshold)})
    return 0


class Model:
    """A vocabulary with the weights of its terms and of the surface."""

    def __init__(self, found: Sequence[set[str]], shown: Floats) -> None:
        """Choose the terms, and the scale of the surface, from the rows to learn from."""
        often = Counter(term for row in found for term in row)
        self.terms = sorted(term for term, count in often.items() if count >= LEAST_ROWS)
        self.places = {term: place for place, term in enumerate(self.terms)}
        self.mean, self.scale = shown.mean(0), SIGNS_COUNT / (shown.std(0) + 1e-9)
        self.learnt: Floats = np.zeros(len(self.terms) + shown.shape[1] + 1)

    def matrix(self, found: Sequence[set[str]], shown: Floats) -> Any:
        """The terms of each row, weighed to length 1, beside its surface."""
        places = [sorted(self.places[term] for term in row if term in self.places) for row in found]
        counts = np.array([len(row) for row in places])
        values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
        columns = np.fromiter(chain.from_iterable(places), dtype=np.intp)
        weighed = csr_matrix((values, columns, np.append(0, counts.cumsum())), shape=(len(found), len(self.terms)))
        return hstack([weighed, csr_matrix((shown - self.mean) * self.scale)]).tocsr()

    def as_json(self, threshold: float) -> dict[str, Any]:
        """What `claims.splitting.worth` reads; the bias is moved so that 0.5 is the threshold."""
        signs = self.learnt[len(self.terms) : -1] * self.scale
        return {
            "bias": round(float(self.learnt[-1] - signs @ self.mean - threshold), 5),
            "surface": dict(zip((*SIGNS, *MEASURES), (round(float(sign), 5) for sign in signs), strict=True)),
            "terms": self.terms,
            "weights": [round(float(weight), 4) for weight in self.learnt[: len(self.terms)]],
        }


def fit(found: Sequence[set[str]], shown: Floats, worthy: Floats) -> Model:
    """Fit a logistic regression with a ridge penalty."""
    model = Model(found, shown)
    rows = model.matrix(found, shown)
    columns = rows.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = rows @ weights[:-1] + weights[-1]
        error = STRENGTH * (1 / (1 + np.exp(-odds)) - worthy)
        total = STRENGTH * (np.logaddexp(0, odds) - worthy * odds).sum() + weights[:-1] @ weights[:-1] / 2
        return total, np.append(columns @ error + weights[:-1], error.sum())

    model.learnt = minimize(loss, model.learnt, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return model


def guess_fold(found: Sequence[set[str]], shown: Floats, worthy: Floats, held_out: NDArray[np.bool_]) -> Floats:
    """The log-odds of rows that the model has not seen."""
    seen = np.flatnonzero(~held_out).tolist()
    model = fit([found[row] for row in seen], shown[seen], worthy[seen])
    rest = np.flatnonzero(held_out).tolist()
    odds: Floats = model.matrix([found[row] for row in rest], shown[rest]) @ model.learnt[:-1] + model.learnt[-1]
    return odds


def best_threshold(worthy: Floats, odds: Floats) -> tuple[float, float]:
    """The log-odds from which on F1 is best, and that F1."""
    order = np.argsort(-odds)
    right = np.cumsum(worthy[order])
    scores = 2 * right / (np.arange(1, len(order) + 1) + worthy.sum())
    best = int(np.argmax(scores))
    return float(odds[order][best]), float(scores[best])


def write(model: dict[str, Any]) -> None:
    """Write the model and pin its digest."""
    content = json.dumps(model, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    (MODELS / MODEL).write_bytes(content)
    sums = MODELS / "sha256sums.txt"
    others = [line for line in sums.read_text(encoding="ascii").splitlines() if not line.endswith(f"  {MODEL}")]
    lines = sorted([*others, f"{hashlib.sha256(content).hexdigest()}  {MODEL}"], key=lambda line: line.split("  ")[1])
    sums.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"wrote {MODEL}: {len(model['terms'])} terms, {len(content):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
