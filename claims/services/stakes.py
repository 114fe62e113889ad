"""How much rests on a page: told to sources, which look more often where claims would fall."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from django.db import transaction
from django.db.models import Q

from claims.models import Appearance, Claim, Evidence
from claims.verification.status import VERDICTS, Status
from sources.models import Document
from sources.services import pacing

# What one claim adds, by where it stands; a page without claims has 1, one with very many MOST.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {Status.UNCONFIRMED.value: 2.0, Status.IN_REVIEW.value: 1.5, Status.UNREVIEWED.value: 0.25}
    | {verdict.value: 1.0 for verdict in VERDICTS}
)
MOST = 16.0
# A story younger than that counts double: it is being worked on, here and there.
FRESH = timedelta(days=1)
# How often the chore comes round, and how long what it told of a page stands: every move of a claim tells at once.
EVERY, AGAIN = timedelta(minutes=10), timedelta(hours=1)
BATCH = 200


def tell(*claims: Claim, now: datetime, also: Iterable[int] = ()) -> None:
    """Tell sources, once this transaction is committed, what rests on the pages of these claims and on those `also`.

    In a transaction of its own, since looks lock a page before its claims; what is lost with the process, the chore
    tells within the hour.
    """
    known = [claim.pk for claim in claims]
    transaction.on_commit(partial(_tell, known, frozenset(also), now=now), robust=True)


def _tell(claims: Collection[int], also: Collection[int], *, now: datetime) -> None:
    places = Appearance.objects.filter(ended_at=None, claim__in=claims)
    cited = Evidence.objects.exclude(state=Evidence.State.DISMISSED).filter(claim__in=claims, document__isnull=False)
    pages = {*also, *places.values_list("article__document", flat=True), *cited.values_list("document", flat=True)}
    known = sorted(pages)
    for first in range(0, len(known), BATCH):
        _tell_pages(known[first : first + BATCH], now=now)


def refresh(*, now: datetime, until: Callable[[], bool]) -> bool:
    """Tell sources what rests on each watched page that was not told of lately; True where some are left."""
    untold = Document.objects.watched().filter(Q(stake_at=None) | Q(stake_at__lte=now - AGAIN)).order_by("pk")
    last = 0
    while not until():
        some = list(untold.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH])
        if not some:
            return False
        last = some[-1]
        _tell_pages(some, now=now)
    return True


def _tell_pages(pages: Collection[int], *, now: datetime) -> None:
    published = dict(Document.objects.filter(pk__in=pages).values_list("pk", "snapshot__published_at"))
    resting = _resting(published)
    pacing.set_stakes(
        {pk: of(resting[pk], is_fresh=at is not None and now - at < FRESH) for pk, at in published.items()}, now=now
    )


def of(claims: Mapping[str, int], *, is_fresh: bool) -> pacing.Stake:
    """Return the stake of a page on which so many claims of each status rest."""
    weight = sum(WEIGHTS.get(status, 0.0) * count for status, count in claims.items())
    stake = (1 + weight) * (2 if is_fresh else 1)
    why = ", ".join(filter(None, [_said(claims), "a fresh story" if is_fresh else ""]))
    return pacing.Stake(min(stake, MOST), why)


def _said(claims: Mapping[str, int]) -> str:
    """Name the claims that weigh most: those unconfirmed, else all of them."""
    unconfirmed, all_of_them = claims.get(Status.UNCONFIRMED, 0), sum(claims.values())
    count, word = (unconfirmed, "unconfirmed claim") if unconfirmed else (all_of_them, "claim")
    if not count:
        return ""
    return f"1 {word} rests on it" if count == 1 else f"{count} {word}s rest on it"


def _resting(documents: Collection[int]) -> Mapping[int, Counter[str]]:
    """Return by page how many claims of each status rest on it: its own, where it is an article, and as evidence."""
    places = Appearance.objects.filter(ended_at=None, article__document__in=documents)
    cited = Evidence.objects.exclude(state=Evidence.State.DISMISSED).filter(document__in=documents)
    pairs = {*places.values_list("article__document_id", "claim_id", "claim__status")}
    pairs |= {*cited.values_list("document_id", "claim_id", "claim__status")}
    resting: dict[int, Counter[str]] = defaultdict(Counter)
    for document, _claim, status in pairs:
        resting[document][status] += 1
    return resting
