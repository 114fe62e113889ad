"""From passages to the stored text: one string, with the offsets of its blocks and links."""

from collections.abc import Callable
from typing import NamedTuple

from sources.fetching.passages import Passage
from sources.fetching.types import BETWEEN, Block, BlockKind, Link

MAX_LINKS = 2000
Resolved = Callable[[str], str]
"""(address as the page has it) -> absolute URL, or '' for what leads to no page."""


class Prose:
    """Grows by passages; `text`, `blocks` and `links` agree at every moment."""

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.links: list[Link] = []

    @property
    def text(self) -> str:
        """Everything so far."""
        return "".join(self._parts)

    def add(self, passage: Passage, kind: BlockKind) -> None:
        """Append a passage that has text as a block of this kind, its white space collapsed."""
        text, runs = _flowed(passage)
        if self.blocks:
            self._put(BETWEEN)
        start = self._length
        self._put(text)
        self.blocks.append(Block(kind, start, self._length, passage.cite))
        for run in runs:
            url = self._resolved(run.href) if len(self.links) < MAX_LINKS else ""
            if url:
                self.links.append(Link(start + run.start, start + run.end, url, text[run.start : run.end]))

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


class _Run(NamedTuple):
    start: int
    end: int
    href: str


def _flowed(passage: Passage) -> tuple[str, list[_Run]]:
    """Return the passage's text and the runs of it that are links.

    Neighbours with one address (`<a>so <b>called</b></a>`) are one link.
    """
    parts: list[str] = []
    runs: list[_Run] = []
    length = 0
    is_spaced = False
    for piece, href in passage.pieces:
        words = " ".join(piece.split())
        if not words:
            is_spaced = is_spaced or bool(piece)
            continue
        if length and (is_spaced or piece[0].isspace()):
            parts.append(" ")
            length += 1
        start, length = length, length + len(words)
        parts.append(words)
        if href:
            continues = runs and runs[-1].href == href and start - runs[-1].end <= 1
            runs.append(_Run(runs.pop().start if continues else start, length, href))
        is_spaced = piece[-1].isspace()
    return "".join(parts), runs
