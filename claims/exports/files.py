"""The files that claims leave in, written piece by piece, so that none ever stands in memory whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any

from claims.exports.cells import plain, safe
from claims.exports.claims import COLUMNS, flat

# Excel reads a CSV file without this mark as Windows-1252 and breaks every accent; programs read it as utf-8-sig.
MARK = "\ufeff".encode()
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json": "application/json",
    }
)
PIECE = 64 * 1024
Rows = Iterable[Mapping[str, Any]]


def written(form: str, claims: Rows) -> Iterator[bytes]:
    """Yield a file of exported claims piece by piece; `form` is one of FORMS."""
    writers = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    return writers[form](claims)


def _csv(claims: Rows) -> Iterator[bytes]:
    yield MARK + _line(COLUMNS)
    for claim in claims:
        row = flat(claim)
        yield _line([safe(row[name]) for name in COLUMNS])


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _json(claims: Rows) -> Iterator[bytes]:
    between = "["
    for claim in claims:
        yield f"{between}\n{json.dumps(claim, ensure_ascii=False)}".encode()
        between = ","
    yield b"\n]\n" if between == "," else b"[]\n"


def _xlsx(claims: Rows) -> Iterator[bytes]:
    """Every text is written as a text: nothing is taken for a formula, an address or a number."""
    import xlsxwriter

    with TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("claims")
            for place, name in enumerate(COLUMNS):
                sheet.write_string(0, place, name)
            for number, claim in enumerate(claims, 1):
                row = flat(claim)
                for place, name in enumerate(COLUMNS):
                    cell = plain(row[name])
                    write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                    write(number, place, cell)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
