"""What a page's machinery changes at every look and no editor means: counters, clocks, adverts, teasers.

Judged by words and links alone; what stands in a box of its own is marked when the page is read. In doubt it is part of
the article: what is taken for noise here, nobody hears of.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from sources.fetching import lexicons
from sources.fetching.changes import bounds
from sources.fetching.digest import normalised
from sources.fetching.types import Block, BlockKind, Link
from sources.fetching.wording import words

MOST_LINKED = 0.8  # of a block's letters: it is a link and nothing else
LONGEST_LINE, LONGEST_ADVERT = 12, 40  # words
LONGEST_WORDED = 4 * LONGEST_LINE  # words as they stand: "two hundred and fifty" is one of a line, a sign none
LONGEST_TEASER = 250  # characters
IN_A_ROW = 2
_CALL = re.compile(
    r"(?:^|[.!?:–-]\s+)(?:order|buy|shop|book|switch|subscribe|try|win|enter|click|download|claim|get|find|save|discover"
    r"|join|start|sign up|call|compare|apply|visit|upgrade|donate|register)\b(?! by\b)",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"\d ?(?:%|percent|per cent) (?:off|discount|cashback)\b|\bsave (?:up to )?\W?\d|\bfrom (?:only |just )?[$£€¥]",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[$£€¥] ?\d|\d (?:dollars|pounds|euros)\b", re.IGNORECASE)
_OFFER = re.compile(
    r"\bfree (?:delivery|returns?|trial|shipping|quote|gift|samples?|app|valuation)\b|\bfor free\b|\bprize draw\b"
    r"|\b(?:special|limited|exclusive|introductory)[ -](?:time )?(?:offers?|deals?)\b|\bcancel any ?time\b|\bsale\b"
    r"|\bmoney[ -]back\b|\bin stock\b|\bnear you\b|\bgift cards?\b|\bvouchers?\b|\bdiscount(?:ed|s)?\b"
    r"|\bterms apply\b|\bweek only\b|\bstocks last\b|\bno obligation\b|\b(?:a|per) month\b|\bweeks for\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byou(?:rs?)?\b|\b(?:now|today|here)\b[.!]|!", re.IGNORECASE)
_SAID = re.compile(r"[\"“”«»]|\b(?:said|says|told|according to|added|reported|announced)\b", re.IGNORECASE)
_BY = re.compile(r"(?:sponsored|promoted|presented|supported|paid for|brought to you) by\b")
_LEAD = re.compile(
    r"(?:more|other|related|top|latest|recent|popular|trending|recommended|next|previous)\b(?: \w+){0,4}?"
    r" (?:stor(?:y|ies)|news|articles?|posts?|reads?|reading|content|coverage|links|headlines|topics|videos?|section)"
    r"(?: (?:from|on|in|about|by)\b(?: \w+){1,4})?"
    r"|(?:more|also) (?:from|on|in|about|by)\b(?: \w+){1,4}"
)


class Page(Protocol):
    """What is needed of a page: a Reading has it, and `weights.Seen`."""

    @property
    def text(self) -> str:
        """The readable text."""

    @property
    def blocks(self) -> Sequence[Block]:
        """Its blocks."""

    @property
    def links(self) -> Sequence[Link]:
        """Its links."""


def stable(page: Page) -> str:
    """Return the text without its boilerplate and noise; without the boilerplate where nothing else would be left."""
    texts = [page.text[block.start : block.end] for block in page.blocks if block.kind is not BlockKind.BOILERPLATE]
    kept = [text for text in _kept(page) if text]
    return "\n\n".join(kept or texts) or page.text


def seen(page: Page) -> str:
    """Return by what two looks at a page are told apart: the SHA-256 (hex) of its stable text."""
    return hashlib.sha256(normalised(stable(page)).encode("utf-8", "surrogatepass")).hexdigest()


def _kept(page: Page) -> Iterator[str]:
    teasers = _teasers(page)
    for place, block in enumerate(page.blocks):
        text = page.text[block.start : block.end]
        if block.kind is BlockKind.HEADLINE:
            yield text
        elif block.kind is BlockKind.NOTICE or not (
            block.kind is BlockKind.BOILERPLATE or place in teasers or _is_advert(text)
        ):
            yield " ".join(text[start:end] for start, end in bounds(text) if not is_machinery(text[start:end]))


def lines(page: Page) -> frozenset[str]:
    """Return, normalised, the short paragraphs that are no sentence: counters, clocks and labels of any wording.

    They are part of the stable text, for a table may be set in such lines; but what alone changes in them is minor.
    """
    found = (
        normalised(page.text[block.start : block.end]) for block in page.blocks if block.kind is BlockKind.PARAGRAPH
    )
    return frozenset(text for text in found if len(text.split()) <= LONGEST_LINE and not _ENDS.search(text))


_ENDS = re.compile(r"[.!?:;…][\"')\]]*$")


# Counters and clocks


@lru_cache(maxsize=8192)
def is_machinery(sentence: str) -> bool:
    """Say whether a sentence or line only counts readers and the like, or tells the time."""
    if len(sentence.split(maxsplit=LONGEST_WORDED)) > LONGEST_WORDED:
        return False
    found = [word for word in words(sentence) if not word.is_sign]
    if not any(word.is_number for word in found) or len(found) > LONGEST_LINE:
        return False
    days = frozenset(lexicons.entries("days"))
    others = [word.key for word in found if not word.is_number and word.key not in days]
    is_dated = any(word.key in days for word in found) or not others
    counted, known = frozenset(lexicons.entries("counted")), frozenset(lexicons.entries("machinery"))
    return known.union(counted).issuperset(others) and (is_dated or not counted.isdisjoint(others))


# Adverts


def _is_advert(text: str) -> bool:
    """Say whether a block calls itself an advert, or calls on people to buy, and quotes nobody."""
    if len(text.split()) > LONGEST_ADVERT or _SAID.search(text):
        return False
    lowered = normalised(text).casefold()
    if _BY.match(lowered) or _is_labelled(text, lowered):
        return True
    if _CALL.search(text):
        return any(cue.search(text) for cue in (_OFF, _PRICE, _OFFER, _YOU))
    return _OFF.search(text) is not None and _OFFER.search(text) is not None


def _is_labelled(text: str, lowered: str) -> bool:
    label = lexicons.pattern("labels").match(lowered)
    return label is not None and (text[: label.end()].isupper() or lowered[label.end() :].startswith((":", " -", " |")))


# Teasers


def _teasers(page: Page) -> frozenset[int]:
    """Return which blocks lead to other pieces: behind a lead, or link after link, with what is said of each."""
    linked = {place for place, links in _links_inside(page).items() if _is_linked(page, page.blocks[place], links)}
    found: set[int] = set()
    for place, block in enumerate(page.blocks):
        text = page.text[block.start : block.end]
        if block.kind in {BlockKind.HEADLINE, BlockKind.NOTICE}:
            continue
        if _leads(text):
            found |= {place} | _after(place, linked, page, is_led=True)
        elif place in linked and place not in found:
            run = {place} | _after(place, linked, page, is_led=False)
            is_title = not text.rstrip().endswith((".", "!", "?", ";", ":"))
            found |= run if len(run & linked) >= IN_A_ROW else {place} if is_title else set()
    return frozenset(found)


def _after(place: int, linked: set[int], page: Page, *, is_led: bool) -> set[int]:
    """Return the links right after this block, each with a short text behind it; of what is led in, its list."""
    run: set[int] = set()
    at = place + 1
    while at < len(page.blocks) and (at in linked or _belongs(at, linked, page, is_led=is_led)):
        run.add(at)
        at += 1
    is_told = not run <= linked
    return run | (
        {at} if is_told and at - 1 in linked and at < len(page.blocks) and _is_short(page.blocks[at]) else set()
    )


def _belongs(at: int, linked: set[int], page: Page, *, is_led: bool) -> bool:
    block = page.blocks[at]
    is_between = at - 1 in linked and at + 1 in linked
    return _is_short(block) and (is_between or (is_led and block.kind is BlockKind.LIST_ITEM))


def _is_short(block: Block) -> bool:
    return block.end - block.start <= LONGEST_TEASER and block.kind is not BlockKind.NOTICE


def _links_inside(page: Page) -> dict[int, list[Link]]:
    """Return the links of each block that has any, by its place."""
    found: dict[int, list[Link]] = {}
    starts = [block.start for block in page.blocks]
    for link in page.links:
        place = bisect_right(starts, link.start) - 1
        if place >= 0 and link.end <= page.blocks[place].end:
            found.setdefault(place, []).append(link)
    return found


def _is_linked(page: Page, block: Block, inside: Sequence[Link]) -> bool:
    """Say whether a block is a link, or links, and nothing else but a lead."""
    lead = page.text[block.start : inside[0].start]
    letters = block.end - block.start - (len(lead) if _leads(lead) else 0)
    return sum(link.end - link.start for link in inside) >= MOST_LINKED * letters


def _leads(text: str) -> bool:
    """Say whether it is a heading or lead to other pieces and nothing else."""
    plain = normalised(text).casefold().strip(" :|>-.?!")
    return plain in lexicons.entries("leads") or _LEAD.fullmatch(plain) is not None
