"""What the desk writes down beside a claim: whom it asked, where it looked, what is to be remembered. Never public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from sources.models import Source
from sources.models.erasure import never_emptied

NAME_LENGTH = 300


class Way(models.TextChoices):
    """How somebody was spoken to."""

    PHONE = "phone", _("by phone")
    EMAIL = "email", _("by e-mail")
    MESSAGE = "message", _("by message")
    INTERVIEW = "interview", _("in an interview")
    IN_PERSON = "in_person", _("in person")
    OTHER = "other", _("in another way")


def way_known(name: str) -> models.CheckConstraint:
    """Return the constraint that it is one of these."""
    return models.CheckConstraint(name=name, condition=Q(way__in=Way.values))


def letters_only(name: str, *, kept: Iterable[str], words: Iterable[str], also: str = "FALSE") -> pgtrigger.Trigger:
    """Return the trigger that lets a row's words be blacked out by an erasure, and nothing else be changed.

    `also` is SQL that holds where a change is refused all the same.
    """
    refused = [
        *(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in kept),
        *(f"NOT sources_only_blackened(OLD.{column}, NEW.{column})" for column in words),
        also,
    ]
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"IF {' OR '.join(refused)} THEN RAISE EXCEPTION '% only loses letters', TG_TABLE_NAME; END IF;"
        " RETURN NEW;",
    )


class Note(models.Model):
    """Something to be remembered of a claim; nobody can edit it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="notes", verbose_name=_("claim"))
    text = models.TextField(_("note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="claims_note_says_something", condition=~Q(text=""))]
        triggers = [
            pgtrigger.Protect(name="notes_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("notes_are_never_emptied"),
            letters_only("notes_only_lose_letters", kept=("id", "claim_id", "by_id", "at"), words=("text",)),
        ]

    def __str__(self) -> str:
        return self.text


class Search(models.Model):
    """One place where somebody looked, for what, and what was there; nobody can edit it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="searches", verbose_name=_("claim"))
    looked_in = models.CharField(_("where we looked"), max_length=NAME_LENGTH)
    looked_for = models.CharField(_("what for"), max_length=NAME_LENGTH)
    found = models.TextField(_("what we found"))
    looked_at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("search log")
        ordering = ["-looked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="claims_search_says_where_what_and_result",
                condition=~Q(looked_in="") & ~Q(looked_for="") & ~Q(found=""),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="searches_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("searches_are_never_emptied"),
            letters_only(
                "searches_only_lose_letters",
                kept=("id", "claim_id", "looked_at", "by_id", "at"),
                words=("looked_in", "looked_for", "found"),
            ),
        ]

    def __str__(self) -> str:
        return self.looked_in


class ContactQuerySet(models.QuerySet["Contact"]):
    """Reads of contacts."""

    def awaiting_first(self) -> ContactQuerySet:
        """Those without an answer first, then the newest."""
        return self.order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "-id")


class Contact(models.Model):
    """Whom we asked, what, until when, and what came back. That no answer came, the reader's clock says.

    The answer is written once; nothing else can be edited.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="contacts", verbose_name=_("claim"))
    whom = models.CharField(_("whom we asked"), max_length=NAME_LENGTH)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("source")
    )
    role = models.CharField(_("their part in it"), max_length=NAME_LENGTH, blank=True)
    way = models.CharField(_("how"), max_length=10, choices=Way.choices)
    question = models.TextField(_("what we asked"))
    asked_at = models.DateTimeField(_("asked"))
    deadline = models.DateTimeField(_("answer until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answer_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("noted by")
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contact log")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="claims_contact_says_whom_and_what", condition=~Q(whom="") & ~Q(question="")),
            way_known("claims_contact_way_known"),
            models.CheckConstraint(
                name="claims_contact_deadline_is_later",
                condition=Q(deadline__isnull=True) | Q(deadline__gt=F("asked_at")),
            ),
            models.CheckConstraint(
                name="claims_contact_answer_is_whole",
                condition=Q(answered_at__isnull=True, answer="", answer_by__isnull=True)
                | (Q(answered_at__gte=F("asked_at"), answer_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="contacts_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("contacts_are_never_emptied"),
            letters_only(
                "contacts_only_gain_an_answer",
                kept=("id", "claim_id", "way", "asked_at", "deadline", "by_id", "at"),
                words=("whom", "role", "question"),
                also="(OLD.answered_at IS NOT NULL AND (NEW.answered_at IS DISTINCT FROM OLD.answered_at"
                " OR NEW.answer_by_id IS DISTINCT FROM OLD.answer_by_id"
                " OR NOT sources_only_blackened(OLD.answer, NEW.answer)))",
            ),
        ]

    def __str__(self) -> str:
        return self.whom

    @property
    def is_awaited(self) -> bool:
        """Whether no answer was noted yet."""
        return self.answered_at is None

    def is_silent(self, now: datetime) -> bool:
        """Whether the deadline passed without an answer."""
        return self.answered_at is None and self.deadline is not None and self.deadline < now
