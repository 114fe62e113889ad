"""What a page's machinery changes at every look and no editor means: counters, clocks, adverts, teasers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from sources.fetching.digest import normalised
from sources.fetching.types import Block, BlockKind, Link


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
    """Return the text without its boilerplate and noise; all of it where nothing else would be left."""
    kept = [text for text in _kept(page) if text]
    return "\n\n".join(kept) or page.text


def seen(page: Page) -> str:
    """Return by what two looks at a page are told apart: the SHA-256 (hex) of its stable text."""
    return hashlib.sha256(normalised(stable(page)).encode("utf-8", "surrogatepass")).hexdigest()


def _kept(page: Page) -> Iterator[str]:
    for block in page.blocks:
        if block.kind is not BlockKind.BOILERPLATE:
            yield page.text[block.start : block.end]
