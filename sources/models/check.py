"""Each look at a page, one row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.fetching.types import Outcome
from sources.models.document import OUTCOMES, Document


class Check(models.Model):
    """One look at a document, also when nothing changed. Partitioned by month of its due time; nothing refers to it."""

    pk = models.CompositePrimaryKey("document_id", "due_at")
    document = models.ForeignKey(
        Document, models.CASCADE, related_name="checks", db_constraint=False, verbose_name=_("document")
    )
    due_at = models.DateTimeField(_("due at"))
    at = models.DateTimeField(_("looked at"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=OUTCOMES)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    took_ms = models.PositiveIntegerField(_("took, in ms"))
    snapshot_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        ordering = ["-due_at"]
        constraints = [
            models.CheckConstraint(
                name="sources_check_outcome_known", condition=Q(outcome__in=[o.value for o in Outcome])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"
