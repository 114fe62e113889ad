"""Claims for files: in the order of the list they stand in, a few hundred at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from claims.exports.claims import whole
from claims.models import Claim, Evidence

AT_ONCE = 200
# What a page hands out; the command has no bound.
MOST = 10_000
_UNREAD = ("snapshot__text", "snapshot__blocks", "snapshot__links")


class ExportRefused(Exception):
    """There is more than goes into one file; the message says what to do."""


def keys(claims: QuerySet[Claim], *, most: int = MOST) -> list[int]:
    """Return which claims these are, in their order; raises ExportRefused, so that no file is cut in silence."""
    found = list(claims.values_list("pk", flat=True)[: most + 1])
    if len(found) > most:
        raise ExportRefused(
            _(
                "The list has more than %(most)s claims: narrow it down. The command "
                "“manage.py export_claims” writes all of them."
            )
            % {"most": f"{most:,}"}
        )
    return found


def rows(found: Sequence[int], *, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the claims of these keys as they leave the desk; `now` tells which are overdue."""
    for first in range(0, len(found), AT_ONCE):
        part = found[first : first + AT_ONCE]
        known = _complete().in_bulk(part)
        yield from (whole(known[pk], now=now) for pk in part if pk in known)


def _complete() -> QuerySet[Claim]:
    # Pages that stand on the web alone: what a person told, and files and texts that were handed in, stay on the desk.
    held = (
        Evidence.objects.accepted()
        .filter(document__isnull=False)
        .exclude(document__url="")
        .select_related("document", "snapshot")
    )
    return (
        Claim.objects.with_company()
        .select_related("claimant", "head", "created_by")
        .prefetch_related(Prefetch("evidence", held.defer(*_UNREAD), to_attr="held"))
    )
