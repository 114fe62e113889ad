"""What claims have to do with each other: found by the machine, decided by people; certain sameness joins by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from claims.matching import relations
from claims.matching.relations import Relation, Statement
from claims.models import Appearance, Claim, Deciding, Drift, Flag, Link, Proposal
from claims.services import drifting, events, flags, groups
from claims.verification.staleness import StaleReason
from claims.verification.status import BIRTH, CLOSED, VERDICTS
from factcheck.access.models import User
from factcheck.lib.crashpoints import crashpoint

Kind = Link.Kind
Relate = Callable[[Statement, Sequence[tuple[Statement, float]]], Sequence[Relation]]
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        relations.Kind.SAME: Kind.SAME_AS,
        relations.Kind.CONTRADICTS: Kind.CONTRADICTS,
        relations.Kind.SUPERSEDES: Kind.SUPERSEDES,
        relations.Kind.NARROWS: Kind.NARROWS,
    }
)
AGAINST = frozenset({Kind.CONTRADICTS, Kind.SUPERSEDES})
REASONS, REASON_LENGTH = 10, 300


class LinkRefused(Exception):
    """What was asked of a link was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


class Near(Protocol):
    """A claim that may have to do with another: its key, and how alike their vectors are."""

    @property
    def claim_id(self) -> int:
        """Which."""

    @property
    def cosine(self) -> float:
        """How alike."""


@dataclass(frozen=True, slots=True)
class _Found:
    """How the claim stands to one other."""

    other: int
    kind: Kind
    sure: float
    likeness: float
    because: list[str]
    is_reversed: bool


def same_at() -> float:
    """Return how sure it must be that two claims are the same, so that nobody is asked; above 1: never."""
    return relations.CERTAIN if settings.SAME_AT is None else settings.SAME_AT


def consider(claim: Claim, near: Sequence[Near], *, now: datetime, relate: Relate = relations.relate_all) -> None:
    """Hold a claim against its neighbours; write what they have to do with each other, join what is the same.

    Done again, it writes the same again: what a person decided stays, and what the machine suggested before and finds
    no more it takes back. Nothing is locked while claims are compared; one whose words change meanwhile is left out,
    for it is due anew.
    """
    likeness = {pk: link.likeness or 0.0 for pk, link in _joined_unasked(claim).items()}
    likeness |= {one.claim_id: one.cosine for one in near if one.claim_id != claim.pk}
    rows = _living([claim.pk, *likeness])
    if claim.pk not in rows:
        return
    this = rows.pop(claim.pk)
    found = list(_relations(this, rows, likeness, relate=relate))
    if not found and _is_alone(this):
        return
    read = {pk: row.text for pk, row in rows.items()} | {this.pk: this.text}
    with transaction.atomic():
        held = groups.held([this.pk, *(each.other for each in found)])
        still = {pk for pk, row in held.items() if row.erased_at is None and read.get(pk, row.text) == row.text}
        if this.pk not in still:
            return
        crashpoint("link.before_insert")
        _write(held[this.pk], [each for each in found if each.other in still], held, looked_at=rows, now=now)
        drifting.consider([this.pk], now=now)
        crashpoint("link.before_commit")


def _is_alone(claim: Claim) -> bool:
    """Say whether there is nothing to be written or taken back of it: it stands in one place, and has no links."""
    one, other = OuterRef("pk"), Appearance.objects.standing().filter(claim=OuterRef("pk"))
    links = Link.objects.exclude(state=Deciding.DISMISSED)
    told = [links.filter(claim=one), links.filter(other=one), Drift.objects.filter(claim=one), other[1:]]
    return not Claim.objects.filter(Q(*map(Exists, told), _connector=Q.OR), pk=claim.pk).exists()


def _living(claims: Iterable[int]) -> dict[int, Claim]:
    # Of each claim the newest place alone: a claim may stand in thousands.
    place = Window(RowNumber(), partition_by="claim", order_by="-id")
    standing = Appearance.objects.standing().annotate(place=place).filter(place=1).prefetch_related("chain")
    rows = Claim.objects.filter(pk__in=list(claims), erased_at=None)
    return {row.pk: row for row in rows.prefetch_related(Prefetch("appearances", standing))}


