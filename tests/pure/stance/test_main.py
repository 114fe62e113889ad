"""The command line: a pair a line in, a judgement a line out."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from claims.stance.__main__ import main

PAIRS = [
    {"claim": "The mayor resigned.", "evidence": "The mayor has resigned, her office confirmed."},
    {"claim": "The mayor resigned.", "evidence": ["The mayor spoke.", "She will not resign."]},
]


def written(folder: Path, *lines: str) -> str:
    (folder / "pairs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / "pairs.jsonl")


def test_each_line_has_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(tmp_path, *map(json.dumps, PAIRS), "")]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [set(answer) for answer in answers] == [{"label", "scores"}] * 2
    assert set(answers[0]["scores"]) == {"SUPPORTS", "REFUTES", "NOT ENOUGH INFO"}
    assert all(answer["scores"][answer["label"]] == max(answer["scores"].values()) for answer in answers)


def test_pairs_come_from_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(PAIRS[0])))
    assert main(["-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"claim": "a"}', '{"claim": 1, "evidence": "b"}', '{"claim": "a", "evidence": [1]}']
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(tmp_path, line)]) == 2
    assert "line 1" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err
