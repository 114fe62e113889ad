"""Two sentences with their difference marked, word by word; whatever they hold stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MOST_WORDS = 1200
_WORD = re.compile(r"(\w+|[^\w\s])(\s*)")


def difference(was: str, today: str) -> tuple[SafeString, SafeString]:
    """Return both sentences, what is only in the first in <del>, what is only in the second in <ins>."""
    before, after = _WORD.findall(was)[:MOST_WORDS], _WORD.findall(today)[:MOST_WORDS]
    turns = SequenceMatcher(None, [word for word, _gap in before], [word for word, _gap in after], autojunk=False)
    codes = turns.get_opcodes()
    old = ((tag == "equal", before[i:j]) for tag, i, j, _k, _m in codes if i < j)
    new = ((tag == "equal", after[k:m]) for tag, _i, _j, k, m in codes if k < m)
    return _told(old, "<del>{}</del>{}"), _told(new, "<ins>{}</ins>{}")


def _told(stretches: Iterable[tuple[bool, list[tuple[str, str]]]], changed: str) -> SafeString:
    """Return the stretches, the changed ones marked without the white space after them."""
    parts = []
    for same, found in stretches:
        words = "".join(word + gap for word, gap in found)
        parts.append((format_html("{}{}" if same else changed, words.rstrip(), found[-1][1]),))
    return format_html_join("", "{}", parts)
