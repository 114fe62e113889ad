"""The days, months and years that a sentence names, and whether two sentences can mean the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.matching.quantities import Fit, Spot
from claims.splitting.dates import MONTHS, WEEKDAYS

WEEK = 7
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PATTERNS = tuple(
    re.compile(one)
    for one in (
        rf"\b(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?\b",
        rf"\b{_MONTH} {_DAY}\b(?:,? {_YEAR}\b)?(?!,\d)",
        rf"\b{_MONTH},? {_YEAR}\b",
        rf"(?<=[Ii]n |[Bb]y |[Oo]f )(?:early |late |mid-?)?{_MONTH}(?!\w)",
        rf"(?<=[Ss]ince |[Uu]ntil )(?:early |late |mid-?)?{_MONTH}(?!\w)",
        r"\b(?P<far>last|this|next|past) (?P<period>year|month|week)\b",
        rf"\b(?:(?:last|this|next) )?{_WEEKDAY}(?:'s)?\b",
        r"\b(?P<near>[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow)\b",
        r"\b(?:the )?(?P<decade>1[0-9]\d|20\d)0s\b",
        rf"(?<![\d,.$€£]){_YEAR}(?![\d,.]\d|\d|%| ?(?:percent|per cent|people|million))",
    )
)
NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
FAR = {"last": -1, "past": -1, "this": 0, "next": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, month or year as far as it is told; `decade` as its first year; `at` is when it was told."""

    spot: Spot
    shown: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: int | None = None
    relative: str = ""
    at: datetime | None = None


def moments(text: str, at: datetime | None) -> tuple[Moment, ...]:
    """Return what a sentence names, in its order."""
    return tuple(sorted(_moments(text, at), key=lambda one: one.spot))


def _moments(text: str, at: datetime | None) -> Iterator[Moment]:
    taken: list[Spot] = []
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if not any(found.start() < end and start < found.end() for start, end in taken):
                taken.append(found.span())
                yield _moment(found, at)


def _moment(found: re.Match[str], at: datetime | None) -> Moment:
    told = found.groupdict()
    if told.get("near"):
        return _near(found, told["near"].lower(), at)
    if told.get("period"):
        return _period(found, told["far"], told["period"], at)
    month = told.get("month")
    weekday = told.get("weekday")
    return Moment(
        found.span(),
        found[0],
        year=int(told["year"]) if told.get("year") else None,
        month=next(place for place, name in enumerate(MONTHS, 1) if name.startswith(month[:3].lower()))
        if month
        else None,
        day=int(told["day"]) if told.get("day") else None,
        weekday=WEEKDAYS.index(f"{weekday.lower()}day") if weekday else None,
        decade=int(f"{told['decade']}0") if told.get("decade") else None,
        at=at,
    )


def _near(found: re.Match[str], word: str, at: datetime | None) -> Moment:
    if at is None:
        return Moment(found.span(), found[0], relative=word)
    try:
        day = at + timedelta(days=NEAR[word])
    except OverflowError:  # the calendar ends there
        return Moment(found.span(), found[0], relative=word, at=at)
    return Moment(found.span(), found[0], day.year, day.month, day.day, at=at)


def _period(found: re.Match[str], far: str, period: str, at: datetime | None) -> Moment:
    if at is None or period == "week":
        return Moment(found.span(), found[0], relative=f"{FAR[far]} {period}", at=at)
    months = at.year * 12 + at.month - 1 + FAR[far] * (12 if period == "year" else 1)
    month = months % 12 + 1 if period == "month" else None
    return Moment(found.span(), found[0], year=months // 12, month=month, at=at)


def fit(one: Moment, other: Moment) -> Fit:
    """Say how the one stands to the other: the same, finer, coarser, or another."""
    one, other = _settled(one, other), _settled(other, one)
    if one.relative != other.relative or _is_other_decade(one, other) or _is_other_decade(other, one):
        return Fit.APART
    parts = [(getattr(one, name), getattr(other, name)) for name in ("year", "month", "day", "weekday")]
    if any(here is not None and there is not None and here != there for here, there in parts):
        return Fit.APART
    if all(here is None or there is None for here, there in parts) and not (one.relative or one.decade or other.decade):
        return Fit.APART
    more, less = ([pair for pair in parts if pair[at] is not None and pair[1 - at] is None] for at in (0, 1))
    return Fit.FINER if more and not less else Fit.COARSER if less and not more else Fit.EQUAL


def _settled(one: Moment, other: Moment) -> Moment:
    """Return a day of the week as a date where the other is one."""
    if one.weekday is None or other.weekday is not None or one.at is None or other.day is None:
        return one
    try:
        day = one.at - timedelta(days=(one.at.weekday() - one.weekday) % WEEK)
    except OverflowError:  # the calendar begins there
        return one
    return Moment(one.spot, one.shown, day.year if other.year else None, day.month, day.day, at=one.at)


def _is_other_decade(one: Moment, other: Moment) -> bool:
    return one.decade is not None and other.year is not None and not one.decade <= other.year < one.decade + 10
