"""From a file's bytes to what its rows ask for, or to all that is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.imports import rows, sheets
from claims.imports.types import MOST_FAULTS, AskedClaim, AskedEvidence, Fault, Sheet, What, Wrong
from claims.models.claim import KINDS
from claims.models.evidence import Evidence

MB = 1024 * 1024


def read(body: bytes | str, what: What = What.CLAIMS, **most: int) -> Sheet:
    given = body if isinstance(body, bytes) else body.encode()
    return sheets.read(given, what, most_bytes=most.get("most_bytes", MB), most_rows=most.get("most_rows", 100))


def faults(body: bytes | str, what: What = What.CLAIMS, **most: int) -> list[tuple[int, str, Wrong]]:
    return [(one.row, one.column, one.wrong) for one in rows.asked(read(body, what, **most), what)[1]]


def test_the_words_are_the_desks() -> None:
    assert tuple(code for code, _word in KINDS) == rows.KINDS
    assert tuple(Evidence.Stance.values) == rows.STANCES


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    sheet = read(f"text{delimiter}kind\nIt is shut.{delimiter}fact\n")
    assert sheet.lines[0].cells == {"text": "It is shut.", "kind": "fact"}


@pytest.mark.parametrize(
    ("body", "notices"),
    [
        ("text\nCafé\n".encode(), ()),
        ("text\nCafé\n".encode("utf-8-sig"), ()),
        ("text\nCafé\n".encode("utf-16"), ()),
        ("text\nCafé and more words\n".encode("utf-16-le"), ("utf_16",)),
        ("text\nCafé\n".encode("cp1252"), ("windows_1252",)),
        (b"text\r\nCaf\xc3\xa9\r\n", ()),
    ],
)
def test_letters_are_read_and_what_was_guessed_is_told(body: bytes, notices: tuple[str, ...]) -> None:
    sheet = read(body)
    assert sheet.lines[0].cells["text"].startswith("Café")
    assert sheet.notices == notices


def test_a_row_has_the_number_that_a_spreadsheet_shows() -> None:
    found = faults('text,kind\n\n"two\nlines",fact\n,fact\nIt is shut.,fakt\n')
    assert found == [(4, "text", Wrong.MISSING), (5, "kind", Wrong.CHOICE)]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", (0, "", Wrong.EMPTY)),
        ("  \n", (0, "", Wrong.EMPTY)),
        ("kind\nfact\n", (1, "text", Wrong.NO_COLUMN)),
        ("text,colour\na,b\n", (1, "colour", Wrong.UNKNOWN_COLUMN)),
        ("text,kind,kind\na,fact,fact\n", (1, "kind", Wrong.DOUBLED_COLUMN)),
        ('text\n"never closed\n', (2, "", Wrong.NOT_CSV)),
        (f'text\n"{"x" * 200_000}"\n', (2, "", Wrong.NOT_CSV)),
        (b"text\nCaf\xef\xbf\xbd\n", (2, "", Wrong.LETTERS)),
        ("text,kind\na,fact,b\n", (2, "", Wrong.CELLS)),
        (f"text\n{'x' * 2001}\n", (2, "text", Wrong.TOO_LONG)),
        ("text\n=cmd|' /C calc'!A0\n", (2, "text", Wrong.FORMULA)),
        ("text,language\nIt is shut.,english!\n", (2, "language", Wrong.LANGUAGE)),
        ("text,said_at\nIt is shut.,yesterday\n", (2, "said_at", Wrong.DATE)),
        ("text,said_at\nIt is shut.,0001-01-01\n", (2, "said_at", Wrong.DATE)),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(body: bytes | str, fault: tuple[int, str, Wrong]) -> None:
    assert faults(body) == [fault]


def test_a_file_has_bounds() -> None:
    assert faults("text\na\n", most_bytes=3) == [(0, "", Wrong.TOO_LARGE)]
    assert faults("text\na\nb\nc\n", most_rows=2) == [(0, "", Wrong.TOO_MANY)]
    assert faults("text\n" + "\n" * 100, most_rows=2) == [(0, "", Wrong.TOO_MANY)]


def test_all_faults_are_told_at_once_up_to_a_hundred() -> None:
    found = faults("text,kind\n" + ",fakt\n" * 150, most_rows=200)
    assert len(found) == MOST_FAULTS


def test_a_cell_may_begin_as_a_formula_does_where_somebody_says_so() -> None:
    asked, found = rows.asked(read("text\n'@mayor: the bridge is shut\n"), What.CLAIMS)
    assert not found
    assert asked == [AskedClaim(2, "@mayor: the bridge is shut")]


def test_a_row_of_claims_asks_for_all_that_its_columns_say() -> None:
    head = "text,id,language,kind,claimant,said_at,said_where"
    row = "It  is\tshut.,s-1,de,FORECAST,Ilka,2026-05-31T18:30+02:00,on the radio"
    asked, found = rows.asked(read(f"{head}\n{row.replace(chr(9), ' ')}\n"), What.CLAIMS)
    assert not found
    said_at = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)
    assert asked == [AskedClaim(2, "It is shut.", "s-1", "de", "forecast", "Ilka", said_at, "on the radio")]


def test_a_row_of_evidence_names_claim_page_and_stance() -> None:
    asked, found = rows.asked(
        read("claim,address,stance\ns-1,https://a.example/,Refutes\n", What.EVIDENCE), What.EVIDENCE
    )
    assert not found
    assert asked == [AskedEvidence(2, "s-1", "https://a.example/", "refutes")]
    assert faults("claim,address,stance\ns-1,https://a.example/,likes\n", What.EVIDENCE) == [
        (2, "stance", Wrong.CHOICE)
    ]


def test_faults_of_rows_and_of_cells_stand_in_the_order_of_the_file() -> None:
    sheet = Sheet(read("text,kind\nx,fakt\n").lines, (Fault(9, "", Wrong.CELLS), Fault(1, "", Wrong.CELLS)))
    assert [fault.row for fault in rows.asked(sheet, What.CLAIMS)[1]] == [1, 2, 9]
