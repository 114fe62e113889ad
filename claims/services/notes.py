"""What the desk writes down of a claim for itself: notes, and where it looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Contact, Note, Search
from claims.services import events
from factcheck.access.models import User


class NoteRefused(Exception):
    """It was not written down; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Looked:
    """Where somebody looked, for what, and what was there."""

    looked_in: str
    looked_for: str
    found: str
    looked_at: datetime


@transaction.atomic
def write(claim: Claim, text: str, *, by: User, now: datetime) -> Note:
    """Write a note, which stays on the desk; raises NoteRefused where it is empty."""
    if not text.strip():
        raise NoteRefused("missing", _("Write something first."))
    note = Note.objects.create(claim=claim, text=text.strip(), by=by, at=now)
    events.record(claim, "claim.note_written", now=now, by=by, note=note.pk)
    return note


@transaction.atomic
def log_search(claim: Claim, looked: Looked, *, by: User, now: datetime) -> Search:
    """Write down where somebody looked; raises NoteRefused."""
    said = {name: getattr(looked, name).strip() for name in ("looked_in", "looked_for", "found")}
    if not all(said.values()):
        told = _("Say where you looked, what for, and what was there; that there was nothing is worth saying.")
        raise NoteRefused("missing", told)
    if looked.looked_at > now:
        raise NoteRefused("in_future", _("That moment is still to come: give the one at which you looked."))
    search = Search.objects.create(claim=claim, **said, looked_at=looked.looked_at, by=by, at=now)
    events.record(claim, "claim.search_logged", now=now, by=by, search=search.pk)
    return search


def tell_of_search(claim: Claim) -> bool:
    """Say whether the logs tell where we looked or whom we asked."""
    return Search.objects.filter(claim=claim).exists() or Contact.objects.filter(claim=claim).exists()
