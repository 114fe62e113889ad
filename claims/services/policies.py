"""How long statuses hold, as editors say: what a policy would change, and telling every claim of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Cast

from claims.models import Claim, Flag, Policy, Restamping
from claims.services import flags
from claims.verification import staleness
from claims.verification.staleness import Holding, StaleReason, narrowness
from factcheck import ledger

A_TURN = 1000
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Preview:
    """How many claims have the status; of how many is a review due now, with the policy, and with it within a week."""

    claims: int
    due: int
    would_be_due: int
    soon: int


def preview(policy: Policy, *, now: datetime) -> Preview:
    """Count what the policy, saved as it is, would change; nothing is written."""
    others = Policy.objects.exclude(pk=policy.pk).holdings()
    until = holds_until([*others, policy.holding], policy.status)
    counted = (
        _of(policy.status)
        .annotate(until=until)
        .aggregate(
            claims=models.Count("pk"),
            due=models.Count("pk", filter=Q(holds_until__lte=now)),
            would_be_due=models.Count("pk", filter=Q(until__lte=now)),
            soon=models.Count("pk", filter=Q(until__gt=now, until__lte=now + SOON)),
        )
    )
    return Preview(**counted)


@transaction.atomic
def save(policy: Policy, *, now: datetime, was: str = "") -> None:
    """Write a policy; workers tell the claims of its status, and of that which it was for before."""
    policy.save()
    for status in {policy.status, was} - {""}:
        Restamping.objects.get_or_create(status=status)
        ledger.reschedule(Restamping.objects.filter(status=status), due_at=now, after=0)


@transaction.atomic
def restamp(held: ledger.Lease, *, now: datetime) -> None:
    """Tell the next thousand claims of a status until when it holds; due again until all were told."""
    row = Restamping.objects.get(pk=held.pk)
    keys = list(_of(row.status).filter(pk__gt=row.after).order_by("pk").values_list("pk", flat=True)[:A_TURN])
    is_done = len(keys) < A_TURN
    ledger.finish(held, due_at=None if is_done else now, after=0 if is_done else keys[-1])
    until = holds_until(Policy.objects.all().holdings(), row.status)
    told = _of(row.status).filter(pk__in=keys)
    # Held in the order of their keys, as whoever moves claims holds them.
    list(told.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    changed = told.annotate(until=until).filter(~Q(until=F("holds_until")) | _differ_in_null())
    moved = list(changed.values_list("pk", flat=True))
    ledger.reschedule(Claim.objects.filter(pk__in=moved), due_at=until, holds_until=until)
    _settle_flags(moved, now=now)


def hold_anew(claim: Claim) -> None:
    """Say anew until when a claim's status holds, in the transaction in which its kind or its topic became another."""
    fresh = Claim.objects.get(pk=claim.pk)
    held_for = staleness.holds_for(
        Policy.objects.all().holdings(), status=fresh.status, kind=fresh.kind, topic=fresh.topic
    )
    until = staleness.due_at(fresh.status_since, held_for)
    if until != fresh.holds_until:
        ledger.reschedule(Claim.objects.filter(pk=fresh.pk), due_at=until, holds_until=until)


def _differ_in_null() -> Q:
    return Q(until__isnull=True, holds_until__isnull=False) | Q(until__isnull=False, holds_until__isnull=True)


def _settle_flags(claims: Iterable[int], *, now: datetime) -> None:
    """Take back that a claim's status grew too old, where it has not by now."""
    old = Flag.objects.standing().filter(claim__in=claims, reason=StaleReason.TOO_OLD)
    for flag in old.exclude(claim__holds_until__lte=now).select_related("claim").order_by("claim"):
        flags.clear_flag(flag, how=Flag.Cleared.HOLDS_LONGER, now=now)


def _of(status: str) -> models.QuerySet[Claim]:
    return Claim.objects.filter(status=status, erased_at=None)


def holds_until(holdings: Iterable[Holding], status: str) -> Any:
    """Return, as an expression of the database, what staleness.due_at comes to for claims of a status."""
    ours = sorted((one for one in holdings if one.status == status), key=narrowness, reverse=True)
    cases = [When(_fits(one), then=_interval(one.holds_for)) for one in ours]
    holds_for = Case(*cases, default=_interval(None), output_field=models.DurationField())
    return ExpressionWrapper(F("status_since") + holds_for, output_field=DateTimeField())


def _interval(length: timedelta | None) -> Cast:
    return Cast(Value(length), models.DurationField())  # the database must know of what an empty one is empty


def _fits(one: Holding) -> Q:
    fits = Q(pk__isnull=False)
    if one.kind:
        fits &= Q(kind=one.kind)
    if one.topic:
        fits &= Q(topic__iexact=one.topic)
    return fits
