"""A desk's own archive: a CSV file with a head, or JSON with the same names; taken whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from claims.known import bodies, claimreview, datafeeds
from claims.known.making import Making, Said, plain
from claims.known.types import Told
from sources.fetching.decoding import cleaned, decoded

COLUMNS = {
    "url": "address of the fact-check", "claim": "the claim that was checked", "rating": "the rating in its words",
    "publisher": "who checked it", "claimant": "who said it", "title": "headline", "language": "such as en or de",
    "value": "the rating as a number", "best": "the best number there is", "worst": "the worst one",
    "reviewed": "when it was published, as 2026-05-31", "claimed": "when it was said",
}  # fmt: skip
NEEDED = ("url", "claim")
MOST_ROWS = 20_000
MAX_CELL = 10_000
_NUMBERS = frozenset({"value", "best", "worst"})
_FORMULA = ("=", "+", "-", "@", "\t")
_FIELDS = {"claim": "text"}
_JSON = frozenset("{[")


def read(body: bytes, *, charset: str, latest: datetime) -> Told:
    """Read an archive. Where `complete` is False, something was refused and nothing of it should come in."""
    text = cleaned(decoded(body, charset))
    if text.lstrip()[:1] in _JSON:
        return _from_json(text, body, latest)
    making = Making(latest)
    return _each_once(making, making.told(*_from_csv(text, making), most=MOST_ROWS))


def _from_json(text: str, body: bytes, latest: datetime) -> Told:
    document = None if bodies.is_datafeed(text) else bodies.loads(text)
    if not isinstance(document, list) or any(map(_is_node, document)):
        return datafeeds.read(body, charset="utf-8", url="", latest=latest, most=MOST_ROWS)
    making = Making(latest)
    problems = _too_many(len(document))
    for place, row in enumerate([] if problems else document, 1):
        if isinstance(row, dict):
            _take(making, place, {str(name): _told(value) for name, value in row.items()})
        else:
            making.refuse(place, "This is no object with names and values.")
    return _each_once(making, making.told(*problems, most=MOST_ROWS))


def _each_once(making: Making, told: Told) -> Told:
    """Say how many rows were there more than once: it is no fault, but somebody counts them."""
    doubled = len(making.made) - len(told.published)
    said = f"{doubled} rows tell of fact-checks that others tell of as well; the newest of each counts."
    return replace(told, problems=(*told.problems, said)) if doubled else told


def _is_node(value: Any) -> bool:
    return isinstance(value, dict) and ("@type" in value or "@graph" in value or claimreview.is_claim_review(value))


def _told(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _from_csv(text: str, making: Making) -> list[str]:
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        return [f"This is no CSV file that can be read: {error}."]
    head = [name.strip().lower() for name in rows[0][1]] if rows else []
    if missing := [name for name in NEEDED if name not in head]:
        return [f"The first line must name the columns, “{'” and “'.join(missing)}” among them. {_known()}"]
    if unknown := [name for name in head if name not in COLUMNS]:
        return [f"Nobody knows the column “{unknown[0][:40]}”. {_known()}"]
    if len(set(head)) < len(head):
        return ["A column is named twice."]
    if problems := _too_many(len(rows) - 1):
        return problems
    for place, row in rows[1:]:
        if len(row) == len(head):
            _take(making, place, dict(zip(head, row, strict=True)))
        else:
            making.refuse(place, f"It has {len(row)} cells, and the head {len(head)}.")
    return []


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold something, each with the number of its last line."""
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, row
        if reader.line_num > MOST_ROWS * 10:
            raise csv.Error("it has too many lines")


def _too_many(rows: int) -> list[str]:
    if rows <= MOST_ROWS:
        return []
    return [f"It has {rows} rows; {MOST_ROWS} come in at once at most. Divide the file."]


def _known() -> str:
    return f"Columns are: {', '.join(COLUMNS)}."


def _take(making: Making, place: int, row: Mapping[str, str]) -> None:
    if why := _refused(row):
        making.refuse(place, why)
    else:
        making.take(place, Said(**{_FIELDS.get(name, name): value for name, value in row.items()}))


def _refused(row: Mapping[str, str]) -> str:
    """Say what is wrong with a row before it is read; a cell that a spreadsheet would run is no fact-check."""
    for name, value in row.items():
        if name not in COLUMNS:
            return f"Nobody knows the column “{name[:40]}”. {_known()}"
        if len(value) > MAX_CELL:
            return f"“{name}” has {len(value)} characters; {MAX_CELL} at most."
        bare = value.lstrip(" ")
        seen = next((one for one in (bare, plain(value)) if one.startswith(_FORMULA)), "")
        if name not in _NUMBERS and seen:
            return f"“{name}” begins with “{seen[0]}”, as a formula does. Put a letter before it."
    return ""
