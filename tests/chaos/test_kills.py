"""A small run of the harness: six kinds of faults, an exact death, pages that change."""

from __future__ import annotations

from tests.chaos import loss, teeth
from tests.chaos.checker import Verdict
from tests.chaos.mutations import PLANTS

POINTS = ("split.before_commit",)
FAULTS = (
    "web's worker killed", "worker killed", "worker's child stopped", "beat killed", "Valkey killed",
    "PostgreSQL backend killed",
)  # fmt: skip


def test_nothing_is_lost_or_doubled_though_everything_is_killed() -> None:
    plan = loss.Plan(
        seed=20, ingests=40, kills=len(FAULTS), faults=FAULTS, gap_s=0.5, pages=2, edits=2, stop_s=2.0, lease_s=8,
        crashpoints=POINTS, drain_within_s=180, revive_within_s=2,
    )  # fmt: skip
    report = loss.run(plan, name="test", say=print)
    assert report.verdict == Verdict()
    assert report.holds, report
    assert report.faults == dict.fromkeys(FAULTS, 1)
    assert report.keys > 0


def test_too_few_is_lost_and_too_many_is_doubled() -> None:
    verdict = Verdict()
    verdict.compare("claims", 1, 2)
    verdict.compare("flags", 2, 1)
    verdict.compare("pages", 1, 1)
    assert (verdict.lost, verdict.doubled) == (["claims: 1 of 2"], ["flags: 2 instead of 1"])
    assert not verdict.holds


def test_a_planted_fault_is_caught_by_what_it_must_cause_and_by_nothing_else() -> None:
    twice = "splittings of article 7: 2 instead of 1"
    finding = PLANTS["no-fence"].finding
    assert teeth.caught(Verdict(doubled=[twice, "claims: 4 instead of 2"]), finding) == [twice]
    assert teeth.caught(Verdict(lost=["splittings of article 7: 0 of 1"]), finding) == []
    assert teeth.caught(Verdict(doubled=[twice], broken=["claims_article 7 is quarantined: died"]), finding) == []
