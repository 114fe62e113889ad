"""Where others publish what they checked: asked again and again, outside any transaction, so that corrections arrive.

As with feeds of articles, a row and its host are leased together, what came is read in the jail, and what is found is
written in the transaction that gives the row back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.conf import settings
from django.db import transaction

from claims.known import tools
from claims.known.reading import read_in_jail
from claims.known.types import Shape, Told
from claims.models import KnownFeed
from claims.services import known_checks
from claims.services.known_checks import Kept, Way
from factcheck import ledger
from factcheck.access.models import User
from factcheck.lib.addresses import UrlRefused, canonical_url, checked_url
from factcheck.lib.answers import Failed, Limits, Response, Validators
from factcheck.lib.crashpoints import crashpoint
from sources.fetching import pace, polling
from sources.fetching.feeds import read_feed_in_jail
from sources.fetching.outcomes import FEED_TYPES, outcome_of, why
from sources.fetching.robots import address
from sources.fetching.types import FeedReading, Outcome, Unreadable
from sources.services import checks, erasure, hosts, robots, visits

Kind = KnownFeed.Kind
# Of one look so many pages of a feed are taken up at most; what is beyond is said.
MOST_NEW = 50
# Of a search so many pages of its answer are read, one a look.
MOST_PAGES = 10
NEXT_PAGE = timedelta(seconds=5)
# A page that a feed told of is asked for less and less while it stays as it is, and no more where none ever stood.
MOST_DOUBLINGS, LATEST = 5, timedelta(days=30)
LOOKS_WITHOUT = 3
AHEAD = timedelta(days=1)
DETAIL, MOST_LACKS = 300, 20
LARGE = Limits(max_bytes=64 * 1024 * 1024)
_TYPES = FEED_TYPES | {
    "application/xhtml+xml", "application/ld+json", "application/octet-stream", "binary/octet-stream",
}  # fmt: skip
_SHAPES: Mapping[str, Shape] = MappingProxyType(
    {Kind.PAGE: Shape.PAGE, Kind.DATAFEED: Shape.DATAFEED, Kind.TOOLS: Shape.TOOLS}
)
_WAYS: Mapping[str, Way] = MappingProxyType({Kind.PAGE: Way.PAGE, Kind.DATAFEED: Way.DATAFEED, Kind.TOOLS: Way.TOOLS})
Read = Callable[..., Told | Unreadable]
ReadFeed = Callable[..., FeedReading | Unreadable]


@dataclass(frozen=True, slots=True)
class Poll(checks.Look):
    """What one look saw; `outcome` is None where something was read: fact-checks, or addresses of pages."""

    told: Told | None = None
    pages: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads hostile bytes."""

    told: Read = read_in_jail
    feed: ReadFeed = read_feed_in_jail


JAIL = Readers()


# -- watching --------------------------------------------------------------------------------------


def watch(
    url: str,
    kind: Kind,
    *,
    now: datetime,
    by: User | None = None,
    title: str = "",
    every_hours: int = 24,
    told_by: KnownFeed | None = None,
) -> tuple[KnownFeed, bool]:
    """Find or make where fact-checks are read, due for its first look; raises UrlRefused. True where it is new."""
    checked = checked_url(url.strip())
    identity = canonical_url(checked)
    if gone := erasure.barred_text(identity):
        raise UrlRefused("erased", erasure.mark(gone))
    return KnownFeed.objects.get_or_create(
        identity=identity,
        defaults={
            "kind": kind,
            "url": checked,
            "host": hosts.of(checked),
            "title": title[:DETAIL],
            "every_hours": every_hours,
            "told_by": told_by,
            "added_by": by,
            "created_at": now,
            "due_at": now,
            "due_because": "not looked at yet",
        },
    )


def search(
    query: str, *, language: str, site: str, max_age_days: int, now: datetime, by: User, every_hours: int = 24
) -> tuple[KnownFeed, bool]:
    """Watch a search with Google's Fact Check Tools; raises UrlRefused, also where no key is set."""
    if not settings.FACTCHECK_TOOLS_KEY:
        raise UrlRefused("url_invalid", _NO_KEY)
    if not query.strip() and not site.strip():
        raise UrlRefused("url_invalid", "Give words to search for, or the domain of a publisher.")
    words, domain = query.strip(), site.strip()
    url = tools.address(
        settings.FACTCHECK_TOOLS_URL, query=words, language=language.strip(), site=domain, max_age_days=max_age_days
    )
    title = " ".join(filter(None, [words, domain]))
    return watch(url, Kind.TOOLS, now=now, by=by, title=title, every_hours=every_hours)


