"""How the status came to be, why a claim wants another look, and how long a status holds."""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import KINDS, STATUSES, Claim
from claims.models.triggers import to_be_triaged
from claims.verification.staleness import Holding, StaleReason
from claims.verification.status import Code
from sources.models import Document
from sources.models.erasure import erasure_is_whole, never_emptied, only_by_erasure

REASONS = [
    (StaleReason.QUOTE_CHANGED.value, _("a quote it rests on changed")),
    (StaleReason.SOURCE_GONE.value, _("a page it rests on is gone")),
    (StaleReason.SOURCE_CHANGED.value, _("a page it rests on changed")),
    (StaleReason.CORRECTION.value, _("a page it rests on was corrected")),
    (StaleReason.TOO_OLD.value, _("our status is older than it holds")),
    (StaleReason.COUNTERCLAIM.value, _("another claim speaks against it")),
    (StaleReason.CERTAINTY_CHANGED.value, _("the text says it with another certainty")),
    (StaleReason.MONITOR_BLIND.value, _("we could not look at a page it rests on")),
]


CODES = [
    (Code.NOT_A_CLAIM.value, _("it is no claim: nothing in it can be true or false")),
    (Code.OPINION.value, _("it is a matter of opinion")),
    (Code.TOO_VAGUE.value, _("it is too vague")),
    (Code.NO_WAY_TO_KNOW.value, _("nobody can find it out")),
    (Code.NOT_FOR_US.value, _("it is not for this desk")),
    (Code.SPLIT_UP.value, _("it was split into smaller claims")),
    (Code.OTHER.value, _("for another reason")),
]


class StatusChange(models.Model):
    """Old, new, who, when, why, and what was on the table. Nobody can edit it; the why never leaves the desk.

    Words about a person who asked for it can be blacked out; that the claim moved stays.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="status_changes", verbose_name=_("claim"))
    number = models.PositiveIntegerField(_("number"))
    old = models.CharField(_("from"), max_length=30, choices=STATUSES)
    new = models.CharField(_("to"), max_length=30, choices=STATUSES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    # The first of the two people of a verdict that takes two; `by` is the second.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    at = models.DateTimeField(_("at"))
    code = models.CharField(_("why, by code"), max_length=20, choices=CODES, blank=True, default="", db_default="")
    why = models.TextField(_("why"), blank=True)
    search_log = models.TextField(_("where we looked, whom we asked"), blank=True)
    snapshot_ids = ArrayField(models.BigIntegerField(), verbose_name=_("versions on the table"), default=list)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    erased_why = models.CharField(_("erased because"), max_length=300, blank=True, default="", db_default="")
    # With it the move's event commits to the three above; none where the move is older than that.
    salt = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["claim_id", "number"]
        constraints = [
            models.UniqueConstraint(name="claims_statuschange_number_once", fields=["claim", "number"]),
            models.CheckConstraint(name="claims_statuschange_moves", condition=~Q(old=models.F("new"))),
            models.CheckConstraint(
                name="claims_statuschange_code_known", condition=Q(code__in=["", *(code for code, _word in CODES)])
            ),
            erasure_is_whole("claims_statuschange_erased_says_why"),
        ]
        indexes = [models.Index(fields=["at"], name="claims_statuschange_by_time")]
        triggers = [
            pgtrigger.Protect(name="status_changes_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("status_changes_are_never_emptied"),
            only_by_erasure(
                "status_changes_change_by_erasure_only",
                kept=(
                    "id",
                    "claim_id",
                    "number",
                    "old",
                    "new",
                    "code",
                    "by_id",
                    "proposed_by_id",
                    "at",
                    "snapshot_ids",
                ),
                blackened=("why", "search_log"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class FlagQuerySet(models.QuerySet["Flag"]):
    """Reads of flags."""

    def standing(self) -> FlagQuerySet:
        """Those nobody has cleared."""
        return self.filter(cleared_at__isnull=True)

    def settled(self) -> FlagQuerySet:
        """Those a person cleared."""
        return self.filter(cleared_how__in=[Flag.Cleared.NO_DIFFERENCE, Flag.Cleared.REVIEWED])


class Flag(models.Model):
    """Why a claim wants another look; one open flag per claim, document and reason."""

    class Cleared(models.TextChoices):
        """How it was cleared."""

        NO_DIFFERENCE = "no_difference", _("it makes no difference")
        REVIEWED = "reviewed", _("the claim was looked at again")
        SEEN_AGAIN = "seen_again", _("the page could be seen again")
        ERASED = "erased", _("the claim was erased")
        HOLDS_LONGER = "holds_longer", _("its status holds longer by now")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="flags", verbose_name=_("claim"))
    reason = models.CharField(_("needs another look"), max_length=20, choices=REASONS)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    detail = models.JSONField(_("detail"), default=dict)
    since = models.DateTimeField(_("since"))
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_how = models.CharField(_("cleared how"), max_length=20, choices=Cleared.choices, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="claims_flag_open_once",
                fields=["claim", "document", "reason"],
                condition=Q(cleared_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="claims_flag_reason_known", condition=Q(reason__in=[code for code, _word in REASONS])
            ),
            models.CheckConstraint(
                name="claims_flag_cleared_says_how",
                condition=Q(cleared_at__isnull=True, cleared_how="")
                | (Q(cleared_at__isnull=False) & ~Q(cleared_how="")),
            ),
        ]
        indexes = [
            models.Index(fields=["cleared_at"], name="claims_flag_by_clearing", condition=Q(cleared_at__isnull=False)),
        ]
        triggers = to_be_triaged("flags", "cleared_at")

    def __str__(self) -> str:
        return str(self.get_reason_display())


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Reads of policies."""

    def holdings(self) -> Sequence[Holding]:
        """Return them as the rules read them."""
        return [policy.holding for policy in self]


class Policy(models.Model):
    """How long a status holds, by kind of claim and topic; the narrowest that fits decides."""

    status = models.CharField(_("status"), max_length=30, choices=STATUSES)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=KINDS,
        blank=True,
        help_text=_("Empty: any kind that has no row of its own."),
    )
    topic = models.CharField(
        _("topic"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("As claims have it, capitals aside. Empty: any topic that has no row of its own."),
    )
    holds_for = models.DurationField(
        _("holds for"),
        null=True,
        blank=True,
        help_text=_("Days and hours, such as “180 00:00:00”. Empty: until something changes."),
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["status", "kind", "topic"]
        constraints = [
            models.UniqueConstraint(name="claims_policy_once", fields=["status", "kind", "topic"]),
            models.CheckConstraint(
                name="claims_policy_holds_some_time",
                condition=Q(holds_for__isnull=True) | Q(holds_for__gt=models.Value("0", models.DurationField())),
            ),
        ]

    def __str__(self) -> str:
        parts = (self.get_status_display(), self.get_kind_display(), self.topic)
        return " · ".join(str(part) for part in parts if part)

    @property
    def holding(self) -> Holding:
        """Return it as the rules read it."""
        return Holding(self.status, self.kind, self.holds_for, self.topic)
