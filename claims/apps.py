"""What was said, what we decided, why."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    """Articles, claims, evidence, verdicts and events."""

    name = "claims"
    verbose_name = _("Claims")

    def ready(self) -> None:
        """Make the app's kinds of work known to the ledger, and its rows that follow a name to those who move one."""
        from claims import tasks  # noqa: F401
        from claims.models import Attribution
        from sources.services import naming

        naming.rows_with_names(Attribution)
