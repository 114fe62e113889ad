"""The server that pages stand on: what it is asked, how often, and whether it answers."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from factcheck.lib.addresses import UrlRefused, checked_parts

NAME = 270


class Host(models.Model):
    """One server by its name: of its pages one is looked at at a time, with a rest in between.

    It is held by the token of the page that is looked at, until `busy_until` at the latest.
    """

    name = models.CharField(_("name"), max_length=NAME, unique=True)
    next_allowed_at = models.DateTimeField(_("not asked before"), null=True, blank=True, editable=False)
    busy_until = models.DateTimeField(_("asked until"), null=True, blank=True, editable=False)
    busy_token = models.UUIDField(null=True, blank=True, editable=False)
    gap_s = models.FloatField(_("seconds between two requests"), null=True, blank=True)
    crawl_delay_s = models.FloatField(_("seconds its robots.txt asks for"), null=True, blank=True, editable=False)
    fail_count = models.PositiveIntegerField(_("failures in a row"), default=0, db_default=0, editable=False)
    open_until = models.DateTimeField(_("left alone until"), null=True, blank=True, editable=False)
    open_because = models.CharField(_("left alone because"), max_length=200, blank=True, default="", db_default="")
    robots_text = models.TextField(_("robots.txt"), blank=True, default="", db_default="", editable=False)
    robots_status = models.PositiveSmallIntegerField(_("status of robots.txt"), null=True, blank=True, editable=False)
    robots_at = models.DateTimeField(_("robots.txt read at"), null=True, blank=True, editable=False)
    day = models.DateField(_("day of the count"), null=True, blank=True, editable=False)
    looks_today = models.PositiveIntegerField(_("looks on that day"), default=0, db_default=0, editable=False)
    most_a_day = models.PositiveIntegerField(_("most looks a day"), null=True, blank=True)
    # Of a host that lets no machine in: how often a person looks, and who did last.
    visit_every_days = models.PositiveSmallIntegerField(_("days between two visits"), null=True, blank=True)
    visited_at = models.DateTimeField(_("visited at"), null=True, blank=True, editable=False)
    visited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="sources_host_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="sources_host_is_held_with_token",
                condition=Q(busy_until__isnull=True, busy_token__isnull=True)
                | Q(busy_until__isnull=False, busy_token__isnull=False),
            ),
            models.CheckConstraint(
                name="sources_host_gap_is_no_less_than_nothing", condition=Q(gap_s__isnull=True) | Q(gap_s__gte=0)
            ),
            models.CheckConstraint(
                name="sources_host_is_visited_on_some_day",
                condition=Q(visit_every_days__isnull=True) | Q(visit_every_days__gte=1),
            ),
            models.CheckConstraint(
                name="sources_host_was_visited_by_somebody",
                condition=Q(visited_at__isnull=True, visited_by__isnull=True)
                | Q(visited_at__isnull=False, visited_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def gap(self) -> float:
        """The rest between two requests in seconds: its own or the desk's, and no less than its robots.txt asks for."""
        return max(settings.HOST_GAP if self.gap_s is None else self.gap_s, self.crawl_delay_s or 0.0)

    @property
    def most_looks(self) -> int:
        """How many requests a day it gets, its own number or the desk's; 0: as many as are due."""
        return int(settings.HOST_LOOKS_A_DAY if self.most_a_day is None else self.most_a_day)

    def used_on(self, day: date) -> int:
        """How many requests it got on that day, in UTC; of days before the last one none is known."""
        return self.looks_today if self.day == day else 0

    @staticmethod
    def used_up(day: date) -> Q:
        """Return the condition of hosts whose looks of that day are used up, by their own number or the desk's."""
        own = Q(most_a_day__gt=0, looks_today__gte=models.F("most_a_day"))
        most = settings.HOST_LOOKS_A_DAY
        general = Q(most_a_day__isnull=True, looks_today__gte=most) if most else Q(pk__in=())
        return Q(day=day) & (own | general)

    @staticmethod
    def name_of(url: str) -> str:
        """Return the name of the server of a URL, with its port where that says something.

        An address that would be refused today, in an old row, is named as it stands: its look will be refused.
        """
        try:
            return checked_parts(url).authority
        except UrlRefused:
            return re.split("[/?#]", url.partition("//")[2], maxsplit=1)[0][:NAME] or "-"
