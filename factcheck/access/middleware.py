"""How long somebody stays signed in: half an hour without a sign of life, twelve hours at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from factcheck.access.sessions import BEGAN, SEEN
from factcheck.lib import clock

LONGEST = timedelta(hours=12)
STEP_S = 30


class SessionLimits:
    """Ends a session that was idle for too long or has lasted too long; a sign of life is written twice a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whose time is over, then answer."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._keep_or_end(request)
        return self.get_response(request)

    @staticmethod
    def _keep_or_end(request: HttpRequest) -> None:
        now, session = clock.now().timestamp(), request.session
        idle, lasted = now - session.get(SEEN, 0), now - session.get(BEGAN, 0)
        if idle > settings.SESSION_IDLE_MINUTES * 60 or lasted > LONGEST.total_seconds():
            logout(request)
        elif idle > STEP_S:
            session[SEEN] = now
