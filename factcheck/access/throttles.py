"""How often a password or a code may be guessed: counted exactly, in the database, whatever else is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.crypto import salted_hmac

from factcheck.access.models import Tally, User
from factcheck.lib import clock
from factcheck.lib.client_address import client_address, household

AN_ADDRESS_IS_MANY = 4  # people of one office share an address

_COUNT = """
INSERT INTO access_tally AS tally (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tally.until <= %(now)s THEN 1 ELSE tally.count + 1 END,
    until = CASE WHEN tally.until <= %(now)s THEN excluded.until ELSE tally.until END
WHERE tally.until <= %(now)s OR tally.count < %(most)s
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one thing."""

    what: str
    most: int

    @property
    def key(self) -> str:
        """What the database holds: nobody reads a mistyped password out of it."""
        return salted_hmac("factcheck.access.throttles", self.what, algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str:
    """Return the client's address, as far as our own proxies vouch for it."""
    return client_address(request.META, settings.PROXIES)


def password_limits(request: HttpRequest, username: str) -> list[Limit]:
    """Return what a password that is tried counts against: where it comes from, and whose it should be."""
    whose = username.strip().casefold()
    return [_of_address(request), Limit(f"account:{whose}", settings.LOGIN_TRIES)]


def code_limits(request: HttpRequest, user: User) -> list[Limit]:
    """Return what a code of the second factor counts against."""
    return [_of_address(request), Limit(f"code:{user.pk}", settings.LOGIN_TRIES)]


def _of_address(request: HttpRequest) -> Limit:
    return Limit(f"address:{household(address_of(request))}", settings.LOGIN_TRIES * AN_ADDRESS_IS_MANY)


def take(limits: Sequence[Limit], *, now: datetime) -> timedelta | None:
    """Count one try against each limit, or against none; return how long to wait where one is used up.

    Of many at once exactly as many pass as the limit says: each is one statement on one row.
    """
    until = now + timedelta(minutes=settings.LOGIN_WAIT_MINUTES)
    for place, limit in enumerate(limits):
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"key": limit.key, "until": until, "now": now, "most": limit.most})
            passed = bool(cursor.rowcount)
        if not passed:
            give_back(limits[:place])
            ends = Tally.objects.filter(pk=limit.key).values_list("until", flat=True).first() or now
            return max(ends - now, timedelta(seconds=1))
    return None


def give_back(limits: Sequence[Limit]) -> None:
    """Take one try off again: it was no bad one."""
    Tally.objects.filter(pk__in=[limit.key for limit in limits], count__gt=0).update(count=F("count") - 1)


def forgive(limits: Sequence[Limit]) -> None:
    """Forget the bad tries of an account whose secret was shown; an address keeps its own, for others come from it."""
    address, account = limits
    give_back([address])
    Tally.objects.filter(pk=account.key).delete()


def count(request: HttpRequest, limits: Sequence[Limit]) -> None:
    """Count one try; answer 429 at once where it must wait."""
    wait = take(limits, now=clock.now())
    if wait is not None:
        raise ImmediateHttpResponse(too_many(request, wait))


def too_many(request: HttpRequest, wait: timedelta) -> TemplateResponse:
    """Return the page that says how long to wait, the same for a name that nobody has."""
    seconds = int(wait.total_seconds()) + 1
    context = {"minutes": -(-seconds // 60)}
    response = TemplateResponse(request, "account/wait.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = seconds
    response.render()
    return response


def forget_old(now: datetime) -> None:
    """Take away counts that have run out."""
    Tally.objects.filter(until__lt=now).delete()
