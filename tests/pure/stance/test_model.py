"""Stance is judged by weights that are checked, the same way every time, however long the texts are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from claims.stance import model
from claims.stance.model import LABELS, Label, Stance, StanceChanged, StanceMissing, load

CLAIM = "Twelve people died when the ferry sank."
PLAIN = "Coast guards said that 12 people died when the ferry sank on Monday."
FILLING = " ".join(f"The council met again on matter {place} of its long agenda." for place in range(80))


@pytest.fixture(scope="module")
def stance() -> Stance:
    return load()


def test_what_says_the_same_supports_and_what_denies_it_refutes(stance: Stance) -> None:
    supported, refuted = stance.judge([(CLAIM, PLAIN), (CLAIM, "Nobody died when the ferry sank: all 40 were saved.")])
    assert supported.label == Label.SUPPORTS
    assert refuted.label == Label.REFUTES
    assert refuted.says == refuted.scores[Label.REFUTES]


def test_a_mere_report_settles_nothing_and_a_headline_that_denies_refutes(stance: Stance) -> None:
    claim = "The harbour bridge collapsed."
    told, reported, denied = stance.judge(
        [
            (claim, text)
            for text in (
                "Harbour bridge collapses",
                "Report: harbour bridge collapsed",
                "Mayor denies harbour bridge collapsed",
            )
        ]
    )
    assert (told.label, reported.label, denied.label) == (Label.SUPPORTS, Label.UNKNOWN, Label.REFUTES)


def test_likelihoods_add_up_and_the_label_is_the_likeliest(stance: Stance) -> None:
    for judged in stance.judge([(CLAIM, PLAIN), (CLAIM, ""), ("", ""), (CLAIM, "Report: ferry said to have sunk")]):
        assert sum(judged.scores.values()) == pytest.approx(1)
        assert judged.scores[judged.label] == max(judged.scores.values())


def test_each_pair_is_judged_alike_whatever_stands_beside_it(stance: Stance) -> None:
    pairs = [(CLAIM, PLAIN), ("The mayor resigned.", "The mayor stays."), (CLAIM, FILLING[:400])]
    together, alone = stance.judge(pairs), [stance.judge([pair])[0] for pair in pairs]
    assert stance.judge(pairs) == together
    for one, other in zip(together, alone, strict=True):
        assert one.label == other.label
        assert [one.scores[label] for label in LABELS] == pytest.approx(
            [other.scores[label] for label in LABELS], abs=1e-4
        )
    assert stance.judge([]) == []


@pytest.mark.parametrize("filling", [FILLING[:2000], FILLING * 4])
def test_a_long_text_is_judged_by_the_passage_that_tells_most(stance: Stance, filling: str) -> None:
    text = f"{filling} {PLAIN} {filling}"
    judged = stance.judge([(CLAIM, text)])[0]
    assert "12 people died" in text[judged.start : judged.end]
    assert judged.end - judged.start < 400


def test_a_short_text_is_judged_as_a_whole(stance: Stance) -> None:
    judged = stance.judge([(CLAIM, PLAIN)])[0]
    assert (judged.start, judged.end) == (0, len(PLAIN))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(model.MODELS, tmp_path / "models")
    return tmp_path / "models"


def test_weights_that_are_not_the_pinned_ones_are_refused(folder: Path) -> None:
    with (folder / model.WEIGHTS).open("ab") as weights:
        weights.write(b"x")
    with pytest.raises(StanceChanged, match="restore"):
        load(folder)


def test_a_file_that_is_missing_is_told(folder: Path) -> None:
    (folder / model.VOCABULARY).unlink()
    with pytest.raises(StanceMissing, match="cannot be read"):
        load(folder)


def test_a_model_for_other_signs_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "COUNT", 5)
    with pytest.raises(StanceMissing, match="train it anew"):
        load(folder)
