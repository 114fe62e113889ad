"""Who is limited at the REST door, and what an answer says of it (draft-ietf-httpapi-ratelimit-headers-11)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from factcheck.api.problems import Problem
from factcheck.lib.client_address import client_address, household
from factcheck.lib.rate import Rate
from factcheck.limits import Taken, limiter

TOKEN, ADDRESS = "default", "address"
_Told = tuple[str, Rate, Taken | None]


def charge_token(request: HttpRequest, digest: str, rate: Rate | None) -> None:
    """Count a request of a valid token, known by its digest; raises a Problem where it is one too many."""
    _charge(request, TOKEN, f"token {digest}", rate)


def charge_address(request: HttpRequest) -> None:
    """Count a request without a valid token against where it comes from; raises a Problem likewise."""
    where = household(client_address(request.META, settings.PROXIES))
    _charge(request, ADDRESS, f"address {where}", settings.RATE_LIMIT_ADDRESS)


def _charge(request: HttpRequest, policy: str, what: str, rate: Rate | None) -> None:
    if rate is None:
        return
    taken = limiter().take(what, rate)
    request.factcheck_rate = (policy, rate, taken)  # type: ignore[attr-defined]
    if taken and not taken.is_let_in:
        said = _("At most %(quota)s requests in %(window)s seconds. Send it again in %(wait)s seconds.")
        values = {"quota": rate.quota, "window": rate.window, "wait": taken.wait}
        raise Problem("rate_limited", said % values, after_s=taken.wait, policies=(policy,))


def headers(request: HttpRequest) -> dict[str, str]:
    """Return what the answer says: the policy, and what is left of it where that is known."""
    told: _Told | None = getattr(request, "factcheck_rate", None)
    if told is None:
        return {}
    policy, rate, taken = told
    said = {"RateLimit-Policy": f'"{policy}";q={rate.quota};w={rate.window}'}
    if taken:
        said["RateLimit"] = f'"{policy}";r={taken.left};t={taken.full_in}'
    return said


class ByAddress(BaseThrottle):
    """For doors that need no token."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count it; raises a Problem where it is one too many."""
        charge_address(request._request)  # noqa: SLF001  DRF's own name for Django's request
        return True
