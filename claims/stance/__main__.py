"""Judge pairs of a claim and what is laid beside it: one JSON object a line, in and out.

python -m claims.stance PAIRS.jsonl

Each line has `claim` and `evidence`, a text or a list of texts; `-` reads from standard input. Each answer has `label`
(SUPPORTS, REFUTES, NOT ENOUGH INFO) and `scores`, how likely each is. Ends with 2 where a line is not such a pair.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from claims.stance.model import NoStance, Stance, load

AT_ONCE = 256  # lines


class NotAPair(ValueError):
    """A line is not a pair; the message names it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a judgement a line; return 2 where a line or the model is of no use."""
    parser = argparse.ArgumentParser(
        prog="python -m claims.stance",
        description="Judge what texts say of claims: one JSON object a line, in and out.",
    )
    parser.add_argument("pairs", help='lines of {"claim": …, "evidence": … or […]}; - for standard input')
    parser.add_argument("--model", type=Path, help="a folder with stance.onnx, vocab.txt and sha256sums.txt")
    asked = parser.parse_args(arguments)
    try:
        stance = load(asked.model)
        with sys.stdin if asked.pairs == "-" else Path(asked.pairs).open(encoding="utf-8") as lines:
            for answer in answers(stance, lines):
                print(json.dumps(answer, ensure_ascii=False), flush=True)
    except (NoStance, NotAPair, OSError, UnicodeDecodeError) as refusal:
        print(f"claims.stance: {refusal}", file=sys.stderr)
        return 2
    return 0


def answers(stance: Stance, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Judge the pairs of the lines, some at once."""
    pairs = _pairs(lines)
    while some := list(islice(pairs, AT_ONCE)):
        for judged in stance.judge(some):
            yield {"label": judged.label, "scores": {label: round(score, 4) for label, score in judged.scores.items()}}


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            claim, evidence = row["claim"], row["evidence"]
            said = " ".join(evidence) if isinstance(evidence, list) else evidence
        except (ValueError, KeyError, TypeError) as error:
            raise NotAPair(f"line {number} has no claim and evidence: {error!r}") from error
        if not isinstance(claim, str) or not isinstance(said, str):
            raise NotAPair(f"line {number}: the claim must be a text, the evidence a text or a list of texts")
        yield claim, said


if __name__ == "__main__":
    sys.exit(main())
