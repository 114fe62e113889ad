"""Measure sources: every figure of looking, keeping, comparing and pacing beside its bar.

python -m bench.sources [--only PART] [--json FILE] [--articles DIR] [--benchmarks DIR]
"""

import sys

from bench.measuring import run
from bench.sources_bars import BARS

if __name__ == "__main__":
    sys.exit(run("sources", BARS))
