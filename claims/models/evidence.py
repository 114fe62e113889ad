"""What a claim was held against."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import ANCHORS, Claim
from claims.models.statement import Statement
from claims.models.triggers import to_be_triaged
from sources.models import Document, Snapshot


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Reads of evidence."""

    def accepted(self) -> EvidenceQuerySet:
        """What a person stands behind; suggestions never count."""
        return self.filter(state=Evidence.State.ACCEPTED)

    def suggested(self) -> EvidenceQuerySet:
        """What a page put before the desk and nobody decided on."""
        return self.filter(state=Evidence.State.SUGGESTED)


class Evidence(models.Model):
    """A document, and where accepted the snapshot its reviewer saw with a quote of it; or a statement."""

    class Stance(models.TextChoices):
        """What it says of the claim."""

        SUPPORTS = "supports", _("supports")
        REFUTES = "refutes", _("refutes")
        CONTEXT = "context", _("gives context")

    class State(models.TextChoices):
        """Whether a person stands behind it."""

        SUGGESTED = "suggested", _("suggested by the page")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence", verbose_name=_("claim"))
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("document")
    )
    statement = models.OneToOneField(
        Statement, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("statement")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    stance = models.CharField(_("stance"), max_length=10, choices=Stance.choices, blank=True)
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version its reviewer saw"),
    )
    exact = models.TextField(_("quote"), blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    sentence = models.TextField(_("sentence then"), blank=True)
    anchor = models.CharField(_("the quote today"), max_length=20, choices=ANCHORS, blank=True)
    anchor_sentence = models.TextField(_("sentence today"), blank=True)
    anchored_at = models.DateTimeField(_("compared at"), null=True, blank=True)
    suggested_because = models.CharField(_("suggested because"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="claims_evidence_accepted_has_person_stance_and_version",
                condition=~Q(state="accepted")
                | (Q(by__isnull=False) & (Q(snapshot__isnull=False) | Q(statement__isnull=False)) & ~Q(stance="")),
            ),
            models.CheckConstraint(
                name="claims_evidence_is_a_document_or_a_statement",
                condition=Q(document__isnull=False, statement__isnull=True)
                | Q(document__isnull=True, snapshot__isnull=True, statement__isnull=False),
            ),
            models.CheckConstraint(
                name="claims_evidence_quote_is_pinned_whole",
                condition=Q(exact="", start__isnull=True, end__isnull=True)
                | (~Q(exact="") & Q(start__isnull=False, end__gt=models.F("start"), snapshot__isnull=False)),
            ),
            models.UniqueConstraint(
                name="claims_evidence_suggested_once",
                fields=["claim", "document"],
                condition=Q(state="suggested"),
            ),
        ]
        triggers = to_be_triaged("evidence", "state")

    def __str__(self) -> str:
        return self.exact or str(self.document or self.statement)
