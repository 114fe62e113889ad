"""What open claims wait for: written down by people, noticed by the machine, decided by people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from claims.models import Appearance, Claim, Condition, Evidence, Triage
from claims.models.condition import LEAST_OUTLETS, MOST_OUTLETS
from claims.services import events, groups
from claims.verification.status import OPEN, Status
from factcheck.access.models import User
from factcheck.access.roles import Action
from sources.models import Document, Source
from sources.services import independence

MOST, MOST_PAGES, NAMED = 10, 200, 5


class ConditionRefused(Exception):
    """Something could not be done with a condition; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@transaction.atomic
def wait_for(
    claim: Claim, *, by: User, now: datetime, source: Source | None = None, outlets: int | None = None
) -> Condition:
    """Write down what the claim waits for: a source, or so many outlets, that say so. Raises ConditionRefused."""
    _refuse(by)
    group = groups.held([claim.pk])
    locked = group[claim.pk]
    if any(Status(one.status) not in OPEN for one in group.values()) or locked.erased_at:
        raise ConditionRefused("closed", _("Only a claim without a verdict waits for something. Reopen it first."))
    if (source is None) == (outlets is None) or (outlets is not None and not LEAST_OUTLETS <= outlets <= MOST_OUTLETS):
        said = _("Give a source, or a number of outlets from 2 to %(most)s.")
        raise ConditionRefused("one_thing", said % {"most": MOST_OUTLETS})
    standing = Condition.objects.standing().filter(claim=locked)
    if standing.filter(source=source, outlets=outlets).exists():
        raise ConditionRefused("known", _("It waits for that already."))
    if standing.count() >= MOST:
        raise ConditionRefused("too_many", _("It waits for %(most)s things already: drop one first.") % {"most": MOST})
    made = Condition.objects.create(claim=locked, source=source, outlets=outlets, by=by, at=now)
    asked = {"source": str(source.uid)} if source else {"outlets": outlets}
    events.record(locked, "claim.condition_set", now=now, by=by, condition=made.pk, **asked)
    return made


@transaction.atomic
def dismiss(condition: Condition, *, by: User, now: datetime) -> Condition:
    """Say that what was noticed is not what the claim waits for. Raises ConditionRefused."""
    return _close(condition, Condition.State.MET, Condition.State.DISMISSED, by=by, now=now)


@transaction.atomic
def drop(condition: Condition, *, by: User, now: datetime) -> Condition:
    """Wait for it no longer. Raises ConditionRefused."""
    return _close(condition, Condition.State.WAITING, Condition.State.DROPPED, by=by, now=now)


def _close(condition: Condition, was: Condition.State, to: Condition.State, *, by: User, now: datetime) -> Condition:
    _refuse(by)
    # As whoever moves the claim does: the claim and its place in the queue before what it waits for.
    groups.held([condition.claim_id])
    list(Triage.objects.select_for_update(no_key=True).filter(pk=condition.claim_id))
    held = Condition.objects.select_for_update(of=("self",), no_key=True).select_related("claim").get(pk=condition.pk)
    if held.state != was:
        raise ConditionRefused("already_decided", _("Meanwhile: %(state)s.") % {"state": held.get_state_display()})
    held.state, held.closed_at, held.closed_by = to, now, by
    held.save(update_fields=["state", "closed_at", "closed_by"])
    events.record(held.claim, f"claim.condition_{to.value}", now=now, by=by, condition=held.pk)
    return held


def end(group: Collection[int], *, now: datetime) -> None:
    """End what claims that are one waited for, since one was closed; in the transaction of the move."""
    Condition.objects.standing().filter(claim__in=group).update(state=Condition.State.ENDED, closed_at=now)


def notice(claims: Collection[int], *, now: datetime) -> None:
    """See whether what these claims, and those joined to them, waited for has happened; in a transaction."""
    theirs = Q(claim__in=claims) | Q(claim__head__in=claims)
    for condition in Condition.objects.waiting().filter(theirs).select_related("claim", "source").order_by("pk"):
        pages = _met_by(condition)
        by = {"met_because": _named(pages)[:500], "met_by": [page.pk for page in pages]}
        met = {"state": Condition.State.MET, "met_at": now, **by}
        if pages and Condition.objects.waiting().filter(pk=condition.pk).update(**met):
            events.record(condition.claim, "claim.condition_met", now=now, condition=condition.pk)


def _met_by(condition: Condition) -> list[Document]:
    """Return by which pages it is met; none where it is not."""
    pages = _saying_so(condition.claim, condition.source)
    if condition.outlets is None or len(pages) < condition.outlets:
        return pages if condition.outlets is None else []
    return pages if independence.counted(pages).count >= condition.outlets else []


def _false_alarms(claim: Claim) -> set[int]:
    dismissed = Condition.objects.filter(claim=claim, state=Condition.State.DISMISSED)
    return {page for pages in dismissed.values_list("met_by", flat=True) for page in pages}


def _saying_so(claim: Claim, source: Source | None) -> list[Document]:
    """Return the pages that say so without a hedge: where it stands as asserted, and evidence accepted as support."""
    group = Claim.objects.together_with(claim).values("pk")
    places = Appearance.objects.standing().filter(claim__in=group, certainty="asserted")
    held = Evidence.objects.accepted().filter(claim__in=group, stance=Evidence.Stance.SUPPORTS)
    if source is not None:
        places = places.filter(Q(article__document__publisher=source) | Q(chain__source=source))
        held = held.filter(document__publisher=source)
    pages = Document.objects.filter(
        Q(pk__in=places.values("article__document")) | Q(pk__in=held.values("document"))
    ).select_related("publisher", "snapshot")
    pages = pages.exclude(pk__in=_false_alarms(claim))
    return list(pages.order_by("-pk")[:MOST_PAGES])


def _named(pages: Collection[Document]) -> str:
    names = dict.fromkeys(Truncator(str(page.publisher or page)).chars(80) for page in pages)
    return ", ".join(list(names)[:NAMED])


def _refuse(by: User) -> None:
    if not by.may(Action.WORK_CLAIMS):
        raise ConditionRefused("not_allowed", _("Your role does not work on claims. Ask for the fact-checker's."))
