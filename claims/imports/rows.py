"""What a row asks for, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from claims.imports.types import MOST_FAULTS, AskedClaim, AskedEvidence, Fault, Line, Sheet, What, Wrong

KINDS = ("fact", "forecast", "conditional", "opinion", "directive")
STANCES = ("supports", "refutes", "context")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_EARLIEST, _LATEST = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class _Wrong(Exception):
    """What is wrong with one cell."""

    def __init__(self, column: str, wrong: Wrong, **given: Any) -> None:
        super().__init__(column)
        self.column, self.wrong, self.given = column, wrong, given


def asked(sheet: Sheet, what: What) -> tuple[Sequence[AskedClaim | AskedEvidence], Sequence[Fault]]:
    """Return what the rows ask for, and all that is wrong with the table, in the order of its rows; 100 at most."""
    read = _READERS[what]
    good: list[AskedClaim | AskedEvidence] = []
    faults = list(sheet.faults)
    for line in sheet.lines:
        try:
            good.append(read(line))
        except _Wrong as one:
            faults.append(Fault(line.number, one.column, one.wrong, one.given))
    return good, sorted(faults, key=lambda fault: fault.row)[:MOST_FAULTS]


def _claim(line: Line) -> AskedClaim:
    cells = line.cells
    language = cells.get("language") or "en"
    if not _LANGUAGE.fullmatch(language):
        raise _Wrong("language", Wrong.LANGUAGE)
    return AskedClaim(
        row=line.number,
        text=" ".join(cells["text"].split()),
        id=cells.get("id", ""),
        language=language,
        kind=_one_of(cells.get("kind") or "fact", KINDS, column="kind"),
        claimant=cells.get("claimant", ""),
        said_at=_moment(cells.get("said_at", "")),
        said_where=cells.get("said_where", ""),
    )


def _evidence(line: Line) -> AskedEvidence:
    cells = line.cells
    stance = _one_of(cells["stance"], STANCES, column="stance")
    return AskedEvidence(line.number, cells["claim"], cells["address"], stance, cells.get("quote", ""))


_READERS: MappingProxyType[What, Callable[[Line], AskedClaim | AskedEvidence]] = MappingProxyType(
    {What.CLAIMS: _claim, What.EVIDENCE: _evidence}
)


def _one_of(cell: str, words: Sequence[str], *, column: str) -> str:
    word = cell.lower()
    if word not in words:
        raise _Wrong(column, Wrong.CHOICE, words=", ".join(words))
    return word


def _moment(cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        moment = datetime.fromisoformat(cell)
        if _EARLIEST <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= _LATEST:
            return moment
    except (ValueError, OverflowError):
        pass  # told below, as one that is too early or too late is
    raise _Wrong("said_at", Wrong.DATE)
