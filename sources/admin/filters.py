"""What the list of documents can be narrowed to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.access.admin import WordFilter
from factcheck.lib import clock
from sources.models import Document
from sources.models.document import OUTCOMES

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
        urls = Document.objects.exclude(url="").order_by("-pk").values_list("url", flat=True)[:NEWEST]
        often = Counter(urlsplit(url).netloc for url in urls)
        asked = request.GET.get(self.parameter_name, "").lower()
        names = {name for name, _times in often.most_common(MOST_HOSTS)} | set(_HOST.findall(asked))
        return [(name, name) for name in sorted(names)]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Documents of one host."""
        on_it = (Q(url__istartswith=f"{scheme}://{chosen}/") for scheme in ("http", "https"))
        return queryset.filter(Q(*on_it, _connector=Q.OR))
