"""What claims have to do with each other, and where a text says more than its source: guesses until people decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from claims.models.appearance import Appearance
from claims.models.claim import Claim
from claims.models.triggers import to_be_triaged
from claims.verification.status import VERDICTS


class Deciding(models.TextChoices):
    """What became of a guess. Nobody stands behind it but the machine where `by` is empty."""

    SUGGESTED = "suggested", _("suggested")
    ACCEPTED = "accepted", _("accepted")
    DISMISSED = "dismissed", _("dismissed")


_STATES = Q(state__in=[state.value for state in Deciding])


class LinkQuerySet(models.QuerySet["Link"]):
    """Reads of links."""

    def between(self, some: Iterable[int], others: Iterable[int]) -> LinkQuerySet:
        """With one end here and the other there."""
        here, there = list(some), list(others)
        return self.filter(Q(claim__in=here, other__in=there) | Q(claim__in=there, other__in=here))

    def of(self, claims: Iterable[int]) -> LinkQuerySet:
        """With an end among these claims."""
        named = list(claims)
        return self.filter(Q(claim__in=named) | Q(other__in=named))

    def joining(self) -> LinkQuerySet:
        """Which make two claims one."""
        return self.filter(kind=Link.Kind.SAME_AS, state=Deciding.ACCEPTED)

    def open(self) -> LinkQuerySet:
        """Awaiting somebody; not those between claims that are one by now, or of which one was erased."""
        group, others = Coalesce("claim__head_id", "claim_id"), Coalesce("other__head_id", "other_id")
        living = self.filter(state=Deciding.SUGGESTED, claim__erased_at=None, other__erased_at=None)
        return living.alias(group=group, others=others).exclude(kind=Link.Kind.SAME_AS, group=F("others"))

    def about_a_verdict(self) -> LinkQuerySet:
        """Where either end, or the claim it is joined to, has a verdict."""
        ends = ("claim", "claim__head", "other", "other__head")
        asked = [Q(**{f"{end}__status__in": [status.value for status in VERDICTS]}) for end in ends]
        return self.filter(asked[0] | asked[1] | asked[2] | asked[3])

    def whole(self) -> LinkQuerySet:
        """With both claims, what they are joined to, and who decided."""
        return self.select_related("claim__head", "other__head", "by")


class Link(models.Model):
    """Two claims and how they stand to each other, read "claim KIND other". One row a pair and kind, for good.

    Where `by` is empty the machine wrote it last, and may write it anew; what a person decided it leaves alone.
    """

    class Kind(models.TextChoices):
        """How the one stands to the other."""

        SAME_AS = "same_as", _("says the same as")
        CONTRADICTS = "contradicts", _("contradicts")
        SUPERSEDES = "supersedes", _("is newer than")
        NARROWS = "narrows", _("is narrower than")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="links", verbose_name=_("claim"))
    other = models.ForeignKey(Claim, models.PROTECT, related_name="links_to", verbose_name=_("other claim"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=Deciding.choices)
    because = models.JSONField(_("because"), default=list)
    sure = models.FloatField(_("sure"), null=True, blank=True)
    likeness = models.FloatField(_("likeness"), null=True, blank=True)
    found_at = models.DateTimeField(_("found at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Least("claim", "other"), Greatest("claim", "other"), "kind", name="claims_link_once_a_pair_and_kind"
            ),
            models.CheckConstraint(name="claims_link_is_between_two", condition=~Q(claim=F("other"))),
            models.CheckConstraint(
                name="claims_link_kind_known",
                condition=Q(kind__in=["same_as", "contradicts", "supersedes", "narrows"]),
            ),
            models.CheckConstraint(name="claims_link_state_known", condition=_STATES),
            models.CheckConstraint(
                name="claims_link_machines_accept_the_same_only",
                condition=~Q(state="accepted") | Q(by__isnull=False) | Q(kind="same_as"),
            ),
            models.CheckConstraint(
                name="claims_link_sure_0_to_1", condition=Q(sure__isnull=True) | Q(sure__gte=0, sure__lte=1)
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="claims_link_suggested", condition=Q(state="suggested"))]
        triggers = to_be_triaged("links", "state", claims=("claim_id", "other_id"))

    def __str__(self) -> str:
        return f"{self.claim} {self.get_kind_display()} {self.other}"


class DriftQuerySet(models.QuerySet["Drift"]):
    """Reads of drifts."""

    def standing(self) -> DriftQuerySet:
        """Which nobody has dismissed."""
        return self.exclude(state=Deciding.DISMISSED)

    def open(self) -> DriftQuerySet:
        """Awaiting somebody."""
        return self.filter(state=Deciding.SUGGESTED, claim__erased_at=None)

    def of(self, claims: Iterable[int]) -> DriftQuerySet:
        """Where these claims' texts say more."""
        return self.filter(claim__in=list(claims))

    def whole(self) -> DriftQuerySet:
        """With both places, their articles and outlets, and who decided."""
        places = [f"{end}__article__document__publisher" for end in ("appearance", "source")]
        return self.select_related("claim__head", "by", *places)


class Drift(models.Model):
    """A text says more than the text it has it from: the same statement, surer or more exact. One row a pair."""

    class Kind(models.TextChoices):
        """What the text added."""

        HEDGE_DROPPED = "hedge_dropped", _("states what its source left open")
        NUMBER_HARDENED = "number_hardened", _("gives as exact a number that its source gave roughly")
        ALLEGATION_HARDENED = "allegation_hardened", _("states as a fact what its source only alleged")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="drifts", verbose_name=_("claim"))
    appearance = models.ForeignKey(
        Appearance, models.PROTECT, related_name="drifts", verbose_name=_("place that says more")
    )
    source = models.ForeignKey(
        Appearance, models.PROTECT, related_name="drifts_from", verbose_name=_("place it has it from")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=Deciding.choices)
    said = models.TextField(_("it says"))
    source_said = models.TextField(_("its source said"))
    because = models.JSONField(_("because"), default=list)
    found_at = models.DateTimeField(_("found at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    objects = DriftQuerySet.as_manager()

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drifts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="claims_drift_once_a_pair", fields=["appearance", "source"]),
            models.CheckConstraint(name="claims_drift_is_between_two", condition=~Q(appearance=F("source"))),
            models.CheckConstraint(
                name="claims_drift_kind_known",
                condition=Q(kind__in=["hedge_dropped", "number_hardened", "allegation_hardened"]),
            ),
            models.CheckConstraint(name="claims_drift_state_known", condition=_STATES),
            models.CheckConstraint(
                name="claims_drift_accepted_has_person", condition=~Q(state="accepted") | Q(by__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="claims_drift_suggested", condition=Q(state="suggested"))]
        triggers = to_be_triaged("drifts", "state")

    def __str__(self) -> str:
        return str(self.get_kind_display())
