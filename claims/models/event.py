"""The one log that history reads."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events."""

    def of(self, subject_uid: uuid.UUID) -> EventQuerySet:
        """What happened to one subject, newest first, with who did it."""
        return self.filter(subject_uid=subject_uid).select_related("by").order_by("-sequence")


class Event(models.Model):
    """One thing that happened to a subject; numbered per subject, append-only."""

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
    payload = models.JSONField(_("payload"), default=dict)

    objects = EventQuerySet.as_manager()

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
