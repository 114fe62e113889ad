"""Verdicts that take two people: for which it is so, and those that one person proposed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import STATUSES, Claim
from claims.models.triggers import to_be_triaged
from claims.verification.status import VERDICTS
from factcheck.access.models import User

VERDICT_STATUSES = [(code, words) for code, words in STATUSES if code in VERDICTS]


class SecondPersonRuleQuerySet(models.QuerySet["SecondPersonRule"]):
    """Reads of the rules."""

    def fitting(self, *, status: str, topic: str) -> SecondPersonRuleQuerySet:
        """Those for a verdict on a claim of that topic."""
        of_topic = Q(topic="") | Q(topic__iexact=topic.strip())
        return self.filter(Q(status="") | Q(status=status), of_topic, is_on=True)


class SecondPersonRule(models.Model):
    """A verdict of this kind, on a claim of this topic, takes two people."""

    status = models.CharField(
        _("verdict"), max_length=30, choices=VERDICT_STATUSES, blank=True, help_text=_("Empty: any verdict.")
    )
    topic = models.CharField(
        _("topic"), max_length=100, blank=True, help_text=_("As claims have it, capitals aside. Empty: any topic.")
    )

    is_on = models.BooleanField(_("in force"), default=True)

    objects = SecondPersonRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("second-person rule")
        verbose_name_plural = _("second-person rules")
        ordering = ["status", "topic"]
        constraints = [models.UniqueConstraint(name="claims_secondpersonrule_once", fields=["status", "topic"])]

    def __str__(self) -> str:
        return f"{self.get_status_display() or _('any verdict')} · {self.topic or _('any topic')}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Reads of proposals."""

    def open(self) -> ProposalQuerySet:
        """Those that wait for a second person."""
        return self.filter(state=Proposal.State.OPEN)

    def overtake(self, *, by: User, now: datetime) -> int:
        """Close those that are open, since what was proposed is not what the claim is any more."""
        return self.open().update(state=Proposal.State.OVERTAKEN, closed_by=by, closed_at=now)


class Proposal(models.Model):
    """A verdict that one person stands behind and a second has to confirm; the claim is in review until then."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waits for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn by who proposed it")
        OVERTAKEN = "overtaken", _("the claim was moved otherwise")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="proposals", verbose_name=_("claim"))
    to = models.CharField(_("verdict"), max_length=30, choices=VERDICT_STATUSES)
    why = models.TextField(_("why"))
    search_log = models.TextField(_("where we looked, whom we asked"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_why = models.TextField(_("closed because"), blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed verdict")
        verbose_name_plural = _("proposed verdicts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="claims_proposal_open_once", fields=["claim"], condition=Q(state="open")),
            models.CheckConstraint(
                name="claims_proposal_is_a_verdict", condition=Q(to__in=[code for code, _words in VERDICT_STATUSES])
            ),
            models.CheckConstraint(
                name="claims_proposal_closed_says_by_whom",
                condition=Q(state="open", closed_by__isnull=True, closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="claims_proposal_takes_two", condition=~Q(state="confirmed", closed_by=models.F("by"))
            ),
        ]
        triggers = to_be_triaged("proposals", "state")

    def __str__(self) -> str:
        return str(self.get_to_display())
