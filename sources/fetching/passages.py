"""From a tree of HTML, or of trafilatura's, to passages: the runs of text between block boundaries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sources.fetching.markup import UNSEEN
from sources.fetching.types import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

# What begins and ends a passage, beside the elements that have a kind.
_BREAKS = frozenset(
    {"address", "article", "aside", "body", "center", "details", "dialog", "div", "dl", "fieldset", "figure"}
    | {"footer", "form", "header", "hgroup", "hr", "html", "legend", "main", "menu", "nav", "ol", "p", "pre"}
    | {"section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
    | {"list", "row", "cell", "graphic"}  # trafilatura's
)
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "head"), BlockKind.HEADLINE),
    **dict.fromkeys(("blockquote", "quote"), BlockKind.QUOTATION),
    **dict.fromkeys(("li", "item", "dt", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
}
_CAPTIONED = frozenset({"div", "p", "span", "small"})
_CAPTION = re.compile(
    r"(?<![a-z])(?:figcaption|caption|(?:photo|image|img|picture)[-_]?(?:caption|credit)s?)(?![a-z])", re.IGNORECASE
)
_LINE_BREAKS = {"br", "lb"}
MAX_PASSAGES = 20_000
_SPACE = re.compile(r"\s+")


@dataclass
class Passage:
    """A run of text between two block boundaries: pieces, each with the link it stands in, or ''."""

    kind: BlockKind
    cite: str = ""
    pieces: list[tuple[str, str]] = field(default_factory=list)
    quoted: list[tuple[int, int, str]] = field(default_factory=list)
    """Runs of pieces that an element quotes: first, behind the last, and where it says they are from."""
    element: "_Element | None" = None
    """Where it begins: the innermost element with a boundary that it stands in."""

    @cached_property
    def text(self) -> str:
        """What it says, with white space collapsed; asked for when the passage has all its pieces."""
        return collapsed("".join(text for text, _ in self.pieces))

    @cached_property
    def linked(self) -> float:
        """The share of its letters that are links."""
        letters = sum(len(text.strip()) for text, _ in self.pieces)
        return sum(len(text.strip()) for text, link in self.pieces if link) / letters if letters else 0.0


def collapsed(text: str) -> str:
    """Turn each run of white space into one space, and drop it at both ends."""
    return _SPACE.sub(" ", text).strip()


def passages(root: "_Element") -> Iterator[Passage]:
    """Yield the passages of the tree in the order they are read, empty ones left out; MAX_PASSAGES at most."""
    walk = _Walk()
    walk.into(root, BlockKind.PARAGRAPH, "", "")
    walk.close()
    return iter(walk.found)


class _Walk:
    def __init__(self) -> None:
        self.found: list[Passage] = []
        self._open = Passage(BlockKind.PARAGRAPH)
        self._breaks_in_a_row = 0

    def close(self) -> None:
        self._cut(BlockKind.PARAGRAPH, "", None)

    def into(self, element: "_Element", kind: BlockKind, cite: str, link: str) -> None:
        """Walk one element; depth is bounded by the parser (256)."""
        tag = element.tag
        if not isinstance(tag, str) or (tag in UNSEEN and tag != "head") or len(self.found) >= MAX_PASSAGES:
            return
        if tag in _LINE_BREAKS:
            self._break_line()
            return
        is_break = tag in _BREAKS or tag in _KINDS
        inner_kind, inner_cite = self._inside(element, tag, kind, cite)
        if is_break:
            self._cut(inner_kind, inner_cite, element)
        inner_link = (element.get("href") or element.get("target") or "") if tag in {"a", "ref"} else link
        passage, first = self._open, len(self._open.pieces)
        self._say(element.text, inner_link)
        for child in element:
            self.into(child, inner_kind, inner_cite, inner_link)
            self._say(child.tail, inner_link)
        if tag == "q" and passage is self._open:
            passage.quoted.append((first, len(passage.pieces), element.get("cite") or ""))
        if is_break:
            self._cut(kind, cite, element.getparent())

    @staticmethod
    def _inside(element: "_Element", tag: str, kind: BlockKind, cite: str) -> tuple[BlockKind, str]:
        if kind in {BlockKind.QUOTATION, BlockKind.CAPTION}:
            return kind, cite
        if tag in _CAPTIONED and _CAPTION.search(element.get("class") or "") and len(element.findall(".//p")) <= 1:
            return BlockKind.CAPTION, cite
        if tag not in _KINDS:
            return kind, cite
        return _KINDS[tag], element.get("cite") or ""

    def _say(self, text: str | None, link: str) -> None:
        if text:
            self._open.pieces.append((text, link))
            if not text.isspace():
                self._breaks_in_a_row = 0

    def _break_line(self) -> None:
        self._breaks_in_a_row += 1
        if self._breaks_in_a_row == 1:
            self._open.pieces.append((" ", ""))
        else:
            self._cut(self._open.kind, self._open.cite, self._open.element)

    def _cut(self, kind: BlockKind, cite: str, element: "_Element | None") -> None:
        if self._open.text:
            self.found.append(self._open)
        self._open = Passage(kind, cite, element=element)
        self._breaks_in_a_row = 0
