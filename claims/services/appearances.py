"""One splitting on its way into rows: what stood in the version before keeps its claim, what is new becomes one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims import splitting
from claims.models import Appearance, Article, Attribution, Claim, Policy, Reread
from claims.models.claim import TEXT_LENGTH
from claims.services import events, evidence, flags, rereading
from claims.services.voices import Voices
from claims.splitting import FoundClaim
from claims.verification import anchors, staleness, versions
from claims.verification.staleness import StaleReason
from claims.verification.status import Status, at_birth
from claims.verification.versions import Said
from factcheck.lib.addresses import UrlRefused
from sources.fetching.redaction import is_blackened
from sources.models import Document, Snapshot, Source
from sources.services import documents, erasure

LINKS = 20  # of one sentence
Place = tuple[int, int]


class Storing:
    """One splitting on its way into rows; `new` counts the claims that it made.

    A place is the same by its words, whatever the article now says around them. A sentence that did not change keeps
    the claims it has: who "she" is may be read otherwise today, and nobody is served by the same claim twice.
    """

    def __init__(self, article: Article, snapshot: Snapshot, now: datetime) -> None:
        """Fetch what stands in the version before, and what stood there ever."""
        self.article, self.snapshot, self.now = article, snapshot, now
        self.outlet: Source | None = article.document.publisher
        self.voices = Voices(article.document, snapshot)
        self.new = 0
        related = article.appearances.select_related("claim", "snapshot", "article__document")
        past = list(related.prefetch_related("chain").order_by("id"))
        self.unseen = {one.pk: one for one in past if one.ended_at is None}
        self.taken: dict[Place, Place] = {}  # places of this version, each with where it stood before
        self.known: dict[tuple[str, str], Claim] = {}  # by its sentence, and by that and who says it
        for one in past:
            voice = next((link.name for link in reversed(one.chain.all())), "")
            for text in filter(None, (one.claim.written, one.claim.text)):
                self._know(text, voice, one.claim)
        self.settled = frozenset(key for one in self.unseen.values() for key in _sentences_of(one))
        self.reread: dict[int, dict[str, Reread]] = defaultdict(dict)
        for row in Reread.objects.filter(appearance__in=self.unseen):
            self.reread[row.appearance_id][row.what] = row
        self.holdings = Policy.objects.all().holdings()
        self.barred = erasure.Barred()

    def store(self, found: Sequence[FoundClaim]) -> int:
        """Re-anchor what stands here still, add what is new, end what vanished; return how many ended."""
        new = dict(enumerate(self._allowed(found)))
        for place, before in self._pairs(new, by=versions.BY_WORDS):
            self._again(self.unseen.pop(before), new.pop(place))
        for one in list(self.unseen.values()):
            if self._still_stands(one):
                del self.unseen[one.pk]
        new = {place: claim for place, claim in new.items() if not self._is_settled(claim)}
        for place, before in self._pairs(new, by=versions.BY_STATEMENT):
            self._reworded(self.unseen[before], new.pop(place))
        for claim in new.values():
            self._add(claim, of=self._known(claim) or self._claim(claim))
        return self._end_vanished()

    def _allowed(self, found: Sequence[FoundClaim]) -> Iterable[FoundClaim]:
        """Return each place once, without what was erased."""
        once: dict[str, FoundClaim] = {}
        for claim in found:
            once.setdefault(_fingerprint(claim), claim)
        for claim in once.values():
            if not self.barred(claim.text) and not any(is_blackened(span.quote) for span in claim.spans):
                yield claim

    def _pairs(self, new: dict[int, FoundClaim], *, by: Sequence[versions.Likeness]) -> list[tuple[int, int]]:
        before = {
            pk: Said(one.fingerprint, one.quote, one.claim.text, one.certainty) for pk, one in self.unseen.items()
        }
        now = {place: Said(_fingerprint(one), _quote(one), one.text, one.certainty) for place, one in new.items()}
        return list(versions.paired(before, now, by=by).items())

    def _is_settled(self, claim: FoundClaim) -> bool:
        keys = _sentences(self.snapshot.text, claim.spans[0].start, claim.spans[-1].end)
        return bool(keys) and self.settled.issuperset(keys)

    def _know(self, text: str, voice: str, claim: Claim) -> None:
        self.known[versions.key(text), ""] = self.known[versions.key(text), voice] = claim

    def _known(self, found: FoundClaim) -> Claim | None:
        """Return the claim of the article that says so; "we lost" in two mouths is two, for nobody knows who we are."""
        return self.known.get((versions.key(found.text), _voice(found) if found.unresolved else ""))

    def _again(self, one: Appearance, found: FoundClaim) -> None:
        """Re-anchor an appearance whose words stand here still; what the article says around them may be new."""
        fingerprint = _fingerprint(found)
        if one.fingerprint != fingerprint:
            flags.hold_against(one, self.snapshot.text, now=self.now)
            self._tell_certainty(one, found)
            one.fingerprint, one.quote = fingerprint, _quote(found)
            one.anchor, one.anchor_sentence = anchors.Anchor.HOLDS, ""
            self._read_anew(one, found)
        before, one.spans = _place(one.spans), _spans(self.snapshot.text, found)
        self.taken[_place(one.spans)], one.snapshot = before, self.snapshot
        one.save(update_fields=_READ)

    def _read_anew(self, one: Appearance, found: FoundClaim) -> None:
        """Take in how splitting reads it now, but for what a person said of it."""
        chain = [{"name": name, "cue": cue} for name, cue, _source in self._links(found)]
        kept = self.reread.get(one.pk, {})
        stays = rereading.read_anew(one, kept, certainty=found.certainty, kind=found.kind, chain=chain)
        if not one.is_by_hand:
            one.salience, one.because = found.salience, _because(found)
        if "chain" not in stays:
            Attribution.objects.filter(appearance=one).delete()
            self._chain(one, found)

    def _reworded(self, one: Appearance, found: FoundClaim) -> None:
        """Add another place to the claim whose sentence is said in other words; the old one is about to end."""
        flags.hold_against(one, self.snapshot.text, now=self.now)
        self._tell_certainty(one, found)
        self._add(found, of=one.claim)

    def _tell_certainty(self, one: Appearance, found: FoundClaim) -> None:
        """Tell that the article says the same with another certainty than in its version before.

        Where its sentence stands as it was, only our reading changed.
        """
        kept = self.reread.get(one.pk, {}).get("certainty")
        if found.certainty in {one.certainty, kept.was if kept else one.certainty}:
            return
        was, quote, document = flags.then(one)
        start, end = found.spans[0].start, found.spans[-1].end
        if quote and _sentences(was, quote.start, quote.end) == _sentences(self.snapshot.text, start, end):
            return
        told: dict[str, Any] = {"old": str(one.certainty), "new": str(found.certainty)}
        events.record(
            one.claim,
            "claim.certainty_changed",
            now=self.now,
            article=str(self.article.uid),
            appearance=str(one.uid),
            version=self.snapshot.number,
            **told,
        )
        flags.raise_flag(
            one.claim,
            StaleReason.CERTAINTY_CHANGED,
            document=document,
            now=self.now,
            quote=_quote(found),
            was=anchors.sentence_at(was, quote.start, quote.end) if quote else "",
            today=anchors.sentence_at(self.snapshot.text, start, end),
            **told,
        )

    def _claim(self, found: FoundClaim) -> Claim:
        # What a language model proposes says nothing of where we stand: it has no part in the status.
        status = at_birth(frozenset() if splitting.is_proposed(found) else frozenset({found.certainty}))
        holds_until = staleness.due_at(
            self.now, staleness.holds_for(self.holdings, status=Status(status), kind=found.kind)
        )
        claim = Claim.objects.create(
            text=found.text[:TEXT_LENGTH],
            written=found.text[:TEXT_LENGTH] if found.edits else "",
            edits=[asdict(edit) for edit in found.edits],
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

    def _add(self, found: FoundClaim, *, of: Claim) -> None:
        self._know(found.text, _voice(found), of)
        appearance = Appearance.objects.create(
            claim=of,
            article=self.article,
            snapshot=self.snapshot,
            spans=_spans(self.snapshot.text, found),
            quote=_quote(found),
            fingerprint=_fingerprint(found),
            certainty=found.certainty,
            kind=found.kind,
            salience=found.salience,
            because=_because(found),
        )
        self._chain(appearance, found)
        self._cited(of, found)

    def _chain(self, appearance: Appearance, found: FoundClaim) -> None:
        Attribution.objects.bulk_create(
            Attribution(appearance=appearance, position=place, name=name, cue=cue, source=source)
            for place, (name, cue, source) in enumerate(self._links(found))
        )

    def _links(self, found: FoundClaim) -> list[tuple[str, str, Source | None]]:
        """The article's outlet stands outermost; named links find or make their source, the others stay text."""
        links = [(link.source[:300], link.cue[:200], self.voices.meant(link.source)) for link in found.sources]
        if self.outlet is not None and not (links and links[0][2] == self.outlet):
            links.insert(0, (self.outlet.name[:300], "", self.outlet))
        return links

    def _cited(self, claim: Claim, found: FoundClaim) -> None:
        """Hyperlinks in the claim's sentence become pages to watch and suggested evidence."""
        start, end = anchors.sentence_span(self.snapshot.text, found.spans[0].start, found.spans[-1].end)
        cited = [link for link in self.snapshot.links if start <= link["start"] < end]
        for link in cited[:LINKS]:
            page = _watched(link["url"], now=self.now)
            if page is not None and page.pk != self.article.document_id:
                because = _("the sentence links to it: “%(text)s”") % {"text": link["text"][:200]}
                evidence.suggest(claim, page, because=because, now=self.now)

    def _still_stands(self, one: Appearance) -> bool:
        """Re-anchor what splitting did not find again, but whose sentence stands here as it was."""
        if one.snapshot_id == self.snapshot.pk:
            return True
        if _is_erased(one):
            return False
        old = one.snapshot.text
        found = [
            anchors.anchor(anchors.quote_at(old, span["start"], span["end"]), old, self.snapshot.text)
            for span in one.spans
        ]
        quotes = [asdict(each.quote) for each in found if each.quote is not None and each.anchor in anchors.STANDS]
        if len(quotes) < len(one.spans) or self._is_anothers(_place(quotes), _place(one.spans)):
            return False
        one.snapshot, one.spans, one.anchor = self.snapshot, quotes, found[0].anchor
        one.save(update_fields=["snapshot", "spans", "anchor"])
        return True

    def _is_anothers(self, place: Place, before: Place) -> bool:
        """Say whether what stands here stood elsewhere before: the same words, but not these."""
        return self.taken.setdefault(place, before) != before

    def _end_vanished(self) -> int:
        """End the appearances that this version no longer has; their claims stay, with their verdicts."""
        for one in self.unseen.values():
            flags.hold_against(one, self.snapshot.text, now=self.now)
        return Appearance.objects.filter(pk__in=self.unseen).update(ended_at=self.now)


