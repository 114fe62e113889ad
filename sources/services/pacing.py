"""How often each page is looked at: learnt from its looks, weighed by what rests on it, within the day's budget."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from sources.fetching import allotting, pace, rates
from sources.fetching.types import Outcome
from sources.models import Change, Check, Document, Price

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COLUMNS = ("rate_changes", "rate_hours", "rate_at")
STANDS = frozenset({Outcome.CHANGED, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Stake:
    """How much rests on a page, where 1 is nothing, and what it is in words."""

    weight: float
    why: str


def terms() -> pace.Terms:
    """Return on what terms looks are given out now: one question, also for many looks."""
    priced = next(iter(Price.objects.all()), Price())
    return pace.Terms(priced.price, priced.prior, _latest(), is_scarce=bool(settings.LOOKS_A_DAY))


def _latest() -> timedelta:
    return timedelta(seconds=settings.LOOK_AGAIN_WITHIN)


def edits(pages: Iterable[Document], *, now: datetime) -> Counter[int]:
    """Count each page's substantive edits of the last hours; asks nothing where no page changed, else once."""
    since = now - pace.LATELY_H * HOUR
    lately = [page.pk for page in pages if page.changed_at is not None and page.changed_at > since]
    if not lately:
        return Counter()
    found = Change.objects.filter(document__in=lately, found=Change.Found.CHANGED, at__gt=since)
    counted = found.exclude(weight=Change.Weight.MINOR).order_by().values("document").annotate(edits=Count("pk"))
    return Counter(dict(counted.values_list("document", "edits")))


def learn(document: Document, outcome: Outcome, looks: Iterable[tuple[datetime, bool]], *, on: pace.Terms) -> None:
    """Let the page's rate learn from a look that saw it, the last of these; call it before `seen_at` is brought up.

    Each is when it was, and whether it saw another text than the one before. What awaits its second look says nothing
    yet: it comes with the look that settles it, where that was an edit of substance. A page that is not there says
    nothing at all.
    """
    if outcome not in STANDS:
        return
    is_known = document.seen_at is not None and document.gone_at is None
    seen, since = _learnt(document)
    for at, differs in looks:
        if since is not None and at <= since:
            continue  # learnt from before: a restless page's looks are known as quiet until one settles an edit
        if is_known and since is not None:
            seen = rates.learn(seen, gap_h=(at - since) / HOUR, differs=differs, prior=on.prior)
        since = at
    document.rate_changes, document.rate_hours, document.rate_at = seen.changes, seen.hours, since


def _learnt(document: Document) -> tuple[rates.Seen, datetime | None]:
    """Return what its looks have taught, and until when.

    Looks of a version of the program that learnt nothing tell for how long the page had been quiet.
    """
    if document.rate_at is not None or document.seen_at is None:
        return rates.Seen(document.rate_changes, document.rate_hours), document.rate_at
    return rates.Seen(0.0, max(_quiet_h(document.changed_at, document.seen_at), 0.0)), document.seen_at


def when_next(
    document: Document,
    outcome: Outcome,
    *,
    failures: int,
    asked: timedelta | None,
    edits_lately: int,
    now: datetime,
    rng: random.Random,
    on: pace.Terms,
) -> pace.Look:
    """Decide when the page is looked at again, and say why."""
    page = _paced(document, edits_lately, now=now, on=on)
    return pace.next_look(now=now, outcome=outcome, failures=failures, page=page, rng=rng, on=on, hint=asked)


def _paced(document: Document, edits_lately: int, *, now: datetime, on: pace.Terms) -> pace.Paced:
    seen, _until = _learnt(document)
    published = document.snapshot.published_at if document.snapshot else None
    born = min(published or document.created_at, document.created_at)
    return pace.Paced(
        rate=rates.believed(
            seen, on.prior, age_h=(now - born) / HOUR, quiet_h=_quiet_h(document.changed_at, document.seen_at)
        ),
        stake=document.stake,
        stake_why=document.stake_why,
        edits_lately=edits_lately,
        last_changed_at=document.changed_at,
        looks_since_change=document.looks_since_change,
    )


