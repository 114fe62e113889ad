"""The desk's queue: kept in step with what it depends on, and what people do with its rows.

Nothing here decides anything of a claim. What is due is settled by workers; whoever moves a claim settles it at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from claims.models import Appearance, Claim, Condition, Drift, Evidence, Flag, KnownMatch, Link, Proposal, Triage
from claims.models.triage import HELD_FOR
from claims.services import conditions
from claims.verification import priority
from claims.verification.priority import ASKED_FOR, Facts, Why
from claims.verification.staleness import StaleReason
from claims.verification.status import BIRTH, VERDICTS, Status
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Action

CHUNK = 1000
MOST_SNOOZED = timedelta(days=90)
_COLUMNS = ["priority", "why", "lapses_at", "snoozed_until", "snoozed_because", "snoozed_by"]
# What brings a claim back that was put aside.
_AROUSING = frozenset(
    {Why.VERDICT_FLAGGED.value, Why.COUNTERCLAIM.value, Why.FLAGGED.value, Why.CONDITION.value, Why.SECOND.value}
)


class TriageRefused(Exception):
    """Something could not be done with a row; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


# -- what is known of claims -----------------------------------------------------------------------

# The place of each claim of these articles by check-worthiness, joined ones as the claim they are joined to, and the
# best place that each of ours has.
_PLACES = """
    WITH ours AS (
        SELECT DISTINCT place.article_id FROM claims_appearance AS place
        JOIN claims_claim AS claim ON claim.id = place.claim_id
        WHERE place.ended_at IS NULL AND coalesce(claim.head_id, claim.id) = ANY(%(claims)s)
    ), standing AS (
        SELECT place.article_id, head.id, max(head.check_worthiness) AS worth
        FROM claims_appearance AS place
        JOIN claims_claim AS claim ON claim.id = place.claim_id
        JOIN claims_claim AS head ON head.id = coalesce(claim.head_id, claim.id)
        WHERE place.ended_at IS NULL AND place.article_id IN (SELECT article_id FROM ours)
            AND head.kind = ANY(%(kinds)s)
        GROUP BY place.article_id, head.id
    ), ranked AS (
        SELECT id, row_number() OVER (PARTITION BY article_id ORDER BY worth DESC, id) AS place FROM standing
    )
    SELECT id, min(place) FROM ranked WHERE id = ANY(%(claims)s) GROUP BY id
"""


def facts(claims: Collection[int]) -> dict[int, Facts]:
    """Return what is known of claims that stand alone, those joined to each counted in, by primary key."""
    heads = {one.pk: one for one in Claim.objects.filter(pk__in=claims, head=None, erased_at=None)}
    group = dict(
        Claim.objects.filter(Q(pk__in=heads) | Q(head__in=heads))
        .annotate(group=Coalesce("head_id", "id"))
        .values_list("pk", "group")
    )
    places, company = _places(heads), _company(group)
    flagged, last = _flagged(group)
    counterclaimed, followed = _linked(group)
    known, drifted, suggested, met, proposed = (_with(group, rows) for rows in _OPEN)
    promoted = dict(Triage.objects.filter(pk__in=heads).values_list("pk", "promoted_at"))
    taken = set(Triage.objects.filter(pk__in=heads, taken_by__isnull=False).values_list("pk", flat=True))
    found = {}
    for pk, claim in heads.items():
        articles, sources, seen = company.get(pk, (0, 0, None))
        appeared = max(filter(None, (seen, claim.created_at)))
        found[pk] = Facts(
            status=Status(claim.status),
            kind=claim.kind,
            check_worthiness=claim.check_worthiness,
            last=max(filter(None, (appeared, last.get(pk), promoted.get(pk)))),
            seen=appeared,
            flags=frozenset(flagged[pk]),
            place=places.get(pk),
            articles=articles,
            sources=sources,
            is_by_hand=claim.origin != Claim.Origin.SPLIT,
            is_promoted=promoted.get(pk) is not None,
            is_taken=pk in taken,
            is_like_followed=pk in followed,
            has_counterclaim=pk in counterclaimed,
            has_known=pk in known,
            has_drift=pk in drifted,
            has_evidence=pk in suggested,
            has_condition_met=pk in met,
            has_proposal=pk in proposed,
        )
    return found


