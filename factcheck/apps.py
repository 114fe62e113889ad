"""The house as an installed app: its commands, and the chores that come round."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactcheckConfig(AppConfig):
    """Commands and chores."""

    name = "factcheck"
    verbose_name = _("House")

    def ready(self) -> None:
        """Register the chores and the checks of the database."""
        from factcheck import chores, database  # noqa: F401
