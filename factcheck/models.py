"""The house's own due rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from factcheck.ledger import Due


class Chore(Due):
    """Work of the house itself that comes round: upkeep of tables, daily heads. One row each; see factcheck.chores."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    done_at = models.DateTimeField(_("last done at"), null=True, blank=True)

    class Meta(Due.Meta):
        verbose_name = _("chore")
        verbose_name_plural = _("chores")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
