"""A desk's own archive of fact-checks, or a DataFeed as a file: looked at, then brought in whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from claims.known.reading import read_in_jail
from claims.known.types import Shape, Told
from claims.models import KnownCheck
from claims.services import known_checks
from claims.services.known_checks import Kept
from factcheck.access.models import User
from sources.fetching.types import Unreadable

MOST_BYTES = 100 * 1024 * 1024
# Clocks differ; what is dated later is a mistake.
AHEAD = timedelta(days=1)
_BROKE = {
    "cpu": "It takes too long to read. Divide the file.",
    "memory": "It takes too much memory to read. Divide the file.",
    "wall": "This machine was too busy to read it. Try again.",
}
Read = Callable[..., Told | Unreadable]


class ImportRefused(Exception):
    """A file is not brought in; `told` is what was read of it, and the message says what to do."""

    def __init__(self, message: str, told: Told | None = None) -> None:
        """Keep what was read."""
        super().__init__(message)
        self.told = told or Told(problems=(message,), complete=False)


def look(body: bytes, *, now: datetime, most: int = MOST_BYTES, read: Read = read_in_jail) -> Told:
    """Read a file without writing anything; raises ImportRefused where it cannot be read at all."""
    if len(body) > most:
        raise ImportRefused(f"A file has at most {most >> 20} MB here. Divide it.")
    told = read(body, shape=Shape.ARCHIVE, charset="", url="", latest=now + AHEAD)
    if isinstance(told, Unreadable):
        raise ImportRefused(_BROKE.get(told.reason, "It cannot be read: something in it breaks the reader."))
    return told


def bring_in(told: Told, *, by: User | None, now: datetime, leaving_out: bool = False) -> Kept:
    """Bring in what was read, in one transaction; where something was refused, only if that may be left out.

    Raises ImportRefused, and nothing is written then.
    """
    if not told.published:
        raise ImportRefused("There is no fact-check in it that could come in.", told)
    if not told.complete and not leaving_out:
        raise ImportRefused(
            "Nothing came in: some of it was refused. Mend the rows that are named, or bring in the rest without them.",
            told,
        )
    return known_checks.keep(told.published, way=KnownCheck.Way.ARCHIVE, by=by, now=now)
