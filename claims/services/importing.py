"""Claims and evidence from tables: looked at by a run that is taken back, then brought in whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import timezone

from claims.imports import rows, sheets
from claims.imports.types import MOST_FAULTS, AskedClaim, AskedEvidence, Fault, Sheet, What, Wrong
from claims.models import Claim
from claims.services import claims, held_by_file
from claims.services.held_by_file import Became
from factcheck.access.models import User

# What a page takes, and what the command does.
MOST_BYTES, MOST_ROWS = 2 * 1024 * 1024, 1_000
# Each claim's event holds a lock until the whole file is in, and the database has room for some thousands.
LARGE_BYTES, LARGE_ROWS = 50 * 1024 * 1024, 4_000
# An external id gives the same claim each time; nobody needs to keep it.
_IDS = UUID("6b5f3a52-52a5-5e0e-9d7c-9f2f6a3c7d11")
_LOCK = 7_216_402


@dataclass(slots=True)
class Outcome:
    """What came of a table, row by row; where there are faults, nothing of it is there."""

    what: What
    rows: int = 0
    made: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # for the first look at their page
    faults: list[Fault] = field(default_factory=list)
    notices: Sequence[str] = ()


class ImportRefused(Exception):
    """Nothing came in; `outcome` has every fault."""

    def __init__(self, outcome: Outcome) -> None:
        """Keep the faults."""
        super().__init__(f"{len(outcome.faults)} faults")
        self.outcome = outcome


def look(
    body: bytes, what: What, *, by: User | None, now: datetime, bytes_at_most: int = MOST_BYTES,
    rows_at_most: int = MOST_ROWS,
) -> Outcome:  # fmt: skip
    """Say what a table would come to. It is brought in, and all of that is taken back: nothing is guessed."""
    sheet = sheets.read(body, what, most_bytes=bytes_at_most, most_rows=rows_at_most)
    with transaction.atomic():
        outcome = _brought_in(sheet, what, by=by, now=now)
        transaction.set_rollback(True)
    return outcome


def bring_in(
    body: bytes, what: What, *, by: User | None, now: datetime, bytes_at_most: int = MOST_BYTES,
    rows_at_most: int = MOST_ROWS,
) -> Outcome:  # fmt: skip
    """Bring a table in, in one transaction; raises ImportRefused where anything in it is wrong."""
    sheet = sheets.read(body, what, most_bytes=bytes_at_most, most_rows=rows_at_most)
    with transaction.atomic():
        outcome = _brought_in(sheet, what, by=by, now=now)
        if outcome.faults:
            raise ImportRefused(outcome)
    return outcome


def _brought_in(sheet: Sheet, what: What, *, by: User | None, now: datetime) -> Outcome:
    asked, faults = rows.asked(sheet, what)
    outcome = Outcome(what, rows=len(asked), faults=list(faults), notices=sheet.notices)
    with connection.cursor() as cursor:  # one file after the other: the second sees what the first made
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    _WAYS[what](asked, outcome, by, now)
    outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


def uid_of(external: str) -> UUID:
    """Return the claim's identifier for an external id; one of ours stands for itself."""
    try:
        return UUID(external)
    except ValueError:
        return uuid5(_IDS, external)


def _claims(asked: Iterable[Any], outcome: Outcome, by: User | None, now: datetime) -> None:
    every: list[AskedClaim] = list(asked)
    uids = {one.row: uid_of(one.id) for one in every if one.id}
    texts = dict(Claim.objects.filter(uid__in=uids.values()).values_list("uid", "text"))
    known = set(Claim.objects.filter(text__in={one.text for one in every if not one.id}).values_list("text", flat=True))
    for one in every:
        uid = uids.get(one.row)
        if uid in texts if uid else one.text in known:
            _again(one, texts.get(uid) if uid else None, outcome)
        elif _made(one, uid, outcome, by, now):
            texts |= {uid: one.text} if uid else {}
            known.add(one.text)
        if len(outcome.faults) >= MOST_FAULTS:
            return


def _again(one: AskedClaim, text: str | None, outcome: Outcome) -> None:
    """Leave a claim that is known as it is; an id that stands for another text is a mistake."""
    if text is not None and text != one.text:
        outcome.faults.append(Fault(one.row, "id", Wrong.OTHER_TEXT, {"text": text[:100]}))
    else:
        outcome.known.append(one.text)


def _made(one: AskedClaim, uid: UUID | None, outcome: Outcome, by: User | None, now: datetime) -> bool:
    try:
        claims.make(
            one.text, now=now, by=by, kind=one.kind, claimant=one.claimant, said_at=_with_zone(one.said_at),
            said_where=one.said_where, language=one.language, uid=uid, origin=Claim.Origin.IMPORT,
        )  # fmt: skip
    except claims.ClaimRefused as refusal:
        column = "claimant" if refusal.code == "name_ambiguous" else "text"
        outcome.faults.append(Fault(one.row, column, Wrong.REFUSED, {"why": str(refusal)}))
        return False
    outcome.made.append(one.text)
    return True


def _with_zone(moment: datetime | None) -> datetime | None:
    return timezone.make_aware(moment) if moment and moment.tzinfo is None else moment


def _evidence(asked: Iterable[Any], outcome: Outcome, by: User | None, now: datetime) -> None:
    every: list[AskedEvidence] = list(asked)
    found = held_by_file.claims_named({one.claim for one in every}, uid_of)
    kept = {Became.HELD: outcome.made, Became.KNOWN: outcome.known, Became.WAITING: outcome.waiting}
    for one in every:
        claim = found.get(one.claim)
        if claim is None:
            outcome.faults.append(Fault(one.row, "claim", Wrong.NO_CLAIM))
        else:
            became = held_by_file.hold(one, claim, by=by, now=now)
            if isinstance(became, Fault):
                outcome.faults.append(became)
            else:
                kept[became].append(f"{one.address} → {claim.text[:120]}")
        if len(outcome.faults) >= MOST_FAULTS:
            return


Way = Callable[[Iterable[Any], Outcome, "User | None", datetime], None]
_WAYS: Mapping[What, Way] = MappingProxyType({What.CLAIMS: _claims, What.EVIDENCE: _evidence})