_READ = [
    "snapshot", "spans", "quote", "fingerprint", "certainty", "kind", "salience", "because", "anchor",
    "anchor_sentence",
]  # fmt: skip


def _is_erased(one: Appearance) -> bool:
    text = one.snapshot.text
    return one.snapshot.is_taken_down or any(is_blackened(text[span["start"] : span["end"]]) for span in one.spans)


def _sentences_of(one: Appearance) -> Sequence[str]:
    """Return the sentences in which splitting found it, as two versions can be compared."""
    if one.claim.origin != Claim.Origin.SPLIT or _is_erased(one):
        return ()
    return _sentences(one.snapshot.text, one.spans[0]["start"], one.spans[-1]["end"])


def _sentences(text: str, start: int, end: int) -> Sequence[str]:
    cut = anchors.table(text)
    return cut.keys_of(cut.around(start, end))


def _watched(url: str, *, now: datetime) -> Document | None:
    try:
        return documents.watch(url, now=now)[0]
    except UrlRefused:
        return None  # the page links to something that we never look at


def _place(spans: Sequence[dict[str, Any]]) -> Place:
    return spans[0]["start"], spans[-1]["end"]


def _voice(found: FoundClaim) -> str:
    return found.sources[-1].source if found.sources else ""


def _quote(found: FoundClaim) -> str:
    return " … ".join(span.quote for span in found.spans)


def _because(found: FoundClaim) -> list[str]:
    """Return what decided, and what splitting left open rather than guess."""
    return [*found.because, *(f"“{span.quote}” left as it stands" for span in found.unresolved)]


def _spans(text: str, found: FoundClaim) -> list[dict[str, Any]]:
    return [asdict(anchors.quote_at(text, span.start, span.end)) for span in found.spans]


def _fingerprint(found: FoundClaim) -> str:
    """Return what makes an appearance the same one in the next version: its words, chain, certainty and kind."""
    parts: Sequence[str] = [
        *(versions.key(span.quote) for span in found.spans),
        "|",
        *(versions.key(link.source) for link in found.sources),
        "|",
        found.certainty,
        found.kind,
        versions.key(found.text),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
