"""Teeth: the harness must see each planted fault, and must see nothing in the same run without it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from tests.chaos import loss
from tests.chaos.checker import STUCK, Verdict
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
        caught_by = caught(planted.verdict, PLANTS[name].finding)
        say(f"{name}: {'caught' if caught_by else 'NOT caught'}; control {'clean' if control.holds else 'NOT clean'}")
        found[name] = {
            "holds": bool(caught_by) and control.holds,
            "caught_by": caught_by,
            "planted": planted.as_json(),
            "control": control.as_json(),
        }
    _table(found)
    return {"seed": seed, "plants": found, "holds": all(one["holds"] for one in found.values())}


def caught(verdict: Verdict, finding: str) -> list[str]:
    """Return the findings that this plant must cause; none where something got stuck, for then it broke otherwise."""
    found = [*verdict.lost, *verdict.doubled, *verdict.broken]
    if any(STUCK in line for line in found):
        return []
    return [line for line in found if re.match(finding, line)]


def _table(found: dict[str, Any]) -> None:
    for name, one in found.items():
        verdict = f"caught {len(one['caught_by'])} times" if one["caught_by"] else "NOT caught"
        print(f"  {name:<14}{verdict:<18}control {'clean' if one['control']['holds'] else 'NOT clean'}", end="")
        print(f"  {one['caught_by'][0]}" if one["caught_by"] else "")


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
        drain_within_s=plant.drain_within_s,
        # Each must meet work under way, also on a slow machine: that is where the planted fault shows.
        unrevived=0.0,
        revive_within_s=60.0,
    )
    return loss.run(plan, name=f"{os.getpid()}-{name}", say=say)
