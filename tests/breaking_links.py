"""What must hold of links, drifts and heads, and how each is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Appearance, Claim, Drift, Link
from tests.factories import claim


def link(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a link that would be fine but for these fields."""

    def act(world: Any) -> Link:
        known = {"claim": world.claim, "kind": "narrows", "state": "suggested", "found_at": world.now, "at": world.now}
        ends = {"other": fields["other"](world) if "other" in fields else claim(world.now)}
        return Link.objects.create(**known | fields | ends)

    return act


def drift(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a drift that would be fine but for these fields."""

    def act(world: Any) -> Drift:
        one, other = Appearance.objects.order_by("id")[:2]
        known = {"claim": one.claim, "appearance": one, "source": other, "kind": "hedge_dropped", "state": "suggested"}
        said = {"said": "It is.", "source_said": "It may be.", "found_at": world.now, "at": world.now}
        given = {name: value(world) if callable(value) else value for name, value in fields.items()}
        return Drift.objects.create(**known | said | given)

    return act


def _twice(world: Any) -> None:
    first = link()(world)
    Link.objects.create(
        claim=first.other, other=first.claim, kind="narrows", state="dismissed", found_at=world.now, at=world.now
    )


def _a_head_of_a_head(world: Any) -> None:
    below = claim(world.now)
    Claim.objects.filter(pk=below.pk).update(head=world.claim)
    Claim.objects.filter(pk=world.claim.pk).update(head=claim(world.now))


LINKS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "claims_claim_is_not_its_own_head": lambda world: Claim.objects.filter(pk=world.claim.pk).update(head=world.claim),
    "heads_have_no_head": _a_head_of_a_head,
    "claims_link_once_a_pair_and_kind": _twice,
    "claims_link_is_between_two": link(other=lambda world: world.claim),
    "claims_link_kind_known": link(kind="resembles"),
    "claims_link_state_known": link(state="perhaps"),
    "claims_link_machines_accept_the_same_only": link(state="accepted"),
    "claims_link_sure_0_to_1": link(sure=1.5),
    "claims_drift_once_a_pair": lambda world: [drift()(world) for _time in range(2)],
    "claims_drift_is_between_two": drift(source=lambda _world: Appearance.objects.earliest("id")),
    "claims_drift_kind_known": drift(kind="mood"),
    "claims_drift_state_known": drift(state="perhaps"),
    "claims_drift_accepted_has_person": drift(state="accepted"),
})  # fmt: skip
SAYS: Mapping[str, str] = MappingProxyType({"heads_have_no_head": "joined to one that is joined to none"})
