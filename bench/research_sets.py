"""What every part of the research column shares: the annotated rows, and the libraries that no requirements name."""

import importlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

PARTS = 5
CLASSES = (
    "report", "attributing", "quoting", "attitudes_to", "intentions", "talking_about", "denial", "doubt", "unconfirmed",
    "aims", "plans", "supposing", "factive", "implies", "implies_not", "forecast", "urge", "unconfirmed_nouns",
    "report_nouns", "probable", "possible", "doubtful", "unconfirmed_adverbs", "opinion", "verify",
)  # fmt: skip
HIGHEST = 6  # how many words above a word are looked at
NEARBY = 2
INSTALL = "docs/models.md says what to install by hand; no requirements name it"

Row = Mapping[str, Any]


class Absent(RuntimeError):
    """What only research needs is not installed."""


def needed(name: str) -> ModuleType:
    """Import a library that only research needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Absent(f"{error}: {INSTALL}") from None


def rows_of(folder: Path, name: str, file: str = "dev") -> list[Row]:
    """The rows of one part of a data set."""
    path = folder / name / f"{file}.jsonl"
    if not path.is_file():
        raise Absent(f"no {path}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def in_parts(documents: Sequence[str]) -> list[int]:
    """The part that each row belongs to: whole documents, dealt in turn."""
    part_of = {name: at % PARTS for at, name in enumerate(dict.fromkeys(documents))}
    return [part_of[name] for name in documents]
