"""Lists by cursor: newest first, each row once, whatever comes in meanwhile; no counting."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from factcheck.api.problems import Problem

USUAL, MOST = 50, 200
_WRITTEN = re.compile(r"([no])(?:(\d{1,18})|(\d{4}-\d\d-\d\dT[\d:.]{8,15}\+00:00))", re.ASCII)
Key = int | datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """Go on from `key`, which is not on the page any more: to older rows, or back to newer ones."""

    key: Key
    is_back: bool = False

    def __str__(self) -> str:
        """Write it as one opaque word."""
        key = self.key.isoformat() if isinstance(self.key, datetime) else str(self.key)
        return urlsafe_b64encode(f"{'n' if self.is_back else 'o'}{key}".encode()).decode().rstrip("=")

    @classmethod
    def read(cls, word: str, *, timed: bool) -> Cursor:
        """Read what `str` wrote; raises a Problem for anything else."""
        try:
            raw = urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("ascii")
            found = _WRITTEN.fullmatch(raw)
            if found is not None and bool(found[3]) == timed:
                key: Key = datetime.fromisoformat(found[3]) if timed else int(found[2])
                return cls(key, is_back=found[1] == "n")
        except ValueError:
            pass  # whatever is wrong with it, the answer below is the same
        raise Problem("cursor_invalid", _("Take the cursor from `next` or `previous` of an answer, or leave it out."))


class NewestFirst(BasePagination):
    """`{next, previous, results}` with a Link header; the view's `cursor_field` is unique and orders the rows."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page and remember what stands before and after it."""
        self.request, field = request, getattr(view, "cursor_field", "id")
        size = min(view.asked.get("page_size", USUAL), MOST)
        timed = isinstance(queryset.model._meta.get_field(field), DateTimeField)
        cursor = Cursor.read(view.asked["cursor"], timed=timed) if "cursor" in view.asked else None
        is_back = cursor is not None and cursor.is_back
        if cursor is not None:
            queryset = queryset.filter(**{f"{field}__{'gt' if is_back else 'lt'}": cursor.key})
        rows = list(queryset.order_by(field if is_back else f"-{field}")[: size + 1])
        has_more, page = len(rows) > size, rows[:size]
        if is_back:
            page.reverse()
        self.next = self.previous = None
        if page and (is_back or has_more):
            self.next = self._link(Cursor(getattr(page[-1], field)))
        if page and (has_more if is_back else cursor is not None):
            self.previous = self._link(Cursor(getattr(page[0], field), is_back=True))
        return page

    def _link(self, cursor: Cursor) -> str:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", str(cursor))

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with its neighbours, in the body and as Link (RFC 8288)."""
        links = [f'<{url}>; rel="{rel}"' for rel, url in (("next", self.next), ("prev", self.previous)) if url]
        response = Response({"next": self.next, "previous": self.previous, "results": data})
        if links:
            response["Link"] = ", ".join(links)
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe nothing: the parameters stand in the view's query."""
        return []
