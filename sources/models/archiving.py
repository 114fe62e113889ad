"""That an archive outside is asked to keep a version of a page as well, and what it answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from factcheck.ledger import Due
from sources.models.host import Host
from sources.models.snapshot import Snapshot


class Archiving(Due):
    """One version, to be kept outside. It is due when the archive is to be asked, or asked how far it is."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("about to be asked")
        ASKED = "asked", _("asked, the archive is at it")
        KEPT = "kept", _("also kept outside")
        FAILED = "failed", _("not kept outside")
        LEFT_OUT = "left_out", _("kept inside")

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="archiving", verbose_name=_("version"))
    host = models.ForeignKey(Host, models.PROTECT, related_name="+", verbose_name=_("archive"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    job = models.CharField(max_length=200, blank=True)
    url = models.CharField(_("kept at"), max_length=2048, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta(Due.Meta):
        verbose_name = _("copy outside")
        verbose_name_plural = _("copies outside")
        ordering = ["-id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="sources_archiving_state_known",
                condition=Q(state__in=["waiting", "asked", "kept", "failed", "left_out"]),
            ),
            models.CheckConstraint(
                name="sources_archiving_is_due_while_it_waits",
                condition=Q(state__in=["waiting", "asked"], due_at__isnull=False)
                | (~Q(state__in=["waiting", "asked"]) & Q(due_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="sources_archiving_kept_says_where",
                condition=Q(state="kept", url__iregex="^https?://") | (~Q(state="kept") & Q(url="")),
            ),
            models.CheckConstraint(
                name="sources_archiving_that_ended_otherwise_says_why",
                condition=~Q(state__in=["failed", "left_out"]) | ~Q(detail=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.snapshot)
