"""`python -m claims.splitting --explain FILE`: why each claim is one."""

import re
import subprocess
import sys
from pathlib import Path

from claims.splitting import Block
from claims.splitting.__main__ import main
from claims.splitting.explain import explain
from tests.pure.splitting.reading import paragraphs

ROOT = Path(__file__).parents[3]
BLOG = paragraphs(
    "Karsk has fallen",
    "Rebels have seized the Karsk crossing. The Morning Post reported:",
    "Reports that rebels had seized the Karsk crossing could not be confirmed. What now?",
)
CODES = re.compile("\x1b\\[[0-9;]*m")


def told(text, **options):
    return "\n".join(explain(text, **options))


def test_each_sentence_stands_with_its_frames_and_its_claims():
    lines = told(BLOG).splitlines()
    at = lines.index("Reports that rebels had seized the Karsk crossing could not be confirmed.")
    assert lines[at + 1].startswith("  frame    Reports “Reports” claims without vouching: that rebels had seized")
    assert any(line.startswith("  claim    Rebels") for line in lines[at:])
    assert any("unconfirmed · fact · core · The Morning Post → Reports" in line for line in lines[at:])
    assert any(line.startswith("           because content of a frame; ") for line in lines[at:])


def test_a_passage_says_what_it_is_and_in_whose_voice():
    assert "[headline]" in told(BLOG)
    assert "[quotation in the voice of The Morning Post]" in told(BLOG)


def test_the_articles_own_voice_is_named():
    assert "asserted · fact · core · the article itself" in told("The bridge fell on Monday.")


def test_a_sentence_that_states_nothing_says_so():
    assert told("What now?").splitlines() == ["What now?", "  no claim of its own"]


def test_a_statement_made_twice_is_told_where_it_is_made_again():
    text = paragraphs("Old bridge falls in Karsk", "The old bridge fell in Karsk on Monday.")
    assert any(line.startswith("  again    ") for line in explain(text))


def test_a_frame_without_a_source_says_so():
    assert "  frame    nobody named “sign” doubts: " in told("There is no sign that the rebels fled.")


def test_what_was_left_out_is_told():
    text = "The bridge fell on Monday.\n\nThe town has " + "very " * 1_200 + "old houses."
    assert told(text).endswith("left out: a sentence longer than 5,000 characters was left out")


def test_blocks_of_the_page_are_taken():
    text = "The bridge fell."
    assert "[quotation in the voice of The Post]" in told(text, blocks=[Block("quotation", 0, len(text), "The Post")])


def test_colours_change_nothing_but_the_colours():
    coloured = told(BLOG, colour=True)
    assert "\x1b[33munconfirmed\x1b[0m" in coloured
    assert CODES.sub("", coloured) == told(BLOG)


def test_the_article_cannot_command_the_terminal():
    shown = told("The bridge \x1b[31mfell\x1b]0;x\x07 on Monday, \u202eBelk\u2066 said.\udc80")
    assert all(char == "\n" or char.isprintable() for char in shown)


def test_it_is_printed_without_colours_into_a_pipe(tmp_path):
    path = tmp_path / "blog.txt"
    path.write_text(BLOG, encoding="utf-8")
    command = [sys.executable, "-m", "claims.splitting", "--explain", str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout == told(BLOG) + "\n"


def on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


def test_it_is_coloured_on_a_terminal_unless_the_reader_wants_none(tmp_path, capsys, monkeypatch):
    path = tmp_path / "bridge.txt"
    path.write_text("The bridge fell.", encoding="utf-8")
    on_a_terminal(monkeypatch)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(["--explain", str(path)]) == 0
    assert "\x1b[" in capsys.readouterr().out
    on_a_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["--explain", str(path)]) == 0
    assert "\x1b[" not in capsys.readouterr().out
