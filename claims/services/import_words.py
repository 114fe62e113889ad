"""What is wrong with a table, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.imports.types import Fault, Wrong

WORDS: Mapping[Wrong, Any] = MappingProxyType(
    {
        Wrong.TOO_LARGE: gettext_lazy("A file has at most %(most)s MB here. Divide it."),
        Wrong.EMPTY: gettext_lazy("There is nothing in it."),
        Wrong.NOT_CSV: gettext_lazy("This cannot be read as CSV: %(why)s. Save it as CSV anew."),
        Wrong.LETTERS: gettext_lazy("Some letters cannot be read. Save the file as CSV in UTF-8."),
        Wrong.NO_COLUMN: gettext_lazy("The first row must name this column. Columns are: %(known)s."),
        Wrong.UNKNOWN_COLUMN: gettext_lazy("Nobody knows this column. Columns are: %(known)s."),
        Wrong.DOUBLED_COLUMN: gettext_lazy("This column is named twice. Leave one out."),
        Wrong.TOO_MANY: gettext_lazy("It has %(rows)s rows; %(most)s come in at once at most. Divide the file."),
        Wrong.CELLS: gettext_lazy("It has %(cells)s cells, and the head %(head)s. Put cells with commas into quotes."),
        Wrong.MISSING: gettext_lazy("This cell must not be empty."),
        Wrong.TOO_LONG: gettext_lazy("It has %(length)s characters; %(most)s at most. Shorten it."),
        Wrong.FORMULA: gettext_lazy("It begins with “%(first)s”, as a formula does. Put ' before it if it is meant."),
        Wrong.CHOICE: gettext_lazy("It must be one of: %(words)s."),
        Wrong.DATE: gettext_lazy("Write the date as 2026-05-31, or with the time as 2026-05-31T18:30."),
        Wrong.LANGUAGE: gettext_lazy("Write a code such as “en” or “pt-BR”."),
        Wrong.OTHER_TEXT: gettext_lazy(
            "This id stands for another claim already: “%(text)s”. Give it an id of its own, or the same text."
        ),
        Wrong.NO_CLAIM: gettext_lazy(
            "There is no such claim: give its identifier, the id it came in with, or the address of its page."
        ),
        Wrong.REFUSED: gettext_lazy("%(why)s"),
    }
)
NOTICES: Mapping[str, Any] = MappingProxyType(
    {
        "windows_1252": gettext_lazy(
            "It is not UTF-8 and was read as Windows-1252. Look whether accents and quotation marks are right."
        ),
        "utf_16": gettext_lazy("It was read as UTF-16, though no mark says so."),
    }
)


def why(fault: Fault) -> str:
    """Return what is wrong, and what to do."""
    return str(WORDS[fault.wrong] % fault.given)


def where(fault: Fault) -> str:
    """Return the row and the column; where neither is meant, nothing."""
    if not fault.row:
        return ""
    if fault.column:
        return _("Row %(row)s, column “%(column)s”:") % {"row": fault.row, "column": fault.column}
    return _("Row %(row)s:") % {"row": fault.row}
