"""So many in so much time: "600/60" is 600 requests a minute."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,4})", re.ASCII)
_NONE = {"0", "off", "none"}


@dataclass(frozen=True, slots=True)
class Rate:
    """`quota` requests in any `window` seconds, all of them at once if need be."""

    quota: int
    window: int

    @classmethod
    def read(cls, text: str) -> Rate | None:
        """Read "600/60"; None for 0, off or none. Raises ValueError for anything else."""
        if text.strip().lower() in _NONE:
            return None
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no rate: write requests/seconds, such as 600/60, or 0 for none")
        return cls(int(found[1]), int(found[2]))
