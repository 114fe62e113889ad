"""What must hold of proposals, conditions and second-person rules, and how it is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Condition, Proposal, Restamping, SavedFilter, SecondPersonRule
from tests.breaking import row


def proposed(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by proposing a verdict."""
    given = {"claim": lambda w: w.claim, "to": "refuted", "why": "so", "by": lambda w: w.by, "at": lambda w: w.now}
    return row(Proposal, **given | fields)


def waiting(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by letting a claim wait."""
    given = {"claim": lambda w: w.claim, "outlets": 3, "by": lambda w: w.by, "at": lambda w: w.now}
    return row(Condition, **given | fields)


RULES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "claims_proposal_open_once": lambda world: [proposed()(world) for _time in range(2)],
        "claims_proposal_is_a_verdict": proposed(to="in_review"),
        "claims_proposal_closed_says_by_whom": proposed(state="declined"),
        "claims_proposal_takes_two": proposed(state="confirmed", closed_by=lambda w: w.by, closed_at=lambda w: w.now),
        "claims_condition_waits_for_one_thing": waiting(outlets=1),
        "claims_condition_met_says_why": waiting(state="met"),
        "claims_condition_closed_says_when": waiting(state="dropped"),
        "claims_secondpersonrule_once": lambda _world: [
            SecondPersonRule.objects.create(topic="health") for _time in range(2)
        ],
        "claims_savedfilter_name_once": lambda world: [
            SavedFilter.objects.create(owner=world.by, name="a", query="show=mine", at=world.now) for _time in range(2)
        ],
        "claims_savedfilter_has_a_name": row(
            SavedFilter, owner=lambda w: w.by, name="", query="show=mine", at=lambda w: w.now
        ),
        "claims_restamping_lease_has_token": row(Restamping, status="refuted", lease_until=lambda w: w.now),
    }
)
