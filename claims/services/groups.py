"""Claims that are one: each group has one head, to which the others point, as the accepted links say.

Nothing is moved: appearances, evidence, verdicts and history stay with the claim they were written for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from claims.models import Claim, Link
from claims.services import events
from claims.verification.status import CLOSED, VERDICTS, Status
from factcheck import ledger
from factcheck.access.models import User


def of(claims: Iterable[int]) -> set[int]:
    """Return the keys of these claims and of all that are one with them."""
    found: set[int] = set()
    new = set(claims)
    while new:
        found |= new
        pairs = Link.objects.joining().of(new).values_list("claim_id", "other_id")
        new = {pk for pair in pairs for pk in pair} - found
    return found


def held(claims: Iterable[int]) -> dict[int, Claim]:
    """Lock these claims with their whole groups until we commit, and return them as they are then.

    In the order of their keys, so that of several who want the same claims one waits for the other. Whoever joins or
    parts claims holds both groups, so a group that is held does not change.
    """
    rows: dict[int, Claim] = {}
    wanted = set(claims)
    while missing := of(wanted) - rows.keys():
        locked = Claim.objects.select_for_update(no_key=True).filter(pk__in=missing).order_by("pk")
        rows |= {one.pk: one for one in locked}
        wanted = wanted & rows.keys()
    return rows


def head_of(group: Iterable[Claim]) -> Claim | None:
    """Return whose page is the group's: the claim that was decided, or taken, before others; of equals the oldest."""
    return min((one for one in group if one.erased_at is None), key=_rank, default=None)


def _rank(claim: Claim) -> tuple[int, int]:
    status = Status(claim.status)
    order = 0 if status in VERDICTS else 1 if status == Status.IN_REVIEW else 2 if status in CLOSED else 3
    return order, claim.pk


def regroup(rows: Mapping[int, Claim], *, now: datetime, by: User | None = None) -> set[int]:
    """Have the claims, which are held, point where the accepted links say; return those that point elsewhere now."""
    heads: dict[int, int | None] = {}
    for group in _apart(rows):
        head = head_of(rows[pk] for pk in group)
        for pk in group:
            is_member = head is not None and pk != head.pk and rows[pk].erased_at is None
            heads[pk] = head.pk if is_member and head else None
    moved = {pk for pk, head in heads.items() if head != rows[pk].head_id}
    # First nobody points anywhere: at no moment has a head a head of its own.
    Claim.objects.filter(pk__in=moved).update(head=None)
    for pk in sorted(moved):
        _point(rows[pk], heads[pk], rows, now=now, by=by)
    return moved


def _point(claim: Claim, head: int | None, rows: Mapping[int, Claim], *, now: datetime, by: User | None) -> None:
    was, claim.head_id = claim.head_id, head
    if head is None:
        # Its own age counts again.
        ledger.reschedule(Claim.objects.filter(pk=claim.pk), due_at=claim.holds_until)
        assert was is not None  # noqa: S101  it pointed somewhere, or it would not have moved
        events.record(claim, "claim.unjoined", now=now, by=by, **{"from": str(rows[was].uid)})
    else:
        Claim.objects.filter(pk=claim.pk).update(head=head)
        events.record(claim, "claim.joined", now=now, by=by, to=str(rows[head].uid))


def _apart(rows: Collection[int]) -> Iterator[set[int]]:
    """Yield the groups among these claims."""
    pairs = list(Link.objects.joining().between(rows, rows).values_list("claim_id", "other_id"))
    left = set(rows)
    while left:
        group, new = set[int](), {min(left)}
        while new:
            group |= new
            new = {pk for pair in pairs if not group.isdisjoint(pair) for pk in pair} - group
        left -= group
        yield group
