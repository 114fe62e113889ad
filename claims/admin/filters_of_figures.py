"""What the desk's figures narrow the list of claims to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Flag, StatusChange
from claims.models.verdict import REASONS
from claims.verification.status import OPEN, VERDICTS
from factcheck.access.admin import WordFilter
from factcheck.lib import clock

Choices = Iterable[tuple[str, Any]]
_VERDICTS = [status.value for status in VERDICTS]
_DAYS = {"7": 7, "30": 30, "90": 90}


class VerdictFilter(WordFilter):
    """By whether and when it got a verdict."""

    title = _("verdict")
    parameter_name = "verdict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """One today, none yet, changed to another, or given lately."""
        return [
            ("yes", _("has one")),
            ("none", _("has none yet")),
            ("changed", _("was changed to another one")),
            ("7", _("given in the last 7 days")),
            ("30", _("given in the last 30 days")),
            ("90", _("given in the last 90 days")),
        ]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims like this, by the clock."""
        if chosen == "yes":
            return queryset.filter(status__in=_VERDICTS)
        if chosen == "none":
            return queryset.filter(status__in=[status.value for status in OPEN])
        given = StatusChange.objects.filter(new__in=_VERDICTS)
        if chosen == "changed":
            before = given.filter(claim=OuterRef("claim"), number__lt=OuterRef("number")).exclude(new=OuterRef("new"))
            given = given.filter(Exists(before))
        else:
            given = given.filter(at__gte=clock.now() - timedelta(days=_DAYS[chosen]))
        return queryset.filter(pk__in=given.order_by().values("claim"))


class TopicFilter(WordFilter):
    """By its topic, where the address names one."""

    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """What was asked for, if any claim has it."""
        asked = request.GET.get(self.parameter_name, "")[:100].replace("\0", "")
        return [(asked, asked)] if asked and Claim.objects.filter(topic=asked).exists() else []

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims on that topic."""
        return queryset.filter(topic=chosen)


class SettledFilter(WordFilter):
    """By why somebody looked again and found no difference."""

    title = _("no difference found")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every reason."""
        return REASONS

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims on which such a call was settled so."""
        found = Flag.objects.filter(reason=chosen, cleared_how=Flag.Cleared.NO_DIFFERENCE)
        return queryset.filter(pk__in=found.order_by().values("claim"))


ALL = (VerdictFilter, TopicFilter, SettledFilter)
