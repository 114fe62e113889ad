"""A text with stretches of it marked. Pure but for the escaping: whatever the text holds, it stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim's span of a text: text[start:end], where it leads to, how sure the text is, and what a pointer reads.

    With a status its number has that one's shape; the page is about its own.
    """

    start: int
    end: int
    certainty: str
    url: str = ""
    title: str = ""
    number: int = 0
    status: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch between two boundaries: the marks that cover it, shortest first, and those that end with it."""

    text: str
    covering: tuple[Mark, ...] = ()
    ending: tuple[Mark, ...] = ()


def pieces(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> list[Piece]:
    """Cut text[start:end] wherever a mark begins or ends, so that overlapping marks never nest wrongly."""
    stop = len(text) if end is None else min(end, len(text))
    here = [mark for mark in marks if mark.start < stop and mark.end > start and mark.start < mark.end]
    edges = {start, stop, *(max(start, mark.start) for mark in here), *(min(stop, mark.end) for mark in here)}
    cuts = sorted(edges)
    return [
        Piece(
            text[left:right],
            tuple(sorted((m for m in here if m.start < right and m.end > left), key=lambda m: m.end - m.start)),
            tuple(mark for mark in here if min(stop, mark.end) == right and mark.end <= stop),
        )
        for left, right in pairwise(cuts)
    ]


def html(cut: Sequence[Piece]) -> SafeString:
    """Return pieces as HTML: the shortest mark is the link, every mark that ends leaves its number."""
    return format_html_join("", "{}{}", ((_stretch(piece), _numbers(piece.ending)) for piece in cut))


def _stretch(piece: Piece) -> SafeString:
    if not piece.covering:
        return format_html("{}", piece.text)
    mark = piece.covering[0]
    titles = "\n".join(one.title for one in piece.covering)
    if not mark.url:
        return format_html('<mark class="mark-{}">{}</mark>', mark.certainty, piece.text)
    own = " mark-own" if any(one.is_own for one in piece.covering) else ""
    linked = '<mark class="mark-{}{}"><a href="{}" title="{}">{}</a></mark>'
    return format_html(linked, mark.certainty, own, mark.url, titles, piece.text)


def _numbers(ending: Iterable[Mark]) -> SafeString:
    numbered = ((_number(mark),) for mark in ending if mark.number)
    return format_html_join("", '<sup class="claim-number">{}</sup>', numbered)


def _number(mark: Mark) -> SafeString:
    if not mark.status:
        return format_html('<a href="{}" title="{}">{}</a>', mark.url, mark.title, mark.number)
    shape = '<a class="badge status status-{}" href="{}" title="{}">{}</a>'
    return format_html(shape, mark.status, mark.url, mark.title, mark.number)
