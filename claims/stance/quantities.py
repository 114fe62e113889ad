"""Numbers and dates as a sentence has them, with how they are meant: more than, before, about."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

_YEAR = "january february march april may june july august september october november december"
_COUNTING = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen twenty"
)
_RANKING = "first second third fourth fifth sixth seventh eighth ninth tenth"
_MONTHS = _YEAR.split()
_MONTH = rf"({'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_DATES = re.compile(
    rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: ?,? ?(?P<year>1[0-9]\d\d|20\d\d))?\b"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: ?,? ?(?P<year2>1[0-9]\d\d|20\d\d))?\b"
    rf"|\b(?:mid|late|early)?[ -]?{_MONTH} ?(?:of )?,? ?(?P<year3>1[0-9]\d\d|20\d\d)\b"
    r"|(?<![\d.,$£€])\b(?P<year4>1[5-9]\d\d|20\d\d)(?P<decade>s?)\b"
    r"(?![,.]\d| ?(?:%|million|people|percent|deaths|cases|reviews|critics|confirmed|new))"
    r"|\b(?P<century>\d\d?)(?:st|nd|rd|th) century"
)
_SMALL = {word: float(value) for value, word in enumerate(_COUNTING.split(), 2)} | {
    "twice": 2.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "hundred": 100.0,
    "dozen": 12.0,
    "no": 0.0,
}
_RANKS = {word: float(value) for value, word in enumerate(_RANKING.split(), 1)}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
    "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7,
}  # fmt: skip
_NUMBERS = re.compile(
    r"(?P<money>(?:[$£€₹]|us\$|usd|rs\.?) ?)?(?<![\w.])(?P<figure>\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<rank>st|nd|rd|th)?(?: ?(?P<scale>hundred|thousand|million|billion|trillion|lakhs?|crores?|bn|[km]\b))?"
    r"(?P<percent> ?(?:%|per ?cent\b))?(?P<of> ?(?:/|out of) ?10{1,2}\b)?"
    rf"|\b(?P<word>{'|'.join(_SMALL)})\b(?: (?P<scale2>hundred|thousand|million|billion))?"
    r"(?P<percent2> ?(?:%|per ?cent\b))?"
    rf"|\b(?P<rank2>{'|'.join(_RANKS)})\b"
)
_GAP = r"(?: (?:the|a|an|year|of|on|in|us|score|rating|approval|number))*[ $£€₹\W]*$"
_MORE = re.compile(
    r"(?:more th[ae]n|greater than|higher than|better than|larger than|bigger than|longer than|over|above|exceed\w*|"
    r"at least|minimum of|upwards? of|surpass\w*|no (?:fewer|less) than|not less than|past|after|since|later than|"
    r"following|older than|beyond|in excess of)" + _GAP
)
_LESS = re.compile(
    r"(?:less th[ae]n|fewer than|lower than|smaller than|worse than|shorter than|under|below|at most|maximum of|"
    r"no more than|not more than|before|prior to|earlier than|short of|not even|younger than|up to)" + _GAP
)
_ABOUT = re.compile(
    r"(?:about|around|approximately|nearly|almost|roughly|some|close to|circa|c\.|approx\.?|by|estimated)" + _GAP
)
_AFTERWARDS = re.compile(r"^ ?(?:\+|plus\b|or (?:more|above|later|higher|greater)|and (?:above|more|later))")
_FEWER = re.compile(r"^ ?(?:or (?:less|fewer|below|lower|earlier)|and (?:below|fewer))")
_OF_A_NAME = re.compile(
    r"(?:[A-Z][\w.'-]*|[:#]|``|['\"“]"
    r"|\b(?:chapter|season|episode|part|volume|no|number|route|type|book|vol"
    r"|version))[ .:]*$"
)
_OPENERS = re.compile(
    r"(?:^|[.!?] )(?:Over|Under|More|Less|Fewer|About|Around|Nearly|Almost|In|On|At|By|After|Before|Since|During|The|"
    r"Only|From|Until|There|Approximately|All|Some|A|An|For|With|Between|It|As|Of|And|To|Rs|US|RM|Than|Exactly|Up)"
    r"[ .:]*$"
)
_A_TITLE_FOLLOWS = re.compile(
    r"^ (?:\w+ )?(?:film|movie|song|album|tv|television|series|novel|game|video|book|single|edition|election|season|"
    r"remake|pandemic|coronavirus|outbreak|championship|world|olympic|summer|winter|cup|draft|drama|comedy|thriller)"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_UNIT = re.compile(r"^ ?(?:\w+ ){0,1}?([a-z]{4,})")
_BEFORE, _CONTEXT = 40, 45
LONGEST_YEAR = 5  # “1990s”
MOST = 1e15  # a figure of more digits counts as that
ABOUT_SHARE = 0.12
YEARLESS = 400.0  # below it, a date names no year


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a date (from its first day to its last), its kind, how it is meant, and the words around it.

    Kinds: date, number, money, percent, score (out of ten or a hundred), rank. `is_named`: part of a name.
    """

    low: float
    high: float
    kind: str
    meant: str
    unit: str
    near: frozenset[str]
    is_named: bool = False

    def met_by(self, other: "Quantity") -> bool:
        """Whether what another says of itself is what this one says."""
        low, high, there_low, there_high = self._laid_beside(other)
        if self.meant == ">":
            return there_low > high or (other.meant == ">" and there_low >= low)
        if self.meant == "<":
            return there_high < low or (other.meant == "<" and there_high <= high)
        room = ABOUT_SHARE * abs(high) if self.meant == "~" and self.kind != "date" else 0.0
        return low - room <= there_high and there_low <= high + room

    def equals(self, other: "Quantity") -> bool:
        """Whether the figures are the same, or the days overlap."""
        low, high, there_low, there_high = self._laid_beside(other)
        return low <= there_high and there_low <= high

    def closeness(self, other: "Quantity") -> float:
        """1 for the same figure, 0 for one of quite another size."""
        if self.equals(other):
            return 1.0
        if self.kind == "date":
            return 1 / (1 + abs(self.low - other.low) / YEARLESS / 2)
        one, two = max(abs(self.low), 0.1), max(abs(other.low), 0.1)
        return 1 / (1 + 4 * abs(math.log(one / two)))

    def _laid_beside(self, other: "Quantity") -> tuple[float, float, float, float]:
        """Both ranges; of a date without a year only month and day are compared."""
        if self.kind == other.kind == "date" and (self.high < YEARLESS) != (other.high < YEARLESS):
            days = [value % YEARLESS for value in (self.low, self.high, other.low, other.high)]
            return days[0], days[1], days[2], days[3]
        return self.low, self.high, other.low, other.high


