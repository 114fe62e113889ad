"""Claims in their neighbourhood: what the relation step would say of each pair is written down in the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.matching.relations import Kind, Relation, Statement
from claims.models import Claim
from claims.services import groups, linking

Told = Mapping[tuple[str, str], Relation]


@dataclass(frozen=True)
class Near:
    """A neighbour."""

    claim_id: int
    cosine: float = 0.9


def same(sure: float = 1.0) -> Relation:
    """Say that two are the same."""
    return Relation(Kind.SAME, sure, ("they name the same bridge",))


def of_each(relate: Callable[..., Relation]) -> linking.Relate:
    """Return a relation step that takes others one by one."""

    def relate_all(one: Statement, others: Sequence[tuple[Statement, float]]) -> list[Relation]:
        return [relate(one, other, likeness=likeness) for other, likeness in others]

    return relate_all


def told_by(told: Told) -> linking.Relate:
    """Return a relation step that knows these pairs, by the last words of each; all others have nothing in common."""

    def relate(one: Statement, other: Statement, *, likeness: float) -> Relation:
        nothing = Relation(Kind.UNRELATED, 1.0, ())
        return told.get((one.text, other.text), nothing)

    return of_each(relate)


def consider(claim: Claim, near: Mapping[Claim, Relation], *, now: datetime) -> Claim:
    """Hold a claim against neighbours of which we know how they stand to it; what it is one with is the same still."""
    one = {(claim.text, other.text): same() for other in Claim.objects.filter(pk__in=groups.of([claim.pk]))}
    told = one | {(claim.text, other.text): relation for other, relation in near.items()}
    linking.consider(claim, [Near(other.pk) for other in near], now=now, relate=told_by(told))
    return Claim.objects.get(pk=claim.pk)
