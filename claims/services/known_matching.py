"""Claims of ours and fact-checks by others, held against each other whichever came first: suggestions alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction

from claims.matching import relations
from claims.matching.relations import Relation, Statement
from claims.models import Claim, KnownCheck, KnownMatch, Representation
from claims.services import index, representing
from claims.services.representing import Said
from factcheck import ledger
from sources.fetching import redaction

Kind = KnownMatch.Kind
Relate = Callable[[Statement, Sequence[tuple[Statement, float]]], Sequence[Relation]]
# How many of the nearest are held against one, and how many of what is found are shown.
NEIGHBOURS, MOST_OF_A_CLAIM, MOST_OF_A_CHECK = 30, 10, 50
# What is only about the same is shown where it is this close; the desk would drown in it otherwise.
CLOSE = 0.6
WITHOUT_EMBEDDER = timedelta(hours=1)
REASONS, REASON_LENGTH = 10, 300
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        relations.Kind.SAME: Kind.SAME,
        relations.Kind.CONTRADICTS: Kind.CONTRADICTS,
        relations.Kind.SUPERSEDES: Kind.RELATED,
        relations.Kind.NARROWS: Kind.RELATED,
        relations.Kind.RELATED: Kind.RELATED,
    }
)


@dataclass(frozen=True, slots=True)
class _Found:
    claim: int
    known: int
    kind: Kind
    sure: float
    likeness: float
    because: list[str]

    @property
    def rank(self) -> tuple[bool, float, float]:
        """What comes first: those that decide something, then the surest."""
        return (self.kind is Kind.RELATED, -self.sure, -self.likeness)


@transaction.atomic
def consider(
    claim: Claim, vector: Sequence[float] | None, *, now: datetime, relate: Relate = relations.relate_all
) -> int:
    """Hold a claim that is in the index against what others checked; return how many are suggested.

    Done again, it suggests the same again: what a person decided stays, what is found no longer is taken away.
    """
    near = index.nearest(claim.text, vector, limit=NEIGHBOURS, language=claim.language, among=KnownCheck)
    likeness = {one.claim_id: one.cosine for one in near}
    rows = list(KnownCheck.objects.standing().filter(pk__in=likeness).defer("vector", "words"))
    told = relate(_ours(claim), [(_theirs(row, claim.language), likeness[row.pk]) for row in rows])
    found = [one for row, each in zip(rows, told, strict=True) if (one := _found(claim, row, likeness[row.pk], each))]
    kept = sorted(found, key=lambda one: one.rank)[:MOST_OF_A_CLAIM]
    stale = KnownMatch.objects.filter(claim=claim, state=KnownMatch.State.SUGGESTED)
    stale.exclude(known__in=[one.known for one in kept]).delete()
    _write(kept, now=now)
    return len(kept)


@transaction.atomic
def consider_known(
    known: KnownCheck, vector: Sequence[float] | None, *, now: datetime, relate: Relate = relations.relate_all
) -> int:
    """Hold a fact-check that came in, or says another claim now, against our claims; return how many are suggested."""
    near = index.nearest(known.text, vector, limit=NEIGHBOURS, language=known.language or "en", among=Representation)
    likeness = {one.claim_id: one.cosine for one in near}
    rows = list(Claim.objects.filter(pk__in=likeness, erased_at__isnull=True))
    told = relate(_theirs(known, "en"), [(_ours(row), likeness[row.pk]) for row in rows])
    found = [one for row, each in zip(rows, told, strict=True) if (one := _found(row, known, likeness[row.pk], each))]
    kept = sorted(found, key=lambda one: one.rank)[:MOST_OF_A_CHECK]
    stale = KnownMatch.objects.filter(known=known, state=KnownMatch.State.SUGGESTED)
    stale.exclude(claim__in=[one.claim for one in kept]).delete()
    _write(kept, now=now)
    return len(kept)


def _ours(claim: Claim) -> Statement:
    return Statement(claim.text, claim.language, claim.said_at or claim.created_at)


def _theirs(known: KnownCheck, language: str) -> Statement:
    return Statement(known.text, known.language or language, known.claimed_at or known.reviewed_at)


def _found(claim: Claim, known: KnownCheck, likeness: float, relation: Relation) -> _Found | None:
    kind = _KINDS.get(relation.kind)
    if kind is None or (kind is Kind.RELATED and likeness < CLOSE):
        return None
    because = [reason[:REASON_LENGTH] for reason in relation.because[:REASONS]]
    return _Found(claim.pk, known.pk, kind, min(1.0, max(0.0, relation.sure)), max(-1.0, min(1.0, likeness)), because)


def _write(found: Sequence[_Found], *, now: datetime) -> None:
    """Write them in one order, so that two workers wait for each other; what a person decided stays as it is."""
    for one in sorted(found, key=lambda each: (each.claim, each.known)):
        said = {"kind": one.kind, "sure": one.sure, "likeness": one.likeness, "because": one.because}
        match, is_new = KnownMatch.objects.get_or_create(
            claim_id=one.claim, known_id=one.known, defaults={**said, "found_at": now}
        )
        if not is_new:
            rows = KnownMatch.objects.filter(pk=match.pk, state=KnownMatch.State.SUGGESTED)
            rows.update(**said)


# -- fact-checks that are due ----------------------------------------------------------------------


def match_many(held: Sequence[ledger.Lease], *, now: datetime) -> None:
    """Put fact-checks into the index, then hold each against our claims; what was erased leaves it."""
    rows = KnownCheck.objects.defer("words").in_bulk([lease.pk for lease in held])
    said = {
        pk: Said(row.text, language=row.language or "en", more=" ".join([row.claimant, row.title]))
        for pk, row in rows.items()
        if row.erased_at is None and not redaction.is_blackened(row.text)
    }
    vectors = representing.represent([one for one in held if one.pk in said], said) if said else {}
    for one in held:
        vector = vectors.get(one.pk)
        if one.pk in said and vector is None:
            ledger.finish_many([one], due_at=now + WITHOUT_EMBEDDER)
        else:
            _match(one, rows[one.pk], vector, now=now)


@transaction.atomic
def _match(held: ledger.Lease, known: KnownCheck, vector: Sequence[float] | None, *, now: datetime) -> None:
    if ledger.finish_many([held], due_at=None) and vector is not None:
        consider_known(known, vector, now=now)
