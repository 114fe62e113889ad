"""A process dies where the environment says so, once, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from factcheck.lib import crashpoints
from tests.chaos.faults import CRASHPOINTS

ROOT = Path(__file__).resolve().parents[3]
THREE_PASSINGS = "from factcheck.lib.crashpoints import crashpoint as c; c('other'); c('here'); c('here'); c('here')"


class Died(BaseException):
    """In place of the end of this very process."""


@pytest.fixture(autouse=True)
def deaths(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(code: int) -> None:
        raise Died(code)

    monkeypatch.setattr(os, "_exit", die)
    monkeypatch.setattr(crashpoints, "_passed", Counter())


def test_nobody_dies_where_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRASHPOINT", raising=False)
    crashpoints.crashpoint("here")
    monkeypatch.setenv("CRASHPOINT", "elsewhere")
    crashpoints.crashpoint("here")


def test_the_named_passing_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRASHPOINT", "here:2")
    crashpoints.crashpoint("here")
    with pytest.raises(Died, match="137"):
        crashpoints.crashpoint("here")


def test_who_was_started_again_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRASHPOINT", "here")
    monkeypatch.setenv("CRASHPOINT_MARK", str(tmp_path / "mark"))
    with pytest.raises(Died):
        crashpoints.crashpoint("here")
    crashpoints.crashpoint("here")


def test_a_real_process_ends_as_by_kill_9() -> None:
    env = {"CRASHPOINT": "here:3", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", THREE_PASSINGS + "; print('alive')"], cwd=ROOT, env=env, check=False)
    assert done.returncode == crashpoints.KILLED


def test_each_crashpoint_stands_in_the_code() -> None:
    code = [path for package in ("claims", "factcheck", "sources") for path in (ROOT / package).rglob("*.py")]
    found = {
        name for path in code for name in re.findall(r'^\s+crashpoint\("([\w.]+)"\)', path.read_text(), re.MULTILINE)
    }
    assert found == set(CRASHPOINTS)
