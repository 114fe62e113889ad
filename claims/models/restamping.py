"""A status of which the policies changed: its claims are told anew how long they hold, by and by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import STATUSES
from factcheck.ledger import Due


class Restamping(Due):
    """One row a status; due while some of its claims, in the order of their keys, were not told yet."""

    status = models.CharField(_("status"), max_length=30, choices=STATUSES, unique=True)
    after = models.BigIntegerField(_("done up to claim"), default=0, db_default=0)

    class Meta(Due.Meta):
        verbose_name = _("restamping")
        verbose_name_plural = _("restampings")

    def __str__(self) -> str:
        return str(self.get_status_display())
