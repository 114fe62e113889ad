"""Verdicts that take two people: one proposes, another confirms or declines."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Proposal, StatusChange
from claims.services import events, groups, verdicts
from claims.services.grounds import Seen
from claims.services.verdicts import Said
from claims.verification.status import Code, Status
from factcheck.access.models import User
from factcheck.access.roles import Action


class SecondingRefused(Exception):
    """Something could not be done with a proposed verdict; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def decide(
    claim: Claim,
    *,
    to: Status,
    by: User,
    now: datetime,
    seen: Status,
    reason: str = "",
    code: Code | None = None,
    search_log: str = "",
    looked_at: datetime | None = None,
    saw: Seen | None = None,
) -> StatusChange | Proposal:
    """Move the claim, or propose the verdict where it takes two people; raises a VerdictRefused as a move does."""
    if not verdicts.takes_two(claim, to):
        return verdicts.change_status(
            claim,
            to=to,
            by=by,
            now=now,
            seen=seen,
            reason=reason,
            code=code,
            search_log=search_log,
            looked_at=looked_at,
        )
    said = Said.of(reason, code, search_log)
    with verdicts.heard(claim, now=now):
        return _propose(claim, to=to, by=by, now=now, seen=seen, said=said, looked_at=looked_at, saw=saw)


@transaction.atomic
def _propose(
    claim: Claim,
    *,
    to: Status,
    by: User,
    now: datetime,
    seen: Status,
    said: Said,
    looked_at: datetime | None,
    saw: Seen | None,
) -> Proposal:
    """Keep a verdict for a second person, and take the claim into review; asks for all that a move asks for."""
    checked = verdicts.checked(claim, to=to, by=by, seen=seen, said=said, looked_at=looked_at, saw=saw)
    if Proposal.objects.open().filter(claim=checked.claim).exists():
        raise verdicts.AlreadyProposed(
            _("A verdict is proposed already. It must be confirmed, declined or withdrawn before another one.")
        )
    if seen is not Status.IN_REVIEW:
        verdicts.change_status(claim, to=Status.IN_REVIEW, by=by, now=now, seen=seen)
    proposal = Proposal.objects.create(
        claim=checked.claim, to=to, why=said.why, search_log=said.search_log, by=by, at=now
    )
    events.record(checked.claim, "claim.verdict_proposed", now=now, by=by, to=to.value)
    return proposal


def confirm(
    proposal: Proposal, *, by: User, now: datetime, looked_at: datetime | None = None, saw: Seen | None = None
) -> StatusChange:
    """Make the proposed verdict ours, as its second person; raises SecondingRefused, or a VerdictRefused."""
    with verdicts.heard(proposal.claim, now=now):
        return _confirm(proposal, by=by, now=now, looked_at=looked_at, saw=saw)


@transaction.atomic
def _confirm(
    proposal: Proposal, *, by: User, now: datetime, looked_at: datetime | None, saw: Seen | None
) -> StatusChange:
    held = _open(proposal, by)
    if held.by_id == by.pk:
        raise SecondingRefused(
            "same_person", _("You proposed it yourself: somebody else has to confirm it. Ask a colleague.")
        )
    _close(held, Proposal.State.CONFIRMED, by=by, now=now)
    return verdicts.change_status(
        held.claim,
        to=Status(held.to),
        by=by,
        now=now,
        seen=Status.IN_REVIEW,
        reason=held.why,
        search_log=held.search_log,
        looked_at=looked_at,
        saw=saw,
        proposed_by=held.by,
        hears=False,
    )


@transaction.atomic
def decline(proposal: Proposal, *, by: User, now: datetime, why: str) -> Proposal:
    """Say no to it, in words, or withdraw one's own; the claim stays in review. Raises SecondingRefused."""
    held = _open(proposal, by)
    is_own = held.by_id == by.pk
    if not why.strip() and not is_own:
        raise SecondingRefused("reason_missing", _("Say why you decline it, in a sentence for the desk."))
    held.closed_why = why.strip()
    _close(held, Proposal.State.WITHDRAWN if is_own else Proposal.State.DECLINED, by=by, now=now)
    events.record(held.claim, "claim.verdict_declined", now=now, by=by, to=held.to)
    return held


def _open(proposal: Proposal, by: User) -> Proposal:
    if not by.may(Action.CONFIRM):
        raise SecondingRefused("not_allowed", _("Your role does not confirm verdicts. Ask for the fact-checker's."))
    groups.held([proposal.claim_id])  # as whoever moves the claim does, and before the proposal
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True).select_related("claim", "by")
    held = rows.get(pk=proposal.pk)
    if held.state != Proposal.State.OPEN:
        said = _("Meanwhile: %(state)s. Look at the claim again.")
        raise SecondingRefused("already_decided", said % {"state": held.get_state_display()})
    return held


def _close(proposal: Proposal, state: Proposal.State, *, by: User, now: datetime) -> None:
    proposal.state, proposal.closed_by, proposal.closed_at = state, by, now
    proposal.save(update_fields=["state", "closed_by", "closed_at", "closed_why"])
