"""The only writer of a claim's status."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Claim, Evidence, Flag, Policy, Proposal, SecondPersonRule, StatusChange
from claims.models.claim import STATUSES
from claims.services import conditions, events, grounds, groups, notes, stakes, staleness, triage
from claims.services.grounds import Moved, Seen
from claims.verification import chain
from claims.verification import staleness as holding
from claims.verification.status import MAY_FOLLOW, OPEN, VERDICTS, Code, Need, Status, needs
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Action

# Of each sentence that a refusal tells.
TOLD = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What a person gave with a move, in words and as a code."""

    why: str = ""
    code: Code | None = None
    search_log: str = ""

    @classmethod
    def of(cls, reason: str, code: Code | None, search_log: str) -> Said:
        """Take it as it was typed; whoever wrote a reason chose no code of the list."""
        why = reason.strip()
        return cls(why, code or (Code.OTHER if why else None), search_log.strip())


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim, held with those that are one with it, that may be moved; and the versions that were on the table."""

    claim: Claim
    group: Mapping[int, Claim]
    on_table: list[int]


class VerdictRefused(Exception):
    """A move was refused; `code` is stable, the message says what to do."""

    code = "verdict_refused"


class NotAllowed(VerdictRefused):
    """The person's role does not allow it."""

    code = "not_allowed"


class IllegalTransition(VerdictRefused):
    """The table of moves has no such move."""

    code = "illegal_transition"


class StatusMoved(VerdictRefused):
    """Somebody else moved the claim since the page was opened."""

    code = "status_moved"


class EvidenceMoved(VerdictRefused):
    """What the verdict rests on says something else than its reviewer saw; `moved` has both sentences of each quote."""

    code = "evidence_moved"

    def __init__(self, moved: Sequence[Moved]) -> None:
        """Tell the first of them in words."""
        self.moved = moved
        first, more = moved[0], len(moved) - 1
        said = (
            _("“%(page)s” said: “%(was)s” It says now: “%(today)s”")
            if first.today
            else _("“%(page)s” said: “%(was)s” It says so no longer.")
        )
        short = {name: Truncator(getattr(first, name)).chars(TOLD) for name in ("page", "was", "today")}
        told = [_("Meanwhile what it rests on changed."), said % short]
        if more:
            others = ngettext("So did %(more)s other quote.", "So did %(more)s other quotes.", more)
            told.append(others % {"more": more})
        super().__init__(" ".join([*told, _("Look at what changed, then decide again.")]))


class ReasonMissing(VerdictRefused):
    """The move asks for a reason."""

    code = "reason_missing"


class EvidenceMissing(VerdictRefused):
    """The verdict asks for accepted evidence, or a search log."""

    code = "evidence_missing"


class Reworded(VerdictRefused):
    """The claim says something else than its reviewer read."""

    code = "reworded"


class TakesTwo(VerdictRefused):
    """The verdict takes two people."""

    code = "second_person_needed"


class AlreadyProposed(VerdictRefused):
    """A verdict waits for its second person."""

    code = "already_proposed"


def allowed_moves(claim: Claim) -> list[Status]:
    """Return where the claim may go from where it stands, in the order of the domain."""
    follow = MAY_FOLLOW[Status(claim.status)]
    return [status for status in Status if status in follow]


def change_status(
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
    proposed_by: User | None = None,
    hears: bool = True,
) -> StatusChange:
    """Move the claim from the status its reviewer saw; raises a VerdictRefused and changes nothing where it may not.

    `looked_at` is when the reviewer read the claim: a verdict is refused where a pinned quote of it stands no longer as
    it was to be read then. What its pages say is heard at once, so that a second look shows it. `code` says why a claim
    is closed without a verdict, in place of a reason in words. `proposed_by` is the first of two people. `saw` is what
    the page showed of the claim (grounds.shown), which binds better than a time. Who calls this in a transaction of
    their own does the hearing outside of it, in `heard`, and passes `hears=False`.
    """
    if proposed_by is None and takes_two(claim, to):
        raise TakesTwo(_("This verdict takes two people: propose it on the claim's page, and a colleague confirms it."))
    said = Said.of(reason, code, search_log)
    with heard(claim, now=now) if hears else nullcontext():
        return _change(
            claim, to=to, by=by, now=now, seen=seen, said=said, looked_at=looked_at, saw=saw, proposed_by=proposed_by
        )


def takes_two(claim: Claim, to: Status) -> bool:
    """Say whether that verdict on the claim, or on one that is one with it, takes two people."""
    if to not in VERDICTS:
        return False
    topics = Claim.objects.together_with(claim).values_list("topic", flat=True)
    return any(SecondPersonRule.objects.all().fitting(status=to, topic=topic).exists() for topic in {*topics})


@contextmanager
def heard(claim: Claim, *, now: datetime) -> Iterator[None]:
    """Where what a page says by now refuses a move, hear it at once, so that a second look shows it."""
    try:
        yield
    except EvidenceMoved:
        staleness.hear_at_once(claim, now=now)
        raise


def checked(
    claim: Claim,
    *,
    to: Status,
    by: User,
    seen: Status,
    said: Said,
    looked_at: datetime | None = None,
    saw: Seen | None = None,
) -> Checked:
    """Lock the claim and check all that a move asks for; raises a VerdictRefused where it may not be made."""
    if not by.may(Action.MOVE_STATUS):
        raise NotAllowed(_("Your role does not move claims. Ask an editor for the fact-checker's role."))
    group = groups.held([claim.pk])
    locked = group[claim.pk]
    if locked.status != seen:
        raise StatusMoved(
            _("Meanwhile the claim was moved to “%(now)s”. Look at it again, then decide.")
            % {"now": locked.get_status_display()}
        )
    if to not in MAY_FOLLOW[seen]:
        raise IllegalTransition(_illegal(locked, to))
    if to in VERDICTS:
        _refuse_unseen(locked, looked_at, saw)
        _refuse_two_verdicts(group.values(), locked, to)
    return Checked(locked, group, _on_the_table(locked, seen, to, said))


