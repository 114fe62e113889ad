"""`python -m claims.matching` ranks claims for posts, or says which line is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.matching import rows
from claims.matching.__main__ import main

CLAIMS = [
    {"vclaim_id": f"claim-{place}", "vclaim": claim, "title": "", "date": "3 May 2020"}
    for place, claim in enumerate(
        ["The dam broke.", "A whale ate men.", "Beetroot cures flu.", "The mayor is a dog.", "Snow fell.", "It rained."]
    )
]  # fmt: skip
QUERIES = [{"id": "post-1", "text": "a dog as mayor"}, {"id": 2, "text": "beetroot against the flu", "relevant": []}]


def written(folder: Path, name: str, lines: list[object]) -> str:
    path = folder / name
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return str(path)


def test_five_claims_are_ranked_for_each_query(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [written(tmp_path, "claims", [*CLAIMS]), written(tmp_path, "queries", [*QUERIES])]
    assert main(["--claims", *files, "--threads", "1"]) == 0
    told = capsys.readouterr()
    answers = [json.loads(line) for line in told.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["post-1", 2]
    assert [answer["ranked"][0] for answer in answers] == ["claim-3", "claim-2"]
    assert all(len(set(answer["ranked"])) == 5 for answer in answers)
    assert "2 of 2 queries ranked" in told.err


@pytest.mark.parametrize(
    ("claims", "queries", "says"),
    [
        (["{"], [], "claims, line 1: not JSON"),
        (["[" * 50_000], [], "claims, line 1: not JSON"),
        ([CLAIMS[0], "[]"], [], "claims, line 2: an object is wanted"),
        ([{"vclaim": "Snow fell."}], [], "line 1: vclaim_id: a string is wanted"),
        ([{"vclaim_id": True, "vclaim": "Snow fell."}], [], "line 1: vclaim_id: a string is wanted"),
        ([{"vclaim_id": "a"}], [], "line 1: vclaim: a string is wanted"),
        ([{"vclaim_id": "a", "vclaim": "Snow.", "title": 3}], [], "line 1: title: a string is wanted"),
        ([{"vclaim_id": "a", "vclaim": "x" * 50_001}], [], "line 1: vclaim: longer than 50,000 characters"),
        ([{"vclaim_id": "a", "vclaim": "x" * 1_000_001}], [], "line 1: longer than 1,000,000 bytes"),
        ([CLAIMS[0], CLAIMS[0]], [], 'line 2: vclaim_id: "claim-0" stands there twice'),
        ([CLAIMS[0]], [{"id": "a"}], "queries, line 1: text: a string is wanted"),
        ([], [], "claims has no rows"),
    ],
    ids=range(12),
)
def test_a_row_that_is_none_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], claims: list[object], queries: list[object], says: str
) -> None:
    files = [written(tmp_path, "claims", claims), written(tmp_path, "queries", queries)]
    assert main(["--claims", *files]) == 2
    assert says in capsys.readouterr().err


def test_a_file_or_a_model_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claims, queries = written(tmp_path, "claims", [*CLAIMS]), written(tmp_path, "queries", [*QUERIES])
    assert main(["--claims", claims, str(tmp_path / "none")]) == 2
    assert "none: No such file" in capsys.readouterr().err
    assert main(["--claims", claims, queries, "--model", str(tmp_path)]) == 2
    assert "sha256sums.txt cannot be read" in capsys.readouterr().err


def test_rows_have_a_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    name = written(tmp_path, "claims", [*CLAIMS[:3]])
    with pytest.raises(rows.BadRow, match="line 3: more than 2 rows"):
        rows.read(name, key="vclaim_id", fields=("vclaim",))
