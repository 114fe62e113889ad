"""Feeds that are watched: fetched and read outside any transaction, and what they tell of recorded in one.

An entry is written once, with what becomes of it; one that is to come in is a row that is due, which the app above
leases. So a process that is killed anywhere neither loses an entry nor takes one in twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from factcheck import ledger
from factcheck.access.models import User
from factcheck.lib.addresses import UrlRefused, canonical_url, checked_url, registrable_domain
from factcheck.lib.answers import Failed, Response, Validators
from factcheck.lib.crashpoints import crashpoint
from sources.fetching import pace, polling
from sources.fetching.feeds import read_feed_in_jail
from sources.fetching.outcomes import FEED_TYPES, outcome_of, why
from sources.fetching.robots import address
from sources.fetching.types import Entry, FeedReading, Outcome, Unreadable
from sources.models import Erasure, Feed, FeedEntry, Source
from sources.services import checks, erasure, hosts, robots, visits

# Of one look so many entries come in at most: a site that moved tells of all it has as if it were new.
MOST_NEW = 50
# Of how many entries the pace is learnt.
PACED_BY = 20
# An entry may bear the time it was begun at; what is older than the watching by more is no news.
BEGUN_BEFORE = timedelta(days=1)
DETAIL = 300
Became = FeedEntry.Became
Read = Callable[..., FeedReading | Unreadable]


@dataclass(frozen=True, slots=True)
class Poll(checks.Look):
    """What one look at a feed saw; `outcome` is None where there is a reading. `others` are feeds that a page names."""

    feed: FeedReading | None = None
    others: tuple[str, ...] = ()


def watch(
    url: str, *, now: datetime, by: User | None = None, source: Source | None = None, begin_with: int = 0
) -> tuple[Feed, bool]:
    """Find or make the feed at that address, due for its first look; raises UrlRefused. True where it is new.

    Without a source it is of the one whose home the address is on, if that is known.
    """
    found = _address(url)
    feed, is_new = Feed.objects.get_or_create(
        identity=found.identity,
        defaults={
            "url": found.url,
            "host": hosts.of(found.url),
            "source": source or _at_home(found.url),
            "begin_with": begin_with,
            "added_by": by,
            "created_at": now,
            "due_at": now,
            "due_because": "not looked at yet",
        },
    )
    return feed, is_new


@dataclass(frozen=True, slots=True)
class _Address:
    url: str
    identity: str


def _address(url: str) -> _Address:
    checked = checked_url(url.strip())
    identity = canonical_url(checked)
    if gone := erasure.barred_text(identity):
        raise UrlRefused("erased", erasure.mark(gone))
    return _Address(checked, identity)


def _at_home(url: str) -> Source | None:
    domain = registrable_domain(url)
    return Source.objects.filter(home_domains__contains=[domain]).order_by("pk").first() if domain else None


# -- looking ---------------------------------------------------------------------------------------


def ask(feed: Feed, heard: visits.Heard, *, now: datetime, read: Read = read_feed_in_jail) -> checks.Look | None:
    """Look at a feed by its host's rules, or ask for these first (None); touches no row."""
    if not robots.is_known(feed.host, now=now):
        return visits.unasked(feed.host, heard(address(feed.url), validators=None))
    if not robots.allows(feed.host, feed.url):
        return Poll(Outcome.BLOCKED, "robots.txt of the site asks us to leave this feed alone", None, 0)
    return look_at(feed, fetch=heard, read=read)


def look_at(feed: Feed, *, fetch: checks.Fetch, read: Read = read_feed_in_jail) -> Poll:
    """Fetch the feed and read it in the jail; touches no row. Expected failures come back as outcomes."""
    validators = Validators(feed.etag, feed.last_modified) if feed.since else None
    answer = fetch(feed.url, validators=validators)
    crashpoint("fetch.after_body")
    took_ms = round(answer.took * 1000)
    outcome = outcome_of(answer, FEED_TYPES)
    if isinstance(answer, Failed):
        return Poll(outcome, why(answer, FEED_TYPES), None, took_ms)
    if outcome is not None:
        asked = answer.headers.get("retry-after", "")
        return Poll(outcome, why(answer, FEED_TYPES), answer.status, took_ms, retry_after=asked)
    try:
        reading = read(answer.body, media_type=answer.media_type, url=answer.url)
    except OSError as error:  # our own machine is short of something: the feed is not to blame
        return Poll(Outcome.UNREACHABLE, f"could not be read here: {error}", answer.status, took_ms)
    return _judged(feed, reading, answer, took_ms)