def quantities(text: str) -> list[Quantity]:
    """Return the dates and numbers of a text."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    found = [(match.span(), low, high, "date") for match, low, high in _dates(lower)]
    taken = [span for span, *_ in found]
    for match, value, kind in _numbers(lower):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append((match.span(), value, value, kind))
    return [
        Quantity(low, high, kind, _meant(lower, span), _unit(lower, span), _near(lower, span), _named(text, span, kind))
        for span, low, high, kind in sorted(found)
    ]


def _dates(text: str) -> Iterator[tuple[re.Match[str], float, float]]:
    for match in _DATES.finditer(text):
        if match["century"]:
            first_year = (int(match["century"]) - 1) * 100.0
            yield match, first_year * 400, (first_year + 99) * 400 + 399
            continue
        year = next((float(match[name]) for name in ("year", "year2", "year3", "year4") if match[name]), 0.0)
        month = next((_month(match[place]) for place in (1, 5, 7) if match[place]), 0)
        day = int(match["day"] or match["day2"] or 0)
        first = year * 400 + month * 32 + day
        last = first if day else first + 31 if month else first + 399
        yield match, first, last + (9 * 400 if match["decade"] else 0)


def _month(name: str) -> int:
    return next(place for place, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _numbers(text: str) -> Iterator[tuple[re.Match[str], float, str]]:
    for match in _NUMBERS.finditer(text):
        if match["rank2"]:
            yield match, _RANKS[match["rank2"]], "rank"
            continue
        value = _SMALL[match["word"]] if match["word"] else float(match["figure"].replace(",", ""))
        value *= _SCALES.get(match["scale"] or match["scale2"] or "", 1.0)
        yield match, min(value, MOST), _kind(match)


def _kind(match: re.Match[str]) -> str:
    if match["percent"] or match["percent2"]:
        return "percent"
    if match["of"]:
        return "score"
    if match["money"]:
        return "money"
    return "rank" if match["rank"] else "number"


def _meant(text: str, span: tuple[int, int]) -> str:
    before, after = text[max(0, span[0] - _BEFORE) : span[0]], text[span[1] : span[1] + 12]
    if _AFTERWARDS.match(after) or _MORE.search(before):
        return ">"
    if _FEWER.match(after) or _LESS.search(before):
        return "<"
    return "~" if _ABOUT.search(before) else "="


def _unit(text: str, span: tuple[int, int]) -> str:
    found = _UNIT.match(text[span[1] : span[1] + 40])
    return found[1][:5] if found else ""


def _near(text: str, span: tuple[int, int]) -> frozenset[str]:
    around = text[max(0, span[0] - _CONTEXT) : span[0]] + " " + text[span[1] : span[1] + _CONTEXT]
    return frozenset(word[:5] for word in _WORD.findall(around))


def _named(text: str, span: tuple[int, int], kind: str) -> bool:
    """Whether the number is a part of a name or title: “Chapter 3”, “the 2013 film”."""
    before, after = text[max(0, span[0] - _BEFORE) : span[0]], text[span[1] : span[1] + 30].lower()
    if kind == "date":
        return bool(_A_TITLE_FOLLOWS.match(after)) and span[1] - span[0] <= LONGEST_YEAR
    if kind != "number" or _OPENERS.search(before):
        return False
    return bool(_OF_A_NAME.search(before)) and _meant(text.lower(), span) == "="
