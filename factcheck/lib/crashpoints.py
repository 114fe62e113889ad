"""Places at which a process may be told to die, so that what must survive its death can be shown.

CRASHPOINT names one ("split.before_commit"), or its Nth passing in a process ("split.before_commit:3"). The process
ends there as by kill -9: nothing is flushed, closed or rolled back by hand. CRASHPOINT_MARK names a file that is made
at the crash; once it exists nobody crashes again, so that what was started anew goes on.
"""

from __future__ import annotations

import os
from collections import Counter

KILLED = 137

_passed: Counter[str] = Counter()


def crashpoint(name: str) -> None:
    """End the process here, if the environment says so; nothing at all in every other case."""
    wanted = os.environ.get("CRASHPOINT")
    if not wanted:
        return
    point, _colon, passing = wanted.partition(":")
    if point != name:
        return
    _passed[name] += 1
    if _passed[name] >= int(passing or 1) and _is_first():
        os._exit(KILLED)


def _is_first() -> bool:
    mark = os.environ.get("CRASHPOINT_MARK")
    if not mark:
        return True
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True
