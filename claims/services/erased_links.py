"""What hangs between an erased claim or place and others: links and drifts. That they were there stays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from claims.models import Deciding, Drift, Link
from claims.services import groups
from sources.fetching import redaction
from sources.models import Erasure


def erase(claims: Collection[int], erasure: Erasure) -> int:
    """Black out why claims were linked to erased ones; these take no part in a group any longer. Return how many.

    What was joined through an erased claim stays joined, under another head.
    """
    links = Link.objects.of(claims)
    for link in links:
        link.because = [redaction.blackened(reason) for reason in link.because]
        link.save(update_fields=["because"])
    links.filter(state=Deciding.SUGGESTED).update(state=Deciding.DISMISSED, by=erasure.by, at=erasure.at)
    groups.regroup(groups.held(claims), now=erasure.at, by=erasure.by)
    return len(links)


def hold(appearances: Collection[int]) -> None:
    """Lock what quotes these places: who decides on it now ends first."""
    list(_quoting(appearances).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _quoting(appearances: Collection[int]) -> QuerySet[Drift]:
    return Drift.objects.filter(Q(appearance__in=appearances) | Q(source__in=appearances))


def erase_places(appearances: Collection[int], erasure: Erasure) -> int:
    """Black out what drifts quote of erased places, and settle those that await somebody; return how many."""
    drifts = _quoting(appearances)
    for drift in drifts:
        drift.said, drift.source_said = redaction.blackened(drift.said), redaction.blackened(drift.source_said)
        drift.because = [redaction.blackened(reason) for reason in drift.because]
        drift.save(update_fields=["said", "source_said", "because"])
    settled: dict[str, Any] = {"state": Deciding.DISMISSED, "by": erasure.by, "at": erasure.at}
    drifts.filter(state=Deciding.SUGGESTED).update(**settled)
    return len(drifts)
