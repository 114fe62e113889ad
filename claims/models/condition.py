"""What an open claim waits for: until then it is left as it is, and whoever wrote that down is told."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims.models.claim import Claim
from claims.models.triggers import to_be_triaged
from sources.models import Source

LEAST_OUTLETS, MOST_OUTLETS = 2, 20


class ConditionQuerySet(models.QuerySet["Condition"]):
    """Reads of conditions."""

    def waiting(self) -> ConditionQuerySet:
        """Those that were not met so far."""
        return self.filter(state=Condition.State.WAITING)

    def standing(self) -> ConditionQuerySet:
        """Those that were not met, or of which nobody said yet whether that is it."""
        return self.filter(state__in=[Condition.State.WAITING, Condition.State.MET])


class Condition(models.Model):
    """Until a source says so itself, or some outlets do, each on its own; noticed by the machine, decided by people."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting")
        MET = "met", _("may have happened")
        DISMISSED = "dismissed", _("that was not it")
        DROPPED = "dropped", _("dropped")
        ENDED = "ended", _("the claim was closed")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="conditions", verbose_name=_("claim"))
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("until this source says so")
    )
    outlets = models.PositiveSmallIntegerField(_("until so many independent outlets say so"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    met_at = models.DateTimeField(_("noticed at"), null=True, blank=True)
    met_because = models.CharField(_("noticed because"), max_length=500, blank=True)
    # The pages by which it was met: those of a false alarm do not count for what the claim waits for next.
    met_by = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="claims_condition_waits_for_one_thing",
                condition=Q(source__isnull=False, outlets__isnull=True)
                | Q(source__isnull=True, outlets__gte=LEAST_OUTLETS, outlets__lte=MOST_OUTLETS),
            ),
            models.CheckConstraint(
                name="claims_condition_met_says_why",
                condition=~Q(state="met") | (Q(met_at__isnull=False) & ~Q(met_because="")),
            ),
            models.CheckConstraint(
                name="claims_condition_closed_says_when",
                condition=Q(state__in=["waiting", "met"], closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state__in=["waiting", "met"]) & Q(closed_at__isnull=False)),
            ),
        ]
        triggers = to_be_triaged("conditions", "state")

    def __str__(self) -> str:
        if self.source is not None:
            return _now("until %(source)s says so") % {"source": self.source}
        many = self.outlets or 0
        told = ngettext("until %(many)s independent outlet says so", "until %(many)s independent outlets say so", many)
        return told % {"many": many}
