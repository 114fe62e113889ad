"""Claims with which one may be merged: found by a few words, by an identifier, or by the address of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from claims.admin import words
from claims.admin.deciding import named
from claims.models import Claim
from claims.services import index

MOST, TYPED = 12, 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim, and where our verification of it stands."""

    claim: Claim
    status: SafeString


def of(claim: Claim, typed: str) -> dict[str, Any]:
    """Return what somebody may mean by what was typed, the best first; what is one with the claim is left out."""
    typed = typed.replace("\x00", "").strip()[:TYPED]
    one, found = named(typed), index.Found([], "")
    if one is None and typed:
        found = index.search(typed, limit=MOST)
    keys = [one.pk] if one else found.claims
    others = Claim.objects.filter(pk__in=keys, erased_at=None).exclude(
        pk__in=Claim.objects.together_with(claim).values("pk")
    )
    rows = {row.pk: row for row in others} if keys else {}
    return {
        "merge_typed": typed,
        "merge_note": found.note,
        "merge_with": [Candidate(rows[pk], words.standing(rows[pk])) for pk in keys if pk in rows],
    }
