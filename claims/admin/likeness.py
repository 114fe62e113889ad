"""Claims that resemble one, for its page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from claims.admin import words
from claims.models import Claim
from claims.services import index

MOST = 8


@dataclass(frozen=True, slots=True)
class Similar:
    """A claim that resembles another, where it stands, and how much alike they are: 0 to 1."""

    claim: Claim
    status: SafeString
    likeness: float


def of(claim: Claim) -> list[Similar]:
    """Return those that resemble it most, by what a machine makes of their words: never a decision."""
    near = index.similar(claim, limit=MOST)
    rows = Claim.objects.in_bulk([one.claim_id for one in near])
    return [
        Similar(rows[one.claim_id], words.standing(rows[one.claim_id]), one.cosine)
        for one in near
        if one.claim_id in rows
    ]
