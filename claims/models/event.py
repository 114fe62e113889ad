"""The one log that history reads: append-only, each event chained to the one before it on the same subject."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
        constraints = [
            models.CheckConstraint(
                name="claims_payload_is_whole_or_erased",
                condition=Q(salt__isnull=False, body__isnull=False, erased_at__isnull=True, erased_why="")
                | (Q(salt__isnull=True, body__isnull=True, erased_at__isnull=False) & ~Q(erased_why="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="payloads_are_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="payloads_change_by_erasure_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__erased_at__isnull=False) | pgtrigger.Q(new__erased_at__isnull=True),
                func="RAISE EXCEPTION 'a payload changes by its erasure only, once';",
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)
