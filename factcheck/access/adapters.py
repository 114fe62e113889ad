"""What allauth asks us: who may come in, how secrets are kept, and whom a provider vouches for."""

from __future__ import annotations

import logging
from functools import cache
from http import HTTPStatus
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from factcheck.access import throttles
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock
from factcheck.lib.sealing import Seal, SealBroken

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Passwords: nobody signs up, tries are counted, and only who has a role comes in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name and the password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Administrators make people; nobody makes himself."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that our proxies vouch for."""
        return throttles.address_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password it is; a try too many is answered 429 before any password is looked at."""
        limits = throttles.password_limits(request, str(credentials.get("username", "")))
        throttles.count(request, limits)
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            log.warning("a wrong name or password from %s", throttles.address_of(request))
        else:
            throttles.forgive(limits)
        return user

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        """Stop, in words, a person without a role."""
        response: HttpResponse | None = super().pre_login(request, user, **hooks)
        if response is None and not user.may(Action.SEE_DESK):
            clear_login(request)
            return no_role(request)
        return response

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Ask for the password again only where it was not given a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        by_provider = any(record.get("method") == "socialaccount" for record in records)
        if by_provider and self.request.user.second_factor is None:  # there is no password to ask him for, nor a code
            return False
        latest: float = max((record["at"] for record in records), default=0.0)
        return bool(clock.now().timestamp() - latest > app_settings.REAUTHENTICATION_TIMEOUT)


def no_role(request: HttpRequest) -> HttpResponse:
    """Return the page for who is somebody, but nobody on this desk."""
    return render(request, "account/no_role.html", status=HTTPStatus.FORBIDDEN)


@cache
def _seal() -> Seal:
    return Seal(settings.SECRETS_KEY, purpose="second factor")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """Seeds of the second factor: the server must read them, so they are sealed."""

    def encrypt(self, text: str) -> str:
        """Seal a seed."""
        return _seal().seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a seed; where no key opens it the code is refused in words, never taken."""
        try:
            return _seal().open(encrypted_text)
        except SealBroken:
            log.exception("a second factor cannot be read: is the key that sealed it still in SECRETS_KEY?")
            said = _("Your second factor cannot be read any longer. Ask an administrator to reset it.")
            raise ValidationError(said, code="unreadable") from None


def people_with(address: str) -> list[User]:
    """Return the active people of that e-mail address; capitals do not count, every other letter does.

    The database compares in capitals, and some letters share theirs (a dotless i, a long s): another's would do.
    """
    known = User.objects.filter(is_active=True, email__iexact=address)
    return [person for person in known if person.email.lower() == address.lower()]


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped
    """The newsroom's own provider: it says who somebody is, we say who is on the desk."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody is made by a provider."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the one active person whose address the provider has verified; stop everybody else in words."""
        verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
        people = people_with(verified[0]) if verified else []
        if len(people) != 1 or sociallogin.state.get("process") != "login":
            log.warning("the provider vouches for somebody who is nobody here")
            raise ImmediateHttpResponse(render(request, "account/unknown.html", status=HTTPStatus.FORBIDDEN))
        sociallogin.user = people[0]
