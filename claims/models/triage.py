"""Where a claim stands in the desk's queue, if it does, who is at it, and until when it was put aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.verification.priority import Why
from factcheck.ledger import Due

HELD_FOR = timedelta(minutes=30)
WHY = [
    (Why.VERDICT_FLAGGED.value, _("its verdict needs another look")),
    (Why.COUNTERCLAIM.value, _("another claim may speak against it")),
    (Why.SECOND.value, _("its verdict waits for a second person")),
    (Why.CONDITION.value, _("what it waited for may have happened")),
    (Why.FLAGGED.value, _("something it rests on changed")),
    (Why.UNCONFIRMED.value, _("its own text could not confirm it")),
    (Why.KNOWN.value, _("others may have checked it")),
    (Why.DRIFT.value, _("a text says more than its source")),
    (Why.FOLLOWED.value, _("it resembles a claim that the desk follows")),
    (Why.PROMOTED.value, _("somebody put it here")),
    (Why.BY_HAND.value, _("it was written down or sent in by hand")),
    (Why.IN_REVIEW.value, _("it is in review")),
    (Why.WORTH.value, _("it is among its article's claims most worth checking")),
    (Why.EVIDENCE.value, _("a page was suggested as evidence")),
]


class TriageQuerySet(models.QuerySet["Triage"]):
    """Reads of the queue. Everything that the clock decides is decided when it is read."""

    def queued(self, now: datetime) -> TriageQuerySet:
        """In the queue now: neither lapsed nor put aside; the most urgent first."""
        awake = self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
        return awake.filter(Q(lapses_at=None) | Q(lapses_at__gt=now), priority__isnull=False).in_order()

    def snoozed(self, now: datetime) -> TriageQuerySet:
        """Put aside for now."""
        return self.filter(priority__isnull=False, snoozed_until__gt=now).in_order()

    def in_order(self) -> TriageQuerySet:
        """The most urgent first."""
        return self.order_by("-priority", "-claim_id")

    def because(self, why: str) -> TriageQuerySet:
        """Here for that reason, among others."""
        return self.filter(why__contains=[why])

    def held_by(self, person: int, now: datetime) -> TriageQuerySet:
        """Taken by that person, and not for too long."""
        return self.filter(taken_by=person, taken_until__gt=now)

    def free_for(self, person: int, now: datetime) -> TriageQuerySet:
        """Which nobody else holds."""
        return self.filter(~Q(taken_by__isnull=False, taken_until__gt=now) | Q(taken_by=person))


class Triage(Due):
    """A claim's row. Without a priority it is not in the queue; due, that is yet to be found out.

    Triggers make it due in the transaction of whatever it depends on, so that it follows also what the version before
    writes. `lapses_at` and `snoozed_until` are read by the reader's clock.
    """

    class Snoozed(models.TextChoices):
        """Why it was put aside."""

        WAITS_FOR_ANSWER = "waits_for_answer", _("we wait for an answer")
        WAITS_FOR_EVENT = "waits_for_event", _("it will be known later")
        LATER = "later", _("not today")
        LOW = "low", _("others come first")

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="triage")
    priority = models.BigIntegerField(_("priority"), null=True, editable=False)
    why = ArrayField(models.CharField(max_length=20), verbose_name=_("why it is here"), default=list, db_default=[])
    lapses_at = models.DateTimeField(_("lapses at"), null=True, blank=True)
    promoted_at = models.DateTimeField(_("put into the queue at"), null=True, blank=True)
    promoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    taken_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    snoozed_until = models.DateTimeField(_("put aside until"), null=True, blank=True)
    snoozed_because = models.CharField(
        _("put aside because"), max_length=20, choices=Snoozed.choices, blank=True, default="", db_default=""
    )
    snoozed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TriageQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("row of the queue")
        verbose_name_plural = _("queue")
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="claims_triage_queued_says_why", condition=Q(priority__isnull=True) | ~Q(why=[])
            ),
            models.CheckConstraint(
                name="claims_triage_taken_is_whole",
                condition=Q(taken_by__isnull=True, taken_until__isnull=True)
                | Q(taken_by__isnull=False, taken_until__isnull=False),
            ),
            models.CheckConstraint(
                name="claims_triage_snoozed_says_why",
                condition=Q(snoozed_until__isnull=True, snoozed_because="", snoozed_by__isnull=True)
                | (Q(snoozed_until__isnull=False, snoozed_by__isnull=False) & ~Q(snoozed_because="")),
            ),
        ]
        indexes = [
            *Due.Meta.indexes,
            models.Index(
                F("priority").desc(),
                F("claim").desc(),
                name="claims_triage_order",
                condition=Q(priority__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.claim)

    def is_held(self, now: datetime) -> bool:
        """Whether somebody is at it."""
        return self.taken_until is not None and self.taken_until > now
