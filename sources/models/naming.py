"""What was decided about sources: what the desk began with, who became one, and how reliable somebody held them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.models.source import Source


class Seed(models.Model):
    """One thing of the list of sources that was brought in: it is not brought in again, whatever became of it."""

    key = models.CharField(max_length=400, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("seed")
        verbose_name_plural = _("seeds")

    def __str__(self) -> str:
        return self.key


class Merge(models.Model):
    """A source, or one name of it, that turned out to be another's; `moved` says what to take back if it was wrong.

    `moved` has the keys of the rows by table and column, and the home domains.
    """

    winner = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("into"))
    loser = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("from"))
    name = models.CharField(_("only the name"), max_length=300, blank=True)
    why = models.CharField(_("because"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    moved = models.JSONField(_("moved"), default=dict)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="sources_merge_says_why", condition=~Q(why="")),
            models.CheckConstraint(name="sources_merge_is_of_two", condition=~Q(winner=models.F("loser"))),
            models.CheckConstraint(
                name="sources_merge_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.loser} → {self.winner}"


class Grading(models.Model):
    """One judgement of how reliable a source is: which grade, why, by whom; the newest is the one that holds."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="gradings", verbose_name=_("source"))
    grade = models.CharField(_("reliability"), max_length=1, choices=Source.Grade.choices)
    why = models.CharField(_("because"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="sources_grading_says_why", condition=~Q(why="")),
            models.CheckConstraint(
                name="sources_grading_grade_known",
                condition=Q(grade__in=[code for code, _word in Source.Grade.choices]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.grade}"
