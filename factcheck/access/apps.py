"""Who may come in, and what they may do."""

from __future__ import annotations

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
        from factcheck.access import idempotency, quotas  # noqa: F401


class DeskAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "factcheck.access.site.DeskSite"
