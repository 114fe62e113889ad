"""What the front page shows of the desk's figures: each with its words, its bar or line, and the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin import charts, figures, words
from claims.admin.figures import Period
from claims.admin.queue import counted
from claims.models.claim import STATUSES
from claims.models.verdict import REASONS
from claims.verification.staleness import StaleReason
from factcheck.access import stuck
from factcheck.lib import clock

PERIODS, USUAL = (7, 30, 90), 30
NEWEST_FLIPS = 5
_STATUS, _REASON = dict(STATUSES), dict(REASONS)
_AGES = (
    gettext_lazy("less than a day"), gettext_lazy("1 to 3 days"), gettext_lazy("3 to 7 days"),
    gettext_lazy("7 to 30 days"), gettext_lazy("more than 30 days"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: what it counts, the list that has it, its number in words, and a bar for the eye."""

    words: Any
    url: str
    many: str
    bar: SafeString
    language: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One status: how many claims stand there today, how many more than when the period began, and the way there."""

    badge: SafeString
    url: str
    many: str
    more: str
    line: SafeString | str


def today(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what they show now."""
    return of(given, now=clock.now())


def of(given: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """Return everything that the figures show; an address that asks for no period known gets the usual one."""
    days = next((days for days in PERIODS if given.get("days") == str(days)), USUAL)
    period = Period(days, now)
    found = figures.by_status(period)
    return {
        "days": days,
        "periods": PERIODS,
        "standing": _standing(found.days),
        "by_day": _by_day(found.days),
        "statuses": [word for _code, word in STATUSES],
        "undecided": _undecided(found),
        **_waiting(period),
        **_verdicts(period),
        **_flags(period),
        "unseen": _unseen(now),
    }


def _claims(**narrowed: Any) -> str:
    return f"{reverse('admin:claims_claim_changelist')}?{urlencode(narrowed)}"


def _pages(**narrowed: str) -> str:
    return f"{reverse('admin:sources_document_changelist')}?{urlencode(narrowed)}"


def _bars(rows: Sequence[tuple[Any, str, int]], *, told: Callable[[int], str] = "{:,}".format) -> list[Bar]:
    most = max((many for _words, _url, many in rows), default=0)
    return [Bar(word, url, told(many), charts.bar(many, most=most)) for word, url, many in rows]


# -- claims by status ------------------------------------------------------------------------------


def _standing(days: Sequence[tuple[date, Mapping[str, int]]]) -> list[Standing]:
    rows = []
    for code, word in STATUSES:
        values = [many[code] for _day, many in days]
        told = _("from %(first)s on %(day)s to %(last)s today; lowest %(low)s, highest %(high)s") % {
            "first": f"{values[0]:,}", "day": date_format(days[0][0], "j M Y"), "last": f"{values[-1]:,}",
            "low": f"{min(values):,}", "high": f"{max(values):,}",
        }  # fmt: skip
        title = _("Claims by our status: %(status)s") % {"status": word}
        line = charts.line(values, title=title, told=told)
        more = f"{values[-1] - values[0]:+,}" if values[-1] != values[0] else "±0"
        url = _claims(status=code, joined="too")
        rows.append(Standing(words.our_status(code), url, f"{values[-1]:,}", more, line))
    return rows


def _by_day(days: Sequence[tuple[date, Mapping[str, int]]]) -> list[tuple[date, list[str]]]:
    return [(day, [f"{many[code]:,}" for code, _word in STATUSES]) for day, many in reversed(days)]


def _undecided(found: figures.ByStatus) -> str:
    told = ngettext(
        "%(born)s claim came in; %(undecided)s of them asks for a verdict and has none yet.",
        "%(born)s claims came in; %(undecided)s of them ask for a verdict and have none yet.",
        found.born,
    )
    return told % {"born": f"{found.born:,}", "undecided": f"{found.undecided:,}"} if found.born else ""


# -- the queue -------------------------------------------------------------------------------------


def _waiting(period: Period) -> dict[str, Any]:
    found = figures.backlog(period)
    url = reverse("admin:claims_triage_changelist")
    many = sum(found.ages)
    return {
        "queued": many,
        "queued_told": f"{many:,}",
        "ages": _bars([(word, url, count) for word, count in zip(_AGES, found.ages, strict=True)]) if many else [],
        "aside": counted(found.aside) if found.aside else "",
        "unsettled": counted(found.unsettled) if found.unsettled else "",
    }


# -- verdicts --------------------------------------------------------------------------------------


def _verdicts(period: Period) -> dict[str, Any]:
    found, changed = figures.pace(period), figures.flips(period)
    topics, speakers = figures.decided(period)
    within: dict[str, Any] = {"verdict": period.days, "joined": "too"}
    kinds = sorted({(one.old, one.new) for one in changed})
    ways = [(old, new, sum(1 for one in changed if (one.old, one.new) == (old, new))) for old, new in kinds]
    turned = _("%(old)s → %(new)s")
    return {
        "first": found.many,
        "first_told": f"{found.many:,}",
        "first_url": _claims(**within),
        "median": _span(found.median),
        "slow": _span(found.slow),
        "flipped": counted(len(changed)) if len(changed) > figures.MOST else "",
        "flips": _bars([
            (turned % {"old": _STATUS[old], "new": _STATUS[new]}, _claims(verdict="changed", status=new), many)
            for old, new, many in sorted(ways, key=lambda way: -way[2])
        ]),
        "newest_flips": [
            (one, reverse("admin:claims_claim_change", args=[one.claim]), _STATUS[one.old], _STATUS[one.new])
            for one in changed[:NEWEST_FLIPS]
        ],
        "topics": _bars([
            (one.name or _("no topic given"), _claims(topic=one.name, **within) if one.name else "", one.many)
            for one in topics
        ]),
        "speakers": _bars([
            (one.name or _("nobody we know"), _claims(source=one.source, **within) if one.source else "", one.many)
            for one in speakers
        ]),
    }  # fmt: skip


def _span(took: timedelta | None) -> str:
    """Return a stretch of time in its largest unit and the next one: "2 days 5 hours"."""
    if took is None:
        return ""
    minutes = max(1, round(took / timedelta(minutes=1)))
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        ngettext("%(many)s day", "%(many)s days", days) % {"many": days} if days else "",
        ngettext("%(many)s hour", "%(many)s hours", hours) % {"many": hours} if hours else "",
        ngettext("%(many)s minute", "%(many)s minutes", left) % {"many": left} if left and not days else "",
    ]
    return " ".join(filter(None, parts))


