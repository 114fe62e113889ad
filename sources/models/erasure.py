"""That something was erased, and by which keys it is known again; never what it said."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def never_emptied(name: str) -> pgtrigger.Trigger:
    """Return the trigger that refuses TRUNCATE: triggers on rows do not see it."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME;",
    )


class Erasure(models.Model):
    """One erasure: of a person, or of one version of a page. It holds no name."""

    class What(models.TextChoices):
        """What was erased."""

        PERSON = "person", _("a person's words and name")
        SNAPSHOT = "snapshot", _("one version of a page")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    why = models.CharField(_("because"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    counts = models.JSONField(_("rows"), default=dict)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_why = models.CharField(_("lifted because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="sources_erasure_says_why", condition=~Q(why="")),
            models.CheckConstraint(
                name="sources_erasure_lifted_says_why",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="erasures_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("erasures_are_never_emptied"),
            pgtrigger.Trigger(
                name="reasons_of_erasures_lose_letters_only",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="IF NOT sources_only_blackened(OLD.why, NEW.why) OR"
                " (OLD.lifted_why <> '' AND NOT sources_only_blackened(OLD.lifted_why, NEW.lifted_why)) THEN"
                " RAISE EXCEPTION 'the reason of an erasure can only be blacked out'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.why}"


class ErasedText(models.Model):
    """A sentence or an address that was erased, as a keyed hash: how it is known when it comes again."""

    key = models.CharField(max_length=64, unique=True)
    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="texts")

    class Meta:
        verbose_name = _("erased text")
        verbose_name_plural = _("erased texts")

    def __str__(self) -> str:
        return self.key


class ErasureSalt(models.Model):
    """The one salt of those keys; whoever loses it cannot know an erased sentence again."""

    salt = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(name="sources_erasuresalt_is_one", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.pk)


def only_by_erasure(
    name: str,
    *,
    kept: tuple[str, ...],
    blackened: tuple[str, ...] = (),
    emptied: tuple[str, ...] = (),
    also: str = "FALSE",
) -> Any:
    """Return the trigger that lets a row change by its erasure only: `kept` stay, `blackened` lose letters only.

    `emptied` become NULL, whoever erases; `also` is SQL that holds where the change is refused all the same.
    """
    refused = [
        "NEW.erased_at IS NULL",
        "NEW.erased_why = ''",
        "NEW.erased_at < OLD.erased_at",
        *(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in kept),
        *(f"NOT sources_only_blackened(OLD.{column}, NEW.{column})" for column in blackened),
        also,
    ]
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"IF {' OR '.join(refused)} THEN RAISE EXCEPTION "
        "'% changes by its erasure only', TG_TABLE_NAME; END IF;"
        f"{''.join(f' NEW.{column} := NULL;' for column in emptied)} RETURN NEW;",
    )


def erasure_is_whole(name: str) -> models.CheckConstraint:
    """Return the constraint that whatever was erased says why."""
    return models.CheckConstraint(
        name=name,
        condition=Q(erased_at__isnull=True, erased_why="") | (Q(erased_at__isnull=False) & ~Q(erased_why="")),
    )
