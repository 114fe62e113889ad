"""What the list of documents can be narrowed to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.access.admin import WordFilter
from factcheck.lib import clock
from sources.fetching.types import Outcome
from sources.models import Document, Host
from sources.models.document import OUTCOMES
from sources.models.walls import CLOSED, WALLED

LATE = timedelta(minutes=2)
MOST_HOSTS, NEWEST = 40, 2_000
_HOST = re.compile(r"\A[\w.:\[\]-]{1,270}\Z")


class OutcomeFilter(WordFilter):
    """By what the last look came to."""

    title = gettext_lazy("last look")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Every outcome."""
        return [(outcome.value, word) for outcome, word in OUTCOMES]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Documents of one outcome."""
        return queryset.filter(outcome=chosen)


class WatchFilter(WordFilter):
    """By how it is watched."""

    title = gettext_lazy("watching")
    parameter_name = "watch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Watched, late, unseen for too long, unstable, paused, stuck, or without an address."""
        return [
            ("watched", _("watched")),
            ("overdue", _("overdue")),
            ("blind", _("not seen for too long")),
            ("resting", _("on a site that is left alone")),
            ("unstable", _("going back and forth")),
            ("paused", _("paused")),
            ("stuck", _("stuck")),
            ("supplied", _("without address")),
        ]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Documents that are watched like this, by the clock."""
        now = clock.now()
        by_word: dict[str, Callable[[], Any]] = {
            "watched": queryset.watched,
            "overdue": lambda: queryset.watched().filter(due_at__lt=now - LATE, quarantined_at__isnull=True),
            "blind": lambda: queryset.blind(now),
            "resting": lambda: queryset.on_resting_hosts(now),
            "unstable": lambda: queryset.filter(unstable_since__isnull=False),
            "paused": lambda: queryset.filter(paused_at__isnull=False),
            "stuck": lambda: queryset.filter(quarantined_at__isnull=False),
            "supplied": lambda: queryset.filter(url=""),
        }
        return by_word[chosen]()


class HostFilter(WordFilter):
    """By the server it stands on: those of the newest documents are offered, and an address may name another."""

    title = gettext_lazy("host")
    parameter_name = "host"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The hosts with the most pages among the newest, by name; and the one that the address names."""
        newest = Document.objects.filter(host__isnull=False).order_by("-pk").values_list("host__name", flat=True)
        often = Counter(newest[:NEWEST])
        asked = request.GET.get(self.parameter_name, "").lower()
        known = _HOST.match(asked) and Host.objects.filter(name=asked).exists()
        names = {name for name, _times in often.most_common(MOST_HOSTS)} | ({asked} if known else set())
        return [(name, name) for name in sorted(names)]

    def value(self) -> str | None:
        """Return the host's name, in lower case as its row has it."""
        self.used_parameters = {name: value.lower() for name, value in self.used_parameters.items()}
        return super().value()

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Documents of one host."""
        return queryset.filter(host__name=chosen)


class HostStateFilter(WordFilter):
    """Hosts by what keeps us from looking at their pages."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Left alone, used up, closed to us, or asked in a way of its own."""
        return [
            ("resting", _("left alone for a while")),
            ("used_up", _("looks of today used up")),
            ("walled", _("no machine is let in")),
            ("gated", _("behind a login or a bot wall")),
            ("closed", _("closed by robots.txt")),
            ("own", _("with a pace of its own")),
        ]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Hosts in that state, by the clock."""
        now = clock.now()
        pages = Document.objects.watched().filter(host=OuterRef("pk"))
        by_word: dict[str, Q | Exists] = {
            "resting": Q(open_until__gt=now),
            "used_up": Host.used_up(now.date()),
            "walled": Exists(pages.filter(WALLED)),
            "gated": Exists(pages.filter(outcome=Outcome.GATED)),
            "closed": Exists(pages.filter(CLOSED)),
            "own": Q(gap_s__isnull=False) | Q(most_a_day__isnull=False),
        }
        return queryset.filter(by_word[chosen])
