"""The work of claims: splitting articles, hearing of changes, noticing what grew too old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from claims.models import Article, Claim, KnownCheck, KnownFeed, Representation, Restamping, StanceGuess, Triage
from claims.services import (
    articles,
    events,
    feeds,
    heads,
    known_feeds,
    known_matching,
    matching,
    policies,
    retention,
    stakes,
    staleness,
    stances,
    triage,
)
from claims.stance import model as stance_model
from factcheck import chores, ledger
from factcheck.lib import clock
from sources.models import Change, FeedEntry
from sources.services import archiving, checks, hosts, rounds, turns, visits

# By then the worker's time limit has ended it.
SPLIT_AT_MOST = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)


def split(held: ledger.Lease) -> None:
    """Split one article that has a version to be split."""
    articles.split_due(held, now=clock.now())


def enter(held: ledger.Lease) -> None:
    """Take in one article that a feed told of."""
    feeds.enter(held, now=clock.now())


def hear(held: ledger.Lease) -> None:
    """Apply one change of a page."""
    staleness.apply_change(held, now=clock.now())


def review(held: ledger.Lease) -> None:
    """Flag one claim whose status grew too old."""
    staleness.review_due(held, now=clock.now())


def review_many(held: Sequence[ledger.Lease]) -> None:
    """Flag many of them in one transaction."""
    staleness.review_many(held, now=clock.now())


def restamp(held: ledger.Lease) -> None:
    """Tell some claims of a status how long it holds by now."""
    policies.restamp(held, now=clock.now())


def match(held: ledger.Lease) -> None:
    """Put one claim into the index and hold it against the others."""
    matching.match_due(held, now=clock.now())


def match_many(held: Sequence[ledger.Lease]) -> None:
    """Do so for many, embedded at once."""
    matching.match_many(held, now=clock.now())


def settle(held: ledger.Lease) -> None:
    """Find out where one claim stands in the queue."""
    triage.settle_many([held], now=clock.now())


def settle_many(held: Sequence[ledger.Lease]) -> None:
    """Do so for many in one transaction."""
    triage.settle_many(held, now=clock.now())


def guess_stance(held: ledger.Lease) -> None:
    """Read one suggested page for its claim; the model is loaded by the first that needs it."""
    stances.guess(held, load=stance_model.load)


def number() -> None:
    """Give new events their places in the feed."""
    events.number_some(now=clock.now())


def audit_head(now: datetime) -> None:
    """Write the day's signed heads of all chains."""
    heads.write(settings.AUDIT_HEADS_DIR, settings.AUDIT_KEY_FILE, now=now)


def poll_known(held: ledger.Lease) -> None:
    """Ask one place where others publish what they checked: what `poll_known_round` does, for one leased already."""
    turn = turns.Turn(held, KnownFeed.objects.select_related("host").get(pk=held.pk), 0.0)
    _kept([turns.visit(turn, _ask, fetch=archiving.client())])


def poll_known_round(work: ledger.Work, until: float) -> int:
    """Ask where others publish what they checked, at many hosts at once, until a moment of time.monotonic."""
    fetch = archiving.client()
    return rounds.Round(
        take=lambda most, alone: turns.take(
            KnownFeed.objects.watched(), most=most, lease_for=work.lease_for, alone=alone
        ),
        look=lambda turn: turns.visit(turn, _ask, fetch=fetch),
        keep=_kept,
        at_once=settings.FETCHES_AT_ONCE,
    ).run(until)


def _ask(feed: KnownFeed, heard: visits.Heard) -> checks.Look | None:
    return known_feeds.ask(feed, heard, now=clock.now())


def _kept(came: list[turns.Came[KnownFeed]]) -> None:
    now = clock.now()
    turns.keep(POLL_KNOWN, came, lambda held, look: known_feeds.record(held, look, now=now), now=now)


POLL_KNOWN = ledger.Work(
    "poll_known", KnownFeed, poll_known, batch=1, queue=ledger.FETCH, do_round=poll_known_round,
    waits_since=hosts.WAITS_SINCE, title=_("Reading what others checked"),
)  # fmt: skip
ledger.register.add(POLL_KNOWN)
chores.add("audit_head", every=timedelta(days=1), do=audit_head)
ledger.register.sweep("number", number)
ledger.register.add(ledger.Work("enter", FeedEntry, enter, title=_("Taking in what feeds told of")))
ledger.register.add(ledger.Work("hear", Change, hear, title=_("Hearing of changes of pages")))
ledger.register.add(
    ledger.Work("split", Article, split, batch=1, queue=ledger.SPLIT, most=SPLIT_AT_MOST, title=_("Splitting articles"))
)
ledger.register.add(
    ledger.Work("review", Claim, review, batch=50, do_batch=review_many, title=_("Noticing that a status grew old"))
)
ledger.register.add(
    ledger.Work(
        "match",
        Representation,
        match,
        batch=16,
        queue=ledger.SPLIT,
        do_batch=match_many,
        title=_("Finding what claims resemble"),
    )
)
ledger.register.add(
    ledger.Work("triage", Triage, settle, batch=100, do_batch=settle_many, title=_("Keeping the queue in order"))
)
ledger.register.add(
    ledger.Work("stance", StanceGuess, guess_stance, queue=ledger.SPLIT, title=_("Guessing what suggested pages say"))
)


ledger.register.add(ledger.Work("restamp", Restamping, restamp, title=_("Telling claims how long their status holds")))


def thin(now: datetime) -> bool:
    """Take away what is kept no longer; True where more is left."""
    return retention.thin(now=now, until=chores.a_turn()).is_left


chores.add("retention", every=timedelta(days=1), do=thin)


def tell_stakes(now: datetime) -> bool:
    """Tell sources what rests on each page; True where some are left."""
    return stakes.refresh(now=now, until=chores.a_turn())


chores.add("stakes", every=stakes.EVERY, do=tell_stakes)


def represent(now: datetime) -> bool:
    """Bring claims of before into the index, and those that another embedder read; True where some are left."""
    return matching.represent_missing(now=now, until=chores.a_turn()) or matching.represent_anew(now=now) > 0


def count_terms(_now: datetime) -> None:
    """Count in how many claims each word stands."""
    matching.count_terms()


chores.add("index of claims", every=timedelta(hours=1), do=represent)
chores.add("words of claims", every=timedelta(hours=1), do=count_terms)


def match_known(held: ledger.Lease) -> None:
    """Hold one fact-check by others against our claims."""
    known_matching.match_many([held], now=clock.now())


def match_known_many(held: Sequence[ledger.Lease]) -> None:
    """Hold many of them, embedded at once."""
    known_matching.match_many(held, now=clock.now())


ledger.register.add(
    ledger.Work(
        "match_known",
        KnownCheck,
        match_known,
        batch=16,
        do_batch=match_known_many,
        queue=ledger.SPLIT,
        title=_("Holding what others checked against our claims"),
    )
)


def ask_stances(now: datetime) -> bool:
    """Let suggestions be read that were never asked for; True where some are left."""
    return stances.ask_for_the_rest(now=now)


chores.add("stances", every=timedelta(days=1), do=ask_stances)


def take_into_queue(now: datetime) -> bool:
    """Let claims of before be looked at for the queue; True where some are left."""
    return triage.take_in_missing(now=now)


chores.add("queue of claims", every=timedelta(days=1), do=take_into_queue)
