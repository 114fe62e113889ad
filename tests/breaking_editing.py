"""What must hold of what people mend, and how it is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Reread


def reread(*whats: str) -> Callable[[Any], Any]:
    """Break a constraint by saying something of the place, once for each."""

    def act(world: Any) -> Any:
        given = {"appearance": world.appearance, "was": "asserted", "by": world.by, "at": world.now}
        return [Reread.objects.create(what=what, **given) for what in whats]

    return act


EDITING: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "claims_reread_once": reread("kind", "kind"),
        "claims_reread_what_known": reread("mood"),
    }
)