_NO_KEY = "FACTCHECK_TOOLS_KEY is not set: make a key for the Fact Check Tools API, or read pages and feeds."


# -- looking ---------------------------------------------------------------------------------------


def ask(feed: KnownFeed, heard: visits.Heard, *, now: datetime, readers: Readers = JAIL) -> checks.Look | None:
    """Look by the host's rules, or ask for these first (None); touches no row. Who gave us a key has said we may."""
    if feed.kind == Kind.TOOLS:
        return _search(feed, heard, now=now, readers=readers)
    if not robots.is_known(feed.host, now=now):
        return visits.unasked(feed.host, heard(address(feed.url), validators=None))
    if not robots.allows(feed.host, feed.url):
        return Poll(Outcome.BLOCKED, "robots.txt of the site asks us to leave this address alone", None, 0)
    validators = Validators(feed.etag, feed.last_modified) if feed.seen_at else None
    limits = {"limits": LARGE} if feed.kind == Kind.DATAFEED else {}
    return _read(feed, heard(feed.url, validators=validators, **limits), now=now, readers=readers)


def _search(feed: KnownFeed, heard: visits.Heard, *, now: datetime, readers: Readers) -> Poll:
    """Ask the service for a page of its answer. The key goes in a field, and to the address of the setting alone."""
    key = settings.FACTCHECK_TOOLS_KEY
    if not key:
        return Poll(Outcome.BLOCKED, _NO_KEY, None, 0)
    is_safe = settings.FACTCHECK_TOOLS_URL.startswith("https://") or settings.LOOPBACK_HOSTS
    if not is_safe:
        return Poll(Outcome.BLOCKED, "FACTCHECK_TOOLS_URL begins with http://: the key would travel open.", None, 0)
    if not feed.url.startswith(f"{settings.FACTCHECK_TOOLS_URL}?"):
        return Poll(Outcome.BLOCKED, "FACTCHECK_TOOLS_URL is another one now: watch the search anew.", None, 0)
    fields = {"X-Goog-Api-Key": key, "Accept": "application/json", "User-Agent": settings.USER_AGENT}
    return _read(feed, heard(tools.next_page(feed.url, feed.more), headers=fields), now=now, readers=readers)


def _read(feed: KnownFeed, answer: Response | Failed, *, now: datetime, readers: Readers) -> Poll:
    crashpoint("fetch.after_body")
    took_ms = round(answer.took * 1000)
    outcome = outcome_of(answer, _TYPES)
    if isinstance(answer, Failed):
        return Poll(outcome, why(answer, _TYPES), None, took_ms)
    if outcome is not None:
        said = tools.fault(answer.body) if feed.kind == Kind.TOOLS else ""
        detail = f"{why(answer, _TYPES)}: {said}".rstrip(": ").replace(settings.FACTCHECK_TOOLS_KEY or "\0", "…")
        asked = answer.headers.get("retry-after", "")
        return Poll(outcome, detail, answer.status, took_ms, retry_after=asked)
    try:
        found = _found(feed, answer, now=now, readers=readers)
    except OSError as error:  # our own machine is short of something: nobody there is to blame
        return Poll(Outcome.UNREACHABLE, f"could not be read here: {error}", answer.status, took_ms)
    seen = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    return _judged(feed, found, Poll(None, "", answer.status, took_ms, validators=seen))


def _found(feed: KnownFeed, answer: Response, *, now: datetime, readers: Readers) -> Told | FeedReading | Unreadable:
    if feed.kind == Kind.FEED:
        return readers.feed(answer.body, media_type=answer.media_type, url=answer.url)
    asked = {"charset": answer.charset, "url": answer.url, "latest": now + AHEAD}
    return readers.told(answer.body, shape=_SHAPES[feed.kind], **asked)


def _judged(feed: KnownFeed, found: Told | FeedReading | Unreadable, seen: Poll) -> Poll:
    """Say whether what was read is what stood there before, or something in its place."""
    if isinstance(found, Unreadable):
        outcome = Outcome.UNREACHABLE if found.reason == "wall" else Outcome.UNSUPPORTED
        return Poll(outcome, f"could not be read within its bounds: {found.reason}", seen.http_status, seen.took_ms)
    if isinstance(found, FeedReading):
        if not found.truncated or found.entries:
            told = Told(problems=found.problems, complete=found.complete)
            pages = tuple(entry.url for entry in found.entries if entry.url)
            return _with(seen, told=told, pages=pages, title=found.title)
        return _nothing(feed, found.problems, seen)
    is_none = found.problems and not found.published and not found.refused and feed.kind != Kind.PAGE
    return _nothing(feed, found.problems, seen) if is_none else _with(seen, told=found)