def _places(heads: Collection[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"claims": list(heads), "kinds": sorted(ASKED_FOR)})
        return dict(cursor.fetchall())


def _company(group: dict[int, int]) -> dict[int, tuple[int, int, datetime | None]]:
    """Return in how many articles each stands, by how many outlets, and when it came to the last."""
    standing = Appearance.objects.standing().filter(claim__in=group)
    rows = standing.values_list("claim", "article", "article__document__publisher", "article__created_at")
    articles: dict[int, set[int]] = defaultdict(set)
    sources: dict[int, set[int]] = defaultdict(set)
    seen: dict[int, datetime] = {}
    for claim, article, publisher, at in rows.order_by():
        head = group[claim]
        articles[head].add(article)
        sources[head] |= {publisher} if publisher else set()
        seen[head] = max(at, seen.get(head, at))
    return {head: (len(articles[head]), len(sources[head]), seen[head]) for head in articles}


def _flagged(group: dict[int, int]) -> tuple[dict[int, set[StaleReason]], dict[int, datetime]]:
    reasons: dict[int, set[StaleReason]] = defaultdict(set)
    last: dict[int, datetime] = {}
    for claim, reason, since in Flag.objects.standing().filter(claim__in=group).values_list("claim", "reason", "since"):
        head = group[claim]
        reasons[head].add(StaleReason(reason))
        last[head] = max(since, last.get(head, since))
    return reasons, last


def _linked(group: dict[int, int]) -> tuple[set[int], set[int]]:
    """Return those with a verdict that another may speak against, and those that are like one which is followed."""
    counterclaimed, followed = set(), set()
    for link in Link.objects.open().of(group).select_related("claim__head", "other__head"):
        ends = [end.head or end for end in (link.claim, link.other)]
        against = link.kind in {Link.Kind.CONTRADICTS, Link.Kind.SUPERSEDES}
        for one, other in (ends, reversed(ends)):
            if against and one.status in VERDICTS:
                counterclaimed.add(one.pk)
            if other.status not in BIRTH and one.pk != other.pk:
                followed.add(one.pk)
    return counterclaimed, followed


_OPEN = (
    KnownMatch.objects.filter(state="suggested", kind__in=["same", "contradicts"], known__erased_at=None),
    Drift.objects.filter(state="suggested"),
    Evidence.objects.filter(state="suggested"),
    Condition.objects.filter(state="met"),
    Proposal.objects.filter(state="open"),
)


def _with(group: dict[int, int], rows: Any) -> set[int]:
    return {group[claim] for claim in rows.filter(claim__in=group).values_list("claim", flat=True)}


# -- kept in step ----------------------------------------------------------------------------------


