"""What somebody told the desk: evidence that stands on no page."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.notes import NAME_LENGTH, Way, letters_only, way_known
from sources.models.erasure import never_emptied


class Statement(models.Model):
    """Who said it, on which terms, and what. A confidential name is sealed, with the part they have in it."""

    class Terms(models.TextChoices):
        """What was agreed on the name."""

        ON_RECORD = "on_record", _("on the record: the name may be published")
        BACKGROUND = "background", _("on background: the words, not the name")
        CONFIDENTIAL = "confidential", _("confidential: the name is sealed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    way = models.CharField(_("how"), max_length=10, choices=Way.choices)
    terms = models.CharField(_("terms"), max_length=12, choices=Terms.choices)
    name = models.CharField(_("who"), max_length=NAME_LENGTH, blank=True)
    role = models.CharField(_("their part in it"), max_length=NAME_LENGTH, blank=True)
    # What claims.services.statements sealed: opened with a key that is not in the database.
    sealed = models.TextField(blank=True, editable=False)
    text = models.TextField(_("what they said"))
    language = models.CharField(_("language"), max_length=12, blank=True)
    taken_at = models.DateTimeField(_("taken at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    at = models.DateTimeField(_("at"))
    erased_at = models.DateTimeField(_("name erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="claims_statement_says_something", condition=~Q(text="")),
            way_known("claims_statement_way_known"),
            models.CheckConstraint(
                name="claims_statement_confidential_names_are_sealed",
                condition=(Q(terms="confidential", name="", role="") & (~Q(sealed="") | Q(erased_at__isnull=False)))
                | (Q(terms__in=["on_record", "background"], sealed="") & ~Q(name="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="statements_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("statements_are_never_emptied"),
            letters_only(
                "statements_only_lose_letters",
                kept=("id", "uid", "way", "terms", "language", "taken_at", "by_id", "at"),
                words=("name", "role", "text"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_terms_display())

    @property
    def is_confidential(self) -> bool:
        """Whether nobody may learn the name who need not."""
        return self.terms == self.Terms.CONFIDENTIAL

    @property
    def published_name(self) -> str:
        """Who said it, where anybody may know."""
        return self.name if self.terms == self.Terms.ON_RECORD else ""

    @property
    def published_role(self) -> str:
        """Their part in it, where anybody may know."""
        return self.role if self.terms == self.Terms.ON_RECORD else ""
