"""Bearer tokens at the REST door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from factcheck.access.models import LAST_USED_STEP, Client, Token, User, digest_of
from factcheck.lib import clock

if TYPE_CHECKING:
    from rest_framework.request import Request

LONGEST = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer fct_…`; `request.user` is the person or the client, `request.auth` the token."""

    def authenticate(self, request: Request) -> tuple[User | Client, Token] | None:
        """Return who comes and the token; None without a header; one answer for every kind of bad token."""
        header = get_authorization_header(request)
        if not header:
            return None
        word, _space, secret = header.partition(b" ")
        if word.lower() != b"bearer" or not secret or len(secret) > LONGEST:
            raise self.refusal()
        now = clock.now()
        digest = digest_of(secret.decode("ascii", "replace").strip())
        token = Token.objects.valid(now).select_related("user", "client").filter(digest=digest).first()
        if token is None:
            raise self.refusal()
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