def _quiet_h(changed_at: datetime | None, seen_at: datetime | None) -> float:
    return (seen_at - changed_at) / HOUR if changed_at is not None and seen_at is not None else 0.0


@transaction.atomic
def set_stakes(stakes: Mapping[int, Stake], *, now: datetime, rng: random.Random | None = None) -> None:
    """Say how much rests on pages, by their ids; one on which more rests than before is looked at sooner.

    Its next look comes somewhere in the wait that it now has, so that pages told of together are not due together.
    """
    locked = Document.objects.with_version().select_for_update(no_key=True, of=("self",))
    pages = [page for page in locked.filter(pk__in=stakes).order_by("pk") if _is_news(page, stakes[page.pk])]
    on, lately, rng = terms(), edits(pages, now=now), rng or random.SystemRandom()
    for page in pages:
        was, page.stake, page.stake_why = page.stake, stakes[page.pk].weight, stakes[page.pk].why[:300]
        if page.stake > was:
            _bring_forward(page, lately[page.pk], now=now, rng=rng, on=on)
    Document.objects.bulk_update(pages, ["stake", "stake_why", "due_at", "due_because"])
    Document.objects.filter(pk__in=stakes).update(stake_at=now)


def _is_news(page: Document, stake: Stake) -> bool:
    return (page.stake, page.stake_why) != (stake.weight, stake.why[:300])


def _bring_forward(page: Document, edits_lately: int, *, now: datetime, rng: random.Random, on: pace.Terms) -> None:
    """Let a page that waits by its pace wait by the new one; what is held, stuck, failing or awaited stays as it is."""
    if page.due_at is None or page.lease_token or page.quarantined_at or page.outcome not in STANDS:
        return
    paced = _paced(page, edits_lately, now=now, on=on)
    waits = pace.wait(paced, on)
    at = now + waits * rng.random()
    if at < page.due_at:
        page.due_at, page.due_because = at, pace.why(paced, waits, now=now)[:300]


def reprice(*, now: datetime) -> Price:
    """Learn the prior from all watched pages, and find the price at which they take the looks that a day has."""
    pages = list(_watched())
    prior = rates.prior_of(seen for seen, _quiet_h, _stake in pages)
    price = allotting.USUAL_PRICE
    if settings.LOOKS_A_DAY:
        made = _looks_made(now)
        price = allotting.price(
            ((rates.believed(seen, prior, age_h=math.inf, quiet_h=quiet_h), stake) for seen, quiet_h, stake in pages),
            looks_a_day=allotting.asked(settings.LOOKS_A_DAY, spent=settings.LOOKS_A_DAY if made is None else made),
            bounds=allotting.Bounds(min(pace.SOONEST, _latest()) / HOUR, _latest() / HOUR),
        )
    kept = {"price": price, "prior_changes": prior.changes, "prior_hours": prior.hours, "at": now}
    return Price.objects.update_or_create(id=Price.ONLY, defaults=kept)[0]


def _watched() -> Iterable[tuple[rates.Seen, float, float]]:
    """Yield what is known of the pages that are looked at by their pace: looks, hours of quiet, stake."""
    watched = Document.objects.watched().filter(due_at__isnull=False, gone_at__isnull=True)
    known = watched.values_list("rate_changes", "rate_hours", "changed_at", "seen_at", "stake")
    for changes, hours, changed_at, seen_at, stake in known.iterator():
        yield rates.Seen(changes, hours), _quiet_h(changed_at, seen_at), stake


def _looks_made(now: datetime) -> int | None:
    """Return how many looks the last day took; None where looking began later than that."""
    looks = Check.objects.filter(due_at__gt=now - 2 * DAY)
    if not looks.filter(at__lte=now - DAY).exists():
        return None
    return looks.filter(at__gt=now - DAY).count()
