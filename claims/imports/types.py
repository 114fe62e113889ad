"""What is read of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class What(StrEnum):
    """What a table is of."""

    CLAIMS = "claims"
    EVIDENCE = "evidence"


# The columns of each, those that must be there first. The files of static/claims/ are made of them.
COLUMNS: Mapping[What, Sequence[str]] = MappingProxyType(
    {
        What.CLAIMS: ("text", "id", "language", "kind", "claimant", "said_at", "said_where"),
        What.EVIDENCE: ("claim", "address", "stance", "quote"),
    }
)
NEEDED: Mapping[What, Sequence[str]] = MappingProxyType(
    {What.CLAIMS: ("text",), What.EVIDENCE: ("claim", "address", "stance")}
)
MOST_CELL, MOST_FAULTS = 2_000, 100
LENGTHS: Mapping[str, int] = MappingProxyType(
    {"id": 200, "claimant": 300, "said_where": 300, "language": 12, "address": 2048, "claim": 300}
)


class Wrong(StrEnum):
    """What can be wrong with a table, or with a cell of it; the words are the desk's."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_CSV = "not_csv"
    LETTERS = "letters"
    NO_COLUMN = "no_column"
    UNKNOWN_COLUMN = "unknown_column"
    DOUBLED_COLUMN = "doubled_column"
    TOO_MANY = "too_many"
    CELLS = "cells"
    MISSING = "missing"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    CHOICE = "choice"
    DATE = "date"
    LANGUAGE = "language"
    OTHER_TEXT = "other_text"
    NO_CLAIM = "no_claim"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where: the row as a spreadsheet numbers it (the head is 1; 0 for the file), and the column."""

    row: int
    column: str
    wrong: Wrong
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in a spreadsheet, and its cells by column; a column that is not there is ''."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read; `notices` are codes of what was guessed. Where there are faults, nothing may come in."""

    lines: Sequence[Line] = ()
    faults: Sequence[Fault] = ()
    notices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AskedClaim:
    """A claim that a row asks for. `said_at` may have no zone: then it is the desk's."""

    row: int
    text: str
    id: str = ""
    language: str = "en"
    kind: str = "fact"
    claimant: str = ""
    said_at: datetime | None = None
    said_where: str = ""


@dataclass(frozen=True, slots=True)
class AskedEvidence:
    """A page that a row asks for as evidence of a claim, which it names by identifier, external id or address."""

    row: int
    claim: str
    address: str
    stance: str
    quote: str = ""
