"""Codes of the second factor, counted like passwords and good once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator

from factcheck.access import throttles
from factcheck.lib import clock

if TYPE_CHECKING:
    from django.forms import Form as _Form
else:
    _Form = object

__all__ = ["CodeAgainForm", "CodeForm"]


class Counted(_Form):
    """Counts each code that is tried; lets nobody in twice with one that was overlooked."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        """Return the code if it is right, new, and not one guess too many."""
        limits = throttles.code_limits(context.request, self.user)
        throttles.count(context.request, limits)
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's
        if self.authenticator.type == Authenticator.Type.TOTP:
            once = throttles.Limit(f"used:{self.user.pk}:{normalize_user_code(code)}", 1)
            if throttles.take([once], now=clock.now()) is not None:
                raise get_adapter().validation_error("incorrect_code")
        throttles.forgive(limits)
        return code


class CodeForm(Counted, AuthenticateForm):  # type: ignore[misc]  # untyped
    """The code after the password."""


class CodeAgainForm(Counted, ReauthenticateForm):  # type: ignore[misc]  # untyped
    """The code once more, before something that matters."""
