"""What people told the desk, as evidence; confidential names are sealed, and each look at one leaves an event.

A sealed name is in no event, log, index or export: it leaves the seal on the page of whoever asks for it, and when a
person is erased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Evidence, Statement
from claims.models.notes import Way
from claims.services import events, stakes
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib.names import NameRefused, Names, names_of
from factcheck.lib.sealing import Seal, SealBroken

CHUNK = 200
_PARTS = re.compile(r"[^\W\d_]{3,}")
Terms = Statement.Terms


class StatementRefused(Exception):
    """It was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody said, how, when and on which terms."""

    name: str
    text: str
    terms: Statement.Terms
    way: Way
    taken_at: datetime
    role: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Who it was, and their part in it."""

    name: str
    role: str


@transaction.atomic
def take(claim: Claim, taken: Taken, *, stance: Evidence.Stance, by: User, now: datetime) -> Evidence:
    """Keep what somebody said as accepted evidence; raises StatementRefused.

    The event names nobody, on whatever terms.
    """
    name, text = taken.name.strip(), taken.text.strip()
    if not name or not text:
        raise StatementRefused("missing", _("Say who said it, and what."))
    if taken.taken_at > now:
        raise StatementRefused("in_future", _("That moment is still to come: give the one at which it was said."))
    statement = Statement(
        way=taken.way, terms=taken.terms, text=text, language=taken.language, taken_at=taken.taken_at, by=by, at=now
    )
    named = Named(name, taken.role.strip())
    if taken.terms == Terms.CONFIDENTIAL:
        _refuse_name_in(text, name)
        statement.sealed = _sealed(statement, named)
    else:
        statement.name, statement.role = named.name, named.role
    statement.save(force_insert=True)
    given = {"state": Evidence.State.ACCEPTED, "stance": stance, "by": by, "at": now}
    evidence = Evidence.objects.create(claim=claim, statement=statement, **given)
    told = {"evidence": str(evidence.uid), "stance": stance, "way": taken.way, "terms": taken.terms}
    events.record(claim, "claim.evidence_accepted", now=now, by=by, **told)
    stakes.tell(claim, now=now)
    return evidence


@transaction.atomic
def reveal(evidence: Evidence, *, by: User, now: datetime) -> Named:
    """Return whose confidential statement it is, and write that somebody looked; raises StatementRefused."""
    if not by.may(Action.WORK_CLAIMS):
        raise StatementRefused("not_allowed", _("Your role does not see confidential names. Ask a fact-checker."))
    statement = evidence.statement
    if statement is None or not statement.sealed:
        raise StatementRefused("not_sealed", _("There is no sealed name: it was erased, or never sealed."))
    try:
        named = _opened(statement)
    except SealBroken:
        told = _("None of the keys opens it. Whoever runs this desk has to put the key back into SECRETS_KEY.")
        raise StatementRefused("key_missing", told) from None
    events.record(evidence.claim, "claim.name_revealed", now=now, by=by, evidence=str(evidence.uid))
    return named


def _seal() -> Seal:
    return Seal(settings.SECRETS_KEY, purpose="confidential names")


def _sealed(statement: Statement, named: Named) -> str:
    if not settings.SECRETS_KEY_IS_SET:
        told = _(
            "Confidential names are sealed with a key of their own, and this desk has none: whoever runs it sets"
            " SECRETS_KEY. Until then take statements on the record or on background only."
        )
        raise StatementRefused("no_key", told)
    return _seal().seal(json.dumps([str(statement.uid), named.name, named.role]))


def _opened(statement: Statement) -> Named:
    """Open the seal; one that was moved here from another statement is as good as broken."""
    whose, name, role = json.loads(_seal().open(statement.sealed))
    if whose != str(statement.uid):
        raise SealBroken("It belongs to another statement.")
    return Named(name, role)


def _refuse_name_in(text: str, name: str) -> None:
    parts = [part for part in _PARTS.findall(name) if part[0].isupper()]
    for spelling in (name, *parts):
        try:
            is_named = names_of([spelling]).are_in(text)
        except NameRefused:  # too short to be looked for
            continue
        if is_named:
            told = _("The statement itself names “%(name)s”, and its words are not sealed: write it without the name.")
            raise StatementRefused("name_in_text", told % {"name": spelling})


def naming(names: Names) -> Iterator[Statement]:
    """Yield the statements whose sealed name, or part in it, names somebody."""
    for statement in _all_sealed():
        try:
            named = _opened(statement)
        except SealBroken:
            continue
        if names.are_in(f"{named.name}\n{named.role}"):
            yield statement


def unreadable() -> int:
    """Count the sealed names that none of our keys opens: nobody can say whose they are."""
    return sum(1 for statement in _all_sealed() if not _is_readable(statement))


def reseal() -> int:
    """Seal every name with the first key, so that older ones can be dropped; return how many."""
    count = 0
    for statement in _all_sealed():
        with transaction.atomic():
            try:
                sealed = _sealed(statement, _opened(statement))
            except SealBroken:
                continue
            # Unless it was erased meanwhile.
            count += Statement.objects.filter(pk=statement.pk, sealed=statement.sealed).update(sealed=sealed)
    return count


def _is_readable(statement: Statement) -> bool:
    try:
        _opened(statement)
    except SealBroken:
        return False
    return True


def _all_sealed() -> Iterator[Statement]:
    yield from Statement.objects.exclude(sealed="").order_by("pk").iterator(CHUNK)
