"""Articles come in, are split into claims, and are split again when their page says something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims import splitting
from claims.models import Article, Claim, Submission
from claims.models.claim import TEXT_LENGTH
from claims.services import events, llm, stakes
from claims.services.appearances import Storing
from claims.splitting import Splitting
from factcheck import ledger, storage
from factcheck.access.models import Client, User
from factcheck.lib.crashpoints import crashpoint
from sources.fetching.language import language_of
from sources.fetching.reading import read, read_in_jail
from sources.fetching.types import BlockKind, Reading, Unreadable
from sources.models import Document, Snapshot
from sources.services import documents, sources

TEXT_BYTES = 2 * 1024 * 1024
HTML_BYTES = 5 * 1024 * 1024
REASON_LENGTH = 300
Split = Callable[..., Splitting]
Advise = Callable[..., tuple[Splitting, str]]


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
    try:
        document, _is_new = documents.supply(reading, raw=raw, media_type=media_type, by=by, now=now, outlet=outlet)
    except sources.Ambiguous as several:
        raise ArticleRefused("name_ambiguous", str(several)) from several
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


def split_again(article: Article, *, now: datetime) -> bool:
    """Let an article be split that is stuck, or whose language was not supported; False where it is neither."""
    again = Q(quarantined_at__isnull=False) | Q(state=Article.State.UNSUPPORTED)
    rows = Article.objects.filter(again, pk=article.pk)
    return bool(ledger.reschedule(rows, due_at=now, state=Article.State.DUE, state_reason=""))


def split_due(
    held: ledger.Lease, *, now: datetime, split: Split = splitting.split, advise: Advise = llm.advised
) -> None:
    """Split the current version of a leased article; slow work first, then one transaction guarded by the lease."""
    article = Article.objects.select_related("document__publisher", "document__snapshot", "snapshot").get(pk=held.pk)
    snapshot = article.document.snapshot
    if snapshot is None or snapshot.is_taken_down:
        with transaction.atomic():
            ledger.finish(held, due_at=None, state=Article.State.WAITING)
        return
    language = language_of(snapshot.text, declared=snapshot.language) or settings.CLAIMS_LANGUAGES[0]
    if language not in settings.CLAIMS_LANGUAGES:
        _leave_to_people(held, article, snapshot, language=language, now=now)
        return
    blocks = [splitting.Block(**block) for block in snapshot.blocks]
    day = snapshot.published_at.date() if snapshot.published_at else None
    found = split(snapshot.text, blocks=blocks, language=language, published=day)
    before = article.snapshot.text if article.snapshot and article.appearances.exists() else ""
    found, note = advise(found, snapshot.text, blocks=blocks, before=before)
    _store(held, article, snapshot, found, note=note, now=now)
    crashpoint("split.after_commit")


@transaction.atomic
def _leave_to_people(held: ledger.Lease, article: Article, snapshot: Snapshot, *, language: str, now: datetime) -> None:
    reason = _(
        "Its language (%(language)s) cannot be split. %(install)s It is kept and watched; add its claims by hand."
    )
    said = reason % {"language": language, "install": splitting.what_to_install(language)}
    if _finish(held, article, snapshot, state=Article.State.UNSUPPORTED, reason=said, now=now):
        Storing(article, snapshot, now).store(())
        _tell_stakes(article, now=now)
        events.record(article, "article.language_not_supported", now=now, language=language)


@transaction.atomic
def _store(
    held: ledger.Lease, article: Article, snapshot: Snapshot, found: Splitting, *, note: str, now: datetime
) -> None:
    is_long = any(len(claim.text) > TEXT_LENGTH for claim in found.claims)
    left_out = [found.truncated, f"only the first {TEXT_LENGTH:,} characters of a claim were kept" if is_long else ""]
    cut = _("Cut: %(why)s") % {"why": "; ".join(filter(None, left_out))} if any(left_out) else ""
    reason = " ".join(filter(None, (cut, note)))
    if not _finish(held, article, snapshot, state=Article.State.SPLIT, reason=reason, now=now):
        return
    storing = Storing(article, snapshot, now)
    ended = storing.store(found.claims)
    events.record(
        article,
        "article.processed",
        now=now,
        claims=len(found.claims),
        new=storing.new,
        ended=ended,
        version=snapshot.number,
    )
    _tell_stakes(article, now=now)
    crashpoint("split.before_commit")


def _tell_stakes(article: Article, *, now: datetime) -> None:
    claims = Claim.objects.filter(appearances__article=article).only("pk").distinct()
    stakes.tell(*claims, now=now, also=[article.document_id])


def _finish(
    held: ledger.Lease, article: Article, snapshot: Snapshot, *, state: str, reason: str, now: datetime
) -> bool:
    """Finish the lease; False where words of the version were erased meanwhile, so that nothing read of it may stay.

    A newer version may have come in meanwhile as well: then the article is due again at once.
    """
    locked = Document.objects.select_for_update(no_key=True)
    newest = locked.values_list("snapshot_id", flat=True).get(pk=article.document_id)
    if Snapshot.objects.values_list("erased_at", flat=True).get(pk=snapshot.pk) != snapshot.erased_at:
        ledger.finish(held, due_at=now)
        return False
    ledger.finish(
        held,
        due_at=None if newest == snapshot.pk else now,
        state=state,
        state_reason=reason[:REASON_LENGTH],
        snapshot=snapshot,
        split_at=now,
    )
    return True
