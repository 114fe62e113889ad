"""Measure triage: every figure beside its bar.

python -m bench.triage [--only PART] [--json FILE] [--articles DIR] [--benchmarks DIR]
"""

import sys

from bench.measuring import run
from bench.triage_bars import BARS

if __name__ == "__main__":
    sys.exit(run("triage", BARS))