def _with(seen: Poll, *, told: Told, pages: tuple[str, ...] = (), title: str = "") -> Poll:
    detail = " ".join(told.problems)
    return Poll(
        None, detail, seen.http_status, seen.took_ms, validators=seen.validators, told=told, pages=pages, title=title
    )


def _nothing(feed: KnownFeed, problems: tuple[str, ...], seen: Poll) -> Poll:
    """Return what it means that nothing of the kind stands there: a passing fault where something did."""
    detail = problems[0] if problems else "There is nothing of the kind at this address."
    outcome = Outcome.UNREACHABLE if feed.seen_at else Outcome.UNSUPPORTED
    return Poll(outcome, detail, seen.http_status, seen.took_ms)


# -- recording -------------------------------------------------------------------------------------


@transaction.atomic
def record(held: ledger.Lease, look: checks.Look, *, now: datetime, rng: random.Random | None = None) -> Outcome:
    """Write what a look found, in the transaction that gives the row back; raises LeaseLost."""
    feed = KnownFeed.objects.select_for_update(no_key=True, of=("self",)).select_related("host").get(pk=held.pk)
    outcome, detail = _outcome(feed, look, now=now)
    if isinstance(look, Poll) and look.told is not None:
        outcome = Outcome.CHANGED if _take(feed, look, look.told, now=now) else Outcome.UNCHANGED
    elif outcome is Outcome.UNCHANGED:  # 304: all that it told of stands as it stood
        known_checks.same(feed, now=now)
    elif outcome is Outcome.GONE:
        known_checks.gone(feed, now=now)
        feed.etag = feed.last_modified = ""  # should it come back, it is read whole
    feed.unchanged = min(feed.unchanged + 1, MOST_DOUBLINGS * 2) if outcome is Outcome.UNCHANGED else 0
    if outcome in _READ:
        feed.seen_at, feed.absent_since, feed.failures = now, None, 0
    else:
        feed.failures += 1
        feed.more, feed.pages_read, feed.round_at = "", 0, None
    feed.outcome, feed.outcome_detail, feed.checked_at = outcome, detail[:DETAIL], now
    again = _when_next(feed, look, now=now, rng=rng or random.SystemRandom())
    feed.due_because = again.because[:DETAIL]
    feed.save(update_fields=_COLUMNS)
    ledger.finish(held, due_at=again.at if again.because != _NONE_STOOD else None)
    crashpoint("check.before_commit")
    return outcome


_READ = frozenset({Outcome.CHANGED, Outcome.UNCHANGED})
_COLUMNS = [
    "outcome", "outcome_detail", "checked_at", "seen_at", "absent_since", "failures", "unchanged", "title", "etag",
    "last_modified", "due_because", "more", "round_at", "pages_read", "lacks", "listed",
]  # fmt: skip


def _outcome(feed: KnownFeed, look: checks.Look, *, now: datetime) -> tuple[Outcome, str]:
    """Return what the look counts as: that something is gone must be seen twice."""
    if look.outcome is not Outcome.GONE:
        return look.outcome or Outcome.UNCHANGED, look.detail
    if feed.absent_since is None:
        feed.absent_since = now
        return Outcome.UNREACHABLE, f"{look.detail}: it counts as gone when a second look sees the same"
    return Outcome.GONE, look.detail


def _take(feed: KnownFeed, poll: Poll, told: Told, *, now: datetime) -> bool:
    """Write what was read; say whether anything of it is new or was changed."""
    feed.etag, feed.last_modified = poll.validators.etag[:1_000], poll.validators.last_modified[:200]
    feed.title = feed.title or poll.title[:DETAIL]
    lacks = [*told.problems, *(f"Number {one.place}: {one.why}" for one in told.refused)]
    if feed.kind == Kind.FEED:
        feed.listed = len(poll.pages)
        is_news, left_out = _take_pages(feed, poll.pages, now=now)
        feed.lacks = [*lacks, *left_out][:MOST_LACKS]
        return is_news
    kept = known_checks.keep(told.published, way=_WAYS[feed.kind], now=now, feed=feed)
    if feed.kind == Kind.TOOLS:
        _turn_page(feed, told, lacks, now=now)
    else:
        feed.listed = len(told.published)
        if told.complete:
            known_checks.missed(feed, since=now, now=now)
    feed.lacks = [*lacks, *_erased(kept)][:MOST_LACKS]
    return kept.is_news


