"""Relative dates against the day an article came out; without it they stay as written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from claims.splitting.clauses import Clause
from claims.splitting.scribe import Change
from claims.splitting.tree import Word
from claims.splitting.types import Kind

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
PARTS = frozenset({"morning", "afternoon", "evening", "night"})
LAST, NEXT, THIS = frozenset({"last", "past"}), frozenset({"next", "coming"}), frozenset({"this"})
WEEK, DECEMBER = 7, 12
WHY = "counted from the day of publication"
MONTH = (
    r"(Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|April|May|June|July|Aug(?:ust|\.)?|Sept(?:ember|\.)?|Oct(?:ober|\.)?"
    r"|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
DATELINE = re.compile(rf"^[A-Z][A-Z .'’-]+(?:, [A-Z][\w. ]+?)?, {MONTH} (\d{{1,2}}), (\d{{4}})", re.MULTILINE)
POSTED = re.compile(rf"^(?:First )?(?:Published|Posted):? (?:on )?{MONTH} (\d{{1,2}}), (\d{{4}})", re.MULTILINE)
NEAR_TOP = 600


def dateline(text: str) -> date | None:
    """The day that the article itself gives at its head: KABUL, June 3, 2014 —; Published June 3, 2014."""
    found = DATELINE.search(text[:NEAR_TOP]) or POSTED.search(text[:NEAR_TOP])
    if found is None:
        return None
    month = next(at for at, name in enumerate(MONTHS, 1) if name.startswith(found[1].lower().rstrip(".")))
    try:
        return date(int(found[3]), month, int(found[2]))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Reads relative dates on the day of publication."""

    published: date

    def changes_of(self, clause: Clause, kind: Kind, *, is_quoted: bool) -> Iterator[tuple[Word, Change]]:
        """What to write for the relative dates of a clause; in what somebody says, only for days of the week."""
        words = clause.words
        is_ahead = kind in {Kind.FORECAST, Kind.DIRECTIVE}
        for at, word in enumerate(words):
            before = words[at - 1] if at and words[at - 1].index == word.index - 1 else None
            after = words[at + 1] if at + 1 < len(words) and words[at + 1].index == word.index + 1 else None
            if after is not None and after.tag == "POS":
                continue
            if word.lower in WEEKDAYS:
                yield self._weekday(word, before, after, is_ahead=is_ahead)
            elif word.lower in DAYS and not is_quoted:
                day = self.published + timedelta(days=DAYS[word.lower])
                yield word, Change(f"on {_shown(day)}", WHY)
            elif before is not None and before.lower in LAST | NEXT | THIS and not is_quoted:
                period = self._period(before.lower, word.lower)
                if period:
                    far = words[at - 2].dep if at > 1 else ""
                    yield before, Change(period if far == "prep" else f"in {period}", WHY, (before, word))

    def _weekday(self, word: Word, before: Word | None, after: Word | None, *, is_ahead: bool) -> tuple[Word, Change]:
        told = before.lower if before is not None else ""
        ahead = told in NEXT or (is_ahead and told not in LAST)
        away = WEEKDAYS.index(word.lower) - self.published.weekday()
        days = away % WEEK if ahead else -(-away % WEEK)
        if days == 0 and told in LAST | NEXT:
            days = WEEK if ahead else -WEEK
        covered = [word]
        if before is not None and told in LAST | NEXT | THIS:
            covered.insert(0, before)
        day = f"{word.text}, {_shown(self.published + timedelta(days=days))}"
        if after is not None and after.lower in PARTS:
            covered.append(after)
            day = f"the {after.lower} of {day}"
        if covered[0] is before:
            day = f"on {day}"
        return covered[0], Change(day, WHY, tuple(covered))

    def _period(self, which: str, noun: str) -> str:
        step = -1 if which in LAST else 1 if which in NEXT else 0
        year, month = self.published.year, self.published.month
        if noun == "year":
            return str(year + step)
        if noun == "month":
            month += step
        elif noun in MONTHS and step:
            named = MONTHS.index(noun) + 1
            year += -(named >= month) if step < 0 else named <= month
            return f"{noun.title()} {year}"
        else:
            return ""
        year, month = year + (month - 1) // DECEMBER, (month - 1) % DECEMBER + 1
        return f"{MONTHS[month - 1].title()} {year}"


def _shown(day: date) -> str:
    return f"{MONTHS[day.month - 1].title()} {day.day}, {day.year}"
