"""Measure sources: every figure of looking, keeping, comparing and pacing beside its bar.

    python -m bench.sources [--only PART] [--json FILE] [--articles DIR] [--benchmarks DIR]

A part is a module `bench.sources_PART` with `measure(sets) -> Figures`, a mapping of a bar's key to its number. One
that is not there, or raises NotMeasured, counts as missed; one whose texts are not on this machine is told as such,
which is no failure. Ends with 1 where a bar is missed.
"""

import argparse
import importlib
import importlib.util
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from bench.sources_bars import HEAD, MISSED, NO_TEXTS, PARTS, Outcome, judged, line, unmeasured
from bench.splitting_sets import ARTICLES, BENCHMARKS, NoTexts, NotMeasured, Sets


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where a bar is missed."""
    options = _options(arguments)
    sets = Sets(options.articles, options.benchmarks)
    start = time.perf_counter()
    outcomes = [outcome for part in options.only or PARTS for outcome in _measured(part, sets)]
    seconds = time.perf_counter() - start
    print(HEAD)
    for outcome in outcomes:
        print(line(outcome))
    missed = [outcome for outcome in outcomes if outcome.verdict == MISSED]
    print(f"\n{len(outcomes) - len(missed)} of {len(outcomes)} lines without a miss; {seconds:,.0f} s in all")
    if options.json:
        told = {"seconds": round(seconds, 1), "measures": [outcome.as_json() for outcome in outcomes]}
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if missed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sources", description="Measure sources.")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    parser.add_argument("--articles", type=Path, default=ARTICLES, metavar="DIR")
    parser.add_argument("--benchmarks", type=Path, default=BENCHMARKS, metavar="DIR")
    return parser.parse_args(arguments)


def _measured(part: str, sets: Sets) -> list[Outcome]:
    start = time.perf_counter()
    try:
        outcomes = judged(part, _module(part).measure(sets))
    except NoTexts as missing:
        outcomes = unmeasured(part, f"no texts in {missing}", NO_TEXTS)
    except NotMeasured as error:
        outcomes = unmeasured(part, str(error), MISSED)
    print(f"{part}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
    return outcomes


def _module(part: str) -> ModuleType:
    name = f"bench.sources_{part}"
    if importlib.util.find_spec(name) is None:
        raise NotMeasured(f"no {name}")
    return importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
