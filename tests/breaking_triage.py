"""What must hold of the queue, and how it is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Triage
from tests.breaking import change


def queued(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by changing the row of a claim."""
    return change(lambda world: Triage.objects.get(pk=world.claim.pk), **fields)


TRIAGE: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "claims_triage_lease_has_token": queued(lease_until=lambda world: world.now),
        "claims_triage_queued_says_why": queued(priority=1, why=[]),
        "claims_triage_taken_is_whole": queued(taken_until=lambda world: world.now),
        "claims_triage_snoozed_says_why": queued(snoozed_until=lambda world: world.now),
    }
)
# Triggers that refuse nothing: what they write, tests/claims/test_triage.py holds them to.
_TABLES = ("appearances", "claims", "conditions", "drifts", "evidence", "flags", "known_matches", "links", "proposals")
TRIAGING = frozenset(
    {
        *(f"{when}_{table}_are_triaged" for when in ("new", "changed") for table in _TABLES),
        "known_matches_no_more_are_triaged",
    }
)
