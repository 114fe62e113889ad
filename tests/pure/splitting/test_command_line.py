"""`python -m claims.splitting FILE…`."""

import io
import json
import subprocess
import sys

import pytest

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
        "edits": [
            {"start": 39, "end": 42, "was": "had", "now": "", "why": "a report shifts the tense", "at": 6},
        ],
        "unresolved": [],
    }


def test_units_of_too_long_a_text_say_what_was_left_out(tmp_path, capsys):
    path = tmp_path / "long.txt"
    path.write_text("The bridge fell." + "\n" * 200_000 + "The town wept.", encoding="utf-8")
    assert main(["--units", str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["units"], told["truncated"]) == (["The bridge fell."], "only the first 200,000 characters were read")


def test_claims_in_another_language_are_asked_for_by_its_code(tmp_path, capsys):
    path = tmp_path / "artikel.txt"
    path.write_text("Die Brücke in Selmar ist gesperrt, sagte die Bürgermeisterin am Montag.", encoding="utf-8")
    assert main(["--language", "de", str(path)]) == 0
    [claim] = json.loads(capsys.readouterr().out)["claims"]
    assert (claim["claim"], claim["sources"]) == ("Die Brücke in Selmar ist gesperrt.", ["die Bürgermeisterin"])


def test_a_language_that_cannot_be_split_is_named_with_what_to_do(tmp_path, capsys):
    path = tmp_path / "article.txt"
    path.write_text("Le pont est tombé.", encoding="utf-8")
    assert main(["--language", "fr", str(path)]) == 2
    assert "(fr) cannot be split" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--sentences", "--language", "de"])
    assert "English only" in capsys.readouterr().err


def test_rows_before_a_bad_one_are_answered(monkeypatch, capsys):
    given_rows(monkeypatch, *['{"text": "It fell ."}'] * 300, "no row")
    assert main(["--sentences"]) == 2
    told = capsys.readouterr()
    assert (len(told.out.splitlines()), told.err) == (300, "line 301: not JSON\n")


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


def given_rows(monkeypatch, *lines):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))


def test_attributions_are_character_spans_a_file_and_line(tmp_path, capsys):
    path = tmp_path / "article.txt"
    path.write_text("The mayor said the bridge fell.", encoding="utf-8")
    assert main(["--attributions", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "article": "article.txt",
        "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 30]]}],
        "truncated": "",
    }


def test_factuality_answers_each_row(monkeypatch, capsys):
    given_rows(monkeypatch, '{"text": "It fell .", "targets": [[1, 2]]}', '{"text": "It fell .", "targets": []}')
    assert main(["--factuality"]) == 0
    assert capsys.readouterr().out == '{"factuality": [3.0]}\n{"factuality": []}\n'


def test_units_are_a_file_and_line(tmp_path, capsys):
    path = tmp_path / "short.txt"
    path.write_text("The bridge fell.", encoding="utf-8")
    assert main(["--units", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "article": "short.txt",
        "units": ["The bridge fell."],
        "truncated": "",
    }


def test_propositions_answers_each_row(monkeypatch, capsys):
    given_rows(monkeypatch, '{"text": "The bridge fell", "tokens": ["The", "bridge", "fell"], "offsets": [0, 4, 11]}')
    assert main(["--propositions"]) == 0
    assert capsys.readouterr().out == '{"propositions": [[0, 1, 2]]}\n'


def test_a_bad_row_is_named_and_ends_with_2(monkeypatch, capsys):
    given_rows(monkeypatch, '{"text": "It fell .", "targets": []}', "no row")
    assert main(["--factuality"]) == 2
    assert capsys.readouterr().err == "line 2: not JSON\n"


@pytest.mark.parametrize(("arguments", "why"), [([], "FILE"), (["--factuality", "article.txt"], "standard input")])
def test_files_and_rows_do_not_go_together(arguments, why, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert why in capsys.readouterr().err
