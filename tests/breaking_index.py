"""What must hold of the index of claims, and how it is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Term
from tests.breaking import change

INDEX: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "claims_representation_lease_has_token": change(
            lambda world: world.claim.representation, lease_until=lambda world: world.now
        ),
        "claims_term_once": lambda _world: [Term.objects.create(word="bridge", count=1) for _time in range(2)],
    }
)
# Triggers that refuse nothing: what they write, tests/claims/test_representation.py holds them to.
WRITING = frozenset(
    {
        "new_claims_are_to_be_matched",
        "reworded_claims_are_to_be_matched",
        "new_quotes_are_to_be_read",
        "changed_quotes_are_to_be_read",
    }
)
