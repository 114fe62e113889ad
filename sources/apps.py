"""Who says it, and what stood there when we looked."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcesConfig(AppConfig):
    """Sources, documents, snapshots, checks and changes."""

    name = "sources"
    verbose_name = _("Sources")

    def ready(self) -> None:
        """Make the app's kinds of work known to the ledger."""
        from sources import tasks  # noqa: F401
