"""A page we look at, and what a look found."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from factcheck.ledger import Due
from sources.fetching.types import Outcome
from sources.models import walls
from sources.models.host import Host
from sources.models.source import Source

OUTCOMES = [
    (Outcome.UNCHANGED, _("unchanged")),
    (Outcome.CHANGED, _("changed")),
    (Outcome.CHANGE_PENDING, _("perhaps changed, awaiting the second look")),
    (Outcome.GONE, _("gone")),
    (Outcome.THROTTLED, _("asked us to slow down")),
    (Outcome.GATED, _("behind a login or bot wall")),
    (Outcome.UNREACHABLE, _("could not be reached")),
    (Outcome.BLOCKED, _("may not be fetched")),
    (Outcome.UNSUPPORTED, _("cannot be read by us")),
]
UNSEEN_LOOKS, UNSEEN_FOR = 3, timedelta(days=1)
SAW = (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.CHANGE_PENDING)


# How far behind a look may be before what a page says counts as old: a backlog, or a host that rests, explains less.
LATE_AFTER = timedelta(minutes=15)


def blind_after() -> timedelta:
    """Return for how long a page may go unseen."""
    return timedelta(seconds=settings.MONITOR_BLIND_AFTER)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads of documents."""

    def watched(self) -> DocumentQuerySet:
        """Those that are looked at again: they have an address and nobody paused them."""
        return self.exclude(url="").filter(paused_at__isnull=True)

    def with_version(self) -> DocumentQuerySet:
        """With publisher, agency and current snapshot, but not its text."""
        return self.select_related("publisher", "wire", "snapshot").defer(
            "snapshot__text", "snapshot__blocks", "snapshot__links"
        )

    def on_resting_hosts(self, now: datetime) -> DocumentQuerySet:
        """Watched ones on a server that failed so often that it is left alone for a while."""
        return self.watched().filter(host__open_until__gt=now)

    def walled(self) -> DocumentQuerySet:
        """Watched ones that no machine is let in to see: behind a login or a bot wall, or closed by robots.txt."""
        return self.watched().filter(walls.WALLED)

    def blind(self, now: datetime) -> DocumentQuerySet:
        """Watched ones that could be read before, but not for too long, whatever the reason: also dead workers."""
        return self.watched().filter(seen_at__lt=now - blind_after(), gone_at__isnull=True, snapshot__isnull=False)


