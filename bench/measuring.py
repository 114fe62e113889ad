"""Run the parts of a bench and print each figure beside its bar.

A part is a module `bench.NAME_PART` with `measure(sets) -> Figures`, a mapping of a bar's key to its number. One
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

from bench.bars import HEAD, MISSED, NO_TEXTS, Bar, Outcome, judged, line, unmeasured
from bench.splitting_sets import ARTICLES, BENCHMARKS, NoTexts, NotMeasured, Sets


def run(bench: str, bars: Sequence[Bar], arguments: Sequence[str] | None = None) -> int:
    """Measure the parts that are asked for, print the table; return 1 where a bar is missed.

    What each takes: `[--only PART] [--json FILE] [--articles DIR] [--benchmarks DIR]`.
    """
    parts: dict[str, list[Bar]] = {}
    for bar in bars:
        parts.setdefault(bar.part, []).append(bar)
    options = _options(bench, list(parts), arguments)
    sets = Sets(options.articles, options.benchmarks)
    start = time.perf_counter()
    outcomes = [outcome for part in options.only or parts for outcome in _measured(bench, part, parts[part], sets)]
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


def _options(bench: str, parts: Sequence[str], arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m bench.{bench}", description=f"Measure {bench}.")
    parser.add_argument("--only", action="append", choices=parts, metavar="PART", help=", ".join(parts))
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    parser.add_argument("--articles", type=Path, default=ARTICLES, metavar="DIR")
    parser.add_argument("--benchmarks", type=Path, default=BENCHMARKS, metavar="DIR")
    return parser.parse_args(arguments)


def _measured(bench: str, part: str, bars: Sequence[Bar], sets: Sets) -> list[Outcome]:
    start = time.perf_counter()
    try:
        outcomes = judged(bars, _module(bench, part).measure(sets))
    except NoTexts as missing:
        outcomes = unmeasured(bars, f"no texts in {missing}", NO_TEXTS)
    except NotMeasured as error:
        outcomes = unmeasured(bars, str(error), MISSED)
    print(f"{part}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
    return outcomes


def _module(bench: str, part: str) -> ModuleType:
    name = f"bench.{bench}_{part}"
    if importlib.util.find_spec(name) is None:
        raise NotMeasured(f"no {name}")
    return importlib.import_module(name)
