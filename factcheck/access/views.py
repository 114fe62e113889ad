"""Setting up and taking off one's own second factor: every other session of that person ends with it."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from factcheck.access.models import User

log = logging.getLogger(__name__)


class KeepsThisSession:
    """Signs everybody out who has come in as this person, but not the browser that asked."""

    request: HttpRequest
    did: str

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, and go on in this browser."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the view's
        person = User.objects.get(username=self.request.user.get_username())
        update_session_auth_hash(self.request, person)
        log.warning("person %s %s", person.pk, self.did)
        return response


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class Enrol(KeepsThisSession, ActivateTOTPView):  # type: ignore[misc]  # untyped
    """Show the seed as a picture, and take the first code."""

    did = "set up a second factor"

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up; the code that was just typed opens the recovery codes, however long the setting up took."""
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp", reauthenticated=True)
        return response


@method_decorator(never_cache, name="dispatch")
class TakeOff(KeepsThisSession, DeactivateTOTPView):  # type: ignore[misc]  # untyped
    """Take the second factor off, to set up another phone."""

    did = "took the second factor off"
