"""Measure splitting: every measure beside its bar and the published figures, through the command line that people use.

    python -m bench.splitting [--only PART] [--json FILE] [--research FILE] [--articles DIR] [--benchmarks DIR]

The annotated texts are no part of the project: a part whose texts are not here is told as such, which is no failure.
A part that the command line does not answer counts as missed. `--research`: figures of what may not ship, as JSON of
`part.key` to number.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.fuzz_splitting import bad_input
from bench.splitting_articles import articles
from bench.splitting_bars import HEAD, MISSED, NO_TEXTS, PARTS, Outcome, judged, line, unmeasured
from bench.splitting_examples import examples
from bench.splitting_pronouns import pronouns
from bench.splitting_rows import MEASURES, Figures
from bench.splitting_sets import ARTICLES, BENCHMARKS, NoTexts, NotMeasured, Sets
from bench.splitting_speed import memory, speed

MEASURED: Mapping[str, Callable[[Sets], Figures]] = {
    "articles": articles,
    "pronouns": pronouns,
    **MEASURES,
    "speed": speed,
    "memory": memory,
    "examples": examples,
    "bad_input": bad_input,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where a bar is missed."""
    options = _options(arguments)
    sets = Sets(options.articles, options.benchmarks)
    research = json.loads(options.research.read_text(encoding="utf-8")) if options.research else {}
    start = time.perf_counter()
    outcomes = [outcome for part in options.only or PARTS for outcome in _measure(part, sets)]
    seconds = time.perf_counter() - start
    print(HEAD)
    for outcome in outcomes:
        print(line(outcome, research))
    missed = [outcome for outcome in outcomes if outcome.verdict == MISSED]
    print(f"\n{len(outcomes) - len(missed)} of {len(outcomes)} lines without a miss; {seconds:,.0f} s in all")
    if options.json:
        told = {"seconds": round(seconds, 1), "measures": [outcome.as_json() for outcome in outcomes]}
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if missed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.splitting", description="Measure splitting.")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    parser.add_argument("--research", type=Path, metavar="FILE", help="figures of models that may not ship")
    parser.add_argument("--articles", type=Path, default=ARTICLES, metavar="DIR")
    parser.add_argument("--benchmarks", type=Path, default=BENCHMARKS, metavar="DIR")
    return parser.parse_args(arguments)


def _measure(part: str, sets: Sets) -> list[Outcome]:
    start = time.perf_counter()
    try:
        outcomes = judged(part, MEASURED[part](sets))
    except NoTexts as missing:
        outcomes = unmeasured(part, f"no texts in {missing}", NO_TEXTS)
    except NotMeasured as error:
        outcomes = unmeasured(part, str(error), MISSED)
    print(f"{part}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
