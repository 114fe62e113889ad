"""Whoever rewrites history, with whatever rights, is found and the row named: the small form of `make tamper`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_way_to_rewrite_history_is_named_and_honest_work_never_is() -> None:
    sizes = ["--claims", "15", "--events", "90", "--editors", "4", "--each", "8", "--clean", "2", "--speed", "60"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.tamper", *sizes], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "21 of 21 ways found and named" in done.stdout
    assert "2 clean runs: 0 false alarms" in done.stdout