def _refuse_unseen(claim: Claim, looked_at: datetime | None, saw: Seen | None) -> None:
    if saw is not None and grounds.is_reworded(claim, saw):
        raise Reworded(_("Meanwhile the claim was worded anew. Read it again, then decide."))
    if (saw or looked_at) and (moved := grounds.moved_since(claim, looked_at, saw)):
        raise EvidenceMoved(moved)


def _refuse_two_verdicts(group: Iterable[Claim], claim: Claim, to: Status) -> None:
    """Claims that are one have one verdict."""
    for one in group:
        if one.pk != claim.pk and one.status in VERDICTS and one.status != to:
            told = _("It is one with a claim whose verdict is “%(other)s”. Part them, or reopen that one first.")
            raise IllegalTransition(told % {"other": one.get_status_display()})


@transaction.atomic
def _change(
    claim: Claim,
    *,
    to: Status,
    by: User,
    now: datetime,
    seen: Status,
    said: Said,
    looked_at: datetime | None,
    saw: Seen | None,
    proposed_by: User | None,
) -> StatusChange:
    held = checked(claim, to=to, by=by, seen=seen, said=said, looked_at=looked_at, saw=saw)
    locked, group = held.claim, held.group
    held_for = holding.holds_for(Policy.objects.all().holdings(), status=to, kind=locked.kind, topic=locked.topic)
    holds_until = holding.due_at(now, held_for)
    standing = Claim.objects.filter(pk=locked.pk, status=seen)
    ledger.reschedule(standing, due_at=holds_until, status=to, status_since=now, holds_until=holds_until)
    change = StatusChange.objects.create(
        claim=locked,
        number=_next_number(locked),
        old=seen,
        new=to,
        by=by,
        at=now,
        code=said.code if said.code and Need.CODE in needs(seen, to) else "",
        why=said.why,
        search_log=said.search_log,
        snapshot_ids=held.on_table,
        proposed_by=proposed_by,
        salt=(salt := secrets.token_bytes(chain.SALT_BYTES)),
    )
    _tell(change, salt, by=by, now=now)
    if to in VERDICTS:
        _clear_flags(locked, by=by, now=now, looked_at=looked_at or now, saw=saw)
    Proposal.objects.filter(claim__in=group).overtake(by=by, now=now)
    if to not in OPEN:
        conditions.end(group, now=now)
    if len(group) > 1:
        locked.status = to
        groups.regroup(group, now=now, by=by)  # the page of those that are one is where it was decided
    triage.settle(group, now=now)
    stakes.tell(locked, now=now)
    return change


def _tell(change: StatusChange, salt: bytes, *, by: User, now: datetime) -> None:
    """Write the move's event, which commits to its reason and evidence without saying them."""
    rests_on = chain.grounds(change.why, change.search_log, change.snapshot_ids)
    events.record(
        change.claim,
        "claim.status_changed",
        now=now,
        by=by,
        old=change.old,
        new=change.new,
        number=change.number,
        **({"code": change.code} if change.code else {}),
        **({"proposed_by": change.proposed_by_id} if change.proposed_by_id else {}),
        grounds=chain.commitment(salt, rests_on),
    )


def _illegal(claim: Claim, to: Status) -> str:
    words = {code: str(word) for code, word in STATUSES}
    may = ", ".join(words[status] for status in allowed_moves(claim))
    return _("From “%(old)s” a claim cannot go to “%(new)s”. It may go to: %(may)s.") % {
        "old": words[claim.status],
        "new": words[to],
        "may": may,
    }


def _on_the_table(claim: Claim, old: Status, new: Status, said: Said) -> list[int]:
    """Check what the move asks for; return the ids of the snapshots that its accepted evidence pins."""
    asked = needs(old, new)
    if Need.REASON in asked and not said.why:
        raise ReasonMissing(_("This move asks for a reason: say why, in a sentence for the desk."))
    if Need.CODE in asked and said.code is None:
        raise ReasonMissing(_("Say why it cannot be checked: choose a reason, or write one."))
    if Need.SEARCH_LOG in asked and not said.search_log and not notes.tell_of_search(claim):
        raise EvidenceMissing(_("“Unproven” asks for a search log: say where you looked and whom you asked."))
    if Need.EVIDENCE in asked and not Evidence.objects.accepted().filter(claim=claim).exists():
        raise EvidenceMissing(_("A verdict asks for accepted evidence: attach or accept at least one piece first."))
    return grounds.versions(claim)


def _next_number(claim: Claim) -> int:
    last: int | None = StatusChange.objects.filter(claim=claim).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _clear_flags(claim: Claim, *, by: User, now: datetime, looked_at: datetime, saw: Seen | None) -> None:
    """Clear what the reviewer could see; what rose since still wants another look."""
    standing = Flag.objects.standing().filter(claim=claim)
    cleared = standing.filter(since__lte=looked_at) if saw is None else standing.filter(pk__in=saw.flags)
    reasons = sorted(cleared.values_list("reason", flat=True))
    if reasons:
        cleared.update(cleared_at=now, cleared_by=by, cleared_how=Flag.Cleared.REVIEWED)
        events.record(claim, "claim.flags_cleared", now=now, by=by, reasons=reasons, how=Flag.Cleared.REVIEWED)
