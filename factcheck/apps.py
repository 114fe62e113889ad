"""The house as an installed app: its commands, and the chores that come round."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactcheckConfig(AppConfig):
    """Commands and chores."""

    name = "factcheck"
    verbose_name = _("House")

    def ready(self) -> None:
        """Register the chores, the checks of the database and the rules about settings."""
        from factcheck import chores, database, rules_of_keys, rules_of_settings  # noqa: F401
