"""What a document said at one moment, and the response it was read from."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from factcheck import storage
from sources.fetching.types import BlockKind, has_whole_text
from sources.models.document import Document
from sources.models.erasure import erasure_is_whole, never_emptied, only_by_erasure


class Snapshot(models.Model):
    """What a document said at one moment; it changes by erasure only, and then its letters are blacked out."""

    class CapturedBy(models.TextChoices):
        """Whose look it was."""

        FETCH = "fetch", _("our fetch")
        PERSON = "person", _("a person who supplied it")

    document = models.ForeignKey(Document, models.PROTECT, related_name="snapshots", verbose_name=_("document"))
    number = models.PositiveIntegerField(_("number"))
    taken_at = models.DateTimeField(_("taken at"))
    captured_by = models.CharField(_("captured by"), max_length=10, choices=CapturedBy.choices)
    captured_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    modified_at = models.DateTimeField(_("modified at"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    text = models.TextField(_("text"))
    blocks = models.JSONField(_("blocks"), default=list)
    links = models.JSONField(_("links"), default=list)
    digest = models.CharField(_("digest"), max_length=64)
    complete = models.BooleanField(_("complete"), default=True)
    truncated = models.CharField(_("cut because"), max_length=40, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    erased_why = models.CharField(_("erased because"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="sources_snapshot_number_once", fields=["document", "number"]),
            models.CheckConstraint(
                name="sources_snapshot_complete_or_says_why",
                condition=Q(complete=True, truncated="") | Q(complete=False) & ~Q(truncated=""),
            ),
            erasure_is_whole("sources_snapshot_erased_says_why"),
        ]
        triggers = [
            pgtrigger.Protect(name="snapshots_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("snapshots_are_never_emptied"),
            only_by_erasure(
                "snapshots_change_by_erasure_only",
                kept=(
                    *("id", "document_id", "number", "taken_at", "captured_by", "captured_by_user_id", "published_at"),
                    *("modified_at", "language", "digest", "complete", "truncated"),
                ),
                blackened=("title", "byline", "text"),
                also="jsonb_array_length(NEW.blocks) > jsonb_array_length(OLD.blocks)"
                " OR jsonb_array_length(NEW.links) > jsonb_array_length(OLD.links)",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} #{self.number}"

    @property
    def substance(self) -> str:
        """The text without its boilerplate, unless it is nothing else: what is compared, as `Reading.substance`."""
        kept = [one for one in self.blocks if one["kind"] != BlockKind.BOILERPLATE]
        return "\n\n".join(self.text[one["start"] : one["end"]] for one in kept) or self.text

    @property
    def has_whole_text(self) -> bool:
        """Whether no text is missing, as `Reading.has_whole_text`."""
        return has_whole_text(self.truncated)

    @property
    def is_taken_down(self) -> bool:
        """Whether nothing of it is left to be read."""
        return self.erased_at is not None and not self.text


# An address without its query, as storage.spot has it.
SPOT = Func(F("key"), Value("?"), Value(1), function="split_part", output_field=models.TextField())


class RawBytesQuerySet(models.QuerySet["RawBytes"]):
    """Reads of raw bytes."""

    def kept(self) -> RawBytesQuerySet:
        """Those that can still be read."""
        return self.filter(erased_at__isnull=True)

    def to_be_removed(self) -> RawBytesQuerySet:
        """Erased rows whose object still lies in the store outside."""
        return self.filter(erased_at__isnull=False).exclude(key="")

    def lying_at(self, spots: Iterable[str]) -> RawBytesQuerySet:
        """Those whose bytes lie there outside, whatever way to it their addresses tell."""
        return self.exclude(key="").alias(spot=SPOT).filter(spot__in=list(spots))


class RawBytes(models.Model):
    """The response a snapshot was read from, compressed: here, or under `key` in the store that a setting names.

    `exchange` is what was said around the body, as services.exchanges has it; None where a person supplied the body.
    """

    snapshot = models.OneToOneField(Snapshot, models.CASCADE, primary_key=True, related_name="raw")
    media_type = models.CharField(max_length=100)
    content = models.BinaryField(null=True)
    key = models.CharField(max_length=storage.LONGEST_ADDRESS, blank=True, default="", db_default="")
    size = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    exchange = models.JSONField(null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    erased_why = models.CharField(_("erased because"), max_length=300, blank=True, default="", db_default="")

    objects = RawBytesQuerySet.as_manager()

    class Meta:
        verbose_name = _("raw bytes")
        verbose_name_plural = _("raw bytes")
        constraints = [
            erasure_is_whole("sources_rawbytes_erased_says_why"),
            models.CheckConstraint(
                name="sources_rawbytes_lie_in_one_place_or_are_erased",
                condition=Q(erased_at__isnull=True, content__isnull=False, key="")
                | (Q(erased_at__isnull=True, content__isnull=True) & ~Q(key="") & ~Q(digest=""))
                | Q(erased_at__isnull=False, content__isnull=True),
            ),
        ]
        indexes = [models.Index(SPOT, name="sources_rawbytes_by_spot", condition=~Q(key=""))]
        triggers = [
            pgtrigger.Protect(name="raw_bytes_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("raw_bytes_are_never_emptied"),
            only_by_erasure(
                "raw_bytes_change_by_erasure_only",
                kept=("snapshot_id", "media_type", "size", "digest"),
                also="NEW.key NOT IN ('', OLD.key)",
                emptied=("exchange",),
            ),
        ]

    def __str__(self) -> str:
        return str(self.snapshot_id)

    def unpacked(self) -> bytes:
        """Return the body as it was read; raises what factcheck.storage raises, and LookupError where it was erased."""
        if self.erased_at is not None:
            raise LookupError(f"the raw bytes were erased: {self.erased_why}")
        content = None if self.content is None else bytes(self.content)
        return storage.body_of(storage.Kept(content, self.key, self.size or 0, self.digest))