def _relations(
    this: Claim, rows: Mapping[int, Claim], likeness: Mapping[int, float], *, relate: Relate
) -> Iterator[_Found]:
    told_of = relate(_statement(this), [(_statement(other), likeness[pk]) for pk, other in rows.items()])
    for pk, told in zip(rows, told_of, strict=True):
        if told.kind in KINDS:
            because = [reason[:REASON_LENGTH] for reason in told.because[:REASONS]]
            yield _Found(pk, KINDS[told.kind], told.sure, likeness[pk], because, told.is_reversed)


def _statement(claim: Claim) -> Statement:
    """Return what the claim says, as surely as the newest text that says so."""
    place = next(iter(claim.appearances.all()), None)
    if place is None:
        return Statement(claim.text, claim.language, claim.said_at)
    named = tuple(link.name for link in place.chain.all())
    return Statement(claim.text, claim.language, claim.said_at, place.certainty, named)


def _write(
    claim: Claim, found: Sequence[_Found], held: Mapping[int, Claim], *, looked_at: Iterable[int], now: datetime
) -> None:
    """Write one link to each group that has to do with the claim, the surest, and take back what is found no more."""
    _part(claim, found, held, looked_at=set(looked_at), now=now)
    standing: set[int] = set()
    told = groups.of([claim.pk])
    for each in sorted(found, key=lambda each: (-each.sure, each.other)):
        mine, theirs = groups.of([claim.pk]), groups.of([each.other])
        if each.other in told:
            continue
        told |= theirs
        if _is_known(each, claim, mine, theirs):
            continue
        is_certain = each.kind == Kind.SAME_AS and each.sure >= same_at()
        speaks_against = any(one.other in theirs and one.kind in AGAINST for one in found)
        may_join = is_certain and not speaks_against and _may_join(held, mine, theirs)
        link = _link(claim, each, joins=may_join, now=now)
        standing.add(link.pk)
        if link.state == Deciding.ACCEPTED:
            _tell(link, "claim.link_accepted", now=now)
            groups.regroup(held, now=now)
    before = Link.objects.between([claim.pk], looked_at).filter(state=Deciding.SUGGESTED, by=None)
    before.exclude(pk__in=standing).update(state=Deciding.DISMISSED, at=now)


def _joined_unasked(claim: Claim) -> dict[int, Link]:
    """Return what the machine joined it to, by the other's key."""
    links = Link.objects.joining().of([claim.pk]).filter(by=None)
    return {link.other_id if link.claim_id == claim.pk else link.claim_id: link for link in links}


def _part(
    claim: Claim, found: Iterable[_Found], held: Mapping[int, Claim], *, looked_at: Collection[int], now: datetime
) -> None:
    """Take back the machine's own joins that its words, as they are now, bear no longer."""
    same = {each.other for each in found if each.kind == Kind.SAME_AS and each.sure >= same_at()}
    gone = [link for other, link in _joined_unasked(claim).items() if other in looked_at and other not in same]
    for link in gone:
        link.state, link.at = Deciding.DISMISSED, now
        link.save()
        _tell(link, "claim.link_undone", now=now)
    if gone:
        groups.regroup(held, now=now)


def _is_known(each: _Found, claim: Claim, mine: set[int], theirs: set[int]) -> bool:
    """Say whether these groups were told of already, between other claims of them, or a person decided on it."""
    known = Link.objects.between(mine, theirs).filter(kind=each.kind)
    if known.filter(by__isnull=False).exists():
        return True
    return known.exclude(state=Deciding.DISMISSED).exclude(pk__in=known.between([claim.pk], [each.other])).exists()


