"""What the lists can be narrowed to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.models import Article, Attribution
from claims.models.claim import CERTAINTIES, KINDS, STATUSES
from claims.models.verdict import REASONS
from factcheck.access.admin import WordFilter
from factcheck.lib import clock
from sources.models import Source

MOST_SOURCES, NEWEST = 20, 2000
_A_KEY = re.compile(r"[0-9]{1,18}")
Choices = Iterable[tuple[str, Any]]


class StatusFilter(WordFilter):
    """By where our verification stands."""

    title = _("our status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every status."""
        return STATUSES

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims of one status."""
        return queryset.filter(status=chosen)


class AnotherLookFilter(WordFilter):
    """By whether and why a claim wants another look."""

    title = _("needs another look")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Yes, no, or one reason."""
        return [("yes", _("yes, for any reason")), ("no", _("no")), *REASONS]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims with such an open flag, or without any."""
        narrow: dict[str, Any] = {"yes": queryset.stale, "no": queryset.fresh}
        return narrow.get(chosen, lambda: queryset.flagged(chosen))()


class OverdueFilter(WordFilter):
    """By whether the status is older than it holds, by the clock."""

    title = _("review due")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """One word."""
        return [("yes", _("overdue now"))]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Overdue claims."""
        return queryset.overdue(clock.now())


class CertaintyFilter(WordFilter):
    """By how sure the text is."""

    title = _("the text says")
    parameter_name = "certainty"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every certainty."""
        return CERTAINTIES

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims that some text says like this today."""
        return queryset.said_as(chosen)


class KindFilter(WordFilter):
    """By the kind of claim."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every kind."""
        return KINDS

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims of one kind."""
        return queryset.filter(kind=chosen)


class SourceFilter(WordFilter):
    """By who says it: the sources that stand in most of the newest chains, and the one that was asked for."""

    title = _("who says it")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Twenty sources at most, and one more."""
        asked = [pk for pk in request.GET.getlist(self.parameter_name)[-1:] if _A_KEY.fullmatch(pk)]
        named = Attribution.objects.filter(source__isnull=False).order_by("-pk").values_list("source", flat=True)
        often = [pk for pk, _times in Counter(named[:NEWEST]).most_common(MOST_SOURCES)]
        found = Source.objects.in_bulk([*often, *map(int, asked)])
        return [(str(pk), found[pk].name) for pk in dict.fromkeys([*often, *map(int, asked)]) if pk in found]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims that some text has from that source today."""
        return queryset.credited_to(int(chosen))


class DriftFilter(WordFilter):
    """By whether a text says more than its source."""

    title = _("says more than its source")
    parameter_name = "drift"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """One word."""
        return [("yes", _("yes"))]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Claims with such a text, unless somebody dismissed that."""
        return queryset.saying_more()


class JoinedFilter(WordFilter):
    """By whether claims are listed that are joined to another: left out, unless one needs another look."""

    title = _("joined claims")
    parameter_name = "joined"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Along with the others, or alone."""
        return [("too", _("joined too")), ("only", _("joined only"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Say what no choice means here."""
        for choice in super().choices(changelist):
            is_none = choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
            yield {**choice, "display": _("left out")} if is_none else choice

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Leave joined claims out unless they are asked for."""
        return queryset.listed() if self.value() is None else super().queryset(request, queryset)

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """All claims, or those joined to another."""
        return queryset if chosen == "too" else queryset.filter(head__isnull=False)


class ArticleStateFilter(WordFilter):
    """By how far splitting is."""

    title = _("splitting")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every state, and what is stuck."""
        return [*Article.State.choices, ("stuck", _("stuck"))]

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Articles in one state."""
        stuck = chosen == "stuck"
        return queryset.filter(quarantined_at__isnull=False) if stuck else queryset.filter(state=chosen)
