"""What the page of the queue shows; reads only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import words
from claims.admin.forms import CLOSED_BECAUSE
from claims.models import Appearance, Claim, SavedFilter, StatusChange, Triage
from claims.models.claim import CERTAINTIES, STATUSES
from claims.models.saved import MOST_SAVED
from claims.models.triage import WHY, TriageQuerySet
from claims.services import verdicts
from claims.verification.priority import Why
from claims.verification.status import VERDICTS, Need, Status, needs
from factcheck.access.models import User

NARROWING, TOPIC_LENGTH = ("status", "certainty", "topic"), 100
A_PAGE, COUNTED, LAST_MOVES = 50, 1000, 5
UNDONE_WITHIN = timedelta(hours=1)
MINE, FREE, ASIDE = "mine", "free", "aside"
_CURSOR = re.compile(r"(-?[0-9]{1,15})\.([0-9]{1,18})")
_A_KEY = re.compile(r"[0-9]{1,18}")
_WORDS: Mapping[str, Any] = MappingProxyType(dict(WHY))
_VIEWS = (
    ("", gettext_lazy("everything")),
    (MINE, gettext_lazy("taken by me")),
    (FREE, gettext_lazy("taken by nobody else")),
    (ASIDE, gettext_lazy("put aside")),
)


@dataclass(frozen=True, slots=True)
class View:
    """A way to narrow the queue, and how many rows it has: a number, or "1,000+"."""

    code: str
    words: Any
    many: str
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter that somebody keeps, and how many rows it has."""

    filter: SavedFilter
    many: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Move:
    """Where a claim may go from the queue, by which key; with a reason it is written on the claim's page."""

    key: int
    code: str
    words: Any
    asks_words: bool
    codes: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the queue."""

    triage: Triage
    claim: Any
    why: Sequence[SafeString]
    status: SafeString
    overdue: SafeString | str
    says: Sequence[SafeString]
    flags: Sequence[SafeString]
    places: Sequence[Appearance]
    more_places: int
    is_mine: bool
    is_anothers: bool
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for in the address, each part valid or not there at all."""

    view: str = ""
    status: str = ""
    certainty: str = ""
    topic: str = ""
    article: int | None = None
    before: tuple[int, int] | None = None

    def query(self, **other: Any) -> str:
        """Return the address's query with some parts changed; what is empty is left out."""
        before = f"{self.before[0]}.{self.before[1]}" if self.before else ""
        parts = {name: getattr(self, name) for name in NARROWING}
        parts |= {"show": self.view, "article": self.article or "", "before": before} | other
        return urlencode({name: value for name, value in parts.items() if value})


def asked(given: Mapping[str, str]) -> Asked:
    """Read the address; anything unknown counts as not there."""
    view, article = given.get("show", ""), given.get("article", "")
    cursor = _CURSOR.fullmatch(given.get("before", ""))
    status, certainty = given.get("status", ""), given.get("certainty", "")
    return Asked(
        view if view in _WORDS or view in {code for code, _word in _VIEWS} else "",
        status if status in dict(STATUSES) else "",
        certainty if certainty in dict(CERTAINTIES) else "",
        given.get("topic", "").replace("\x00", "").strip()[:TOPIC_LENGTH],
        int(article) if _A_KEY.fullmatch(article) else None,
        (int(cursor[1]), int(cursor[2])) if cursor else None,
    )


def of(person: User, wanted: Asked, *, now: datetime) -> dict[str, Any]:
    """Return everything the page shows."""
    found = list(_after(_narrowed(person, wanted, now=now), wanted.before)[: A_PAGE + 1])
    shown = found[:A_PAGE]
    last = shown[-1] if len(found) > A_PAGE else None
    url = reverse("admin:claims_triage_changelist")
    return {
        "rows": _rows(shown, person, now=now),
        "views": _views(person, wanted, now=now),
        "saved": _saved(person, wanted, now=now),
        "statuses": STATUSES,
        "certainties": CERTAINTIES,
        "is_narrowed": any(getattr(wanted, name) for name in NARROWING),
        "wanted": wanted,
        "here": f"{url}?{query}" if (query := wanted.query()) else url,
        "next": wanted.query(before=f"{last.priority}.{last.pk}") if last else "",
        "is_first": wanted.before is None,
        "first": wanted.query(before=""),
        "mine": [(change, undoing) for change in _last_moves(person, now=now) if (undoing := undo_of(change))],
        "snoozes": Triage.Snoozed.choices,
    }


