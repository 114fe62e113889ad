"""Claims by hand: a speech, a message, a caption, any language; with or without an article."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Appearance, Article, Claim, Policy
from claims.models.appearance import BY_HAND
from claims.models.claim import TEXT_LENGTH
from claims.services import attributions, events, topics
from claims.services.attributions import Named
from claims.services.voices import Voices
from claims.verification import anchors, staleness
from claims.verification.anchors import Quote
from claims.verification.status import Status, at_birth
from factcheck.access.models import Client, User
from sources.models import Document, Snapshot, Source
from sources.services import erasure, sources


class ClaimRefused(Exception):
    """The claim was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Seen:
    """Where somebody saw a quote: in which version of the article's page, and from which character on."""

    version: int
    start: int


@transaction.atomic
def make(
    text: str,
    *,
    now: datetime,
    by: User | None = None,
    client: Client | None = None,
    uid: UUID | None = None,
    origin: Claim.Origin | None = None,
    kind: str = "fact",
    topic: str = "",
    claimant: str = "",
    said_at: datetime | None = None,
    said_where: str = "",
    language: str = "en",
    article: Article | None = None,
    quote: str = "",
    certainty: str = "asserted",
    chain: Sequence[Named] = (),
    seen: Seen | None = None,
    status: Status | None = None,
) -> Claim:
    """Write a claim by hand, or of a file; with an article its quote must stand there. Raises ClaimRefused.

    Where the quote stands several times `seen` says which one is meant. What its article calls unconfirmed begins as
    that, unless `status` says otherwise.
    """
    said = " ".join(text.split())
    if not said or len(said) > TEXT_LENGTH:
        raise ClaimRefused(
            "claim_text", _("A claim is one sentence of 1 to %(most)s characters.") % {"most": TEXT_LENGTH}
        )
    if gone := erasure.barred_text(said):
        raise ClaimRefused("erased", erasure.mark(gone))
    status = status or at_birth(frozenset({certainty} if article else ()))
    held_for = staleness.holds_for(
        Policy.objects.all().holdings(), status=status, kind=kind, topic=topics.written(topic)
    )
    holds_until = staleness.due_at(now, held_for)
    claim = Claim.objects.create(
        text=said,
        language=language,
        kind=kind,
        topic=topics.written(topic)[: topics.TOPIC_LENGTH],
        claimant=_claimant(claimant),
        said_at=said_at,
        said_where=said_where[:300],
        status=status,
        status_since=now,
        holds_until=holds_until,
        due_at=holds_until,
        uid=uid or uuid4(),
        origin=origin or (Claim.Origin.PERSON if by else Claim.Origin.CLIENT),
        created_by=by,
        client=client,
    )
    events.record(claim, "claim.created", now=now, by=by, status=status)
    if article is not None:
        _place(claim, article, quote=quote, certainty=certainty, chain=chain, seen=seen)
    return claim


def _claimant(name: str) -> Source | None:
    try:
        return sources.find_or_make(name) if name.strip() else None
    except sources.Ambiguous as several:
        raise ClaimRefused("name_ambiguous", str(several)) from several


def _place(
    claim: Claim, article: Article, *, quote: str, certainty: str, chain: Sequence[Named], seen: Seen | None
) -> None:
    locked = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("snapshot")
    document = locked.get(pk=article.document_id)
    try:
        snapshot, found = _pinned(document, quote) if seen is None else _pinned_as_seen(document, quote, seen)
    except anchors.QuoteNotFound as missing:
        raise ClaimRefused("quote_not_found", str(missing)) from missing
    appearance = Appearance.objects.create(
        claim=claim,
        article=article,
        snapshot=snapshot,
        spans=[asdict(found)],
        quote=found.exact,
        fingerprint=hashlib.sha256(f"{claim.uid}".encode()).hexdigest(),
        certainty=certainty,
        kind=claim.kind,
        salience="core",
        because=[BY_HAND],
    )
    attributions.write(appearance, chain, Voices(document, snapshot))


def _pinned(document: Document, quote: str) -> tuple[Snapshot, Quote]:
    if document.snapshot is None:
        raise ClaimRefused("not_read_yet", _("The article was not read yet: wait for its first look."))
    return document.snapshot, anchors.find_quote(document.snapshot.text, quote)


def _pinned_as_seen(document: Document, quote: str, seen: Seen) -> tuple[Snapshot, Quote]:
    """Pin the quote in the version that the article's page shows now, wherever it was seen; never a look-alike."""
    shown = Snapshot.objects.filter(document=document, number=seen.version).first()
    split = Article.objects.select_related("snapshot").get(document=document).snapshot
    today = split or document.snapshot
    if shown is None or today is None:
        raise ClaimRefused("text_moved", _("This version is not there any more: select the words again."))
    found = anchors.find_quote(shown.text, quote, near=seen.start)
    if shown.pk == today.pk:
        return shown, found
    again = anchors.anchor(found, shown.text, today.text)
    if again.anchor not in anchors.STANDS or again.quote is None or again.quote.exact != found.exact:
        raise ClaimRefused(
            "text_moved", _("The article says something else by now. Look at it again, and select the words anew.")
        )
    return today, again.quote
