"""The research column of splitting: what training on the data sets themselves gives on top of the rules.

    python bench/research.py [--benchmarks DIR] [--only attribution|factuality|opinion]

These sets permit no more than measuring: nothing trained here is kept, and the package never imports it. It needs
libraries that no requirements name; docs/models.md says which, and how each part is done.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.research_attribution import attribution  # noqa: E402  the script runs without being installed
from bench.research_factuality import certainty  # noqa: E402
from bench.research_opinion import opinion  # noqa: E402
from bench.research_sets import Absent  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "benchmarks"
BARS = {"source": 0.73, "cue": 0.68, "content": 0.56, "r": 0.76, "MAE": 0.45, "macro-F1": 0.74}
MEASURES: Mapping[str, Callable[[Path], dict[str, float]]] = {
    "attribution": attribution,
    "factuality": certainty,
    "opinion": opinion,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each measure beside its bar; return 1 where one is missed, 2 where something is absent."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT, metavar="DIR")
    parser.add_argument("--only", choices=list(MEASURES), help="one of them")
    asked = parser.parse_args(arguments)
    missed = 0
    try:
        for name in [asked.only] if asked.only else MEASURES:
            for measure, value in MEASURES[name](asked.benchmarks).items():
                is_reached = value <= BARS[measure] if measure == "MAE" else value >= BARS[measure]
                missed += not is_reached
                print(f"{name:12} {measure:8} {value:.3f}  bar {BARS[measure]:.2f}  {'' if is_reached else 'MISSED'}")
    except Absent as error:
        print(f"RESEARCH COLUMN NOT MEASURED: {error}", file=sys.stderr)
        return 2
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
