"""How well posts find the claims that were checked: the command line's own answers, mean average precision at five."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.splitting_sets import ROOT, NoTexts, NotMeasured, Sets

SETS = {"ct22": "ct22_claim_match", "clef2020": "clef2020_claim_match"}
BEST = 5


def measure(sets: Sets) -> Mapping[str, float]:
    """MAP@5 of each set's dev part."""
    return {key: measured(sets.benchmarks / name) for key, name in SETS.items()}


def measured(folder: Path) -> float:
    """MAP@5 of one set, by the command line."""
    claims, queries = folder / "verified_claims.jsonl", folder / "dev.jsonl"
    if not (claims.is_file() and queries.is_file()):
        raise NoTexts(str(folder))
    command = [sys.executable, "-m", "claims.matching", "--claims", str(claims), str(queries)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ), check=False)
    if done.returncode:
        raise NotMeasured(f"claims.matching ended with {done.returncode}")
    ranked = [json.loads(line)["ranked"] for line in done.stdout.splitlines()]
    relevant = [json.loads(line)["relevant"] for line in queries.read_text(encoding="utf-8").splitlines()]
    return mean_average_precision(ranked, relevant)


def mean_average_precision(ranked: Sequence[Sequence[str]], relevant: Sequence[Sequence[str]]) -> float:
    """The mean over all queries that have an answer, of the precision at each rank of one, in the first five."""
    found = [_precision(some, set(right)) for some, right in zip(ranked, relevant, strict=True) if right]
    return sum(found) / len(found)


def _precision(ranked: Sequence[str], right: set[str]) -> float:
    hits, total = 0, 0.0
    for rank, one in enumerate(ranked[:BEST], 1):
        if one in right:
            hits += 1
            total += hits / rank
    return total / min(len(right), BEST)
