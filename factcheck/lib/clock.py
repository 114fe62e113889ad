"""The one clock that doors read; CLOCK_OFFSET (seconds) shifts it in rehearsals, the database's leases with it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta


def offset() -> timedelta:
    """Return by how much this process's clock is shifted; zero unless CLOCK_OFFSET says otherwise."""
    return timedelta(seconds=float(os.environ.get("CLOCK_OFFSET", "0")))


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC) + offset()
