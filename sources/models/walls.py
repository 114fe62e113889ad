"""Which pages let no machine in, by what the last look at them came to."""

from __future__ import annotations

from django.db.models import Q

from sources.fetching.types import Outcome

CLOSED_BY_ROBOTS = "robots.txt of the site asks us to leave this page alone"
CLOSED = Q(outcome=Outcome.BLOCKED, outcome_detail__startswith=CLOSED_BY_ROBOTS)
WALLED = Q(outcome=Outcome.GATED) | CLOSED
# The condition of the index by which walled pages are found.
INDEXED = Q(outcome__in=[Outcome.GATED.value, Outcome.BLOCKED.value], paused_at__isnull=True)