def _judged(feed: Feed, reading: FeedReading | Unreadable, answer: Response, took_ms: int) -> Poll:
    """Say whether what was read is a feed, or a page in its place."""
    if isinstance(reading, Unreadable):
        is_ours = reading.reason == "wall"
        outcome = Outcome.UNREACHABLE if is_ours else Outcome.UNSUPPORTED
        return Poll(outcome, f"could not be read within its bounds: {reading.reason}", answer.status, took_ms)
    if reading.truncated in _NO_FEED:
        if feed.since:  # a notice of works or a wall in its place, which passes
            return Poll(Outcome.UNREACHABLE, "a page came instead of the feed", answer.status, took_ms)
        named = "This is a page, not a feed. It names the feeds below: watch one of them instead."
        detail = named if reading.others else reading.problems[0]
        return Poll(Outcome.UNSUPPORTED, detail, answer.status, took_ms, others=reading.others)
    seen = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    return Poll(None, " ".join(reading.problems), answer.status, took_ms, validators=seen, feed=reading)


_NO_FEED = frozenset({"not_a_feed", "entities"})


# -- recording -------------------------------------------------------------------------------------


@transaction.atomic
def record(held: ledger.Lease, look: checks.Look, *, now: datetime, rng: random.Random | None = None) -> Outcome:
    """Write the look, and the entries that are new, in the transaction that gives the feed back; raises LeaseLost."""
    feed = Feed.objects.select_for_update(no_key=True).get(pk=held.pk)
    outcome, detail = _outcome(feed, look, now=now)
    feed.others = list(look.others) if isinstance(look, Poll) else []
    if isinstance(look, Poll) and look.feed is not None:
        outcome = Outcome.CHANGED if _tell(feed, look.feed, now=now) else Outcome.UNCHANGED
        feed.etag, feed.last_modified = look.validators.etag[:1000], look.validators.last_modified[:200]
        feed.title, feed.since = look.feed.title or feed.title, feed.since or now
    if outcome in _READ:
        feed.seen_at, feed.absent_since, feed.failures = now, None, 0
    else:
        feed.failures += 1
    feed.outcome, feed.outcome_detail, feed.checked_at = outcome, detail[:DETAIL], now
    again = _when_next(feed, look, now=now, rng=rng or random.SystemRandom())
    feed.due_because = again.because[:DETAIL]
    feed.save(update_fields=_COLUMNS)
    ledger.finish(held, due_at=again.at)
    crashpoint("check.before_commit")
    return outcome


_READ = frozenset({Outcome.CHANGED, Outcome.UNCHANGED})
_COLUMNS = [
    "outcome", "outcome_detail", "others", "checked_at", "seen_at", "since", "absent_since", "failures", "title",
    "etag", "last_modified", "due_because",
]  # fmt: skip


def _outcome(feed: Feed, look: checks.Look, *, now: datetime) -> tuple[Outcome, str]:
    """Return what the look counts as: that a feed is gone must be seen twice."""
    if look.outcome is not Outcome.GONE:
        return look.outcome or Outcome.UNCHANGED, look.detail
    if feed.absent_since is None:
        feed.absent_since = now
        return Outcome.UNREACHABLE, f"{look.detail}: it counts as gone when a second look sees the same"
    return Outcome.GONE, look.detail


def _when_next(feed: Feed, look: checks.Look, *, now: datetime, rng: random.Random) -> pace.Look:
    if feed.absent_since == now:
        return pace.Look(now + timedelta(seconds=settings.CHANGE_LOOKS_APART), "a second look confirms that it is gone")
    newest = feed.entries.order_by("-pk").values_list("published_at", "seen_at")[:PACED_BY]
    return polling.next_look(
        now=now,
        came_at=[min(published or seen, seen) for published, seen in newest],
        outcome=Outcome(feed.outcome),
        failures=feed.failures,
        rng=rng,
        hint=pace.retry_after(look.retry_after, now=now),
    )


def _tell(feed: Feed, reading: FeedReading, *, now: datetime) -> int:
    """Write the entries that were never seen before, each with what becomes of it; return how many."""
    known = set(feed.entries.filter(key__in=[one.key for one in reading.entries]).values_list("key", flat=True))
    new = [one for one in reading.entries if one.key not in known]
    identities = {one.key: _identity(one.url) for one in new}
    told = set(feed.entries.filter(identity__in=set(identities.values()) - {""}).values_list("identity", flat=True))
    rows, room = [], feed.begin_with if feed.since is None else MOST_NEW
    for entry in new:
        identity = identities[entry.key]
        left_out = _left_out(feed, entry, is_told=identity in told, has_room=room > 0)
        rows.append(_row(feed, entry, identity, left_out, now=now))
        room -= left_out is None
        told |= {identity} - {""}
    # The newest last, so that rows stand in the order of their coming.
    FeedEntry.objects.bulk_create(reversed(rows))
    return len(rows)


