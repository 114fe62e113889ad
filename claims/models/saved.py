"""Ways to narrow the queue that somebody keeps for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_SAVED, NAME_LENGTH, QUERY_LENGTH = 6, 60, 500


class SavedFilter(models.Model):
    """A part of the queue by the query of its address, as its owner calls it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("of"))
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(_("query"), max_length=QUERY_LENGTH)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="claims_savedfilter_name_once", fields=["owner", "name"]),
            models.CheckConstraint(name="claims_savedfilter_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