def _may_join(held: Mapping[int, Claim], mine: set[int], theirs: set[int]) -> bool:
    """Say whether the machine may: it moves only claims that nobody has taken, and hides no quarrel."""
    head = groups.head_of(held[pk] for pk in mine | theirs)
    if head is None or head.status in CLOSED:
        return False
    moving = theirs if head.pk in mine else mine
    quarrel = Link.objects.between(mine, theirs).filter(kind__in=AGAINST).exclude(state=Deciding.DISMISSED)
    return all(held[pk].status in BIRTH for pk in moving) and not quarrel.exists()


def _link(claim: Claim, each: _Found, *, joins: bool, now: datetime) -> Link:
    """Write what was found, over what the machine wrote before; both claims are held, so nobody else does."""
    pair = Link.objects.between([claim.pk], [each.other])
    link = pair.filter(kind=each.kind).first() or Link(kind=each.kind, found_at=now, at=now)
    ends = (each.other, claim.pk) if each.is_reversed else (claim.pk, each.other)
    link.claim_id, link.other_id = ends
    link.because, link.sure, link.likeness = each.because, each.sure, each.likeness
    state = Deciding.ACCEPTED if joins else Deciding.SUGGESTED
    if link.state != state:
        link.state, link.at = state, now
    link.save()
    return link


def _tell(link: Link, what: str, *, now: datetime, by: User | None = None) -> None:
    """Write into both claims' history what became of the link between them."""
    ends = (link.claim, link.other)
    for one, other in sorted([ends, ends[::-1]], key=lambda pair: pair[0].pk):
        events.record(one, what, now=now, by=by, link=str(link.uid), kind=str(link.kind), other=str(other.uid))


@transaction.atomic
def accept(link: Link, *, by: User, now: datetime) -> Link:
    """Stand behind a suggestion; raises LinkRefused.

    Claims that say the same are joined. What speaks against a verdict calls for another look at it.
    """
    held = groups.held([link.claim_id, link.other_id])
    locked = _locked(link, Deciding.SUGGESTED)
    return _accept(locked, held, by=by, now=now)


@transaction.atomic
def dismiss(link: Link, *, by: User, now: datetime) -> Link:
    """Take a suggestion off the table for good; raises LinkRefused."""
    # Whoever holds the claims against each other now ends first, or sees what we decided.
    groups.held([link.claim_id, link.other_id])
    locked = _locked(link, Deciding.SUGGESTED)
    _decide(locked, Deciding.DISMISSED, by=by, now=now)
    _tell(locked, "claim.link_dismissed", now=now, by=by)
    return locked


