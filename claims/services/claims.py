"""Claims by hand: a speech, a message, a caption, any language; with or without an article."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Appearance, Article, Claim, Policy
from claims.models.claim import TEXT_LENGTH
from claims.services import events
from claims.verification import anchors, staleness
from claims.verification.status import Status
from factcheck.access.models import Client, User
from sources.models import Document, Source
from sources.services import erasure, sources


class ClaimRefused(Exception):
    """The claim was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@transaction.atomic
def make(
    text: str,
    *,
    now: datetime,
    by: User | None = None,
    client: Client | None = None,
    kind: str = "fact",
    claimant: str = "",
    said_at: datetime | None = None,
    said_where: str = "",
    language: str = "en",
    article: Article | None = None,
    quote: str = "",
    certainty: str = "asserted",
) -> Claim:
    """Write a claim by hand; with an article its quote must stand there. Raises ClaimRefused."""
    said = " ".join(text.split())
    if not said or len(said) > TEXT_LENGTH:
        raise ClaimRefused(
            "claim_text", _("A claim is one sentence of 1 to %(most)s characters.") % {"most": TEXT_LENGTH}
        )
    if gone := erasure.barred_text(said):
        raise ClaimRefused("erased", erasure.mark(gone))
    status = Status.UNREVIEWED
    held_for = staleness.holds_for(Policy.objects.all().holdings(), status=status, kind=kind)
    holds_until = staleness.due_at(now, held_for)
    claim = Claim.objects.create(
        text=said,
        language=language,
        kind=kind,
        claimant=_claimant(claimant),
        said_at=said_at,
        said_where=said_where[:300],
        status=status,
        status_since=now,
        holds_until=holds_until,
        due_at=holds_until,
        origin=Claim.Origin.PERSON if by else Claim.Origin.CLIENT,
        created_by=by,
        client=client,
    )
    events.record(claim, "claim.created", now=now, by=by, status=status)
    if article is not None:
        _place(claim, article, quote=quote, certainty=certainty)
    return claim


def _claimant(name: str) -> Source | None:
    try:
        return sources.find_or_make(name) if name.strip() else None
    except sources.Ambiguous as several:
        raise ClaimRefused("name_ambiguous", str(several)) from several


def _place(claim: Claim, article: Article, *, quote: str, certainty: str) -> Appearance:
    document = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot")
    snapshot = document.get(pk=article.document_id).snapshot
    if snapshot is None:
        raise ClaimRefused("not_read_yet", _("The article was not read yet: wait for its first look."))
    try:
        found = anchors.find_quote(snapshot.text, quote)
    except anchors.QuoteNotFound as missing:
        raise ClaimRefused("quote_not_found", str(missing)) from missing
    return Appearance.objects.create(
        claim=claim,
        article=article,
        snapshot=snapshot,
        spans=[asdict(found)],
        quote=found.exact,
        fingerprint=hashlib.sha256(f"{claim.uid}".encode()).hexdigest(),
        certainty=certainty,
        kind=claim.kind,
        salience="core",
        because=["by hand"],
    )
