"""The admin site of the desk: whoever has a role may come in; the pages ask the role table."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from factcheck.access.models import User
from factcheck.access.roles import Action


class DeskLogin(AuthenticationForm):
    """Lets in whoever has a role; Django's own staff mark is not asked."""

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse, in words, a person without a role."""
        super().confirm_login_allowed(user)
        if not (isinstance(user, User) and user.may(Action.SEE_DESK)):
            raise ValidationError(
                _("This account has no role on the desk yet. Ask an administrator for one."), code="no_role"
            )


class DeskSite(AdminSite):
    """Django's admin under our name, opened by role."""

    site_header = _("Factcheck")
    site_title = _("Factcheck")
    index_title = _("The desk")
    enable_nav_sidebar = False
    login_form = DeskLogin
    site_url = None  # there is no other site to view

    def get_urls(self) -> list[Any]:
        """Add the page of what is stuck."""
        from factcheck.access import stuck  # not before the apps are there

        return [*stuck.routes(self), *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever may see the desk."""
        return isinstance(request.user, User) and request.user.may(Action.SEE_DESK)
