"""A source's feed that is watched, and each article that it told of."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from factcheck.ledger import Due
from sources.fetching.types import Outcome
from sources.models.document import OUTCOMES, Document
from sources.models.host import Host
from sources.models.source import Source

MOST_TO_BEGIN_WITH = 20


class WatchedFeedQuerySet(models.QuerySet["Feed"]):
    """Reads of feeds; claims have a FeedQuerySet of their own."""

    def watched(self) -> WatchedFeedQuerySet:
        """Those that nobody paused, and whose address was not erased."""
        return self.filter(paused_at__isnull=True).exclude(url="")

    def with_counts(self) -> WatchedFeedQuerySet:
        """With `many`, of how many entries each told, and `taken`, how many of them came in as articles."""
        told = FeedEntry.objects.filter(feed=OuterRef("pk")).order_by().values("feed")
        taken = told.filter(became=FeedEntry.Became.TAKEN)
        counted = {
            name: rows.annotate(many=Count("pk")).values("many") for name, rows in (("many", told), ("taken", taken))
        }
        return self.annotate(**{name: Coalesce(Subquery(count), 0) for name, count in counted.items()})


class Feed(Due):
    """The feed of a source: looked at as often as entries come in. It is due when it is to be looked at."""

    identity = models.CharField(max_length=2100, unique=True, editable=False)
    url = models.CharField(_("address"), max_length=2048)
    host = models.ForeignKey(Host, models.PROTECT, related_name="feeds", verbose_name=_("host"))
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="feeds", verbose_name=_("source")
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    begin_with = models.PositiveSmallIntegerField(
        _("entries to begin with"),
        default=0,
        help_text=_("So many of the newest entries come in at the first look; all others only from then on."),
    )
    outcome = models.CharField(_("last look"), max_length=20, choices=OUTCOMES, blank=True)
    outcome_detail = models.CharField(_("detail"), max_length=300, blank=True)
    # Feeds that the address names instead, where a page stands there and no feed.
    others = ArrayField(models.CharField(max_length=2048), default=list, blank=True, editable=False)
    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last read"), null=True, blank=True)
    since = models.DateTimeField(_("entries come in since"), null=True, blank=True)
    absent_since = models.DateTimeField(_("not there since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failed looks in a row"), default=0)
    due_because = models.CharField(_("due because"), max_length=300, blank=True)
    etag = models.CharField(max_length=1000, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    created_at = models.DateTimeField(_("added at"))

    objects = WatchedFeedQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["-id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(name="sources_feed_url_is_web", condition=Q(url="") | Q(url__iregex="^https?://")),
            models.CheckConstraint(name="sources_feed_has_identity", condition=~Q(identity="")),
            models.CheckConstraint(
                name="sources_feed_outcome_known",
                condition=Q(outcome="") | Q(outcome__in=[o.value for o in Outcome]),
            ),
            models.CheckConstraint(
                name="sources_feed_begins_with_few", condition=Q(begin_with__lte=MOST_TO_BEGIN_WITH)
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or str(_("Feed whose address was erased"))


class FeedEntry(Due):
    """One article that a feed told of, and what became of it. It is due when it is to be taken in."""

    class Became(models.TextChoices):
        """What became of an entry."""

        WAITING = "waiting", _("about to come in")
        TAKEN = "taken", _("came in as an article")
        KNOWN = "known", _("was here already")
        PASSED = "passed", _("left out")
        REFUSED = "refused", _("refused")

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="entries", verbose_name=_("feed"))
    key = models.CharField(max_length=64, editable=False)
    url = models.CharField(_("address"), max_length=2048, blank=True)
    identity = models.CharField(max_length=2100, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen at"))
    became = models.CharField(_("what became of it"), max_length=10, choices=Became.choices)
    detail = models.CharField(_("because"), max_length=300, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="feed_entries", verbose_name=_("document")
    )

    class Meta(Due.Meta):
        verbose_name = _("entry of a feed")
        verbose_name_plural = _("entries of feeds")
        ordering = ["-id"]
        indexes = [*Due.Meta.indexes, models.Index(fields=["feed", "identity"], name="sources_feedentry_by_address")]
        constraints = [
            *Due.Meta.constraints,
            models.UniqueConstraint(name="sources_feedentry_once_a_feed", fields=["feed", "key"]),
            models.CheckConstraint(
                name="sources_feedentry_became_known",
                condition=Q(became__in=["waiting", "taken", "known", "passed", "refused"]),
            ),
            models.CheckConstraint(
                name="sources_feedentry_is_due_while_it_waits",
                condition=Q(became="waiting", due_at__isnull=False) | (~Q(became="waiting") & Q(due_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="sources_feedentry_left_out_says_why",
                condition=~Q(became__in=["passed", "refused"]) | ~Q(detail=""),
            ),
            models.CheckConstraint(
                name="sources_feedentry_that_came_in_has_its_document",
                condition=~Q(became__in=["taken", "known"]) | Q(document__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or self.key
