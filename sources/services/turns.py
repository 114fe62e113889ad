"""What is asked of hosts beside their pages takes its turn with them: a feed and a page of one host never at once.

As in `hosts`, a row and its host are leased together, by the same token. A host that is at rest for a moment is taken
before its rest is over and the visitor sits the rest out: else a host with many pages due would never come to it.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery

from factcheck import leases, ledger
from factcheck.lib.answers import Failed, Response
from factcheck.lib.crashpoints import crashpoint
from sources.models import Host
from sources.services import hosts, robots, visits

log = logging.getLogger(__name__)

SITS_OUT = timedelta(seconds=1.5)
R = TypeVar("R", bound=ledger.Due)
Ask = Callable[[Any, visits.Heard], Any]
"""(row, client that remembers its last answer) -> what was seen; None where the row waits for its turn again."""


@dataclass(frozen=True, slots=True)
class Turn(Generic[R]):
    """A row that is ours, and its host with it, which is to be left alone for `rest_s` first."""

    lease: ledger.Lease
    row: R
    rest_s: float
    since: float = field(default_factory=time.monotonic)

    @property
    def is_suspect(self) -> bool:
        """Whether somebody who held it before did not finish: it may have killed them."""
        return self.lease.attempts > 1

    @property
    def is_too_late(self) -> bool:
        """Whether it waited so long for a visitor that a visit might outlast the hold on the host."""
        return time.monotonic() - self.since > hosts.BEGUN_WITHIN_S - SITS_OUT.total_seconds()


@dataclass(frozen=True, slots=True)
class Came(Generic[R]):
    """What came of a visit; `ended` is of time.monotonic."""

    held: Turn[R]
    look: Any
    ended: float
    answer: Response | Failed | None = None
    error: Exception | None = None

    @property
    def is_no_look(self) -> bool:
        """Whether the row waits for its turn again."""
        return self.look is None and self.error is None


def take(rows: models.QuerySet[Any], *, most: int, lease_for: timedelta, alone: bool) -> list[Turn[Any]]:
    """Lease the oldest due row of each host that is free, or will be in a moment; committed when this returns.

    A row that somebody did not finish is given out alone, and only to who has nothing else in work.
    """
    now = leases.now_there()
    due = Q(leases.free(), due_at__lte=now, attempts__lt=leases.TRIES)
    first = rows.filter(due, host=OuterRef("host")).order_by("due_at", "pk").values("pk")[:1]
    rest = ExpressionWrapper(F("host__next_allowed_at") - now, output_field=models.DurationField())
    found = rows.filter(due, _is_free(now), pk=Subquery(first)).annotate(rest=rest).select_related("host")
    with transaction.atomic():
        locked = found.select_for_update(no_key=True, skip_locked=True, of=("self", "host"))
        taken = [_leased(row, lease_for) for row in _chosen(locked.order_by("due_at", "pk")[:most], alone=alone)]
    if not taken:
        leases.quarantine(rows.model)
        return []
    crashpoint("claim.after_lease")
    return taken


def _is_free(now: models.Expression) -> Q:
    is_idle = Q(host__busy_until__isnull=True) | Q(host__busy_until__lt=now)
    is_closed = Q(host__open_until__isnull=True) | Q(host__open_until__lte=now)
    is_rested = Q(host__next_allowed_at__isnull=True) | Q(host__next_allowed_at__lte=now + SITS_OUT)
    return is_idle & is_closed & is_rested


def _chosen(found: Any, *, alone: bool) -> list[Any]:
    """Return those in front of the first that failed before; that one by itself, if it is the oldest."""
    rows = list(found)
    place = next((place for place, row in enumerate(rows) if row.attempts), len(rows))
    return rows[:place] if place or not alone else rows[:1]


def _leased(row: Any, lease_for: timedelta) -> Turn[Any]:
    now, token = leases.now_there(), uuid.uuid4()
    type(row)._default_manager.filter(pk=row.pk).update(
        lease_until=now + lease_for, lease_token=token, attempts=F("attempts") + 1
    )
    Host.objects.filter(pk=row.host_id).update(busy_until=now + min(lease_for, hosts.HOLD), busy_token=token)
    lease = ledger.Lease(type(row), row.pk, token, row.attempts + 1, row.due_at)
    return Turn(lease, row, max(0.0, row.rest.total_seconds()) if row.rest else 0.0)


def visit(
    turn: Turn[R], ask: Ask, *, fetch: Callable[..., Response | Failed], sleep: Callable[[float], None] = time.sleep
) -> Came[R]:
    """Sit the host's rest out and ask it; touches no row, never raises."""
    heard = visits.Heard(fetch)
    if turn.is_too_late:
        return Came(turn, None, heard.ended)
    try:
        sleep(turn.rest_s)
        look = ask(turn.row, heard)
    except Exception as error:  # a door: the main thread records it on the row
        log.exception("the visit for %s broke", turn.row)
        return Came(turn, None, heard.ended, heard.answer, error)
    return Came(turn, look, heard.ended, heard.answer)


def keep(
    work: ledger.Work, came: Sequence[Came[R]], record: Callable[[ledger.Lease, Any], Any], *, now: datetime
) -> None:
    """Give the hosts back with what they told of robots.txt, and record each look in its own transaction."""
    for one in came:
        host = _host(one)
        if one.is_no_look and one.answer is not None:
            robots.learn(host, one.answer, now=now, save=Host.objects.filter(pk=host.pk).update)
    ledger.release([one.held.lease for one in came if one.is_no_look])
    hosts.free([(one.held.lease, one.held.row, _rest(one, now=now)) for one in came], now=now)  # type: ignore[misc]  # rows on a host
    for one in came:
        if not one.is_no_look:
            with ledger.doing(work, one.held.lease):
                _recorded(one, record)


def _recorded(one: Came[R], record: Callable[[ledger.Lease, Any], Any]) -> None:
    if one.error is not None:
        raise one.error
    record(one.held.lease, one.look)


def _host(one: Came[R]) -> Host:
    host: Host = one.held.row.host  # type: ignore[attr-defined]  # rows on a host
    return host


def _rest(one: Came[R], *, now: datetime) -> hosts.Rest:
    """Return the rest that is left of what the host is given."""
    since_s = time.monotonic() - one.ended
    return hosts.rest_after(one.held.row, one.answer, now=now, since_s=since_s)  # type: ignore[arg-type]  # rows on a host
