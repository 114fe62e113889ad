"""The article beside a claim's page: the paragraphs around one of its quotes with the claims in them; reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from claims.admin import article_page, marks
from claims.models import Appearance, Claim

AROUND, MOST_MARKS = 1500, 60
_A_KEY = re.compile(r"[0-9]{1,18}")
_BREAK = re.compile(r"\s*\n\s*")
_UNREAD = ("snapshot__text", "snapshot__blocks", "snapshot__links")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands around a quote, paragraph by paragraph, and whether the text goes on before and behind."""

    appearance: Appearance
    paragraphs: Sequence[SafeString]
    goes_before: bool
    goes_on: bool


def of(claim: Claim, asked: str) -> dict[str, Any]:
    """Return the text around the place that is asked for by its key, or else around the first that stands."""
    standing = Appearance.objects.standing().filter(claim=claim).in_context(AROUND).order_by("id")
    known = standing.select_related("article__document__publisher", "snapshot").defer(*_UNREAD)
    named = known.filter(pk=asked).first() if _A_KEY.fullmatch(asked) else None
    chosen = named or known.first()
    if chosen is not None:
        chosen.claim = claim
    return {"excerpt": _excerpt(chosen) if chosen else None}


def _excerpt(chosen: Any) -> Excerpt:
    begin, text = chosen.context_start, chosen.context
    first, last = chosen.spans[0]["start"] - begin, chosen.spans[-1]["end"] - begin
    goes_before, goes_on = begin > 0, len(text) - last >= AROUND
    start = _BREAK.search(text, 0, max(first, 0)) if goes_before else None
    ends = list(_BREAK.finditer(text, min(last, len(text)))) if goes_on else []
    left, right = start.end() if start else 0, ends[-1].start() if ends else len(text)
    shown = list(_marks(chosen, begin, begin + len(text)))
    paragraphs = [marks.html(marks.pieces(text, shown, start=a, end=b)) for a, b in _paragraphs(text, left, right)]
    return Excerpt(chosen, paragraphs, goes_before, goes_on)


def _paragraphs(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    at = left
    for found in _BREAK.finditer(text, left, right):
        if at < found.start():
            yield at, found.start()
        at = found.end()
    if at < right:
        yield at, right


def _marks(chosen: Appearance, begin: int, end: int) -> Iterator[marks.Mark]:
    """Yield the claims of that stretch, in the order of the text; the one whose page it is leads nowhere."""
    here = Appearance.objects.standing().undivided().filter(article=chosen.article_id, snapshot=chosen.snapshot_id)
    near = here.across(begin, end).exclude(pk=chosen.pk).select_related("claim")[:MOST_MARKS]
    for number, one in enumerate(sorted([chosen, *near], key=lambda one: one.spans[0]["start"]), start=1):
        yield from article_page.spans(one, number, shift=begin, is_own=one.pk == chosen.pk)
