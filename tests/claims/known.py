"""Fact-checks by others as a test publishes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.known.types import Published
from claims.models import Claim, KnownCheck, KnownMatch
from claims.services import known_checks
from claims.services.known_checks import Kept, Way

URL = "https://checkers.example.org/bridge"
TEXT = "The harbour bridge cost 90 million euros."


def published(**fields: Any) -> Published:
    """Return one; its identity is its address."""
    known = {"url": URL, "text": TEXT, "rating": "Mostly false", "publisher": "Harbour Checkers", "site": "example.org"}
    given = known | fields
    return Published(**{"identity": given["url"]} | given)


def keep(*these: Published, now: datetime, way: Way = Way.PAGE, **fields: Any) -> Kept:
    """Keep these, or the one."""
    return known_checks.keep(these or (published(),), way=way, now=now, **fields)


def known(now: datetime, **fields: Any) -> KnownCheck:
    """Return one that was kept."""
    one = published(**fields)
    keep(one, now=now)
    return KnownCheck.objects.get(identity=one.identity)


def match(claim: Claim, now: datetime, **fields: Any) -> KnownMatch:
    """Suggest that others checked a claim."""
    one = fields.pop("known", None) or known(now)
    found = {"kind": "same", "sure": 0.9, "likeness": 0.8, "because": ["both count 90 million euros"], "found_at": now}
    return KnownMatch.objects.create(claim=claim, known=one, **found | fields)
