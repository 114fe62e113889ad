"""A paragraph on its way to the parser."""

import re
from dataclasses import dataclass

from claims.splitting.types import BlockKind

DATELINE = re.compile(r"\s*[A-Z][\w.,'’ /]{1,60}?(?: \([^)]{2,30}\))? ?(?:—|–|--|―) (?=[A-Z\"“‘'])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph; `shown` is what the parser reads, as long as the stretch from `start` to `end`.

    `outlet` is the source whose block this is, `speaker` whom a label or a signature names, `gap`
    the number of line breaks before it.
    """

    start: int
    end: int
    shown: str
    kind: str = BlockKind.PARAGRAPH
    outlet: str = ""
    speaker: str = ""
    gap: int = 2
