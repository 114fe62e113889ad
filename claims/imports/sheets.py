"""From a file's bytes to the rows of a table: its letters, its delimiter and its head; bounded in every way."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from claims.exports.cells import is_formula, unquoted
from claims.imports.types import COLUMNS, LENGTHS, MOST_CELL, MOST_FAULTS, NEEDED, Fault, Line, Sheet, What, Wrong
from sources.fetching.decoding import cleaned, decoded

DELIMITERS = ",;\t"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SNIFFED = 1024


class Refused(Exception):
    """The whole table cannot be read."""

    def __init__(self, wrong: Wrong, *, row: int = 0, column: str = "", **given: object) -> None:
        """Keep what is wrong, and where."""
        super().__init__(wrong)
        self.fault = Fault(row, column, wrong, given)


def read(body: bytes, what: What, *, most_bytes: int, most_rows: int) -> Sheet:
    """Read a table; what is wrong with it is told all at once, up to a hundred faults."""
    try:
        head, rows, notices = _parsed(body, what, most_bytes=most_bytes, most_rows=most_rows)
    except Refused as refusal:
        return Sheet(faults=(refusal.fault,))
    lines, faults = [], []
    for number, row in rows:
        found = list(_faults(number, row, head, what))
        faults += found
        if not found:
            lines.append(Line(number, {name: unquoted(cell.strip()) for name, cell in zip(head, row, strict=True)}))
    return Sheet(tuple(lines), tuple(faults[:MOST_FAULTS]), notices)


def _parsed(
    body: bytes, what: What, *, most_bytes: int, most_rows: int
) -> tuple[list[str], list[tuple[int, list[str]]], tuple[str, ...]]:
    if len(body) > most_bytes:
        raise Refused(Wrong.TOO_LARGE, most=most_bytes >> 20)
    text, notices = _text(body)
    rows = _rows(text, most_rows)
    head = _head(rows[0][1] if rows else [], what)
    if len(rows) - 1 > most_rows:
        raise Refused(Wrong.TOO_MANY, rows=len(rows) - 1, most=most_rows)
    return head, rows[1:], notices


def _text(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text, and what was guessed about its letters: nothing where a mark says it, or UTF-8 fits."""
    text = cleaned(decoded(body))
    if not text.strip():
        raise Refused(Wrong.EMPTY)
    if "\ufffd" in text:
        raise Refused(Wrong.LETTERS, row=text[: text.index("\ufffd")].count("\n") + 1)
    if body.startswith(_MARKS):
        return text, ()
    if b"\0" in body[:_SNIFFED]:
        return text, ("utf_16",)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return text, ("windows_1252",)
    return text, ()


def _rows(text: str, most: int) -> list[tuple[int, list[str]]]:
    """Return the rows that hold something, each by the number that a spreadsheet shows."""
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if number > most * 10:
                raise Refused(Wrong.TOO_MANY, rows=number, most=most)
    except csv.Error as error:
        raise Refused(Wrong.NOT_CSV, row=number + 1, why=str(error)) from None
    return rows


def _head(cells: Sequence[str], what: What) -> list[str]:
    head = [cell.strip().lower() for cell in cells]
    known = ", ".join(COLUMNS[what])
    for name in NEEDED[what]:
        if name not in head:
            raise Refused(Wrong.NO_COLUMN, row=1, column=name, known=known)
    for name in head:
        if name not in COLUMNS[what]:
            raise Refused(Wrong.UNKNOWN_COLUMN, row=1, column=name[:40], known=known)
        if head.count(name) > 1:
            raise Refused(Wrong.DOUBLED_COLUMN, row=1, column=name)
    return head


def _faults(number: int, row: Sequence[str], head: Sequence[str], what: What) -> Iterator[Fault]:
    if len(row) != len(head):
        yield Fault(number, "", Wrong.CELLS, {"cells": len(row), "head": len(head)})
        return
    for name, cell in zip(head, row, strict=True):
        most = LENGTHS.get(name, MOST_CELL)
        if len(cell) > most:
            yield Fault(number, name, Wrong.TOO_LONG, {"length": len(cell), "most": most})
        elif not cell.strip() and name in NEEDED[what]:
            yield Fault(number, name, Wrong.MISSING)
        elif is_formula(cell) and unquoted(cell) == cell:
            yield Fault(number, name, Wrong.FORMULA, {"first": cell.strip()[:1]})
