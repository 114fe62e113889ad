"""From passages to the stored text: one string, with the offsets of its blocks and links."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from sources.fetching.passages import Passage
from sources.fetching.quotes import quoted
from sources.fetching.types import BETWEEN, Block, BlockKind, Link, Quote

MAX_LINKS = MAX_QUOTES = 2000
MAX_LETTERS = 1_500_000  # more than five hundred pages of a book
Resolved = Callable[[str], str]
"""(address as the page has it) -> absolute URL, or '' for what leads to no page."""


class Prose:
    """Grows by passages; `text`, `blocks`, `links` and `quotes` agree at every moment.

    `lacks` says what there were too many of: 'letters' (the end of the text is left out), 'links', 'quotes' or ''.
    """

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.quotes: list[Quote] = []
        self.lacks = ""

    @property
    def text(self) -> str:
        """Everything so far."""
        return "".join(self._parts)

    def add(self, passage: Passage, kind: BlockKind) -> None:
        """Append a passage that has text as a block of this kind, its white space collapsed."""
        flow = _flowed(passage)
        room = MAX_LETTERS - self._length - len(BETWEEN) * bool(self.blocks)
        if len(flow.text) > room:
            self.lacks, flow = "letters", _Flow(flow.text[: max(0, room)].rstrip(), [], [])
        if not flow.text:
            return
        if self.blocks:
            self._put(BETWEEN)
        start = self._length
        self._put(flow.text)
        self.blocks.append(Block(kind, start, self._length, passage.cite))
        for run in flow.links:
            if url := self._resolved(run.said):
                self._keep("links", self.links, Link(start + run.start, start + run.end, url, run.of(flow.text)))
        for quote in _quotes(passage, kind, flow):
            self._keep("quotes", self.quotes, Quote(start + quote.start, start + quote.end, quote.said))

    def _keep(self, name: str, kept: list[Any], span: Link | Quote) -> None:
        if len(kept) < (MAX_LINKS if name == "links" else MAX_QUOTES):
            kept.append(span)
        else:
            self.lacks = self.lacks or name

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


class _Run(NamedTuple):
    """A stretch of a passage, and what is said of it: the address a link has, or where a quote is from."""

    start: int
    end: int
    said: str

    def of(self, text: str) -> str:
        return text[self.start : self.end]


class _Flow(NamedTuple):
    text: str
    links: list[_Run]
    pieces: list[tuple[int, int]]


def _flowed(passage: Passage) -> _Flow:
    """Return the passage's text, the runs of it that are links, and where each piece came to stand.

    Neighbours with one address (`<a>so <b>called</b></a>`) are one link.
    """
    parts: list[str] = []
    runs: list[_Run] = []
    pieces: list[tuple[int, int]] = []
    length = 0
    is_spaced = False
    for piece, href in passage.pieces:
        words = " ".join(piece.split())
        if words and length and (is_spaced or piece[0].isspace()):
            parts.append(" ")
            length += 1
        start, length = length, length + len(words)
        pieces.append((start, length))
        if not words:
            is_spaced = is_spaced or bool(piece)
            continue
        parts.append(words)
        if href:
            continues = runs and runs[-1].said == href and start - runs[-1].end <= 1
            runs.append(_Run(runs.pop().start if continues else start, length, href))
        is_spaced = piece[-1].isspace()
    return _Flow("".join(parts), runs, pieces)


def _quotes(passage: Passage, kind: BlockKind, flow: _Flow) -> Iterator[_Run]:
    """Yield what the passage quotes: itself, or what is between marks and in elements, in reading order."""
    if kind is BlockKind.QUOTATION:
        yield _Run(0, len(flow.text), passage.cite)
        return
    marked = [_Run(start, end, "") for start, end in islice(quoted(flow.text), MAX_QUOTES + 1)]
    spans = ((flow.pieces[first:end], cite) for first, end, cite in passage.quoted[: MAX_QUOTES + 1])
    inside = [_Run(pieces[0][0], pieces[-1][1], cite) for pieces, cite in spans if pieces]
    ends = [0]
    for run in sorted((*marked, *inside), key=lambda run: (run.start, -run.end)):
        if run.start >= ends[-1] and run.of(flow.text).strip():
            ends.append(run.end)
            yield run
