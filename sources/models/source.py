"""Who says something: an outlet, person, organisation or dataset."""

from __future__ import annotations

import re
import unicodedata
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """Who says it. Names it goes by stand in SourceName."""

    class Kind(models.TextChoices):
        """What sort of source it is."""

        OUTLET = "outlet", _("Outlet")
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        DATASET = "dataset", _("Dataset")
        UNKNOWN = "unknown", _("Not sorted yet")

    class Grade(models.TextChoices):
        """Reliability by the Admiralty code; for the desk only."""

        A = "A", _("A: completely reliable")
        B = "B", _("B: usually reliable")
        C = "C", _("C: fairly reliable")
        D = "D", _("D: not usually reliable")
        E = "E", _("E: unreliable")
        F = "F", _("F: cannot be judged")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.UNKNOWN)
    home_domains = ArrayField(
        models.CharField(max_length=253),
        verbose_name=_("home domains"),
        default=list,
        blank=True,
        help_text=_("Registrable domains on which it publishes, such as example.org."),
    )
    reliability_grade = models.CharField(
        _("reliability"),
        max_length=1,
        choices=Grade.choices,
        default=Grade.F,
        help_text=_("The Admiralty code. It never leaves the desk."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
        help_text=_("Its owner, or the wire that it copies: sources with a common parent count once."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="sources_source_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="sources_source_is_not_its_own_parent", condition=~Q(parent=models.F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class SourceName(models.Model):
    """A name a source goes by; its key is unique, so that one name never means two sources."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, unique=True, editable=False)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the key in step with the name."""
        self.key = name_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


_ARTICLE = re.compile(r"^the\s+")
_NOISE = re.compile(r"[^\w\s]")


def name_key(name: str) -> str:
    """Return what two spellings of one name share: case, accents, punctuation and a leading "the" do not count."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("’s ", " ").replace("'s ", " "))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = " ".join(_NOISE.sub("", plain).split())
    return _ARTICLE.sub("", plain)[:300] or name.casefold()[:300]
