"""Cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

import pytest

from claims.exports.cells import LONGEST, is_formula, plain, safe, unquoted

RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    " =1",
    "  =1",
    "\u00a0=1",
    "'=1",
    '"=1',
    "“=1",
    "\ufeff=1",
    "\u3000=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    " ' \"=1",
]


@pytest.mark.parametrize("text", RISKY)
def test_what_a_spreadsheet_would_run_gets_a_quote_before_it(text: str) -> None:
    assert is_formula(text)
    assert safe(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["", "The bridge = closed", "1 + 1", "a@b.example", "’tis so", "“Open”, he said", "–5 °C"]
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


def test_what_another_program_may_take_for_the_next_cell_is_guarded_too() -> None:
    assert safe("closed;=1+1") == "closed;'=1+1"
    assert safe("closed\n =1+1") == "closed\n '=1+1"


def test_numbers_stay_numbers_and_answers_are_words() -> None:
    assert safe(-0.5) == "-0.5"
    assert plain(3) == 3
    assert (safe(True), safe(False), safe(None)) == ("yes", "no", "")


def test_what_nobody_sees_is_dropped_and_a_long_cell_says_that_it_was_cut() -> None:
    assert safe("a\x00b\x1b\u202ec") == "abc"
    assert len(str(plain("x" * (LONGEST + 1)))) == LONGEST
    assert str(plain("x" * (LONGEST + 1))).endswith("…")


@pytest.mark.parametrize("text", ["=1+1", "@here", "closed"])
def test_what_was_put_before_a_cell_can_be_taken_back(text: str) -> None:
    line = io.StringIO()
    csv.writer(line).writerow([safe(text)])
    assert unquoted(next(csv.reader(io.StringIO(line.getvalue())))[0]) == text


def test_a_quote_of_somebodys_own_stays() -> None:
    assert unquoted("'tis so") == "'tis so"
