"""What a claim is held against: suggested by pages, attached and accepted by people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Evidence
from claims.services import events, stakes, stances
from claims.verification import anchors
from factcheck.access.models import User
from sources.models import Document, Snapshot
from sources.services import documents
from sources.services.supplying import Offered

QUOTE_LENGTH = 2000


class EvidenceRefused(Exception):
    """The evidence was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def suggest(claim: Claim, document: Document, *, because: str, now: datetime) -> None:
    """Put a page before the desk once; it counts for nothing until a person accepts it."""
    Evidence.objects.bulk_create(
        [
            Evidence(
                claim=claim,
                document=document,
                state=Evidence.State.SUGGESTED,
                suggested_because=because[:300],
                at=now,
            )
        ],
        ignore_conflicts=True,
    )
    stances.ask(claim, document, now=now)


@transaction.atomic
def attach(
    claim: Claim, document: Document, *, quote: str, stance: Evidence.Stance, by: User, now: datetime
) -> Evidence:
    """Attach a page as accepted evidence, pinned to what it says now; an empty quote pins the page as a whole."""
    snapshot = _version(document.pk)
    evidence = Evidence(claim=claim, document=document, suggested_because="")
    suggestion = Evidence.objects.select_for_update().filter(
        claim=claim, document=document, state=Evidence.State.SUGGESTED
    )
    return _accept(suggestion.first() or evidence, snapshot, quote=quote, stance=stance, by=by, now=now)


@transaction.atomic
def attach_file(
    claim: Claim, offered: Offered, *, quote: str, stance: Evidence.Stance, by: User, now: datetime
) -> Evidence:
    """Attach a file as accepted evidence; it stays inside the desk, and is kept only if its quote stands in it."""
    document, _is_new = documents.supply(
        offered.reading, raw=offered.raw, media_type=offered.media_type, by=by, now=now, identity=offered.identity
    )
    return attach(claim, document, quote=quote, stance=stance, by=by, now=now)


@transaction.atomic
def accept(evidence: Evidence, *, quote: str, stance: Evidence.Stance, by: User, now: datetime) -> Evidence:
    """Accept a suggestion; raises EvidenceRefused where somebody else decided on it first."""
    snapshot = _version(evidence.document_id) if evidence.document_id else None
    locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
    _still_suggested(locked)
    return _accept(locked, snapshot, quote=quote, stance=stance, by=by, now=now)


@transaction.atomic
def dismiss(evidence: Evidence, *, by: User, now: datetime) -> Evidence:
    """Take a suggestion off the table, or withdraw accepted evidence; the row stays."""
    locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if locked.state == Evidence.State.DISMISSED:
        raise EvidenceRefused("already_decided", _("It was dismissed already."))
    locked.state, locked.by, locked.at = Evidence.State.DISMISSED, by, now
    locked.save(update_fields=["state", "by", "at"])
    events.record(locked.claim, "claim.evidence_dismissed", now=now, by=by, evidence=str(locked.uid))
    stakes.tell(locked.claim, now=now, also=[locked.document_id] if locked.document_id else ())
    return locked


def _still_suggested(evidence: Evidence) -> None:
    if evidence.state != Evidence.State.SUGGESTED:
        raise EvidenceRefused(
            "already_decided",
            _("Somebody decided on it meanwhile: it is “%(state)s”.") % {"state": evidence.get_state_display()},
        )


def _version(document_id: int) -> Snapshot | None:
    """Return what the page says now; locked first of all rows, so that no look replaces it until it is pinned."""
    page = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot")
    return page.get(pk=document_id).snapshot


def _accept(
    evidence: Evidence, snapshot: Snapshot | None, *, quote: str, stance: Evidence.Stance, by: User, now: datetime
) -> Evidence:
    if snapshot is None:
        raise EvidenceRefused(
            "not_read_yet", _("The page was not read yet, so nothing can be pinned. Wait for the first look.")
        )
    evidence.snapshot, evidence.stance, evidence.state = snapshot, stance, Evidence.State.ACCEPTED
    evidence.by, evidence.at, evidence.anchored_at = by, now, now
    if quote.strip():
        _pin(evidence, snapshot, quote)
    evidence.save()
    events.record(evidence.claim, "claim.evidence_accepted", now=now, by=by, evidence=str(evidence.uid), stance=stance)
    stakes.tell(evidence.claim, now=now)
    return evidence


def _pin(evidence: Evidence, snapshot: Snapshot, quote: str) -> None:
    if len(quote) > QUOTE_LENGTH:
        raise EvidenceRefused(
            "quote_too_long",
            _("A quote has at most %(most)s characters: pin the sentence that matters.") % {"most": QUOTE_LENGTH},
        )
    try:
        found = anchors.find_quote(snapshot.text, quote)
    except anchors.QuoteNotFound as missing:
        raise EvidenceRefused("quote_not_found", str(missing)) from missing
    evidence.exact, evidence.prefix, evidence.suffix = found.exact, found.prefix, found.suffix
    evidence.start, evidence.end = found.start, found.end
    evidence.sentence = anchors.sentence_at(snapshot.text, found.start, found.end)
    evidence.anchor, evidence.anchor_sentence = anchors.Anchor.HOLDS, evidence.sentence
