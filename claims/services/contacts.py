"""Whom the desk asked about a claim, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Contact
from claims.models.notes import Way
from claims.services import events
from factcheck.access.models import User
from sources.models import Source, SourceName
from sources.models.source import name_key


class ContactRefused(Exception):
    """It was not written down; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom somebody asked what, how, and until when an answer is awaited."""

    whom: str
    question: str
    way: Way
    asked_at: datetime
    role: str = ""
    deadline: datetime | None = None


@transaction.atomic
def ask(claim: Claim, asked: Asked, *, by: User, now: datetime) -> Contact:
    """Write down that somebody was asked; one who goes by the name of a source is linked to it. Raises ContactRefused.

    What was said stays in the log alone: the event names nobody.
    """
    whom, question = asked.whom.strip(), asked.question.strip()
    if not whom or not question:
        raise ContactRefused("missing", _("Say whom you asked, and what."))
    if asked.asked_at > now:
        raise ContactRefused("in_future", _("That moment is still to come: give the one at which you asked."))
    if asked.deadline is not None and asked.deadline <= asked.asked_at:
        raise ContactRefused("deadline_too_early", _("The deadline lies before the question: give a later one."))
    contact = Contact.objects.create(
        claim=claim,
        whom=whom,
        source=_source(whom),
        role=asked.role.strip(),
        way=asked.way,
        question=question,
        asked_at=asked.asked_at,
        deadline=asked.deadline,
        by=by,
        at=now,
    )
    events.record(claim, "claim.contact_asked", now=now, by=by, contact=contact.pk, way=asked.way)
    return contact


@transaction.atomic
def answer(contact: Contact, text: str, *, answered_at: datetime, by: User, now: datetime) -> None:
    """Write down what came back, once; raises ContactRefused."""
    if not text.strip():
        raise ContactRefused("missing", _("Say what they answered, be it that they will not say anything."))
    if not contact.asked_at <= answered_at <= now:
        told = _("An answer comes after the question and before now: give the moment at which it came.")
        raise ContactRefused("not_then", told)
    open_one = Contact.objects.filter(pk=contact.pk, answered_at__isnull=True)
    if not open_one.update(answered_at=answered_at, answer=text.strip(), answer_by=by):
        raise ContactRefused("already_answered", _("Somebody noted an answer meanwhile. Read it, and add a note."))
    events.record(contact.claim, "claim.contact_answered", now=now, by=by, contact=contact.pk)


def _source(name: str) -> Source | None:
    """Return the source that goes by that name, if it means one."""
    known = SourceName.objects.filter(key=name_key(name), is_ambiguous=False).select_related("source").first()
    return known.source if known is not None else None
