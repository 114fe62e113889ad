"""How the measures of splitting are told: what is met, what is missed, and what was never measured."""

import sys
from pathlib import Path

import pytest

from bench.fuzz_splitting import TEXTS, mutated, wrong
from bench.splitting import MEASURED, main
from bench.splitting_bars import BARS, MET, MISSED, PARTS, judged, line, unmeasured
from bench.splitting_rows import auc
from bench.splitting_sets import NotMeasured, answers, read_files
from claims.splitting import split


def test_every_part_of_the_table_is_measured_by_something():
    assert set(PARTS) == set(MEASURED)
    assert len({(bar.part, bar.key) for bar in BARS}) == len(BARS)


@pytest.mark.parametrize(("wrong_share", "verdict"), [(0.09, MET), (0.10, MET), (0.11, MISSED)])
def test_less_is_better_where_the_bar_says_so(wrong_share, verdict):
    right, wrongly = judged("pronouns", {"right": 0.7, "wrong": wrong_share})
    assert (right.verdict, wrongly.verdict) == (MET, verdict)


def test_a_figure_that_is_not_there_is_missed_loudly():
    outcome = judged("pronouns", {"right": 0.9})[1]
    assert outcome.verdict == MISSED
    assert "not measured: pronouns gave no figure for wrong" in line(outcome, {})


def test_an_option_that_is_not_there_is_not_measured():
    with pytest.raises(NotMeasured, match="ends with 2"):
        answers("--no-such-option", [{"text": "The bridge fell."}], "claims")
    assert all(outcome.verdict == MISSED for outcome in unmeasured("hedge", "no such option", MISSED))


def test_an_answer_without_what_was_asked_for_is_not_measured():
    with pytest.raises(NotMeasured, match="leaves out worth"):
        read_files(["The bridge fell."], "worth")


def test_a_machine_without_the_texts_has_missed_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", sys.stdout)
    assert (
        main(["--only", "hedge", "--only", "articles", "--articles", str(tmp_path), "--benchmarks", str(tmp_path)]) == 0
    )
    assert "no texts" in capsys.readouterr().out


def test_figures_are_written_for_machines(tmp_path):
    path = Path(tmp_path) / "figures.json"
    main(["--only", "hedge", "--benchmarks", str(tmp_path), "--json", str(path)])
    assert "conll2010_hedge" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("truth", "scores", "area"),
    [([True, False], [0.9, 0.1], 1.0), ([True, False], [0.5, 0.5], 0.5), ([False, True, True], [0.6, 0.4, 0.8], 0.5)],
)
def test_the_area_is_how_often_a_true_one_is_above_a_false_one(truth, scores, area):
    assert auc(truth, scores) == area


def test_the_mutated_texts_are_the_same_for_the_same_seed():
    assert list(mutated(20, 7)) == list(mutated(20, 7)) != list(mutated(20, 8))
    assert TEXTS == 2_000


def test_a_quote_that_does_not_stand_where_it_says_is_seen():
    text = "The bridge fell on Monday."
    assert wrong(text, split(text)) == ""
    assert "does not stand where it says" in wrong("Another text, and longer.", split(text))
