"""Bearer tokens at the REST door."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from factcheck.access.models import LAST_USED_STEP, Client, Token, User, digest_of
from factcheck.api import limited
from factcheck.lib import clock
from factcheck.lib.rate import Rate

if TYPE_CHECKING:
    from rest_framework.request import Request

LONGEST = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer fct_…`; `request.user` is the person or the client, `request.auth` the token.

    Each valid token has its own rate. Whoever comes without shares the rate of their address; a valid token is never
    refused for what others at its address guessed, since 256 random bits are not guessed.
    """

    def authenticate(self, request: Request) -> tuple[User | Client, Token] | None:
        """Return who comes and the token; None without a header; one answer for every kind of bad token.

        Raises a Problem where it is one request too many.
        """
        plain = request._request  # noqa: SLF001  DRF's own name for Django's request
        header = get_authorization_header(request)
        now = clock.now()
        token = _token(header, now)
        if token is None:
            limited.charge_address(plain)
            if header:
                raise self.refusal()
            return None
        limited.charge_token(plain, token.digest, _rate(token))
        if token.last_used_at is None or now - token.last_used_at > LAST_USED_STEP:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
        owner = token.user or token.client
        assert owner is not None  # noqa: S101  a constraint of the table
        return owner, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing token is 401 and not 403."""
        return 'Bearer realm="factcheck"'

    @staticmethod
    def refusal() -> AuthenticationFailed:
        """Return the one refusal: it does not tell a wrong token from an expired or revoked one."""
        return AuthenticationFailed(
            _("The token is not valid. Send a current one as 'Authorization: Bearer fct_…'."),
            code="token_invalid",
        )


def _token(header: bytes, now: datetime) -> Token | None:
    word, _space, secret = header.partition(b" ")
    if word.lower() != b"bearer" or not secret or len(secret) > LONGEST:
        return None
    digest = digest_of(secret.decode("ascii", "replace").strip())
    return Token.objects.valid(now).select_related("user", "client").filter(digest=digest).first()


def _rate(token: Token) -> Rate | None:
    """Return the client's own rate, or the one of the settings."""
    own = token.client.requests_a_minute if token.client else None
    general: Rate | None = settings.RATE_LIMIT
    return Rate(own, 60) if own else general