@transaction.atomic
def undo(link: Link, *, by: User, now: datetime) -> Link:
    """Take back what was decided; raises LinkRefused.

    An accepted link is dismissed: joined claims part, unless other accepted links still hold them together. A dismissed
    one is a suggestion again, which only a person decides on.
    """
    held = groups.held([link.claim_id, link.other_id])
    locked = _locked(link, Deciding.ACCEPTED, Deciding.DISMISSED)
    was = locked.state
    _decide(locked, Deciding.DISMISSED if was == Deciding.ACCEPTED else Deciding.SUGGESTED, by=by, now=now)
    _tell(locked, "claim.link_undone", now=now, by=by)
    if was == Deciding.ACCEPTED and locked.kind == Kind.SAME_AS:
        groups.regroup(held, now=now, by=by)
    elif was == Deciding.ACCEPTED:
        raised = Flag.objects.standing().filter(reason=StaleReason.COUNTERCLAIM, detail__link=str(locked.uid))
        for flag in raised.select_related("claim").order_by("claim_id"):
            flags.clear_flag(flag, how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
            _call_again(flag, now=now)
    return locked


def _call_again(flag: Flag, *, now: datetime) -> None:
    """Raise the flag anew for what was accepted while it was open: that found it raised, and called for nothing."""
    group = groups.of([flag.claim_id])
    against = Q(kind=Kind.CONTRADICTS, claim__in=group) | Q(kind__in=AGAINST, other__in=group)
    since = Link.objects.filter(against, state=Deciding.ACCEPTED, at__gte=flag.since).whole()
    if (link := since.order_by("pk").first()) is not None:
        other = link.claim if link.other_id in group else link.other
        named: dict[str, Any] = {"link": str(link.uid), "kind": str(link.kind), "other": str(other.uid)}
        flags.raise_flag(flag.claim, StaleReason.COUNTERCLAIM, now=now, **named)


@transaction.atomic
def join(claim: Claim, other: Claim, *, by: User, now: datetime) -> Link:
    """Join two claims by hand, whatever the machine thinks of them; raises LinkRefused."""
    if claim.pk == other.pk:
        raise LinkRefused("same_claim", _("That is this claim itself: name another one."))
    held = groups.held([claim.pk, other.pk])
    if other.pk in groups.of([claim.pk]):
        raise LinkRefused("already_joined", _("They are joined already."))
    known = Link.objects.select_for_update().between([claim.pk], [other.pk]).filter(kind=Kind.SAME_AS)
    link = known.first() or Link(claim=claim, other=other, kind=Kind.SAME_AS, found_at=now, because=["by hand"])
    return _accept(link, held, by=by, now=now)


def _accept(link: Link, held: Mapping[int, Claim], *, by: User, now: datetime) -> Link:
    ends = held[link.claim_id], held[link.other_id]
    if any(one.erased_at for one in ends):
        raise LinkRefused("erased", _("One of the claims was erased: nothing can be said of it any more."))
    if link.kind == Kind.SAME_AS:
        _refuse_two_verdicts(held, link)
        if Proposal.objects.open().filter(claim__in=held).exists():
            raise LinkRefused("proposed", _("A verdict on one of them waits for a second person: settle that first."))
    _decide(link, Deciding.ACCEPTED, by=by, now=now)
    _tell(link, "claim.link_accepted", now=now, by=by)
    if link.kind == Kind.SAME_AS:
        groups.regroup(held, now=now, by=by)
        drifting.consider(groups.of([link.claim_id]), now=now)
    elif link.kind in AGAINST:
        _speak_against(link, held, now=now)
    return link


def _refuse_two_verdicts(held: Mapping[int, Claim], link: Link) -> None:
    """Refuse to make one of two claims that were decided differently: a person says first which verdict stands."""
    heads = [groups.head_of(held[pk] for pk in groups.of([end])) for end in (link.claim_id, link.other_id)]
    one, other = (head for head in heads if head is not None)
    if one.status != other.status and {one.status, other.status} <= VERDICTS:
        raise LinkRefused(
            "verdicts_differ",
            _("Both have a verdict, and not the same: “%(one)s” and “%(other)s”. Reopen one of them first.")
            % {"one": one.get_status_display(), "other": other.get_status_display()},
        )


def _speak_against(link: Link, held: Mapping[int, Claim], *, now: datetime) -> None:
    """Call for another look at the verdict that the other claim speaks against; a newer claim, at the older one's."""
    ends = [(link.other, link.claim)]
    if link.kind == Kind.CONTRADICTS:
        ends.append((link.claim, link.other))
    told = {(held[one.pk].head_id or one.pk): other for one, other in ends}
    for pk, other in sorted(told.items(), key=lambda pair: pair[0]):
        if held[pk].status in VERDICTS:
            named: dict[str, Any] = {"link": str(link.uid), "kind": str(link.kind), "other": str(other.uid)}
            flags.raise_flag(held[pk], StaleReason.COUNTERCLAIM, now=now, **named)


def _locked(link: Link, *states: Deciding) -> Link:
    """Return the link, locked, if it stands in one of these states."""
    locked = Link.objects.select_for_update(of=("self",)).select_related("claim", "other").get(pk=link.pk)
    if locked.state not in states:
        raise LinkRefused(
            "already_decided",
            _("Somebody decided on it meanwhile: it is “%(state)s”.") % {"state": locked.get_state_display()},
        )
    return locked


def _decide(link: Link, state: Deciding, *, by: User, now: datetime) -> None:
    link.state, link.by, link.at = state, by, now
    link.save()