def _narrowed(person: User, wanted: Asked, *, now: datetime) -> TriageQuerySet:
    rows = Triage.objects.snoozed(now) if wanted.view == ASIDE else Triage.objects.queued(now)
    if wanted.view == MINE:
        rows = rows.held_by(person.pk, now)
    elif wanted.view == FREE:
        rows = rows.free_for(person.pk, now)
    elif wanted.view in _WORDS:
        rows = rows.because(wanted.view)
    if wanted.status:
        rows = rows.filter(claim__status=wanted.status)
    if wanted.topic:
        rows = rows.filter(claim__topic__iexact=wanted.topic)
    if wanted.certainty:
        said = Appearance.objects.standing().filter(certainty=wanted.certainty)
        rows = rows.filter(Exists(said.filter(Q(claim=OuterRef("pk")) | Q(claim__head=OuterRef("pk")))))
    if wanted.article is not None:
        there = Appearance.objects.standing().filter(article=wanted.article)
        rows = rows.filter(Exists(there.filter(Q(claim=OuterRef("pk")) | Q(claim__head=OuterRef("pk")))))
    return rows


def _after(rows: TriageQuerySet, before: tuple[int, int] | None) -> TriageQuerySet:
    known = rows.select_related("taken_by", "snoozed_by")
    if before is None:
        return known
    priority, pk = before
    return known.filter(Q(priority__lt=priority) | Q(priority=priority, claim__lt=pk))


def _rows(shown: Sequence[Triage], person: User, *, now: datetime) -> list[Row]:
    claims = {one.pk: one for one in Claim.objects.with_company().filter(pk__in=[row.pk for row in shown])}
    return [_row(row, claims[row.pk], person, now=now) for row in shown]


def _row(row: Triage, claim: Any, person: User, *, now: datetime) -> Row:
    standing = [place for place in claim.places if place.ended_at is None]
    articles = list({place.article_id: place for place in standing}.values())
    is_held = row.is_held(now)
    return Row(
        row,
        claim,
        [words.badge("why", code, _WORDS[code]) for code in row.why],
        words.our_status(claim.status),
        words.overdue(claim) if claim.is_overdue(now) else "",
        [words.text_says(code) for code in words.certainties(standing)],
        [words.another_look(flag) for flag in claim.open_flags],
        articles[:2],
        max(0, len(articles) - 2),
        is_held and row.taken_by_id == person.pk,
        is_held and row.taken_by_id != person.pk,
        moves(claim),
    )


def moves(claim: Claim) -> list[Move]:
    """Return where a claim may go, numbered by the keys 1 to 9."""
    names, now = dict(STATUSES), Status(claim.status)
    return [
        Move(
            key,
            to.value,
            names[to.value],
            to in VERDICTS or Need.REASON in needs(now, to),
            CLOSED_BECAUSE if Need.CODE in needs(now, to) else (),
        )
        for key, to in enumerate(verdicts.allowed_moves(claim), start=1)
    ]


# One pass over the queue, whatever the number of views.
_COUNT = """
    WITH queue AS MATERIALIZED (
        SELECT why, taken_by_id, taken_until FROM claims_triage WHERE priority IS NOT NULL
            AND (snoozed_until IS NULL OR snoozed_until <= %(now)s) AND (lapses_at IS NULL OR lapses_at > %(now)s)
    )
    SELECT '', count(*) FROM queue
    UNION ALL SELECT 'mine', count(*) FROM queue WHERE taken_by_id = %(person)s AND taken_until > %(now)s
    UNION ALL SELECT 'free', count(*) FROM queue
        WHERE taken_by_id IS NULL OR taken_until <= %(now)s OR taken_by_id = %(person)s
    UNION ALL SELECT reason, count(*) FROM queue, unnest(why) AS reason GROUP BY reason
    UNION ALL SELECT 'aside', count(*) FROM claims_triage WHERE priority IS NOT NULL AND snoozed_until > %(now)s
"""


