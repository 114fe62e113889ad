"""Who says something: an outlet, person, organisation or dataset."""

from __future__ import annotations

import re
import unicodedata
import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_OWNERS = 20  # in the trigger as well
# One at a time, so that two who each give the other an owner do not both pass.
NO_CIRCLE = """
    PERFORM pg_advisory_xact_lock(hashtext('sources_source.parent'));
    owner := NEW.parent_id;
    WHILE owner IS NOT NULL LOOP
        steps := steps + 1;
        IF owner = NEW.id OR steps > 20 THEN
            RAISE EXCEPTION 'the owners of source % run in a circle', NEW.id;
        END IF;
        SELECT parent_id INTO owner FROM sources_source WHERE id = owner;
    END LOOP;
    RETURN NEW;
"""


class SourceQuerySet(models.QuerySet["Source"]):
    """Reads of sources."""

    def standing(self) -> SourceQuerySet:
        """Those that were not merged into another."""
        return self.filter(merged_into__isnull=True)


class Source(models.Model):
    """Who says it. Names it goes by stand in SourceName."""

    class Kind(models.TextChoices):
        """What sort of source it is."""

        OUTLET = "outlet", _("Outlet")
        AGENCY = "agency", _("News agency")
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
        help_text=_(
            "Its owner: sources with a common owner count once. Agencies that it copies are found page by page."
        ),
    )
    # A source that was merged stays, empty, so that its address leads on and the merge can be undone.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("merged into")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="sources_source_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="sources_source_is_not_its_own_parent", condition=~Q(parent=models.F("id"))),
            models.CheckConstraint(
                name="sources_source_is_not_merged_into_itself", condition=~Q(merged_into=models.F("id"))
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="owners_of_sources_run_in_no_circle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),  # type: ignore[no-untyped-call]
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__parent__isnull=False),
                declare=[("owner", "BIGINT"), ("steps", "INT := 0")],
                func=NO_CIRCLE,
            )
        ]

    def __str__(self) -> str:
        return self.name


class SourceName(models.Model):
    """A name a source goes by: a plain one means no other source; an ambiguous one counts only in its context."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, editable=False)
    is_ambiguous = models.BooleanField(
        _("also somebody else's"),
        default=False,
        db_default=False,
        help_text=_("“The Post”, “AP”: it counts where the full name or its own domain stands beside it."),
    )

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.UniqueConstraint(
                name="sources_sourcename_means_one_source", fields=["key"], condition=Q(is_ambiguous=False)
            ),
            models.UniqueConstraint(
                name="sources_sourcename_ambiguous_once_a_source",
                fields=["key", "source"],
                condition=Q(is_ambiguous=True),
            ),
        ]
        indexes = [models.Index(fields=["key"], name="sources_sourcename_by_key")]

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