def _erased(kept: Kept) -> list[str]:
    return [f"{kept.erased} were erased here and stay out."] if kept.erased else []


def _turn_page(feed: KnownFeed, told: Told, lacks: list[str], *, now: datetime) -> None:
    """Remember where a search goes on, or that it ended."""
    feed.listed = len(told.published) + (feed.listed if feed.more else 0)
    feed.round_at, feed.pages_read = feed.round_at or now, feed.pages_read + 1
    is_over = not told.more or feed.pages_read >= MOST_PAGES
    if told.more and is_over:
        lacks.append(f"The search finds more than {MOST_PAGES} pages of answers; narrow it, by a domain or a language.")
    feed.more = "" if is_over else told.more
    if is_over:
        feed.round_at, feed.pages_read = None, 0


def _take_pages(feed: KnownFeed, urls: tuple[str, ...], *, now: datetime) -> tuple[bool, list[str]]:
    """Watch the pages that a feed tells of; return whether one is new, and why some are not."""
    new, refused, beyond = 0, 0, 0
    for url in dict.fromkeys(urls):
        try:
            is_known = KnownFeed.objects.filter(identity=canonical_url(url)).exists()
            if is_known:
                continue
            if new >= MOST_NEW:
                beyond += 1
            else:
                watch(url, Kind.PAGE, now=now, told_by=feed)
                new += 1
        except UrlRefused:
            refused += 1
    said = [f"{refused} of its pages have addresses that cannot be asked for."] if refused else []
    if beyond:
        said.append(f"It tells of more than {MOST_NEW} new pages; {beyond} are taken up by the next looks.")
    return bool(new), said


_NONE_STOOD = "no fact-check ever stood on it: it is asked for no more"


def _when_next(feed: KnownFeed, look: checks.Look, *, now: datetime, rng: random.Random) -> pace.Look:
    if feed.absent_since == now:
        return pace.Look(now + timedelta(seconds=settings.CHANGE_LOOKS_APART), "a second look confirms that it is gone")
    if feed.outcome in pace.BACKOFF:
        hint = pace.retry_after(look.retry_after, now=now)
        return polling.next_look(
            now=now, came_at=[], outcome=Outcome(feed.outcome), failures=feed.failures, rng=rng, hint=hint
        )
    if feed.more:
        return pace.Look(now + NEXT_PAGE, f"page {feed.pages_read + 1} of the answer is asked for next")
    every = timedelta(hours=feed.every_hours)
    if feed.told_by_id is None:
        return pace.Look(now + every * rng.uniform(1 - pace.JITTER, 1), f"asked every {pace.in_words(every)}")
    if feed.unchanged >= LOOKS_WITHOUT and not feed.checks.exists():
        return pace.Look(now, _NONE_STOOD)
    wait = min(every * 2 ** min(feed.unchanged, MOST_DOUBLINGS), LATEST)
    because = f"unchanged in {feed.unchanged} looks: asked every {pace.in_words(wait)}"
    return pace.Look(now + wait * rng.uniform(1 - pace.JITTER, 1), because)


# -- what people do --------------------------------------------------------------------------------


def look_now(feed: KnownFeed, *, now: datetime) -> bool:
    """Make it due at once, also where it is stuck; False where it is paused."""
    watched = KnownFeed.objects.watched().filter(pk=feed.pk)
    return bool(ledger.reschedule(watched, due_at=now, due_because="somebody asked for it"))


def pause(feed: KnownFeed, *, now: datetime) -> None:
    """Ask no more, nor for the pages that it told of, until it is resumed."""
    rows = KnownFeed.objects.filter(pk=feed.pk) | KnownFeed.objects.filter(told_by=feed)
    ledger.reschedule(rows, due_at=None, paused_at=now)


def resume(feed: KnownFeed, *, now: datetime) -> None:
    """Ask again, now."""
    rows = KnownFeed.objects.filter(pk=feed.pk) | KnownFeed.objects.filter(told_by=feed)
    rows = KnownFeed.objects.filter(pk__in=list(rows.exclude(url="").values_list("pk", flat=True)))
    ledger.reschedule(rows, due_at=now, paused_at=None, due_because="somebody asked for it")
