"""What a passage is, by what it says."""

import re

from sources.fetching.passages import Passage
from sources.fetching.phrases import LABEL, PLEA, SITE
from sources.fetching.types import BlockKind

TEASING = 0.5
_BOILERPLATE_LENGTH = 120
_PLEA_LENGTH = 400
_LABEL = (
    r"corrections?|clarifications?|editor(?:['\u2019]s|s['\u2019]|ial) note|updates?|updated|amended"
    r"|korrektur|berichtigung|anmerkung der redaktion|correctie|rectificatie|correctif|rectificatif"
    r"|correcci[o\u00f3]n|fe de errores|correzione"
)
_PLAIN = r"(?:[^.!?\n]|(?<=\d)[.](?=\d))"
_OF_THIS = (
    r"(?:this|an earlier version of this|a previous version of this) (?:article|story|page|post|report|version)"
    r" (?:has been|was|misstated|incorrectly|originally|said|gave|has since)\b"
)
# A label, perhaps a bracket or a date, and a colon or dash: 'Correction (3 May):', 'Updated 14:05 on 3 May:'.
_NOTICE = re.compile(
    rf"(?:{_LABEL})(?:\s*\([^)]{{1,60}}\))?(?:{_PLAIN}{{0,40}}\d{_PLAIN}{{0,30}}?)?\s*[:\u2014\u2013]"
    rf"|{_OF_THIS}",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(rf"(?:(?:{_LABEL})[^.]{{0,60}}?[:\u2014\u2013]\s*)?{_OF_THIS}", re.IGNORECASE)
# What a page counts or dates by itself, and would change at every look: '3 hours ago', '4 min read'.
_COUNTER = re.compile(
    r"(?:(?:last )?(?:updated|published|posted|modified)\W{0,3})?(?:an?|\d+)\W{0,2}"
    r"(?:sec|second|min|minute|hour|hr|day|week|month|year)s?\W(?:ago|read)\W*"
    r"|[\d.,]+[km]?\W{0,2}(?:views?|comments?|shares?|likes?|reads?|readers? online)\W*",
    re.IGNORECASE,
)
# A line that only dates: 'Published 3 March 2026, 10:00 GMT'. One with any other word is a sentence.
_DATE_LINE = re.compile(
    r"(?=.*\d)(?:(?:first |last )?(?:published|updated|posted|modified)\W+|(?=.*\b\d{4}\b))"
    r"(?:\W|\d+(?:st|nd|rd|th)?\b|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]*ary|ch|il|ust"
    r"|[a-z]*ember|ober)?\b|(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|(?:at|on|[ap]\.?m\.?|gmt|utc|e[sd]?t|p[sd]?t|c[sde]?s?t|bst)\b)+",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+[|\u2022\u00b7\u2013\u2014]\s+")
_AND = re.compile(
    r"[\W_]+|\b(?:and|by|und|von|et|par|y|por|door|en|staff|writers?|reporters?|correspondents?|special|to|for|the)\b",
    re.IGNORECASE,
)


def is_notice(text: str) -> bool:
    """Tell whether a passage says that the page was corrected, clarified or updated."""
    return _NOTICE.match(text) is not None


def is_of_itself(text: str) -> bool:
    """Tell whether it is a notice that names the page it stands on, and so is no teaser of another piece."""
    return _OF_ITSELF.match(text) is not None


def is_boilerplate(text: str) -> bool:
    """Tell whether a short passage is the site talking about itself."""
    if len(text) > _BOILERPLATE_LENGTH:
        return len(text) <= _PLEA_LENGTH and PLEA.match(text) is not None
    return is_line(text) or any(pattern.match(text) for pattern in (SITE, PLEA))


def is_line(text: str) -> bool:
    """Tell whether a passage is nothing but dates, counters and labels of buttons."""
    parts = [part for part in _PARTS.split(text[: _BOILERPLATE_LENGTH + 1]) if part]
    return len(text) <= _BOILERPLATE_LENGTH and all(
        _COUNTER.fullmatch(part) or _DATE_LINE.fullmatch(part) or LABEL.fullmatch(part) for part in parts
    )


def is_byline(text: str, byline: str, publisher: str = "") -> bool:
    """Tell whether a line names those who wrote the piece, and perhaps for whom, and says nothing else."""
    if not byline or len(text) > _BOILERPLATE_LENGTH:
        return False
    names = [name for name in byline.split(", ") if name in text]
    for known in (*names, publisher):
        text = re.sub(re.escape(known), "", text, flags=re.IGNORECASE) if known else text
    return bool(names) and not _AND.sub("", text)


def kind_of(passage: Passage, byline: str = "", publisher: str = "", *, is_elsewhere: bool = False) -> BlockKind:
    """Return what the page marks the passage as, or what its words say; the byline is boilerplate.

    So is what stands in a box around the article, unless it tells of a correction.
    """
    text = passage.text
    if passage.kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
        return BlockKind.BOILERPLATE if is_elsewhere or _COUNTER.fullmatch(text) else passage.kind
    if is_line(text):
        return BlockKind.BOILERPLATE
    if is_notice(text) and not (is_elsewhere and passage.linked >= TEASING):
        return BlockKind.NOTICE
    is_site = is_elsewhere or is_boilerplate(text) or is_byline(text, byline, publisher)
    return BlockKind.BOILERPLATE if is_site else passage.kind
