"""What a person read otherwise than splitting: of one place its certainty, its kind, or who it has it from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.appearance import Appearance


class Reread(models.Model):
    """One of the three, as splitting reads it today, and who said otherwise. What a person said stands in the place.

    While the row is there no new version of the article overwrites it; that brings what splitting reads up to date.
    """

    class What(models.TextChoices):
        """What was read otherwise."""

        CERTAINTY = "certainty", _("how sure the text is")
        KIND = "kind", _("the kind of claim")
        CHAIN = "chain", _("who the text has it from")

    appearance = models.ForeignKey(Appearance, models.CASCADE, related_name="reread")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    was = models.JSONField(_("as splitting reads it"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("rereading")
        verbose_name_plural = _("rereadings")
        ordering = ["appearance_id", "what"]
        constraints = [
            models.UniqueConstraint(name="claims_reread_once", fields=["appearance", "what"]),
            models.CheckConstraint(
                name="claims_reread_what_known", condition=Q(what__in=["certainty", "kind", "chain"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_what_display())
