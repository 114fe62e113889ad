"""Rows of claims and of queries, as the field's data sets have them: JSON, one object a line, bounded."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_ROWS = 200_000
MOST_TEXT = 50_000  # characters of a field
LONGEST_LINE = 1_000_000  # bytes
SHOWN = 60


class BadRow(ValueError):
    """A file cannot be read, or a line is no row of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row's id and texts; what it does not have is empty."""

    id: str | int
    texts: tuple[str, ...]


def read(name: str, *, key: str, fields: Sequence[str]) -> list[Row]:
    """Return the rows of a file, whose first field must be there; raises BadRow with the file and the line."""
    rows: dict[str | int, Row] = {}
    for number, line in enumerate(_lines(name), 1):
        try:
            row = _row(line, key, fields)
            _check_new(row, rows, key)
        except BadRow as error:
            raise BadRow(f"{name}, line {number}: {error}") from None
        rows[row.id] = row
    return list(rows.values())


def _check_new(row: Row, rows: Mapping[str | int, Row], key: str) -> None:
    if row.id in rows:
        raise BadRow(f"{key}: {json.dumps(row.id)[:SHOWN]} stands there twice")
    if len(rows) == MOST_ROWS:
        raise BadRow(f"more than {MOST_ROWS:,} rows")


def _lines(name: str) -> Iterator[bytes]:
    try:
        with Path(name).open("rb") as file:
            yield from iter(lambda: file.readline(LONGEST_LINE + 1), b"")
    except OSError as error:
        raise BadRow(f"cannot read {name}: {error.strerror}") from None


def _row(line: bytes, key: str, fields: Sequence[str]) -> Row:
    if len(line) > LONGEST_LINE:
        raise BadRow(f"longer than {LONGEST_LINE:,} bytes")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRow("not JSON") from None
    if not isinstance(row, dict):
        raise BadRow("an object is wanted")
    if not isinstance(row.get(key), str | int) or isinstance(row[key], bool):
        raise BadRow(f"{key}: a string is wanted")
    first, *others = fields
    return Row(row[key], (_text(row.get(first), first), *(_text(row.get(name, ""), name) for name in others)))


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BadRow(f"{name}: a string is wanted")
    if len(value) > MOST_TEXT:
        raise BadRow(f"{name}: longer than {MOST_TEXT:,} characters")
    return value
