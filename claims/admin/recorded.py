"""What a claim's page shows of the desk's own logs and notes; reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, ForeignKey, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.admin import words
from claims.admin.record_forms import AnswerForm, ContactForm, FileForm, NoteForm, SearchForm, StatementForm, moment
from claims.models import Claim, Condition, Contact, Note, Proposal, Search
from factcheck.access.admin import Forms
from factcheck.access.models import User
from sources.models import Source

MOST = 50
_NAMES: Mapping[type[Model], str] = {User: "username", Source: "name"}
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Asked:
    """One contact: what became of it, read now, and the form for an answer while one is awaited."""

    contact: Contact
    badge: SafeString
    form: AnswerForm | None


def of(claim: Claim, *, now: datetime, refused: Forms) -> dict[str, Any]:
    """Return the logs and notes, each with the newest first, and the forms to add to them."""
    at = {"initial": dict.fromkeys(("asked_at", "looked_at", "taken_at"), moment(now)) | {"language": claim.language}}
    contacts, searches, notes, conditions, proposals = _logs(claim)
    asked = [_asked(one, now=now, refused=refused) for one in contacts]
    return {
        "contacts": asked[:MOST],
        "awaited": [one for one in asked[:MOST] if one.contact.is_awaited],
        "searches": searches,
        "notes": notes,
        "conditions": conditions,
        "proposal": proposals[0] if proposals else None,
        "contact_form": refused.get("contact") or ContactForm(prefix="contact", **at),
        "search_form": refused.get("search") or SearchForm(prefix="search", **at),
        "note_form": refused.get("note") or NoteForm(prefix="note"),
        "statement_form": refused.get("statement") or StatementForm(prefix="statement", **at),
        "file_form": refused.get("file") or FileForm(prefix="file"),
        "verified": refused.get("verified"),
        "revealed": refused.get("revealed"),
        "most_logged": MOST,
        "has_more_contacts": len(asked) > MOST,
    }


def _logs(claim: Claim) -> tuple[list[Contact], list[Search], list[Note], list[Condition], list[Proposal]]:
    """Read them with one statement, each bounded; people and sources come with their names alone."""
    rows = Claim.objects.filter(pk=claim.pk).values_list(
        _newest(Contact.objects.awaiting_first(), by="by__username", answer_by="answer_by__username"),
        _newest(Search.objects.all(), by="by__username"),
        _newest(Note.objects.all(), by="by__username"),
        _newest(Condition.objects.standing(), by="by__username", source="source__name"),
        _newest(Proposal.objects.open(), by="by__username"),
    )
    contacts, searches, notes, conditions, proposals = rows[0]
    return (
        [_made(Contact, one) for one in contacts],
        [_made(Search, one) for one in searches],
        [_made(Note, one) for one in notes],
        [_made(Condition, one) for one in conditions],
        [_made(Proposal, one) for one in proposals],
    )


def _newest(rows: QuerySet[Any], **people: str) -> ArraySubquery:
    fields = {one.attname: one.attname for one in rows.model._meta.concrete_fields if one.name not in people}
    ordered = rows.filter(claim=OuterRef("pk"))[: MOST + 1]
    return ArraySubquery(ordered.values(row=JSONObject(**fields, **people)))


def _made(model: type[M], row: dict[str, Any]) -> M:
    """Return a row as its model has it; whoever wrote it, and a source, by name only."""
    given = dict(row)
    for one in model._meta.concrete_fields:
        value = row.get(one.name)
        if isinstance(one, DateTimeField) and value is not None:
            given[one.name] = parse_datetime(value)
        elif isinstance(one, ForeignKey) and one.name in row:
            named: type[User | Source] = Source if one.name == "source" else User
            given[one.name] = named(**{_NAMES[named]: value}) if value is not None else None
    return model(**given)


def _asked(contact: Contact, *, now: datetime, refused: Forms) -> Asked:
    name = f"answer-{contact.pk}"
    form = refused.get(name) or AnswerForm(prefix=name, initial={"answered_at": moment(now)})
    return Asked(contact, _badge(contact, now), form if contact.is_awaited or form.is_bound else None)


def _badge(contact: Contact, now: datetime) -> SafeString:
    if contact.answered_at is not None:
        return words.badge("asked", "answered", _("answered"))
    if contact.is_silent(now):
        assert contact.deadline is not None  # noqa: S101  it has passed
        told = _("no answer by the deadline, %(day)s") % {"day": words.day(contact.deadline)}
        return words.badge("asked", "silent", told)
    if contact.deadline is not None:
        return words.badge("asked", "awaited", _("answer awaited until %(day)s") % {"day": words.day(contact.deadline)})
    return words.badge("asked", "awaited", _("answer awaited, no deadline set"))
