"""Cells that no spreadsheet takes for a formula.

OWASP's and ASVS 1.2.10's list (= + - @, tab, carriage return, line feed, NUL and the full-width forms), looked for
behind spaces and quotes too, which some programs drop before they read a cell, and behind what another may take for
the end of one. What begins so gets a single quote in front; every cell of a CSV file stands in double quotes besides.
Numbers are written as numbers.
"""

from __future__ import annotations

import re

from sources.fetching.decoding import cleaned

FORMULA = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b")
QUOTE = "'"
LONGEST = 32_000  # Excel's is 32,767
_SKIPPED = " \u00a0\u3000\ufeff\u200b'\"`\u00b4\u2018\u2019\u201c\u201d"
# Where Excel's list separator is a semicolon, it ends cells of a file with commas at semicolons and at ends of lines.
_ANEW = re.compile(r"([;\t\n][\s'\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
Value = str | int | float | bool | None


def is_formula(text: str) -> bool:
    """Say whether some spreadsheet might run it: by its first letter, and by the first that is no space or quote."""
    bare = text.lstrip(_SKIPPED)
    return text[:1] in FORMULA or bare[:1] in FORMULA if text else False


def plain(value: Value) -> str | int | float:
    """Return a value as a typed cell holds it: without what nobody sees, and cut with a mark where no cell has room."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = cleaned(value or "")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def safe(value: Value) -> str:
    """Return a value as a cell of a CSV file."""
    cell = plain(value)
    if not isinstance(cell, str):
        return f"{cell}"
    # Looked at before anything is dropped, too: another program may drop other letters.
    is_risky = is_formula(cell) or (isinstance(value, str) and is_formula(value))
    inside = _ANEW.sub(rf"\1{QUOTE}", cell)
    return f"{QUOTE}{inside}" if is_risky else inside


def unquoted(cell: str) -> str:
    """Take back what `safe` put in front."""
    return cell[1:] if cell[:1] == QUOTE and is_formula(cell[1:]) else cell
