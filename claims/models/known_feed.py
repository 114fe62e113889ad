"""Where fact-checks by others are read, and what their ratings mean in ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import STATUSES
from claims.verification.status import VERDICTS, Status
from factcheck.ledger import Due
from sources.fetching.types import Outcome
from sources.models import Host
from sources.models.document import OUTCOMES

# What a rating of others may come to: one of our verdicts, or that there is nothing to check.
MEANINGS = [(code, word) for code, word in STATUSES if code in VERDICTS | {Status.NOT_CHECKABLE}]
MOST_HOURS = 24 * 90
URL_LENGTH, IDENTITY_LENGTH = 2_048, 2_200


def meaning_known(name: str) -> models.CheckConstraint:
    """Return the constraint that a status is one of ours, or none."""
    return models.CheckConstraint(name=name, condition=Q(status="") | Q(status__in=[code for code, _word in MEANINGS]))


class KnownFeedQuerySet(models.QuerySet["KnownFeed"]):
    """Reads of where fact-checks are read."""

    def watched(self) -> KnownFeedQuerySet:
        """Those that nobody paused, and whose address was not erased."""
        return self.filter(paused_at__isnull=True).exclude(url="")

    def chosen(self) -> KnownFeedQuerySet:
        """Those that people chose: not the pages that a feed told of."""
        return self.filter(told_by__isnull=True)


class KnownFeed(Due):
    """Where fact-checks by others are read again and again, so that corrections arrive. Due, it is to be asked."""

    class Kind(models.TextChoices):
        """What stands there."""

        PAGE = "page", _("a page with ClaimReview")
        FEED = "feed", _("an RSS, Atom or JSON feed of such pages")
        DATAFEED = "datafeed", _("a DataFeed file")
        TOOLS = "tools", _("a search with Google's Fact Check Tools")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    identity = models.CharField(max_length=IDENTITY_LENGTH, unique=True, editable=False)
    url = models.CharField(_("address"), max_length=URL_LENGTH)
    host = models.ForeignKey(Host, models.PROTECT, related_name="known_feeds", verbose_name=_("host"))
    title = models.CharField(_("title"), max_length=300, blank=True)
    told_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="pages", verbose_name=_("told of by")
    )
    every_hours = models.PositiveSmallIntegerField(_("asked every so many hours"), default=24)
    # An answer of several pages is asked for page by page: by what for the next, since when, and how many so far.
    more = models.CharField(max_length=1_000, blank=True, default="", editable=False)
    round_at = models.DateTimeField(null=True, blank=True, editable=False)
    pages_read = models.PositiveSmallIntegerField(default=0, editable=False)
    outcome = models.CharField(_("last look"), max_length=20, choices=OUTCOMES, blank=True)
    outcome_detail = models.CharField(_("detail"), max_length=300, blank=True)
    lacks = models.JSONField(_("what is missing"), default=list, blank=True, editable=False)
    listed = models.PositiveIntegerField(_("fact-checks read"), default=0, editable=False)
    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last read"), null=True, blank=True)
    absent_since = models.DateTimeField(_("not there since"), null=True, blank=True)
    unchanged = models.PositiveSmallIntegerField(_("looks in a row without anything new"), default=0, editable=False)
    failures = models.PositiveIntegerField(_("failed looks in a row"), default=0)
    due_because = models.CharField(_("due because"), max_length=300, blank=True)
    etag = models.CharField(max_length=1_000, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    created_at = models.DateTimeField(_("added at"))

    objects = KnownFeedQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("feed of fact-checks")
        verbose_name_plural = _("feeds of fact-checks")
        ordering = ["-id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="claims_knownfeed_kind_known", condition=Q(kind__in=["page", "feed", "datafeed", "tools"])
            ),
            models.CheckConstraint(
                name="claims_knownfeed_url_is_web", condition=Q(url="") | Q(url__iregex="^https?://")
            ),
            models.CheckConstraint(name="claims_knownfeed_has_identity", condition=~Q(identity="")),
            models.CheckConstraint(
                name="claims_knownfeed_outcome_known",
                condition=Q(outcome="") | Q(outcome__in=[one.value for one in Outcome]),
            ),
            models.CheckConstraint(
                name="claims_knownfeed_asked_within_bounds",
                condition=Q(every_hours__gte=1, every_hours__lte=MOST_HOURS),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or str(_("Feed whose address was erased"))


class KnownRating(models.Model):
    """What a rating of others comes to in ours: by its words, or by where its number lies on its own scale.

    The row of one publisher (its domain) goes before a row for any. An empty status leaves the rating without one.
    """

    words = models.CharField(
        _("words of the rating"),
        max_length=120,
        blank=True,
        help_text=_("Such as “mostly false”. Case, accents and signs do not count. Empty: a stretch of the scale."),
    )
    site = models.CharField(
        _("publisher's domain"), max_length=253, blank=True, help_text=_("Such as example.org. Empty: any publisher.")
    )
    low = models.FloatField(
        _("from"), null=True, blank=True, help_text=_("Of the scale from 0 (its worst rating) to 1 (its best).")
    )
    high = models.FloatField(_("to"), null=True, blank=True)
    status = models.CharField(
        _("comes to"),
        max_length=30,
        choices=MEANINGS,
        blank=True,
        help_text=_("Empty: nothing of ours; the rating is shown as it is."),
    )

    class Meta:
        verbose_name = _("meaning of a rating")
        verbose_name_plural = _("meanings of ratings")
        ordering = ["site", "words", "low"]
        constraints = [
            models.UniqueConstraint(
                name="claims_knownrating_once", fields=["site", "words", "low", "high"], nulls_distinct=False
            ),
            meaning_known("claims_knownrating_status_known"),
            models.CheckConstraint(
                name="claims_knownrating_by_words_or_by_scale",
                condition=(~Q(words="") & Q(low__isnull=True, high__isnull=True))
                | Q(words="", low__gte=0, high__lte=1, high__gte=F("low")),
            ),
        ]

    def __str__(self) -> str:
        return self.words or f"{self.low}–{self.high}"
