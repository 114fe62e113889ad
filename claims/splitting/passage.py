"""A paragraph on its way to the parser."""

import re
from dataclasses import dataclass

from claims.splitting.types import BlockKind

LONG_DASH = "(?:—|–|--|―)"
DAY = r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?"
PLACE = r"[\w.,'’ /]"
WIRE = r"\([^)]{2,30}\)"
DATELINE = re.compile(
    rf"\s*(?:[A-Z]{PLACE}{{1,60}}?(?: {WIRE})? ?{LONG_DASH}|[A-Z]{{3}}{PLACE}{{0,60}}?(?:{WIRE}|{DAY}) -)"
    rf" (?:{DAY} (?:{LONG_DASH}|-) )?(?=[A-Z\"“‘'])"
)


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
