"""Fact-checks that others published, what they said before, and which claims they may be about."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.evidence import Evidence
from claims.models.known_feed import IDENTITY_LENGTH, MEANINGS, URL_LENGTH, KnownFeed, KnownRating, meaning_known
from claims.models.representation import Represented
from claims.models.triggers import to_be_triaged
from sources.models import Source

# What of a fact-check its publisher may correct; an earlier version keeps all of it.
SAID = (
    "text", "claimant", "title", "rating", "value", "best", "worst", "reviewed_at", "claimed_at", "language",
    "publisher", "site",
)  # fmt: skip
_SCALE = ("value", "best", "worst")


class Reviewed(models.Model):
    """What a fact-check says: the claim that was checked, who made it, and how it was rated."""

    text = models.CharField(_("claim that was checked"), max_length=2_000)
    claimant = models.CharField(_("who said it"), max_length=300, blank=True)
    title = models.CharField(_("headline"), max_length=300, blank=True)
    rating = models.CharField(_("rating in its words"), max_length=300, blank=True)
    value = models.FloatField(_("rating as a number"), null=True, blank=True)
    best = models.FloatField(_("best number"), null=True, blank=True)
    worst = models.FloatField(_("worst number"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("published at"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("said at"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    publisher = models.CharField(_("publisher's name"), max_length=300, blank=True)
    site = models.CharField(_("publisher's domain"), max_length=253, blank=True)

    class Meta:
        abstract = True


class KnownCheckQuerySet(models.QuerySet["KnownCheck"]):
    """Reads of known fact-checks."""

    def standing(self) -> KnownCheckQuerySet:
        """Those that are neither gone nor erased."""
        return self.filter(gone_at__isnull=True, erased_at__isnull=True)

    def unmapped(self) -> KnownCheckQuerySet:
        """Those whose rating no row of the table fits."""
        return self.filter(rule__isnull=True, erased_at__isnull=True)


class KnownCheck(Reviewed, Represented):
    """A fact-check that others published, as it was read last. Due, it is to be embedded and held against our claims.

    `status` is what its rating comes to in ours: never our verdict.
    """

    class Way(models.TextChoices):
        """How it came here, the nearest to its publisher first."""

        PAGE = "page", _("its own page")
        DATAFEED = "datafeed", _("a DataFeed file")
        TOOLS = "tools", _("Google's Fact Check Tools")
        ARCHIVE = "archive", _("a file that somebody brought in")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identity = models.CharField(max_length=IDENTITY_LENGTH, unique=True, editable=False)
    url = models.CharField(_("address"), max_length=URL_LENGTH)
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="known_checks", verbose_name=_("publisher")
    )
    status = models.CharField(_("comes to"), max_length=30, choices=MEANINGS, blank=True)
    rule = models.ForeignKey(KnownRating, models.SET_NULL, null=True, blank=True, related_name="+")
    status_because = models.CharField(_("by"), max_length=20, blank=True)
    way = models.CharField(_("came by"), max_length=10, choices=Way.choices)
    feed = models.ForeignKey(
        KnownFeed, models.PROTECT, null=True, blank=True, related_name="checks", verbose_name=_("told of by")
    )
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brought by")
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    missed = models.PositiveSmallIntegerField(_("looks in a row without it"), default=0, editable=False)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = KnownCheckQuerySet.as_manager()

    class Meta(Represented.Meta):
        verbose_name = _("known fact-check")
        verbose_name_plural = _("known fact-checks")
        ordering = ["-id"]
        indexes = [
            *Represented.Meta.indexes,
            models.Index(fields=["feed", "gone_at"], name="claims_knowncheck_by_feed"),
            models.Index(fields=["status", "-id"], name="claims_knowncheck_by_status"),
            GinIndex(
                fields=["text"], name="claims_knowncheck_by_letters", opclasses=["gin_trgm_ops"], fastupdate=False
            ),
        ]
        constraints = [
            *Represented.Meta.constraints,
            models.CheckConstraint(
                name="claims_knowncheck_url_is_web", condition=Q(url="") | Q(url__iregex="^https?://")
            ),
            models.CheckConstraint(name="claims_knowncheck_has_identity", condition=~Q(identity="")),
            models.CheckConstraint(name="claims_knowncheck_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="claims_knowncheck_is_rated", condition=~Q(rating="") | Q(value__isnull=False)),
            models.CheckConstraint(
                name="claims_knowncheck_number_lies_on_its_scale",
                condition=Q(**{f"{name}__isnull": True for name in _SCALE})
                | Q(value__gte=F("worst"), value__lte=F("best"), worst__lt=F("best")),
            ),
            models.CheckConstraint(
                name="claims_knowncheck_way_known", condition=Q(way__in=["page", "datafeed", "tools", "archive"])
            ),
            meaning_known("claims_knowncheck_status_known"),
        ]
        triggers = [
            # What the index has of the text goes with it, whoever changes it.
            pgtrigger.Trigger(
                name="reworded_checks_leave_the_index",
                operation=pgtrigger.UpdateOf("text"),  # type: ignore[no-untyped-call]  # it has no types
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
                func="NEW.vector := NULL; NEW.words := NULL; NEW.model := ''; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def checker(self) -> str:
        """Who published it, by the name that the desk knows it by where it does."""
        return self.source.name if self.source else self.publisher or self.site


class KnownVersion(Reviewed):
    """What a known fact-check said before its publisher changed it."""

    known = models.ForeignKey(KnownCheck, models.CASCADE, related_name="versions", verbose_name=_("known fact-check"))
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("came to"), max_length=30, choices=MEANINGS, blank=True)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["known_id", "-number"]
        constraints = [models.UniqueConstraint(name="claims_knownversion_once", fields=["known", "number"])]

    def __str__(self) -> str:
        return self.rating


class KnownMatchQuerySet(models.QuerySet["KnownMatch"]):
    """Reads of matches."""

    def shown(self) -> KnownMatchQuerySet:
        """Those that nobody dismissed, of fact-checks that were not erased; the surest first."""
        kept = self.exclude(state=KnownMatch.State.DISMISSED).filter(known__erased_at__isnull=True)
        return kept.order_by("state", "-sure", "-likeness", "pk")


class KnownMatch(models.Model):
    """A claim of ours that others may have checked: a suggestion to the desk, never a verdict."""

    class Kind(models.TextChoices):
        """What the claim has to do with the one that was checked."""

        SAME = "same", _("says the same")
        CONTRADICTS = "contradicts", _("contradicts it")
        RELATED = "related", _("is about the same")

    class State(models.TextChoices):
        """Whether a person stands behind it."""

        SUGGESTED = "suggested", _("suggested")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="known_matches", verbose_name=_("claim"))
    known = models.ForeignKey(KnownCheck, models.PROTECT, related_name="matches", verbose_name=_("known fact-check"))
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices)
    sure = models.FloatField(_("sure"))
    likeness = models.FloatField(_("alike"))
    because = ArrayField(models.CharField(max_length=300), default=list, blank=True, verbose_name=_("because"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SUGGESTED)
    evidence = models.ForeignKey(Evidence, models.SET_NULL, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("found at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = KnownMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match with a known fact-check")
        verbose_name_plural = _("matches with known fact-checks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="claims_knownmatch_once", fields=["claim", "known"]),
            models.CheckConstraint(
                name="claims_knownmatch_kind_known", condition=Q(kind__in=["same", "contradicts", "related"])
            ),
            models.CheckConstraint(
                name="claims_knownmatch_sure_and_alike_0_to_1",
                condition=Q(sure__gte=0, sure__lte=1, likeness__gte=-1, likeness__lte=1),
            ),
            models.CheckConstraint(
                name="claims_knownmatch_is_decided_by_a_person",
                condition=Q(state="suggested", by__isnull=True, at__isnull=True)
                | Q(state__in=["accepted", "dismissed"], by__isnull=False, at__isnull=False),
            ),
        ]
        triggers = [
            *to_be_triaged("known_matches", "state", "kind"),
            pgtrigger.Trigger(
                name="known_matches_no_more_are_triaged",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                func="PERFORM claims_to_be_triaged(OLD.claim_id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind} {self.known_id}"
