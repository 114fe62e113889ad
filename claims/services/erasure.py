"""Erasing a person: their names, their words, and what the desk wrote of them. That something happened stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Appearance, Attribution, Claim, Evidence, Payload, Reread, StatusChange, Term
from claims.services import erased_columns, erased_links, erased_notes, erased_satellites, events, groups, known_checks
from claims.verification import anchors
from factcheck import ledger
from factcheck.access.models import User
from factcheck.lib import clock
from factcheck.lib.names import Names
from sources.fetching import redaction
from sources.fetching.redaction import Ranges, Redactor
from sources.models import Document, Erasure, Snapshot, Source, SourceName
from sources.services import archiving, feeds
from sources.services import erasure as pages
from sources.services.erasure import ErasureRefused

GONE = "[erased]"
CHUNK = 200


@dataclass(slots=True)
class _Found:
    """What is to be erased, collected before anything is."""

    sources: set[int] = field(default_factory=set)
    claims: set[int] = field(default_factory=set)
    appearances: set[int] = field(default_factory=set)
    ranges: dict[int, Ranges] = field(default_factory=dict)  # by snapshot
    sentences: set[str] = field(default_factory=set)


@transaction.atomic
def erase_person(
    names: Names,
    *,
    why: str,
    by: User,
    now: datetime | None = None,
    tell_time: Callable[[], datetime] = clock.now,
    sources: Sequence[Source] = (),
) -> Erasure:
    """Erase whoever goes by these names, and everything that these sources said, all or nothing.

    It is dated when all is found, however long that took, unless `now` says otherwise. What is written meanwhile by
    others may slip through: look for the names again afterwards, and erase again. Raises ErasureRefused.
    """
    if names.are_in(why):
        raise ErasureRefused("name_in_reason", _("The reason stays: write it without the name."))
    pages.refuse(why=why, by=by)
    _lock(names)
    found = _find(names, {source.pk for source in sources})
    redactor = Redactor(names, salt=pages.salt())
    redactor.keys = {redaction.key_of(one, redactor.salt) for one in found.sentences if redactor.is_telling(one)}
    _hold(found)
    with events.alone():
        # From here on nobody else records, so no event that ours follow is younger than this.
        erasure = pages.begin(Erasure.What.PERSON, why=why, by=by, now=now or tell_time())
        counts = _erase(found, redactor, erasure)
        Erasure.objects.filter(pk=erasure.pk).update(counts=dict(counts))
        erasure.refresh_from_db()
        _tell(erasure)
    return erasure


def _tell(erasure: Erasure) -> None:
    """Chain that this was an erasure and which rows of history it emptied: others that say so are a forgery.

    Without the reason: it may name somebody who is erased in turn, and this stays.
    """
    of_this = {"erased_at": erasure.at, "erased_by": erasure.by}
    events.record(
        erasure,
        "erasure.made",
        now=erasure.at,
        by=erasure.by,
        payloads=sorted(Payload.objects.filter(**of_this).values_list("pk", flat=True)),
        moves=sorted(StatusChange.objects.filter(**of_this).values_list("pk", flat=True)),
    )


def _erase(found: _Found, redactor: Redactor, erasure: Erasure) -> Counter[str]:
    counts = Counter[str]()
    counts["sources.Snapshot"] = _redact_pages(found, redactor, erasure)
    counts["claims.Appearance"] = _erase_appearances(found, now=erasure.at)
    counts["claims.Claim"] = _erase_claims(found, erasure)
    counts["claims.Link"] = erased_links.erase(found.claims, erasure)
    counts["claims.Drift"] = erased_links.erase_places(found.appearances, erasure)
    counts.update(erased_notes.erase(found.claims, redactor.names, erasure))
    counts["sources.Source"] = _erase_sources(found)
    counts["sources.Document"] = _erase_addresses(redactor, erasure)
    counts["sources.Feed"] = feeds.forget(redactor.names.are_in, erasure)
    counts["sources.Archiving"] = archiving.forget(redactor.names.are_in, now=erasure.at)
    counts["sources.RawBytes"] = pages.forget_exchanges(redactor.hits, erasure)
    counts["claims.KnownCheck"] = known_checks.forget(redactor, erasure)
    # Words of the erased texts may be among them: a chore counts those that are left.
    counts["claims.Term"] = Term.objects.all().delete()[0]
    counts.update(erased_satellites.erase(found.claims, redactor, erasure))
    counts.update(erased_columns.blacken(redactor))
    counts.update(erased_columns.blacken_reasons(redactor))
    pages.bar(filter(redactor.is_telling, found.sentences), erasure)
    return counts


def _lock(names: Names) -> None:
    """Hold the pages that name them, so that no look and no splitting of them ends between finding and erasing."""
    said = Snapshot.objects.only("document_id", "text", "title", "byline")
    hit = {one.document_id for one in said.iterator(CHUNK) if _names_them(one, names)}
    list(Document.objects.select_for_update(no_key=True).filter(pk__in=hit).order_by("pk").values_list("pk"))


def _hold(found: _Found) -> None:
    """Hold the claims before nobody else may record, with their groups: who decides on one of them now ends first."""
    groups.held(found.claims)
    erased_links.hold(found.appearances)


def _names_them(snapshot: Snapshot, names: Names) -> bool:
    return any(names.are_in(text) for text in (snapshot.text, snapshot.title, snapshot.byline))


def _find(names: Names, sources: set[int]) -> _Found:
    found = _Found(sources=sources | {one.source_id for one in SourceName.objects.all() if names.are_in(one.name)})
    found.sources |= {one.pk for one in Source.objects.all() if names.are_in(one.name)}
    told = Attribution.objects.values_list("appearance_id", "name", "source_id").iterator(CHUNK * 10)
    found.appearances = {pk for pk, name, source in told if source in found.sources or names.are_in(name)}
    said = Claim.objects.filter(erased_at__isnull=True).values_list("pk", "text", "claimant_id").iterator(CHUNK * 10)
    found.claims = {pk for pk, text, claimant in said if claimant in found.sources or names.are_in(text)}
    _find_places(found, names)
    _find_sentences(found, Redactor(names, salt=pages.salt()))
    _find_resting(found)
    return found


def _find_places(found: _Found, names: Names) -> None:
    """Add the appearances of those claims, and what else is quoted that names them, with their whole sentences."""
    wanted = Appearance.objects.only("claim_id", "quote", "snapshot_id", "spans")
    hit: dict[int, list[Appearance]] = {}
    for one in wanted.iterator(CHUNK * 10):
        if one.pk in found.appearances or one.claim_id in found.claims or names.are_in(one.quote):
            hit.setdefault(one.snapshot_id, []).append(one)
    for version, text in Snapshot.objects.filter(pk__in=hit).values_list("pk", "text").iterator(CHUNK):
        spans = [span for one in hit[version] for span in one.spans if span["start"] < len(text)]
        around = redaction.sentences_around(text, [(span["start"], min(span["end"], len(text))) for span in spans])
        found.appearances |= {one.pk for one in hit[version]}
        found.ranges.setdefault(version, []).extend(around)
        found.sentences |= {text[start:end] for start, end in around}


def _find_sentences(found: _Found, redactor: Redactor) -> None:
    """Add the sentences that name them, in every version of every page; and those already found, where they recur."""
    redactor.keys = {redaction.key_of(one, redactor.salt) for one in found.sentences if redactor.is_telling(one)}
    for one in Snapshot.objects.only("title", "byline", "text").iterator(CHUNK):
        for text in (one.title, one.byline, one.text):
            found.sentences |= {text[start:end] for start, end in redactor.ranges(text)}
        if around := redactor.ranges(one.text):
            found.ranges.setdefault(one.pk, []).extend(around)


def _find_resting(found: _Found) -> None:
    """Add what stands in those sentences, and the claims that stand nowhere else."""
    for pk, snapshot, spans in Appearance.objects.values_list("pk", "snapshot_id", "spans"):
        ranges = found.ranges.get(snapshot, [])
        if any(span["start"] < end and start < span["end"] for span in spans for start, end in ranges):
            found.appearances.add(pk)
    places = Appearance.objects.values_list("claim_id", flat=True)
    hit, elsewhere = places.filter(pk__in=found.appearances), places.exclude(pk__in=found.appearances)
    found.claims |= set(hit) - set(elsewhere)


def _redact_pages(found: _Found, redactor: Redactor, erasure: Erasure) -> int:
    """Black out the sentences in the versions, and pin again what was pinned there; return how many versions."""
    count = 0
    for one in Snapshot.objects.select_related("document").iterator(CHUNK):
        said = {name: getattr(one, name) for name in ("title", "byline", "text", "blocks", "links")}
        less = {name: redactor.of(said[name]) for name in ("title", "byline", "blocks")}
        less |= pages.covered(said, found.ranges.get(one.pk, []))
        less["links"] = [link for link in less["links"] if not redactor.hits(link)]
        if less == said:
            continue
        count += 1
        pages.redact(one, erasure, **less)
        _pin_again(one, less["text"])
        events.record(
            one.document, "document.erased", now=erasure.at, by=erasure.by, version=one.number, **_why(erasure)
        )
    return count


def _pin_again(snapshot: Snapshot, text: str) -> None:
    """Take quotes and what stands around them from the text as it is now."""
    for one in Appearance.objects.filter(snapshot=snapshot):
        pinned = [anchors.quote_at(text, span["start"], span["end"]) for span in one.spans]
        one.spans, one.quote = [asdict(quote) for quote in pinned], " … ".join(quote.exact for quote in pinned)
        one.save(update_fields=["spans", "quote"])
    for held in Evidence.objects.filter(snapshot=snapshot).exclude(exact=""):
        quote = anchors.quote_at(text, held.start or 0, held.end or 0)
        held.exact, held.prefix, held.suffix = quote.exact, quote.prefix, quote.suffix
        held.sentence = anchors.sentence_at(text, quote.start, quote.end)
        held.save(update_fields=["exact", "prefix", "suffix", "sentence"])


def _erase_appearances(found: _Found, *, now: datetime) -> int:
    """Black out quotes and chains, and end the appearances: for us the sentence no longer stands there."""
    for one in Appearance.objects.filter(pk__in=found.appearances).iterator(CHUNK):
        one.spans = [
            {part: redaction.blackened(value) if isinstance(value, str) else value for part, value in span.items()}
            for span in one.spans
        ]
        one.quote, one.anchor_sentence = redaction.blackened(one.quote), ""
        one.because, one.fingerprint = [], uuid4().hex  # the old one could be guessed from the words
        one.ended_at = one.ended_at or now
        one.save()
    Attribution.objects.filter(appearance__in=found.appearances).update(name=GONE, cue="")
    Reread.objects.filter(appearance__in=found.appearances, what=Reread.What.CHAIN).update(was=[])
    return len(found.appearances)


def _erase_claims(found: _Found, erasure: Erasure) -> int:
    claims = list(Claim.objects.filter(pk__in=found.claims, erased_at__isnull=True))
    found.sentences |= {claim.text for claim in claims}
    for claim in claims:
        rows = Claim.objects.filter(pk=claim.pk)
        blank: dict[str, Any] = {name: redaction.blackened(getattr(claim, name)) for name in ("said_where", "topic")}
        blank |= {"text": GONE, "written": "", "edits": []}
        ledger.reschedule(rows, due_at=None, holds_until=None, erased_at=erasure.at, **blank)
        events.record(claim, "claim.erased", now=erasure.at, by=erasure.by, **_why(erasure))
    return len(claims)


def _erase_sources(found: _Found) -> int:
    SourceName.objects.filter(source__in=found.sources).delete()
    return Source.objects.filter(pk__in=found.sources).update(name=GONE, home_domains=[])


def _erase_addresses(redactor: Redactor, erasure: Erasure) -> int:
    """Take away addresses that hold the name; the page is no longer watched, and does not come in again unseen."""
    hit = [one for one in Document.objects.exclude(url="") if redactor.names.are_in(f"{one.url} {one.identity}")]
    for one in hit:
        pages.bar([one.identity, one.url], erasure)
        rows = Document.objects.filter(pk=one.pk)
        ledger.reschedule(rows, due_at=None, url="", identity=f"erased:{one.uid}", paused_at=erasure.at)
    return len(hit)


def _why(erasure: Erasure) -> dict[str, Any]:
    return {"why": erasure.why, "erasure": str(erasure.uid)}


@transaction.atomic
def take_down(snapshot: Snapshot, *, why: str, by: User, now: datetime, with_quotes: bool = False) -> Erasure:
    """Empty one version of a page; quotes that were pinned in it stay unless asked. Raises ErasureRefused."""

    def also(erasure: Erasure) -> None:
        told: dict[str, Any] = {"version": snapshot.number, "with_quotes": with_quotes, **_why(erasure)}
        events.record(snapshot.document, "document.taken_down", now=now, by=by, **told)
        if with_quotes:
            _erase_quotes(snapshot, erasure)
        _tell(erasure)

    return pages.take_down(snapshot, why=why, by=by, now=now, also=also)


def _erase_quotes(snapshot: Snapshot, erasure: Erasure) -> None:
    places = set(Appearance.objects.filter(snapshot=snapshot).values_list("pk", flat=True))
    held = Evidence.objects.filter(snapshot=snapshot).exclude(exact="")
    _erase_appearances(_Found(appearances=places), now=erasure.at)
    erased_links.erase_places(places, erasure)
    claims = set(held.values_list("claim_id", flat=True))
    claims |= set(Appearance.objects.filter(pk__in=places).values_list("claim_id", flat=True))
    for one in held:
        erased_satellites.blacken_quote(one)
    erased_satellites.erase_words_of(Claim.objects.filter(pk__in=claims), erasure)
