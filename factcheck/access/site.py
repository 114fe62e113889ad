"""The admin site of the desk: whoever has a role may come in; the pages ask the role table."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from factcheck.access.models import User
from factcheck.access.roles import Action


class DeskSite(AdminSite):
    """Django's admin under our name, opened by role."""

    site_header = _("Factcheck")
    site_title = _("Factcheck")
    index_title = _("The desk")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever may see the desk."""
        return isinstance(request.user, User) and request.user.may(Action.SEE_DESK)
