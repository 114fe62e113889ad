"""`make chaos`: break a desk of real processes in every way, and show that nothing was lost or doubled."""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

VAR = Path(__file__).resolve().parents[2] / "var" / "chaos"


def main() -> int:
    """Do what was asked; 1 where a promise was broken or a planted fault was not seen."""
    asked = _asked()
    VAR.mkdir(parents=True, exist_ok=True)
    since = time.monotonic()
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, _stop)

    def say(line: str) -> None:
        print(f"[{time.monotonic() - since:6.1f} s] {line}", flush=True)

    say(f"seed {asked.seed}; the same faults again: --seed {asked.seed}")
    parts: dict[str, Callable[..., dict[str, Any]]] = {
        "loss": _loss, "valkey": _valkey, "due": _due, "mutations": _mutations,
    }  # fmt: skip
    found = parts[asked.only](asked, say)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()}
    file = VAR / f"{asked.only}-{asked.seed}.json"
    file.write_text(json.dumps(found | {"machine": machine}, indent=1, default=str))
    say(f"{'HOLDS' if found['holds'] else 'BROKEN'}; written to {file}")
    return 0 if found["holds"] else 1


def _stop(_signal: int, _frame: object) -> None:
    """Stop what was started, whoever asks once more."""
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, signal.SIG_IGN)
    raise KeyboardInterrupt


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", choices=["loss", "valkey", "due", "mutations"], default="loss")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--quick", action="store_true", help="a small run, within five minutes")
    parser.add_argument("--ingests", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--gap", type=float, default=2.0, help="seconds between two faults, on average")
    parser.add_argument("--rate", type=float, default=50.0, help="valkey: ingests a second")
    parser.add_argument("--documents", type=int, help="due: how many pages fall due")
    parser.add_argument("--down", type=float, help="due: for how many seconds everything is dead")
    parser.add_argument("--plant", help="mutations: only this one")
    parser.add_argument("--no-crashpoints", action="store_true")
    return parser.parse_args()


def _loss(asked: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    from tests.chaos import loss
    from tests.chaos.faults import CRASHPOINTS

    plan = loss.Plan(
        seed=asked.seed,
        ingests=asked.ingests or (400 if asked.quick else 4000),
        kills=asked.kills or (30 if asked.quick else 100),
        gap_s=asked.gap,
        pages=6 if asked.quick else 20,
        crashpoints=() if asked.no_crashpoints else CRASHPOINTS,
    )
    report = loss.run(plan, name=str(os.getpid()), say=say)
    show(report)
    return report.as_json()


def show(report: Any) -> None:
    """Print the table."""
    for kind, count in sorted(report.faults.items()):
        print(f"  {kind:<30}{count:>6}")
    for point, seconds in report.crashed.items():
        print(f"  crashed at {point:<30}{'never' if seconds is None else 'yes':>6}")
    verdict = report.verdict
    for label, value in (
        ("articles sent", report.sent), ("sent again", report.retried), ("edits of pages", report.edits),
        ("redelivered", report.redelivered), ("faults upon a fault", report.piled),
        ("faults that met nobody", report.missed), ("keys tried again", report.keys),
        ("looks hurried on", report.hurried), ("lost", len(verdict.lost)), ("doubled", len(verdict.doubled)),
        ("broken otherwise", len(verdict.broken)), ("seconds until drained", report.drained_s),
        ("seconds in all", report.ran_s),
    ):  # fmt: skip
        print(f"  {label:<30}{value!s:>6}")
    for line in [*verdict.lost, *verdict.doubled, *verdict.broken][:20]:
        print(f"  ! {line}")


def _mutations(asked: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    from tests.chaos import teeth

    return teeth.run(seed=asked.seed, only=asked.plant, ingests=asked.ingests, say=say, show=show)


def _valkey(asked: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    from tests.chaos import valkey

    ingests = asked.ingests or (300 if asked.quick else 2000)
    return valkey.run(seed=asked.seed, ingests=ingests, rate=asked.rate, quick=asked.quick, say=say)


def _due(asked: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    from tests.chaos import due

    documents = asked.documents or (100 if asked.quick else 1000)
    return due.run(documents=documents, down_s=asked.down or (40 if asked.quick else 120), say=say)


if __name__ == "__main__":
    sys.exit(main())
