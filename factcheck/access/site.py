"""The admin site of the desk: whoever has a role may come in; the pages ask the role table."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from factcheck.access.adapters import no_role
from factcheck.access.models import User
from factcheck.access.roles import Action


class DeskSite(AdminSite):
    """Django's admin under our name, opened by role."""

    site_header = _("Factcheck")
    site_title = _("Factcheck")
    index_title = _("The desk")
    enable_nav_sidebar = False
    site_url = None  # there is no other site to view

    def get_urls(self) -> list[Any]:
        """Add the page of what is stuck."""
        from factcheck.access import stuck  # not before the apps are there

        return [*stuck.routes(self), *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever may see the desk and has shown enough of himself."""
        user = request.user
        return isinstance(user, User) and user.may(Action.SEE_DESK) and user.is_known_well_enough

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Show what asks the role table; what packages bring along asks Django's permissions, so it stays out."""
        if getattr(admin_class, "is_by_role", False):
            super().register(model_or_iterable, admin_class, **options)

    @method_decorator([never_cache, login_not_required])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the login, to a second factor where one is missing, or on to the page that was asked for."""
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        user = request.user
        if not isinstance(user, User):
            return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
        if not user.may(Action.SEE_DESK):
            return no_role(request)
        return redirect(wanted if user.is_known_well_enough else "mfa_activate_totp")
