"""What a claim's page shows of the desk's own logs and notes; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.admin import words
from claims.admin.record_forms import AnswerForm, ContactForm, FileForm, NoteForm, SearchForm, StatementForm, moment
from claims.models import Claim, Contact, Note, Search
from factcheck.access.admin import Forms

MOST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One contact: what became of it, read now, and the form for an answer while one is awaited."""

    contact: Contact
    badge: SafeString
    form: AnswerForm | None


def of(claim: Claim, *, now: datetime, refused: Forms) -> dict[str, Any]:
    """Return the logs and notes, each with the newest first, and the forms to add to them."""
    at = {"initial": dict.fromkeys(("asked_at", "looked_at", "taken_at"), moment(now)) | {"language": claim.language}}
    known = Contact.objects.filter(claim=claim).awaiting_first().select_related("source", "by", "answer_by")
    asked = [_asked(one, now=now, refused=refused) for one in known[: MOST + 1]]
    searches = Search.objects.filter(claim=claim).select_related("by")[: MOST + 1]
    return {
        "contacts": asked[:MOST],
        "awaited": [one for one in asked[:MOST] if one.contact.is_awaited],
        "searches": list(searches),
        "notes": list(Note.objects.filter(claim=claim).select_related("by")[: MOST + 1]),
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
