"""The outlets, agencies and owners that a desk knows from the start, as data; services.seeding brings them in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_VERSION = re.compile(r"^# version: (\d+)$", re.MULTILINE)
_AMBIGUOUS = "~"


@dataclass(frozen=True, slots=True)
class Entry:
    """One source: its name, what else it goes by, what it shares with others, where it publishes, and whose it is."""

    name: str
    names: tuple[str, ...]
    ambiguous: tuple[str, ...]
    domains: tuple[str, ...]
    kind: str
    parent: str


def version() -> int:
    """Return the number of the list; it rises with each change."""
    found = _VERSION.search(_text())
    assert found is not None  # noqa: S101  a test holds it
    return int(found[1])


@cache
def entries() -> tuple[Entry, ...]:
    """Return every source of the list, in its order."""
    lines = (line.strip() for line in _text().splitlines())
    return tuple(_entry(line) for line in lines if line and not line.startswith("#"))


@cache
def _text() -> str:
    return resources.files(__name__).joinpath("sources.txt").read_text(encoding="utf-8")


def _entry(line: str) -> Entry:
    name, names, domains, kind, *parent = (part.strip() for part in line.split("|"))
    others = [one.strip() for one in names.split(";") if one.strip()]
    return Entry(
        name,
        tuple(one for one in others if not one.startswith(_AMBIGUOUS)),
        tuple(one.removeprefix(_AMBIGUOUS) for one in others if one.startswith(_AMBIGUOUS)),
        tuple(one.strip() for one in domains.split(";") if one.strip()),
        kind,
        parent[0] if parent else "",
    )
