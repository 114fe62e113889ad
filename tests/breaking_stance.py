"""What breaks the constraints of guesses about stances; tests/test_constraints.py tries each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Evidence, StanceGuess


def guess(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a guess; fields that are called get the world."""

    def act(world: Any) -> StanceGuess:
        given = {name: value(world) if callable(value) else value for name, value in fields.items()}
        suggested = Evidence.objects.create(
            claim=world.claim, document=world.document, state=Evidence.State.SUGGESTED, at=world.now
        )
        return StanceGuess.objects.create(evidence=suggested, **given)

    return act


STANCE: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "claims_stanceguess_lease_has_token": guess(lease_until=lambda world: world.now),
    "claims_stanceguess_read_has_passage_and_figures": guess(label="supports", supports=0.9, refutes=0.1),
})  # fmt: skip