def _views(person: User, wanted: Asked, *, now: datetime) -> list[View]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"now": now, "person": person.pk})
        many = dict(cursor.fetchall())
    named = [*_VIEWS, *((why.value, _WORDS[why.value]) for why in Why)]
    return [
        View(code, word, counted(many.get(code, 0)), wanted.query(show=code, before=""), code == wanted.view)
        for code, word in named
        if many.get(code) or code in {"", MINE, wanted.view}
    ]


def _saved(person: User, wanted: Asked, *, now: datetime) -> list[Kept]:
    """Return the filters that somebody keeps, each with how many rows it has, and which of them is shown."""
    shown = wanted.query(before="")
    kept = []
    for one in SavedFilter.objects.filter(owner=person)[:MOST_SAVED]:
        rows = _narrowed(person, asked(dict(parse_qsl(one.query))), now=now).order_by()[: COUNTED + 1]
        kept.append(Kept(one, counted(rows.count()), one.query == shown))
    return kept


def counted(many: int) -> str:
    """Return a count as people read it: exact up to a thousand."""
    return f"{COUNTED:,}+" if many > COUNTED else f"{many:,}"


def _last_moves(person: User, *, now: datetime) -> list[StatusChange]:
    made = StatusChange.objects.filter(by=person, at__gt=now - UNDONE_WITHIN)
    newest = StatusChange.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    return list(made.filter(~Exists(newest)).select_related("claim").order_by("-at")[:LAST_MOVES])


def undo_of(change: StatusChange) -> Status | None:
    """Return where the undoing of a move leads; None where somebody must decide anew.

    What was only taken goes back; whatever was decided is in review again, with both reasons kept.
    """
    old, new = Status(change.old), Status(change.new)
    if new is not Status.IN_REVIEW:
        return Status.IN_REVIEW
    return old if old in {Status.UNREVIEWED, Status.UNCONFIRMED} else None


def standing_of(claim: Claim, person: User, *, now: datetime) -> dict[str, Any]:
    """Return what a claim's own page says of its place in the queue."""
    row: Triage | None = getattr(claim.head or claim, "triage", None)
    if row is None:
        return {"queue_row": None}
    is_lapsed = row.lapses_at is not None and row.lapses_at <= now
    is_aside = row.snoozed_until is not None and row.snoozed_until > now
    return {
        "queue_row": row,
        "queue_why": [_WORDS[code] for code in row.why],
        "is_queued": row.priority is not None and not is_lapsed and not is_aside,
        "is_aside": is_aside and row.priority is not None,
        "is_taken": row.is_held(now),
        "is_mine": row.is_held(now) and row.taken_by_id == person.pk,
        "snoozes": Triage.Snoozed.choices,
        "told": _told(row, is_lapsed=is_lapsed),
    }


def _told(row: Triage, *, is_lapsed: bool) -> str:
    if is_lapsed:
        return _("It was in the queue; nobody took it up, and it lapsed.")
    return "" if row.priority is not None else _("It is not in the queue: nothing asks for a decision on it.")


def back(request: HttpRequest) -> str:
    """Return where in the queue somebody came from; empty where from elsewhere."""
    given = (request.POST.get("back") or request.GET.get("back", ""))[:500]
    here = reverse("admin:claims_triage_changelist")
    is_ours = given.partition("?")[0] == here and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_ours else ""


def article(request: HttpRequest, claim: int) -> str:
    """Return where beside its article's text somebody acted on a claim; empty where from elsewhere."""
    given = request.POST.get("article", "")
    return f"{reverse('admin:claims_article_change', args=[given])}#claim-{claim}" if _A_KEY.fullmatch(given) else ""