class Document(Due):
    """A page by its canonical URL; or one without, pasted or uploaded, known by the digest of its text."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identity = models.CharField(max_length=2100, unique=True, editable=False)
    url = models.CharField(_("address"), max_length=2048, blank=True)
    # By the index below, which serves to find a host's pages too.
    host = models.ForeignKey(
        Host, models.PROTECT, null=True, blank=True, related_name="documents", db_index=False, verbose_name=_("host")
    )
    publisher = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("publisher")
    )
    wire = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("has it from the agency")
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    snapshot = models.ForeignKey(
        "Snapshot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current snapshot"),
    )
    outcome = models.CharField(_("last look"), max_length=20, choices=OUTCOMES, blank=True)
    outcome_detail = models.CharField(_("detail"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last changed"), null=True, blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failed looks in a row"), default=0)
    looks_since_change = models.PositiveIntegerField(default=0)
    due_because = models.CharField(_("due because"), max_length=300, blank=True)
    # What the last looks saw beside the version we keep, as sources.fetching.confirming has it; empty on a calm page.
    # While it is not, the digest is what the last look saw. Two more columns await the next release to go.
    sightings = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), editable=False)
    unstable_since = models.DateTimeField(_("unstable since"), null=True, blank=True)
    pending_digest = models.CharField(max_length=64, blank=True)
    pending_since = models.DateTimeField(null=True, blank=True)
    pending_looks = models.PositiveSmallIntegerField(default=0)
    differs_since = models.DateTimeField(null=True, blank=True)
    blind_at = models.DateTimeField(_("told as blind at"), null=True, blank=True)
    etag = models.CharField(max_length=1000, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    # How much rests on it, set from above through sources.services.pacing.
    stake = models.FloatField(_("stake"), default=1.0, db_default=1.0)
    stake_why = models.CharField(_("what rests on it"), max_length=300, blank=True, default="", db_default="")
    stake_at = models.DateTimeField(null=True, blank=True)
    # How often it changes, as sources.fetching.rates learns it; until which look, null while nothing was learnt.
    rate_changes = models.FloatField(default=0.0, db_default=0.0)
    rate_hours = models.FloatField(default=0.0, db_default=0.0)
    rate_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    # No archive outside is told of it: a draft, a pasted text, an address that must not be known.
    kept_inside = models.BooleanField(_("kept inside"), default=False, db_default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        indexes = [
            *Due.Meta.indexes,
            models.Index(
                fields=["seen_at"],
                name="sources_document_unseen",
                condition=Q(paused_at__isnull=True, gone_at__isnull=True, blind_at__isnull=True),
            ),
            models.Index(fields=["host", "due_at"], name="sources_document_by_host"),
            models.Index(fields=["host"], name="sources_document_walled", condition=walls.INDEXED),
            # What an older version of the program wrote, until a round names its host.
            models.Index(fields=["id"], name="sources_document_hostless", condition=Q(host__isnull=True) & ~Q(url="")),
        ]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="sources_document_url_is_web", condition=Q(url="") | Q(url__iregex="^https?://")
            ),
            models.CheckConstraint(name="sources_document_has_identity", condition=~Q(identity="")),
            models.CheckConstraint(
                name="sources_document_outcome_known",
                condition=Q(outcome="") | Q(outcome__in=[o.value for o in Outcome]),
            ),
            models.CheckConstraint(name="sources_document_stake_is_positive", condition=Q(stake__gt=0)),
            models.CheckConstraint(
                name="sources_document_rate_is_no_less_than_nothing",
                condition=Q(rate_changes__gte=0, rate_hours__gte=0),
            ),
            models.CheckConstraint(
                name="sources_document_without_address_is_never_due",
                condition=~Q(url="") | Q(due_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or str(_("Text without address"))

    @property
    def is_watched(self) -> bool:
        """Whether it is looked at again."""
        return bool(self.url) and self.paused_at is None

    @property
    def is_out_of_sight(self) -> bool:
        """Whether look after look has failed for a day: one failure is nothing to tell."""
        if self.failures < UNSEEN_LOOKS or self.checked_at is None or self.seen_at is None:
            return False
        return self.checked_at - self.seen_at >= UNSEEN_FOR

    def is_late(self, now: datetime) -> bool:
        """Whether nobody looks at it any more, though nothing says that it is gone; from the clock, never stored.

        A page that is paused or stuck has no next look: what it says grows old from its last one on.
        """
        if not self.url or self.checked_at is None or self.gone_at is not None:
            return False
        return (self.due_at or self.checked_at) + LATE_AFTER <= now

    def is_blind(self, now: datetime) -> bool:
        """Whether it could be read before but not for too long; computed from the clock, never stored."""
        if not self.is_watched or self.seen_at is None or self.gone_at is not None or self.snapshot_id is None:
            return False
        return now - self.seen_at > blind_after()


class Change(Due):
    """What a look found, written in its own transaction as a row that is due: how claims hear of it."""

    class Found(models.TextChoices):
        """What was found."""

        FIRST = "first", _("first reading")
        CHANGED = "changed", _("the text changed")
        GONE = "gone", _("the page is gone")
        BLIND = "blind", _("could not be looked at for too long")
        SEEN_AGAIN = "seen_again", _("could be seen again")
        UNSTABLE = "unstable", _("goes back and forth between versions")

    class Weight(models.TextChoices):
        """How much a change of the text says."""

        MINOR = "minor", _("minor")
        SUBSTANTIVE = "substantive", _("substantive")

    document = models.ForeignKey(Document, models.PROTECT, related_name="changes", verbose_name=_("document"))
    found = models.CharField(_("found"), max_length=10, choices=Found.choices)
    before = models.ForeignKey("Snapshot", models.PROTECT, null=True, blank=True, related_name="+")
    after = models.ForeignKey("Snapshot", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("found at"))
    weight = models.CharField(_("weight"), max_length=12, choices=Weight.choices, blank=True, default="", db_default="")
    is_stealth = models.BooleanField(_("without a notice we found"), default=False, db_default=False)
    has_notice = models.BooleanField(_("with a notice"), default=False, db_default=False)

    class Meta(Due.Meta):
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="sources_change_of_text_has_its_snapshot",
                condition=~Q(found__in=["first", "changed", "unstable"]) | Q(after__isnull=False),
            ),
            models.CheckConstraint(
                name="sources_change_weight_known", condition=Q(weight__in=["", "minor", "substantive"])
            ),
            models.CheckConstraint(
                name="sources_change_stealth_is_substantive_and_without_notice",
                condition=Q(is_stealth=False) | Q(weight="substantive", has_notice=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_found_display()}"
