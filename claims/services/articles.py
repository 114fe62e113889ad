"""Articles come in, are split into claims, and are split again when their page says something else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims import splitting
from claims.models import Appearance, Article, Attribution, Claim, Policy, Submission
from claims.services import events, evidence, flags
from claims.splitting import FoundClaim, Splitting
from claims.verification import anchors, staleness
from claims.verification.status import Status, at_birth
from factcheck import ledger, storage
from factcheck.access.models import Client, User
from factcheck.lib.addresses import UrlRefused
from factcheck.lib.crashpoints import crashpoint
from sources.fetching.language import language_of
from sources.fetching.reading import read, read_in_jail
from sources.fetching.redaction import is_blackened
from sources.fetching.types import BlockKind, Reading, Unreadable
from sources.models import Document, Snapshot, Source
from sources.services import documents, erasure, sources

TEXT_BYTES = 2 * 1024 * 1024
HTML_BYTES = 5 * 1024 * 1024
LINKS = 20  # of one sentence
LANGUAGES = frozenset({"en"})
Split = Callable[..., Splitting]


class ArticleRefused(Exception):
    """The article was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@transaction.atomic
def submit_url(
    url: str, *, now: datetime, by: User | None = None, client: Client | None = None
) -> tuple[Article, bool]:
    """Take in the page at a URL, to be looked at at once; the same page is found again. Raises UrlRefused."""
    document, _is_new = documents.watch(url, now=now)
    return _article_of(document, now=now, by=by, client=client)


def submit_text(
    text: str,
    *,
    now: datetime,
    title: str = "",
    outlet: str = "",
    by: User | None = None,
    client: Client | None = None,
) -> tuple[Article, bool]:
    """Take in a pasted text; the same text is found again. Raises ArticleRefused."""
    raw = _bounded(text.encode("utf-8", "surrogatepass"), TEXT_BYTES)
    if not text.strip():
        raise ArticleRefused("empty", _("The text is empty: paste the article's text."))
    if "\x00" in text or not _is_plain(text):
        raise ArticleRefused("not_text", _("This is not text: it holds control characters or broken letters."))
    headed = f"{title.strip()}\n\n{text}" if title.strip() else text
    reading = _titled(read(headed.encode(), media_type="text/plain", charset="utf-8", url=""), title.strip())
    return _supplied(reading, _kept(reading, raw), "text/plain", now=now, outlet=outlet, by=by, client=client)


def submit_html(
    body: bytes, *, now: datetime, outlet: str = "", by: User | None = None, client: Client | None = None
) -> tuple[Article, bool]:
    """Take in a saved page, read in the jail; the same text is found again. Raises ArticleRefused."""
    _bounded(body, HTML_BYTES)
    if not body.strip():
        raise ArticleRefused("empty", _("The file is empty: save the page as HTML and send that file."))
    if b"\x00" in body[:4096] or b"<" not in body:
        raise ArticleRefused("not_html", _("This is not an HTML page. Paste its text instead, or give its address."))
    reading = read_in_jail(body, media_type="text/html", charset="", url="")
    if isinstance(reading, Unreadable):
        raise ArticleRefused(
            "unreadable",
            _("The page could not be read within its bounds (%(why)s).") % {"why": reading.reason},
        )
    return _supplied(reading, _kept(reading, body), "text/html", now=now, outlet=outlet, by=by, client=client)


def _titled(reading: Reading, title: str) -> Reading:
    """Mark the first block of a pasted text as its headline, if a title was given."""
    if not title or not reading.blocks:
        return reading
    first, *rest = reading.blocks
    return replace(reading, title=title, blocks=(replace(first, kind=BlockKind.HEADLINE), *rest))


