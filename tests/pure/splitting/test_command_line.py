"""`python -m claims.splitting FILE…`."""

import json
import subprocess
import sys

from claims.splitting.__main__ import main


def test_it_prints_one_json_object_a_file_and_line(tmp_path, capsys):
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("Foreign Minister Anna Belk said rebels had seized the “port”.", encoding="utf-8")
    second.write_text("", encoding="utf-8")
    assert main([str(first), str(second)]) == 0
    one, two = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert two == {"article": "second.txt", "claims": [], "truncated": ""}
    assert one["article"] == "first.txt"
    assert one["claims"][1] == {
        "quote": ["rebels had seized the “port"],
        "spans": [[32, 59]],
        "claim": "Rebels seized the port.",
        "sources": ["Anna Belk"],
        "certainty": "asserted",
        "kind": "fact",
        "checkable": True,
        "salience": "core",
        "also": [],
        "check_worthy": one["claims"][1]["check_worthy"],
        "because": ["content of a frame", "stated as so", "an event or a state", "verb and clause"],
    }


def test_a_file_that_cannot_be_read_is_named_and_ends_with_2(tmp_path, capsys):
    assert main([str(tmp_path / "missing.txt")]) == 2
    assert "missing.txt" in capsys.readouterr().err


def test_a_file_that_is_no_text_is_named_and_ends_with_2(tmp_path, capsys):
    path = tmp_path / "image.txt"
    path.write_bytes(b"\xff\xfe\x00\x80")
    assert main([str(path)]) == 2
    assert "image.txt" in capsys.readouterr().err


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "claims.splitting", "--help"], capture_output=True, text=True, check=True
    )
    assert "FILE" in done.stdout
