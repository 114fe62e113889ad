"""The one log that history reads: append-only, each event chained to the one before it on the same subject."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.models.erasure import never_emptied


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events."""

    def of(self, subject_uid: uuid.UUID) -> EventQuerySet:
        """What happened to one subject, newest first, with who did it."""
        return self.filter(subject_uid=subject_uid).select_related("by").order_by("-sequence")


class EventManager(models.Manager.from_queryset(EventQuerySet)):  # type: ignore[misc]  # a class made at run time
    """Events come with what they say."""

    def get_queryset(self) -> EventQuerySet:
        """Bring the payload along."""
        found: EventQuerySet = super().get_queryset().select_related("kept")
        return found


class Event(models.Model):
    """One thing that happened to a subject; numbered per subject, append-only, chained by `digest`."""

    class Subject(models.TextChoices):
        """What it happened to."""

        ARTICLE = "article", _("article")
        CLAIM = "claim", _("claim")
        DOCUMENT = "document", _("document")
        ERASURE = "erasure", _("erasure")

    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)
    subject_uid = models.UUIDField(_("uid"))
    sequence = models.PositiveIntegerField(_("number"))
    type = models.CharField(_("type"), max_length=50)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    commitment = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = EventManager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["subject_uid", "sequence"]
        constraints = [
            models.UniqueConstraint(name="claims_event_sequence_once", fields=["subject_uid", "sequence"]),
        ]
        triggers = [
            pgtrigger.Protect(name="events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("events_are_never_emptied"),
        ]

    def __str__(self) -> str:
        return self.type

    @property
    def payload(self) -> dict[str, Any]:
        """What it says; empty where that was erased."""
        return self.kept.body or {}


class Payload(models.Model):
    """What an event says, apart from the chain that commits to it, so that it can be erased."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="kept")
    salt = models.BinaryField(null=True)
    body = models.JSONField(_("payload"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    erased_why = models.CharField(_("erased because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("payload")
        verbose_name_plural = _("payloads")
        indexes = [
            models.Index(fields=["erased_at"], name="claims_payload_erased", condition=Q(erased_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="claims_payload_is_whole_or_erased",
                condition=Q(salt__isnull=False, body__isnull=False, erased_at__isnull=True, erased_why="")
                | (Q(salt__isnull=True, body__isnull=True, erased_at__isnull=False) & ~Q(erased_why="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="payloads_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("payloads_are_never_emptied"),
            pgtrigger.Trigger(
                name="payloads_change_by_erasure_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                # Once; afterwards only the reason may lose letters, where it names somebody who is erased in turn.
                func="IF NEW.event_id = OLD.event_id AND NEW.erased_at IS NOT NULL AND (OLD.erased_at IS NULL"
                " OR (NEW.erased_at = OLD.erased_at AND NEW.erased_by_id IS NOT DISTINCT FROM OLD.erased_by_id"
                " AND sources_only_blackened(OLD.erased_why, NEW.erased_why))) THEN RETURN NEW; END IF;"
                " RAISE EXCEPTION 'a payload changes by its erasure only, once';",
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)


class OutboxQuerySet(models.QuerySet["Outbox"]):
    """Reads of the outbox."""

    def waiting(self) -> OutboxQuerySet:
        """Events that have not gone out yet, in the order in which they were written."""
        return self.filter(dispatched_at__isnull=True).order_by("event_id")


class Outbox(models.Model):
    """An event that still has to go out: the one mutable row beside it."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="outbox")
    dispatched_at = models.DateTimeField(_("sent on at"), null=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox row")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(fields=["event"], name="claims_outbox_waiting", condition=Q(dispatched_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.event)


class FeedQuerySet(models.QuerySet["Feed"]):
    """Reads of the feed."""

    def after(self, position: int) -> FeedQuerySet:
        """What a reader has not seen yet, in order; no position is ever skipped or filled in later."""
        return self.filter(position__gt=position).select_related("event__kept").order_by("position")


class Feed(models.Model):
    """The place of an event in the one order in which everybody reads: gapless, in the order of commits."""

    position = models.PositiveBigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="place")

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in the feed")
        verbose_name_plural = _("feed")
        triggers = [
            pgtrigger.Protect(name="the_feed_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("the_feed_is_never_emptied"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.event}"
