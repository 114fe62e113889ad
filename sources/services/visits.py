"""One visit to a host: made in a thread, which touches no row; what came of it is written by the main thread."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Response
from factcheck.lib.crashpoints import crashpoint
from sources.fetching.outcomes import outcome_of, why
from sources.fetching.reading import read_in_jail
from sources.fetching.robots import address
from sources.fetching.types import Outcome, Reading, Unreadable
from sources.models import Host
from sources.models.walls import CLOSED_BY_ROBOTS
from sources.services import checks, hosts, robots, unchanged

log = logging.getLogger(__name__)

# However many hosts are asked at once, no more pages are read at once than there are processors.
_READING = threading.BoundedSemaphore(os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a visit: a look, or an answer for robots.txt, or what broke; `ended` is of time.monotonic."""

    held: hosts.Held
    look: checks.Look | None
    ended: float
    answer: Response | Failed | None = None
    error: Exception | None = None

    @property
    def is_no_look(self) -> bool:
        """Whether the host was asked for its robots.txt at most: the page waits for its turn again."""
        return self.look is None and self.error is None


class Heard:
    """Fetches, and remembers the last answer and when it was there."""

    def __init__(self, fetch: checks.Fetch) -> None:
        self.fetch, self.ended = fetch, time.monotonic()
        self.answer: Response | Failed | None = None

    def __call__(self, url: str, **asked: Any) -> Response | Failed:
        try:
            self.answer = answer = self.fetch(url, **asked)
        finally:
            self.ended = time.monotonic()
        return answer


def _read(body: bytes, **said: Any) -> Reading | Unreadable:
    with _READING:
        return read_in_jail(body, **said)


def visit(
    held: hosts.Held, *, fetch: checks.Fetch, read: checks.Read = _read, tells: Callable[[], datetime] = clock.now
) -> Seen:
    """Look at a page, or ask for its host's robots.txt first; touches no row, never raises."""
    heard = Heard(fetch)
    try:
        look = _looked(held, heard, read, now=tells())
    except Exception as error:  # a door: the main thread records it on the row
        log.exception("the visit to %s broke", held.page.url)
        return Seen(held, None, heard.ended, heard.answer, error)
    return Seen(held, look, heard.ended, heard.answer)


def _looked(held: hosts.Held, heard: Heard, read: checks.Read, *, now: datetime) -> checks.Look | None:
    page, host = held.page, held.page.host
    if held.is_too_late:
        return None
    if host is not None and not robots.is_known(host, now=now):
        return unasked(host, heard(address(page.url), validators=None))
    if host is not None and not robots.allows(host, page.url):
        return checks.Look(Outcome.BLOCKED, CLOSED_BY_ROBOTS, None, 0)
    return checks.look_at(page, fetch=heard, read=read)


def unasked(host: Host, answer: Response | Failed) -> checks.Look | None:
    """Return what becomes of a page whose site did not say whether we may; None where it did, now or before."""
    if robots.is_told(answer) or host.robots_status is not None:
        return None
    status = answer.status if isinstance(answer, Response) else None
    detail = f"robots.txt could not be read: {why(answer)}"
    return checks.Look(outcome_of(answer) or Outcome.UNREACHABLE, detail, status, round(answer.took * 1000))


def keep(work: ledger.Work, seen: Sequence[Seen], *, now: datetime) -> None:
    """Write what came of visits: hosts go free, and all that saw nothing new are recorded, at once; then the others."""
    for one in seen:
        if one.is_no_look:
            _learn(one, now=now)
    looked = [one for one in seen if not one.is_no_look]
    ledger.release([one.held.lease for one in seen if one.is_no_look])
    done = _kept_at_once(seen, now=now)
    for one in looked:
        if one.held.lease not in done:
            with ledger.doing(work, one.held.lease):
                _keep(one, now=now)


def _learn(one: Seen, *, now: datetime) -> None:
    host = one.held.page.host
    if host is not None and one.answer is not None:
        robots.learn(host, one.answer, now=now, save=Host.objects.filter(pk=host.pk).update)


def _kept_at_once(seen: Sequence[Seen], *, now: datetime) -> set[ledger.Lease]:
    """Free the hosts and record the plain looks in one transaction; return the leases of what was recorded."""
    freed = [(one.held.lease, one.held.page, _rest(one, now=now)) for one in seen]
    same = [(one.held, one.look) for one in seen if one.look and unchanged.is_plain(one.held.page, one.look)]
    try:
        with transaction.atomic():
            hosts.free(freed, now=now)
            done = unchanged.record(same, now=now) if same else set()
    except Exception:  # a door: one of them broke it; done one by one, it is found
        log.exception("a batch of %s unchanged looks failed, they are recorded one by one", len(same))
        hosts.free(freed, now=now)
        return set()
    if done:
        crashpoint("check.after_commit")
    return done


def _rest(one: Seen, *, now: datetime) -> hosts.Rest:
    """Return the rest that is left of what the host is given."""
    return hosts.rest_after(one.held.page, one.answer, now=now, since_s=time.monotonic() - one.ended)


def _keep(one: Seen, *, now: datetime) -> None:
    if one.error is not None:
        raise one.error
    checks.record(one.held.lease, cast(checks.Look, one.look), now=now)
    crashpoint("check.after_commit")