def _bounded(body: bytes, most: int) -> bytes:
    if len(body) > most:
        raise ArticleRefused(
            "too_large",
            _("An article has at most %(most)s MB here; this one has %(size).1f MB.")
            % {"most": most // 1024 // 1024, "size": len(body) / 1024 / 1024},
        )
    return body


def _is_plain(text: str) -> bool:
    """Say whether it is text at all: no lone surrogates, few control characters."""
    odd = sum(1 for letter in text if letter < " " and letter not in "\t\n\r\f")
    return odd * 100 <= len(text) and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _kept(reading: Reading, raw: bytes) -> storage.Kept:
    """Keep the bytes before the transaction of their version."""
    if not reading.text.strip():
        raise ArticleRefused("no_text", _("No article text was found in it. Paste the text instead."))
    try:
        return storage.keep(raw)
    except storage.Unavailable as error:
        raise ArticleRefused(
            "unavailable", _("It could not be kept: the store of raw pages does not answer. Try again later.")
        ) from error


@transaction.atomic
def _supplied(
    reading: Reading,
    raw: storage.Kept,
    media_type: str,
    *,
    now: datetime,
    outlet: str,
    by: User | None,
    client: Client | None,
) -> tuple[Article, bool]:
    document, _is_new = documents.supply(reading, raw=raw, media_type=media_type, by=by, now=now, outlet=outlet)
    return _article_of(document, now=now, by=by, client=client)


def _article_of(document: Document, *, now: datetime, by: User | None, client: Client | None) -> tuple[Article, bool]:
    crashpoint("ingest.before_insert")
    # Locked, so that a first look that commits meanwhile either is seen here or finds the article.
    locked = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    due = locked.snapshot_id is not None
    article, is_new = Article.objects.get_or_create(
        document=document,
        defaults={
            "submitted_by": by,
            "client": client,
            "state": Article.State.DUE if due else Article.State.WAITING,
            "due_at": now if due else None,
        },
    )
    if by or client:
        sent_in = Submission(article=article, user=by, client=None if by else client, at=now)
        Submission.objects.bulk_create([sent_in], ignore_conflicts=True)
    if is_new:
        events.record(article, "article.submitted", now=now, by=by, url=document.url)
    elif due and article.state == Article.State.WAITING:
        ledger.reschedule(Article.objects.filter(pk=article.pk), due_at=now, state=Article.State.DUE)
        article.refresh_from_db()
    crashpoint("ingest.before_commit")
    return article, is_new


def split_due(held: ledger.Lease, *, now: datetime, split: Split = splitting.split) -> None:
    """Split the current version of a leased article; slow work first, then one transaction guarded by the lease."""
    article = Article.objects.select_related("document__publisher", "document__snapshot").get(pk=held.pk)
    snapshot = article.document.snapshot
    if snapshot is None or snapshot.is_taken_down:
        with transaction.atomic():
            ledger.finish(held, due_at=None, state=Article.State.WAITING)
        return
    language = language_of(snapshot.text, declared=snapshot.language)
    if language not in LANGUAGES and language:
        _leave_to_people(held, article, snapshot, language=language, now=now)
        return
    blocks = [splitting.Block(**block) for block in snapshot.blocks]
    _store(held, article, snapshot, split(snapshot.text, blocks=blocks), now=now)
    crashpoint("split.after_commit")


@transaction.atomic
def _leave_to_people(held: ledger.Lease, article: Article, snapshot: Snapshot, *, language: str, now: datetime) -> None:
    reason = _("Its language (%(language)s) cannot be split. It is kept and watched; add its claims by hand.") % {
        "language": language
    }
    ledger.finish(
        held,
        due_at=None,
        state=Article.State.UNSUPPORTED,
        state_reason=reason,
        snapshot=snapshot,
        split_at=now,
    )
    events.record(article, "article.language_not_supported", now=now, language=language)


@transaction.atomic
def _store(held: ledger.Lease, article: Article, snapshot: Snapshot, found: Splitting, *, now: datetime) -> None:
    # A newer version may have come in while this one was split: then the article is due again at once. Where words of
    # this one were erased meanwhile, nothing of the splitting may stay.
    locked = Document.objects.select_for_update(no_key=True)
    newest = locked.values_list("snapshot_id", flat=True).get(pk=article.document_id)
    if Snapshot.objects.values_list("erased_at", flat=True).get(pk=snapshot.pk) != snapshot.erased_at:
        ledger.finish(held, due_at=now)
        return
    ledger.finish(
        held,
        due_at=None if newest == snapshot.pk else now,
        state=Article.State.SPLIT,
        state_reason=_("Cut: %(why)s") % {"why": found.truncated} if found.truncated else "",
        snapshot=snapshot,
        split_at=now,
    )
    storing = _Storing(article, snapshot, now)
    for claim in found.claims:
        storing.take(claim)
    ended = storing.end_vanished()
    events.record(
        article,
        "article.processed",
        now=now,
        claims=len(found.claims),
        new=storing.new,
        ended=ended,
        version=snapshot.number,
    )
    crashpoint("split.before_commit")


class _Storing:
    """One splitting on its way into rows: what stood there keeps its uid, what is new becomes a claim."""

    def __init__(self, article: Article, snapshot: Snapshot, now: datetime) -> None:
        self.article, self.snapshot, self.now = article, snapshot, now
        self.outlet: Source | None = article.document.publisher
        self.new = 0
        self.seen: set[str] = set()
        past = list(article.appearances.select_related("claim", "snapshot").order_by("id"))
        self.standing = {one.fingerprint: one for one in past if one.ended_at is None}
        self.claims_by_text = {_key(one.claim.text): one.claim for one in past}
        self.holdings = Policy.objects.all().holdings()
        self.barred = erasure.Barred()

    def take(self, found: FoundClaim) -> None:
        """Re-anchor the appearance if it stood here before, else add it, with its claim if that is new."""
        fingerprint = _fingerprint(found)
        erased = any(is_blackened(span.quote) for span in found.spans) or self.barred(found.text)
        if fingerprint in self.seen or erased:
            return
        self.seen.add(fingerprint)
        again = self.standing.get(fingerprint)
        if again is not None:
            again.snapshot, again.spans = self.snapshot, _spans(self.snapshot.text, found)
            again.save(update_fields=["snapshot", "spans"])
            return
        claim = self.claims_by_text.get(_key(found.text)) or self._claim(found)
        self.claims_by_text[_key(found.text)] = claim
        appearance = self._appearance(claim, found, fingerprint)
        self._chain(appearance, found)
        self._cited(claim, found)

    def _claim(self, found: FoundClaim) -> Claim:
        status = at_birth(frozenset({found.certainty}))
        holds_until = staleness.due_at(
            self.now, staleness.holds_for(self.holdings, status=Status(status), kind=found.kind)
        )
        claim = Claim.objects.create(
            text=found.text[:2000],
            language=self.snapshot.language or "en",
            kind=found.kind,
            check_worthiness=found.check_worthy,
            status=status,
            status_since=self.now,
            holds_until=holds_until,
            due_at=holds_until,
            origin=Claim.Origin.SPLIT,
            said_at=self.snapshot.published_at,
        )
        self.new += 1
        events.record(claim, "claim.created", now=self.now, article=str(self.article.uid), status=status)
        return claim

    def _appearance(self, claim: Claim, found: FoundClaim, fingerprint: str) -> Appearance:
        return Appearance.objects.create(
            claim=claim,
            article=self.article,
            snapshot=self.snapshot,
            spans=_spans(self.snapshot.text, found),
            quote=" … ".join(span.quote for span in found.spans),
            fingerprint=fingerprint,
            certainty=found.certainty,
            kind=found.kind,
            salience=found.salience,
            because=list(found.because),
        )

    def _chain(self, appearance: Appearance, found: FoundClaim) -> None:
        """The article's outlet stands outermost; named links find or make their source, the others stay text."""
        links = [(link.source, link.cue, _source_of(link.source)) for link in found.sources]
        if self.outlet is not None and not (links and links[0][2] == self.outlet):
            links.insert(0, (self.outlet.name, "", self.outlet))
        Attribution.objects.bulk_create(
            Attribution(appearance=appearance, position=place, name=name[:300], cue=cue[:200], source=source)
            for place, (name, cue, source) in enumerate(links)
        )

    def _cited(self, claim: Claim, found: FoundClaim) -> None:
        """Hyperlinks in the claim's sentence become pages to watch and suggested evidence."""
        start, end = anchors.sentence_span(self.snapshot.text, found.spans[0].start, found.spans[-1].end)
        cited = [link for link in self.snapshot.links if start <= link["start"] < end]
        for link in cited[:LINKS]:
            page = _watched(link["url"], now=self.now)
            if page is not None and page.pk != self.article.document_id:
                because = _("the sentence links to it: “%(text)s”") % {"text": link["text"][:200]}
                evidence.suggest(claim, page, because=because, now=self.now)

    def end_vanished(self) -> int:
        """End the appearances that this version no longer has; their claims stay, with their verdicts."""
        unseen = [one for fingerprint, one in self.standing.items() if fingerprint not in self.seen]
        gone = [one for one in unseen if not self._still_stands(one)]
        for one in gone:
            flags.hold_against(one, self.snapshot.text, now=self.now)
        return Appearance.objects.filter(pk__in=[one.pk for one in gone]).update(ended_at=self.now)

    def _still_stands(self, appearance: Appearance) -> bool:
        """Re-anchor what a person marked by hand: splitting cannot find it again, its quote can."""
        if appearance.claim.origin == Claim.Origin.SPLIT or appearance.snapshot_id == self.snapshot.pk:
            return appearance.snapshot_id == self.snapshot.pk
        span = appearance.spans[0]
        old = appearance.snapshot.text
        if is_blackened(old[span["start"] : span["end"]]) or appearance.snapshot.is_taken_down:
            return False
        found = anchors.anchor(anchors.quote_at(old, span["start"], span["end"]), old, self.snapshot.text)
        if found.quote is None or found.anchor not in anchors.STANDS:
            return False
        appearance.snapshot, appearance.spans, appearance.anchor = (
            self.snapshot,
            [asdict(found.quote)],
            found.anchor,
        )
        appearance.save(update_fields=["snapshot", "spans", "anchor"])
        return True


def _source_of(name: str) -> Source | None:
    return sources.find_or_make(name) if sources.is_named(name) else None


def _watched(url: str, *, now: datetime) -> Document | None:
    try:
        return documents.watch(url, now=now)[0]
    except UrlRefused:
        return None  # the page links to something that we never look at


def _spans(text: str, found: FoundClaim) -> list[dict[str, Any]]:
    return [asdict(anchors.quote_at(text, span.start, span.end)) for span in found.spans]


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _fingerprint(found: FoundClaim) -> str:
    """Return what makes an appearance the same one in the next version: its words, chain, certainty and kind."""
    parts: Sequence[str] = [
        *(_key(span.quote) for span in found.spans),
        "|",
        *(_key(link.source) for link in found.sources),
        "|",
        found.certainty,
        found.kind,
        _key(found.text),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
