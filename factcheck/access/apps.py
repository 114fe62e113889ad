"""Who may come in, and what they may do."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """People, clients and their tokens."""

    name = "factcheck.access"
    label = "access"
    verbose_name = _("Access")

    def ready(self) -> None:
        """Register what comes round."""
        from factcheck import chores
        from factcheck.access import idempotency, quotas, sessions, throttles  # noqa: F401

        chores.add("forget old sessions", every=timedelta(days=1), do=sessions.forget_old)
        chores.add("forget old tallies", every=timedelta(days=1), do=throttles.forget_old)


class DeskAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "factcheck.access.site.DeskSite"
