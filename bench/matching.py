"""Measure matching and stance: every figure beside its bar.

python -m bench.matching [--only PART] [--json FILE] [--articles DIR] [--benchmarks DIR]
"""

import sys

from bench.matching_bars import BARS
from bench.measuring import run

if __name__ == "__main__":
    sys.exit(run("matching", BARS))
