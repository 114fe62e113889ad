"""A small run of the harness: every kind of fault, some exact deaths, pages that change."""

from __future__ import annotations

from tests.chaos import loss
from tests.chaos.checker import Verdict

POINTS = ("ingest.after_commit", "claim.after_lease", "check.before_commit", "split.before_commit")


def test_nothing_is_lost_or_doubled_though_everything_is_killed() -> None:
    plan = loss.Plan(
        seed=20, ingests=150, kills=10, gap_s=1.0, pages=3, edits=2, stop_s=2.0, lease_s=8, crashpoints=POINTS,
        drain_within_s=180, revive_within_s=2,
    )  # fmt: skip
    report = loss.run(plan, name="test", say=print)
    assert report.verdict == Verdict()
    assert report.holds, report
    assert len(report.faults) == 10


def test_too_few_is_lost_and_too_many_is_doubled() -> None:
    verdict = Verdict()
    verdict.compare("claims", 1, 2)
    verdict.compare("flags", 2, 1)
    verdict.compare("pages", 1, 1)
    assert (verdict.lost, verdict.doubled) == (["claims: 1 of 2"], ["flags: 2 instead of 1"])
    assert not verdict.holds