def settle(claims: Iterable[int], *, now: datetime) -> None:
    """Say anew where claims stand in the queue, in the transaction of what changed; who was at it loses the lease."""
    named = sorted(set(claims))
    rows = list(Triage.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk"))
    _write(rows, now=now)
    ledger.reschedule(Triage.objects.filter(pk__in=[row.pk for row in rows]), due_at=None)


@transaction.atomic
def settle_many(held: Sequence[ledger.Lease], *, now: datetime) -> None:
    """Do so for rows that are due."""
    ours = [one.pk for one in ledger.finish_many(held, due_at=None)]
    _write(list(Triage.objects.filter(pk__in=ours)), now=now)


def _write(rows: Sequence[Triage], *, now: datetime) -> None:
    conditions.notice([row.pk for row in rows], now=now)
    known = facts([row.pk for row in rows])
    lapses_after = timedelta(days=settings.QUEUE_LAPSES_DAYS)
    changed = []
    for row in rows:
        told = known.get(row.pk)
        found = told and priority.entry(told, an_article=settings.QUEUE_AN_ARTICLE, lapses_after=lapses_after)
        was = (row.priority, row.why, row.lapses_at)
        row.priority = found.priority if found else None
        row.why = [why.value for why in found.why] if found else []
        row.lapses_at = found.lapses_at if found else None
        if _AROUSING & set(row.why) - set(was[1]):
            row.snoozed_until, row.snoozed_because, row.snoozed_by = None, "", None
        if (row.priority, row.why, row.lapses_at) != was:
            changed.append(row)
    Triage.objects.bulk_update(changed, _COLUMNS, batch_size=CHUNK)


_MISSING = """
    INSERT INTO claims_triage (claim_id, due_at, attempts, last_error)
    SELECT id, %(now)s, 0, '' FROM claims_claim AS claim WHERE id < %(before)s AND erased_at IS NULL
        AND NOT EXISTS (SELECT FROM claims_triage WHERE claim_id = claim.id)
    ORDER BY id DESC LIMIT %(most)s
    ON CONFLICT (claim_id) DO NOTHING RETURNING claim_id
"""


def take_in_missing(*, now: datetime) -> bool:
    """Make claims due of before there was a queue, the newest first; True where some may be left."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"now": now, "before": 1 << 62, "most": CHUNK})
        return len(cursor.fetchall()) == CHUNK


# -- what people do --------------------------------------------------------------------------------


@transaction.atomic
def take(claim: Claim, *, by: User, now: datetime) -> Triage:
    """Hold a claim for half an hour, so that others see it; again, to hold it for longer. Raises TriageRefused."""
    row = _held(claim, by)
    if row.is_held(now) and row.taken_by_id != by.pk:
        raise TriageRefused(
            "taken", _("%(who)s took it. Take another one, or ask them to release it.") % {"who": row.taken_by}
        )
    row.taken_by, row.taken_until, row.lapses_at = by, now + HELD_FOR, None
    row.save(update_fields=["taken_by", "taken_until", "lapses_at"])
    return row


@transaction.atomic
def release(claim: Claim, *, by: User, now: datetime) -> Triage:
    """Let others take it. Raises TriageRefused where somebody else holds it."""
    row = _held(claim, by)
    if row.is_held(now) and row.taken_by_id != by.pk:
        raise TriageRefused("taken", _("%(who)s took it, and may release it.") % {"who": row.taken_by})
    row.taken_by = row.taken_until = None
    row.save(update_fields=["taken_by", "taken_until"])
    return row


@transaction.atomic
def snooze(claim: Claim, *, until: datetime, because: str, by: User, now: datetime) -> Triage:
    """Put a claim aside for a while and for a reason; whatever happens to it meanwhile. Raises TriageRefused."""
    row = _held(claim, by)
    if not now < until <= now + MOST_SNOOZED:
        raise TriageRefused(
            "snooze_until", _("Give a time that is to come, within %(days)s days.") % {"days": MOST_SNOOZED.days}
        )
    if because not in Triage.Snoozed.values:
        raise TriageRefused("snooze_because", _("Say why it is put aside."))
    row.snoozed_until, row.snoozed_because, row.snoozed_by = until, because, by
    row.taken_by = row.taken_until = None
    row.save(update_fields=["snoozed_until", "snoozed_because", "snoozed_by", "taken_by", "taken_until"])
    return row


@transaction.atomic
def wake(claim: Claim, *, by: User) -> Triage:
    """Bring a claim back that was put aside."""
    row = _held(claim, by)
    row.snoozed_until, row.snoozed_because, row.snoozed_by = None, "", None
    row.save(update_fields=["snoozed_until", "snoozed_because", "snoozed_by"])
    return row


@transaction.atomic
def promote(claim: Claim, *, by: User, now: datetime) -> Triage:
    """Put a claim into the queue that did not come in by itself; there it stays until somebody decides."""
    row = _held(claim, by)
    row.promoted_at, row.promoted_by = now, by
    row.save(update_fields=["promoted_at", "promoted_by"])
    settle([row.pk], now=now)
    row.refresh_from_db()
    return row


@transaction.atomic
def demote(claim: Claim, *, by: User, now: datetime) -> Triage:
    """Take that back."""
    row = _held(claim, by)
    row.promoted_at = row.promoted_by = None
    row.save(update_fields=["promoted_at", "promoted_by"])
    settle([row.pk], now=now)
    row.refresh_from_db()
    return row


def _held(claim: Claim, by: User) -> Triage:
    """Lock the row of a claim, or of the one it is joined to; one of before there was a queue gets its row now."""
    if not by.may(Action.WORK_CLAIMS):
        raise TriageRefused("not_allowed", _("Your role does not work on claims. Ask for the fact-checker's."))
    pk = claim.head_id or claim.pk
    Triage.objects.get_or_create(pk=pk)
    return Triage.objects.select_for_update(of=("self",), no_key=True).select_related("taken_by").get(pk=pk)