# -- flags and pages -------------------------------------------------------------------------------


def _flags(period: Period) -> dict[str, Any]:
    reasons, publishers = figures.settled(period)
    pages = figures.edited(period)
    most = max((page.many for page in pages), default=0)
    return {
        "no_difference": _shares([
            (one, _REASON.get(one.name, one.name), _claims(settled=one.name, joined="too")) for one in reasons
        ]),
        "no_difference_of": _shares([
            (
                one,
                one.name or _("no page, or one without a publisher"),
                reverse("admin:sources_source_change", args=[one.source]) if one.source else "",
            )
            for one in publishers
            if one.none
        ]),
        "edited": [
            Bar(
                page.title, reverse("admin:sources_document_change", args=[page.page]), f"{page.many:,}",
                charts.bar(page.many, most=most), page.language,
                _("%(many)s without a notice that we found") % {"many": page.stealth} if page.stealth else "",
            )
            for page in pages
        ],
    }  # fmt: skip


def _shares(rows: Sequence[tuple[figures.Settled, Any, str]]) -> list[Bar]:
    told = _("%(none)s of %(every)s")
    return [
        Bar(
            word, url, told % {"none": f"{one.none:,}", "every": f"{one.every:,}"}, charts.bar(one.none, most=one.every)
        )
        for one, word, url in rows
    ]


def _unseen(now: datetime) -> list[Bar]:
    """Return what we cannot see, all sorts of it: nothing is a figure, too."""
    found = figures.unseen(now)
    rows = [
        (_("Pages not seen for too long"), _pages(watch="blind"), found["blind"]),
        (_("Pages behind a login or bot wall"), _pages(outcome="gated"), found["gated"]),
        (_("Pages that could not be reached"), _pages(outcome="unreachable"), found["unreachable"]),
        (_("Pages that we cannot read"), _pages(outcome="unsupported"), found["unsupported"]),
        (_("Pages that may not be fetched"), _pages(outcome="blocked"), found["blocked"]),
        (
            _("Open calls for another look since a page was not seen"),
            _claims(look=StaleReason.MONITOR_BLIND.value, joined="too"),
            found["flagged"],
        ),
        (_("Work that was given up: stuck"), reverse("admin:stuck"), stuck.count(most=figures.MOST)),
    ]
    return _bars(rows, told=counted)
