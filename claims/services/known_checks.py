"""Keeping what others checked: each fact-check once, by its address, with what it said before it was corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urldefrag

from django.db import transaction
from django.db.models import F, Max, QuerySet

from claims.known.making import digest
from claims.known.ratings import Table
from claims.known.types import Published
from claims.models import KnownCheck, KnownFeed, KnownVersion
from claims.models.known import SAID
from claims.services import known_ratings
from factcheck.access.models import User
from factcheck.lib.addresses import registrable_domain
from sources.fetching import redaction
from sources.models import ErasedText, Source
from sources.services import erasure as erased

AT_ONCE = 500
# Of two that tell of one fact-check the one nearer to its publisher counts, unless it has told nothing for so long.
NEARER_COUNTS_FOR = timedelta(days=90)
_NEARNESS = {way: place for place, way in enumerate(("archive", "tools", "datafeed", "page"))}
# What a publisher corrects; who publishes it and in which language is only known better.
_CORRECTED = tuple(name for name in SAID if name not in {"language", "publisher", "site"})
_TEXTS = ("text", "claimant", "title", "rating", "publisher")
Way = KnownCheck.Way


@dataclass(slots=True)
class Kept:
    """How many came in anew, were changed by their publisher, were the same, were known better, or were left out."""

    new: int = 0
    changed: int = 0
    same: int = 0
    known_better: int = 0
    erased: int = 0

    @property
    def is_news(self) -> bool:
        """Whether anything is otherwise than before."""
        return bool(self.new or self.changed)


@transaction.atomic
def keep(
    published: Sequence[Published],
    *,
    way: Way,
    now: datetime,
    feed: KnownFeed | None = None,
    by: User | None = None,
) -> Kept:
    """Write what was read; what is new, or says another claim, is due to be held against our claims."""
    kept, rules = Kept(), known_ratings.table()
    for start in range(0, len(published), AT_ONCE):
        _Batch(way, now, feed, by, rules, kept).take(published[start : start + AT_ONCE])
    return kept


@dataclass(frozen=True, slots=True)
class _Batch:
    way: Way
    now: datetime
    feed: KnownFeed | None
    by: User | None
    rules: Table
    kept: Kept

    def take(self, published: Sequence[Published]) -> None:
        known = self._known(published)
        sources = _publishers(published)
        new, same = [], []
        for one in _screened(published):
            row = known.get(one.identity) if one else None
            if one is None or (row is not None and row.erased_at is not None):
                self.kept.erased += 1
            elif row is None:
                new.append(self._row(one, sources))
            elif self._is_known_better(row):
                self.kept.known_better += 1
            elif row.source_id != _source(one, sources) or _differs(row, one):
                self._change(row, one, sources)
            else:
                same.append(row.pk)
        # Whoever else brings the same in at this moment was first; the next look compares.
        KnownCheck.objects.bulk_create(new, ignore_conflicts=True)
        KnownCheck.objects.filter(pk__in=same).update(**self._seen())
        self.kept.new += len(new)
        self.kept.same += len(same)

    def _known(self, published: Sequence[Published]) -> dict[str, KnownCheck]:
        """Return the rows of these by identity, also of those that an address held alone before, or holds alone now."""
        others = {one.identity: _identity_otherwise(one) for one in published}
        locked = KnownCheck.objects.select_for_update(no_key=True, of=("self",)).select_related("feed")
        rows = locked.defer("vector", "words").filter(identity__in={*others, *others.values()}).order_by("pk")
        known = {row.identity: row for row in rows}
        for one in published:
            row = known.get(others[one.identity])
            if one.identity not in known and row is not None and row.text == one.text:
                known[one.identity] = row
        return known

    def _is_known_better(self, row: KnownCheck) -> bool:
        is_farther = _nearness(self.way, self.feed, row) < _nearness(row.way, row.feed, row)
        return is_farther and row.last_seen_at > self.now - NEARER_COUNTS_FOR

    def _seen(self) -> dict[str, Any]:
        return {"last_seen_at": self.now, "missed": 0, "gone_at": None, "way": self.way, "feed": self.feed}

    def _row(self, one: Published, sources: Mapping[str, int]) -> KnownCheck:
        row = KnownCheck(
            identity=one.identity, imported_by=self.by, first_seen_at=self.now, due_at=self.now, **self._seen()
        )
        return self._filled(row, one, sources)

    def _filled(self, row: KnownCheck, one: Published, sources: Mapping[str, int]) -> KnownCheck:
        for name in (*SAID, "url", "identity"):
            setattr(row, name, getattr(one, name))
        row.source_id = _source(one, sources)
        meaning = known_ratings.meaning_of(row, self.rules)
        row.status, row.rule_id, row.status_because = meaning.status, meaning.rule, meaning.because
        return row

    def _change(self, row: KnownCheck, one: Published, sources: Mapping[str, int]) -> None:
        """Write what it says now; what it said before is kept where the publisher corrected something."""
        before = {name: getattr(row, name) for name in (*SAID, "status")}
        self._filled(row, one, sources)
        for name, value in self._seen().items():
            setattr(row, name, value)
        is_corrected = any(before[name] != getattr(row, name) for name in _CORRECTED)
        if is_corrected:
            number = (row.versions.aggregate(last=Max("number"))["last"] or 0) + 1
            KnownVersion.objects.create(known=row, number=number, until=self.now, **before)
            row.changed_at = self.now
        if before["text"] != row.text:  # a lease on what it said before is lost
            row.due_at, row.lease_until, row.lease_token, row.attempts = self.now, None, None, 0
        row.save(update_fields=_WRITTEN)
        self.kept.changed += is_corrected
        self.kept.same += not is_corrected


_WRITTEN = [
    *SAID, "url", "identity", "source", "status", "rule", "status_because", "way", "feed", "last_seen_at", "missed",
    "gone_at", "changed_at", "due_at", "lease_until", "lease_token", "attempts",
]  # fmt: skip


def _differs(row: KnownCheck, one: Published) -> bool:
    return any(getattr(row, name) != getattr(one, name) for name in (*SAID, "identity"))


def _identity_otherwise(one: Published) -> str:
    """Return the identity that it has where its address holds several, or where it holds one: see `making.apart`."""
    address, _sign, mark = one.identity.partition("#")
    return address if mark else f"{address}#{urldefrag(one.url).fragment or digest(one.text)}"


def _nearness(way: str, feed: KnownFeed | None, row: KnownCheck) -> int:
    """Rank who tells of a fact-check; its own page is nearer than a page that shows it among others."""
    is_own = way == Way.PAGE and feed is not None and feed.identity == row.identity.partition("#")[0]
    return _NEARNESS[way] + is_own


def _source(one: Published, sources: Mapping[str, int]) -> int | None:
    """Return whose site it stands on, or else who the site says it is of."""
    return sources.get(registrable_domain(one.url)) or sources.get(one.site)


def _publishers(published: Sequence[Published]) -> dict[str, int]:
    """Return the sources that these are of, by domain."""
    domains = {registrable_domain(one.url) for one in published} | {one.site for one in published} - {""}
    found = Source.objects.filter(home_domains__overlap=sorted(domains)).order_by("-pk")
    return {domain: pk for pk, home in found.values_list("pk", "home_domains") for domain in home}


def _screened(published: Sequence[Published]) -> Iterator[Published | None]:
    """Yield each with sentences blacked out that were erased before; None for one whose address was."""
    if not ErasedText.objects.exists():
        yield from published
        return
    salt = erased.salt()
    for one in published:
        addresses = {redaction.key_of(text, salt) for text in (one.identity, one.url)}
        places = {name: redaction.keys_in(getattr(one, name), salt) for name in _TEXTS}
        barred = erased.barred(addresses | {key for found in places.values() for key in found})
        yield None if addresses & barred.keys() else replace(one, **_blackened(one, places, barred))


def _blackened(one: Published, places: Mapping[str, Mapping[str, Any]], barred: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: redaction.blackened(getattr(one, name), [place for key in found if key in barred for place in found[key]])
        for name, found in places.items()
    }


# -- what is there no longer -----------------------------------------------------------------------

# One look without it may be the page's fault; a second one is not.
GONE_AFTER = 2


def missed(feed: KnownFeed, *, since: datetime, now: datetime) -> int:
    """Count another look without those that the feed told of before `since`; return how many count as gone now."""
    rows = KnownCheck.objects.filter(feed=feed, gone_at__isnull=True, last_seen_at__lt=since)
    rows.update(missed=F("missed") + 1)
    return _gone(feed, rows.filter(missed__gte=GONE_AFTER), now=now)


def same(feed: KnownFeed, *, now: datetime) -> None:
    """Take all as it stood at the last reading, also what was missed then already: that is missed once more."""
    rows = KnownCheck.objects.filter(feed=feed, gone_at__isnull=True)
    rows.filter(missed=0).update(last_seen_at=now)
    rows.filter(missed__gt=0).update(missed=F("missed") + 1)
    _gone(feed, rows.filter(missed__gte=GONE_AFTER), now=now)


def gone(feed: KnownFeed, *, now: datetime) -> int:
    """Let all that stood on a page be gone, as the page is; return how many."""
    return _gone(feed, KnownCheck.objects.filter(feed=feed, gone_at__isnull=True), now=now)


def _gone(feed: KnownFeed, rows: QuerySet[KnownCheck], *, now: datetime) -> int:
    """Let these be gone. Another file may list them still: "not modified" would not say so, it is read whole once more.

    Those that are looked at this moment are left alone, so that no two looks wait for each other.
    """
    count = rows.update(gone_at=now)
    if count and feed.kind == KnownFeed.Kind.DATAFEED:
        others = KnownFeed.objects.filter(kind=feed.kind).exclude(pk=feed.pk).exclude(etag="", last_modified="")
        free = others.select_for_update(skip_locked=True, no_key=True, of=("self",)).values_list("pk", flat=True)
        KnownFeed.objects.filter(pk__in=list(free)).update(etag="", last_modified="")
    return count


# -- forgetting ------------------------------------------------------------------------------------


def forget(redactor: redaction.Redactor, erasure: Any) -> int:
    """Take fact-checks that name somebody out of use, with their addresses; what they say later stays out as well.

    Their words are blacked out as in every table. Return how many.
    """
    columns = ("url", "identity", *_TEXTS)
    hit = []
    for pk, *said in KnownCheck.objects.values_list("pk", *columns).iterator(chunk_size=AT_ONCE):
        if any(map(redactor.hits, said)):
            hit.append(pk)
            if redactor.names.are_in(f"{said[0]} {said[1]}"):
                erased.bar(said[:2], erasure)
                KnownCheck.objects.filter(pk=pk).update(url="", identity=f"erased:{pk}")
    rows = KnownCheck.objects.filter(pk__in=hit)
    rows.update(
        erased_at=erasure.at, due_at=None, lease_until=None, lease_token=None, vector=None, words=None, model=""
    )
    for one in KnownFeed.objects.exclude(url=""):
        if redactor.names.are_in(f"{one.url} {one.identity}"):
            erased.bar([one.identity, one.url], erasure)
            blank = {"url": "", "identity": f"erased:{one.pk}", "paused_at": erasure.at, "more": ""}
            KnownFeed.objects.filter(pk=one.pk).update(due_at=None, lease_until=None, lease_token=None, **blank)
    return len(hit)
