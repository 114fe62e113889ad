"""What a suggested page seems to say of a claim: a machine's guess, for the desk alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Least, Substr
from django.utils.translation import gettext_lazy as _

from claims.models.evidence import Evidence
from factcheck.ledger import Due

PASSAGE = 600  # characters shown


class StanceGuessQuerySet(models.QuerySet["StanceGuess"]):
    """Reads of guesses."""

    def with_passages(self) -> StanceGuessQuerySet:
        """With `passage`, the words that say so: empty where the page reads otherwise by now."""
        page = "evidence__document__snapshot__"
        length = Least(F("end") - F("start"), Value(PASSAGE))
        words = Substr(f"{page}text", F("start") + 1, length)
        today = When(start__isnull=False, version=F(f"{page}number"), then=words)
        return self.annotate(passage=Case(today, default=Value(""), output_field=models.TextField()))


class StanceGuess(Due):
    """The guess about one suggestion. It is due when the page has a version that was not read yet; never decides."""

    class Label(models.TextChoices):
        """What it seems to say."""

        SUPPORTS = "supports", _("seems to support it")
        REFUTES = "refutes", _("seems to refute it")
        UNKNOWN = "unknown", _("does not seem to settle it")
        UNREAD = "unread", _("was not read: its language is not supported")

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="guess", verbose_name=_("evidence"))
    label = models.CharField(_("seems to say"), max_length=10, choices=Label.choices, blank=True)
    supports = models.FloatField(_("likelihood that it supports"), null=True, blank=True)
    refutes = models.FloatField(_("likelihood that it refutes"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version that was read"), null=True, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    model = models.CharField(_("guessed by"), max_length=60, blank=True)

    objects = StanceGuessQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("guess of a stance")
        verbose_name_plural = _("guesses of stances")
        ordering = ["id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="claims_stanceguess_read_has_passage_and_figures",
                condition=Q(label__in=["", "unread"])
                | Q(
                    supports__isnull=False, refutes__isnull=False, version__isnull=False, start__isnull=False,
                    end__gte=F("start"),
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_label_display()

    @property
    def says(self) -> float:
        """How strongly it supports or refutes, whichever is more."""
        return max(self.supports or 0.0, self.refutes or 0.0)
