"""What a passage is, by what it says."""

import re

from sources.fetching.passages import Passage
from sources.fetching.types import BlockKind

_BOILERPLATE_LENGTH = 120
_LABEL = (
    r"corrections?|clarifications?|editor(?:['\u2019]s|s['\u2019]|ial) note|updates?|updated|amended"
    r"|korrektur|berichtigung|anmerkung der redaktion|correctie|rectificatie|correctif|rectificatif"
    r"|correcci[o\u00f3]n|fe de errores|correzione"
)
_PLAIN = r"(?:[^.!?\n]|(?<=\d)[.](?=\d))"
# A label, perhaps a bracket or a date, and a colon or dash: 'Correction (3 May):', 'Updated 14:05 on 3 May:'.
_NOTICE = re.compile(
    rf"(?:{_LABEL})(?:\s*\([^)]{{1,60}}\))?(?:{_PLAIN}{{0,40}}\d{_PLAIN}{{0,30}}?)?\s*[:\u2014\u2013]"
    r"|(?:this|an earlier version of this|a previous version of this)"
    r" (?:article|story|page|post|report|version)"
    r" (?:has been|was|misstated|incorrectly|originally|said|gave|has since)\b",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"(?:read (?:more|also|next)|related|more on this|see also|advertisement|sign up (?:for|to)"
    r"|subscribe (?:to|now)|follow us|share this|click here|all rights reserved|copyright \d{4}"
    r"|newsletter)\b|\u00a9",
    re.IGNORECASE,
)
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
_BY = re.compile(r"^(?:by|von|par|por|door)\s+", re.IGNORECASE)


def is_notice(text: str) -> bool:
    """Tell whether a passage says that the page was corrected, clarified or updated."""
    return _NOTICE.match(text) is not None


def is_boilerplate(text: str) -> bool:
    """Tell whether a short passage is the site talking about itself."""
    if len(text) > _BOILERPLATE_LENGTH:
        return False
    is_line = _COUNTER.fullmatch(text) or _DATE_LINE.fullmatch(text)
    return is_line is not None or _BOILERPLATE.match(text) is not None


def kind_of(passage: Passage, byline: str = "") -> BlockKind:
    """Return what the page marks the passage as, or what its words say; the byline is boilerplate."""
    if passage.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
        text = passage.text
        if is_boilerplate(text) or (byline and _BY.sub("", text) == byline):
            return BlockKind.BOILERPLATE
        if is_notice(text):
            return BlockKind.NOTICE
    return passage.kind
