"""Teeth: the harness must see each planted fault, and must see nothing in the same run without it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from tests.chaos import loss
from tests.chaos.mutations import PLANTS

Show = Callable[[loss.Report], None]


def run(*, seed: int, only: str | None, ingests: int | None, say: Callable[[str], None], show: Show) -> dict[str, Any]:
    """Run each plant and its control; the promise is that every one is caught and no control is."""
    found: dict[str, Any] = {}
    for name in [only] if only else list(PLANTS):
        say(f"{name}: {PLANTS[name].what}")
        planted = _once(name, seed, ingests, planted=True, say=say)
        show(planted)
        say(f"{name}: the control, the same run without it")
        control = _once(name, seed, ingests, planted=False, say=say)
        show(control)
        is_caught = not planted.verdict.holds
        say(f"{name}: {'caught' if is_caught else 'NOT caught'}; control {'clean' if control.holds else 'NOT clean'}")
        found[name] = {
            "holds": is_caught and control.holds,
            "caught_by": [*planted.verdict.lost, *planted.verdict.doubled, *planted.verdict.broken][:5],
            "planted": planted.as_json(),
            "control": control.as_json(),
        }
    return {"seed": seed, "plants": found, "holds": all(one["holds"] for one in found.values())}


def _once(name: str, seed: int, ingests: int | None, *, planted: bool, say: Callable[[str], None]) -> loss.Report:
    plant = PLANTS[name]
    plan = loss.Plan(
        seed=seed,
        ingests=ingests or plant.ingests,
        kills=plant.kills,
        faults=plant.faults,
        gap_s=plant.gap_s,
        pages=0,
        crashpoints=(),
        lease_s=10,
        env=plant.env,
        plant=name if planted else "",
        drain_within_s=plant.drain_within_s if planted else 400,
    )
    return loss.run(plan, name=f"{os.getpid()}-{name}", say=say)
