"""May the token do what the view names for this method? The table itself stands in factcheck.access.roles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasScope(BasePermission):
    """Lets in a token that may do one of the view's `actions` for the method; no token is 401.

    A view names its actions for each method it has; for a method that it names none for, nobody comes in.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask the token; raises PermissionDenied with what to do about it."""
        token: Any = request.auth
        if token is None:
            return False
        method = "GET" if request.method == "HEAD" else request.method
        if method not in view.allowed_methods:
            return True  # the view answers 405
        if any(token.may(action) for action in view.actions.get(method, ())):
            return True
        raise PermissionDenied(_why(token.scopes), code="not_allowed")


class HasToken(BasePermission):
    """Lets in whoever has a valid token, whatever it may do."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask for a token."""
        return request.auth is not None


def _why(scopes: list[str]) -> str:
    said = _("This token's scopes (%(scopes)s) or its person's role do not allow it.") % {"scopes": ", ".join(scopes)}
    if "read:published" in scopes:
        said += " " + _("This version publishes nothing yet, so read:published shows nothing; read:all shows the desk.")
    return said
