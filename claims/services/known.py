"""Claims of ours that others may have checked: suggested by machines, decided by people; never a verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import Claim, Evidence, KnownMatch
from claims.services import events, evidence
from factcheck.access.models import User
from factcheck.lib.addresses import UrlRefused
from sources.models import Document
from sources.services import documents

State = KnownMatch.State


class MatchRefused(Exception):
    """A decision was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def matching(claim: Claim) -> QuerySet[KnownMatch]:
    """Return what others found on a claim, or on one like it: accepted ones first, then the surest; none dismissed."""
    rows = KnownMatch.objects.filter(claim=claim).shown().select_related("known__source", "by", "evidence")
    return rows.defer("known__vector", "known__words")


@transaction.atomic
def accept(match: KnownMatch, *, by: User, now: datetime) -> KnownMatch:
    """Stand behind a match: its page is watched from now on, and is evidence that gives context.

    A page that was not read yet is suggested as evidence, to be accepted after its first look. Raises MatchRefused.
    """
    document = _watched(match, now=now)
    locked = KnownMatch.objects.select_for_update(of=("self",)).select_related("known", "claim").get(pk=match.pk)
    if locked.state != State.SUGGESTED:
        raise _decided(locked)
    locked.evidence = _evidence(locked, document, by=by, now=now)
    return _decide(locked, State.ACCEPTED, by=by, now=now)


@transaction.atomic
def dismiss(match: KnownMatch, *, by: User, now: datetime) -> KnownMatch:
    """Say that a match is none, also one that was accepted, for good. Its evidence is decided on by itself."""
    locked = KnownMatch.objects.select_for_update(of=("self",)).select_related("known", "claim").get(pk=match.pk)
    if locked.state == State.DISMISSED:
        raise _decided(locked)
    return _decide(locked, State.DISMISSED, by=by, now=now)


def _decided(match: KnownMatch) -> MatchRefused:
    said = _("Somebody decided on it meanwhile: it is “%(state)s”.") % {"state": match.get_state_display()}
    return MatchRefused("already_decided", said)


def _decide(match: KnownMatch, state: KnownMatch.State, *, by: User, now: datetime) -> KnownMatch:
    match.state, match.by, match.at = state, by, now
    match.save(update_fields=["state", "by", "at", "evidence"])
    events.record(match.claim, f"claim.known_check_{state}", now=now, by=by, known_check=str(match.known.uid))
    return match


def _watched(match: KnownMatch, *, now: datetime) -> Document:
    try:
        return documents.watch(match.known.url, now=now)[0]
    except UrlRefused as refusal:
        raise MatchRefused("page_refused", str(refusal)) from None


def _evidence(match: KnownMatch, document: Document, *, by: User, now: datetime) -> Evidence | None:
    """Pin the page as context, or suggest it where it was not read yet; what is evidence already stays as it is."""
    held = Evidence.objects.filter(claim=match.claim, document=document, state=Evidence.State.ACCEPTED).first()
    if held is not None:
        return held
    if document.snapshot_id is not None:
        asked: dict[str, Any] = {"quote": "", "stance": Evidence.Stance.CONTEXT, "by": by, "now": now}
        return evidence.attach(match.claim, document, **asked)
    because = _("%(checker)s checked it: “%(rating)s”") % {
        "checker": match.known.checker, "rating": match.known.rating or f"{match.known.value:g}",
    }  # fmt: skip
    evidence.suggest(match.claim, document, because=because, now=now)
    return Evidence.objects.filter(claim=match.claim, document=document, state=Evidence.State.SUGGESTED).first()
