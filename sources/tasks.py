"""The work of sources: looking at pages that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from factcheck import chores, ledger
from factcheck.lib import clock, templates
from sources.fetching import reading
from sources.models import Archiving, Document, Feed
from sources.services import archiving, checks, erasure, feeds, hosts, pacing, rounds, turns, visits


def look(held: ledger.Lease) -> None:
    """Look at one page that is due, whatever its host: what `look_round` does, for one that is leased already."""
    page = Document.objects.select_related("snapshot", "host").get(pk=held.pk)
    visits.keep(LOOK, [visits.visit(hosts.Held(held, page), fetch=checks.fetcher())], now=clock.now())


def look_round(work: ledger.Work, until: float) -> int:
    """Look at pages that are due, of many hosts at once, until a moment of time.monotonic; return how many."""
    hosts.name_pages()
    fetch = checks.fetcher()
    return rounds.Round(
        take=lambda most, alone: hosts.take(most=most, lease_for=work.lease_for, alone=alone),
        look=lambda held: visits.visit(held, fetch=fetch),
        keep=lambda seen: visits.keep(work, seen, now=clock.now()),
        at_once=settings.FETCHES_AT_ONCE,
    ).run(until)


def poll(held: ledger.Lease) -> None:
    """Look at one feed that is due, whatever its host: what `poll_round` does, for one that is leased already."""
    turn = turns.Turn(held, Feed.objects.select_related("host").get(pk=held.pk), 0.0)
    _kept([turns.visit(turn, _ask, fetch=checks.fetcher())])


def poll_round(work: ledger.Work, until: float) -> int:
    """Look at feeds that are due, of many hosts at once, until a moment of time.monotonic; return how many."""
    fetch = checks.fetcher()
    return rounds.Round(
        take=lambda most, alone: turns.take(Feed.objects.watched(), most=most, lease_for=work.lease_for, alone=alone),
        look=lambda turn: turns.visit(turn, _ask, fetch=fetch),
        keep=_kept,
        at_once=settings.FETCHES_AT_ONCE,
    ).run(until)


def _ask(feed: Feed, heard: visits.Heard) -> checks.Look | None:
    return feeds.ask(feed, heard, now=clock.now())


def _kept(came: list[turns.Came[Feed]]) -> None:
    now = clock.now()
    turns.keep(POLL, came, lambda held, look: feeds.record(held, look, now=now), now=now)


def archive(held: ledger.Lease) -> None:
    """Ask the archive outside for one version, whatever its host: what `archive_round` does in turn."""
    turn = turns.Turn(held, archiving.waiting().get(pk=held.pk), 0.0)
    _archived([turns.visit(turn, _ask_archive, fetch=archiving.client())])


def archive_round(work: ledger.Work, until: float) -> int:
    """Ask the archive outside for versions that are due, until a moment of time.monotonic; return how many."""
    fetch = archiving.client()
    return rounds.Round(
        take=lambda most, alone: turns.take(archiving.waiting(), most=most, lease_for=work.lease_for, alone=alone),
        look=lambda turn: turns.visit(turn, _ask_archive, fetch=fetch),
        keep=_archived,
        at_once=1,
    ).run(until)


def _ask_archive(row: Archiving, heard: visits.Heard) -> archiving.Told:
    return archiving.ask(row, heard, now=clock.now())


def _archived(came: list[turns.Came[Archiving]]) -> None:
    now = clock.now()
    turns.keep(ARCHIVE, came, lambda held, told: archiving.record(held, told, now=now), now=now)


def tell_blind() -> None:
    """Tell of pages that nobody could see for too long."""
    checks.tell_blind(now=clock.now())


LOOK = ledger.Work(
    "look", Document, look, batch=1, queue=ledger.FETCH, do_round=look_round, waits_since=hosts.WAITS_SINCE,
    title=_("Looking at pages"), prepare=partial(templates.warm, reading.JAILED),
)  # fmt: skip
POLL = ledger.Work(
    "poll", Feed, poll, batch=1, queue=ledger.FETCH, do_round=poll_round, waits_since=hosts.WAITS_SINCE,
    title=_("Looking at feeds"),
)  # fmt: skip
ARCHIVE = ledger.Work(
    "archive", Archiving, archive, batch=1, queue=ledger.FETCH, do_round=archive_round, waits_since=hosts.WAITS_SINCE,
    title=_("Having pages kept outside"),
)  # fmt: skip
ledger.register.sweep("blind", tell_blind)
ledger.register.add(LOOK)
ledger.register.add(POLL)
ledger.register.add(ARCHIVE)


def remove_erased_objects(_now: datetime) -> bool:
    """Remove from the store outside what was erased; True where more is left."""
    is_over = chores.a_turn()
    while erasure.remove_erased_objects():
        if is_over():
            return True
    return False


def remove_orphans(now: datetime) -> None:
    """Remove from the store outside what no row names; what a turn does not reach, another day's will."""
    erasure.remove_orphans(now=now, until=chores.a_turn())


def reprice(now: datetime) -> None:
    """Find what a look costs today."""
    pacing.reprice(now=now)


chores.add("price of a look", every=timedelta(minutes=10), do=reprice)
chores.add("erased objects", every=timedelta(hours=1), do=remove_erased_objects)
chores.add("orphaned objects", every=timedelta(days=1), do=remove_orphans)
