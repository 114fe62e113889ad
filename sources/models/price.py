"""What a look costs today, and what is believed of a page nobody knows: one row, kept by a chore."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.fetching import allotting, rates


class Price(models.Model):
    """The price at which all pages together take the looks that a day has, and the prior of their rates of change."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    price = models.FloatField(default=allotting.USUAL_PRICE)
    prior_changes = models.FloatField(default=rates.NOTHING_KNOWN.changes)
    prior_hours = models.FloatField(default=rates.NOTHING_KNOWN.hours)
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("price of a look")
        verbose_name_plural = _("prices of a look")
        constraints = [
            models.CheckConstraint(name="sources_price_is_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="sources_price_is_positive", condition=Q(price__gt=0, prior_changes__gt=0, prior_hours__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price:.4g}"

    @property
    def prior(self) -> rates.Prior:
        """What is believed of a page nobody knows."""
        return rates.Prior(self.prior_changes, self.prior_hours)
