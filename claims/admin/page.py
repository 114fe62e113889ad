"""What the doors of one row have in common: they answer with its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from factcheck.access.admin import NO_FORMS, Forms

OK, MOVED_ON = 200, 409


class Shown:
    """A door that gives the row's page back with what was refused and typed."""

    def shown(self, request: HttpRequest, row: Any, *, status: int = OK, refused: Forms = NO_FORMS) -> HttpResponse:
        """Return the page of a row; the admin that mixes this in does."""
        raise NotImplementedError