def _identity(url: str) -> str:
    return canonical_url(url) if url else ""


def _left_out(feed: Feed, entry: Entry, *, is_told: bool, has_room: bool) -> tuple[Became, str] | None:
    """Return why an entry does not come in, and as what it is kept; None for one that does."""
    if not entry.url:
        return Became.REFUSED, entry.refused or "It leads nowhere: the feed gives no link for it."
    if is_told:
        return Became.PASSED, "The feed told of this address before."
    if feed.since is None:
        return None if has_room else (Became.PASSED, "It was there before the feed was watched.")
    if entry.published_at and entry.published_at < feed.since - BEGUN_BEFORE:
        return Became.PASSED, "It was published before the feed was watched."
    return None if has_room else (Became.PASSED, f"The feed told of more than {MOST_NEW} new entries at once.")


def _row(feed: Feed, entry: Entry, identity: str, left_out: tuple[Became, str] | None, *, now: datetime) -> FeedEntry:
    became, detail = left_out or (Became.WAITING, "")
    return FeedEntry(
        feed=feed,
        key=entry.key,
        url=entry.url,
        identity=identity,
        title=entry.title,
        published_at=entry.published_at,
        seen_at=now,
        became=became,
        detail=detail[:DETAIL],
        due_at=now if became == Became.WAITING else None,
    )


# -- what people do --------------------------------------------------------------------------------


@transaction.atomic
def look_now(feed: Feed, *, now: datetime) -> bool:
    """Make a watched feed due at once, also one that is stuck, with its stuck entries; False where it is paused."""
    ledger.requeue(feed.entries.all(), now=now)
    watched = Feed.objects.watched().filter(pk=feed.pk)
    return bool(ledger.reschedule(watched, due_at=now, due_because="somebody asked for it"))


def pause(feed: Feed, *, now: datetime) -> None:
    """Stop looking at a feed until it is resumed; what it told of before still comes in."""
    ledger.reschedule(Feed.objects.filter(pk=feed.pk), due_at=None, paused_at=now)


def resume(feed: Feed, *, now: datetime) -> None:
    """Look at a paused feed again, now."""
    Feed.objects.filter(pk=feed.pk).update(paused_at=None)
    look_now(feed, now=now)


@transaction.atomic
def point_at(feed: Feed, url: str, *, now: datetime) -> bool:
    """Watch another address in place of one that never was a feed; False where that is watched already.

    Raises UrlRefused, and for an address that the page there did not name.
    """
    locked = Feed.objects.select_for_update(no_key=True).get(pk=feed.pk)
    if url not in locked.others or locked.since is not None:
        raise UrlRefused("url_invalid", "This address is not among the feeds that were found there.")
    found = _address(url)
    if Feed.objects.filter(identity=found.identity).exclude(pk=feed.pk).exists():
        return False
    ledger.reschedule(
        Feed.objects.filter(pk=feed.pk),
        due_at=None if locked.paused_at else now,
        url=found.url, identity=found.identity, host=hosts.of(found.url), others=[], failures=0, absent_since=None,
        outcome="", outcome_detail="", due_because="not looked at yet",
    )  # fmt: skip
    return True


def take_in(entries: Sequence[int], feed: Feed, *, now: datetime) -> int:
    """Let entries come in that were left out; return how many. One that leads nowhere cannot."""
    left_out = feed.entries.filter(pk__in=entries, became=Became.PASSED)
    return left_out.update(became=Became.WAITING, detail="", due_at=now)


# -- forgetting ------------------------------------------------------------------------------------


def forget(is_naming: Callable[[str], bool], erased: Erasure) -> int:
    """Take away addresses that hold a name; what had them is neither looked at nor taken in again. Return how many."""
    named = [one for one in Feed.objects.exclude(url="") if is_naming(f"{one.url} {one.identity}")]
    for one in named:
        erasure.bar([one.identity, one.url], erased)
        gone = {"url": "", "identity": f"erased:{one.pk}", "others": [], "paused_at": erased.at}
        ledger.reschedule(Feed.objects.filter(pk=one.pk), due_at=None, **gone)
    told = FeedEntry.objects.exclude(url="").values_list("pk", "url", "identity").iterator(erasure.BATCH)
    hit = [(pk, url, identity) for pk, url, identity in told if is_naming(f"{url} {identity}")]
    erasure.bar((text for _pk, *texts in hit for text in texts), erased)
    entries = FeedEntry.objects.filter(pk__in=[pk for pk, *_texts in hit])
    waiting = entries.filter(became=Became.WAITING)
    ledger.reschedule(waiting, due_at=None, became=Became.REFUSED, detail=erasure.mark(erased))
    entries.update(url="", identity="")
    return len(named) + len(hit)
