"""How the tests read a splitting: by the quote of a claim, as people would point at it."""

from collections.abc import Sequence
from functools import cache

from claims.splitting import Block, FoundClaim, split


@cache
def claims_of(text: str, blocks: tuple[Block, ...] = ()) -> tuple[FoundClaim, ...]:
    return split(text, blocks=blocks).claims


def quoted(claim: FoundClaim) -> str:
    return " | ".join(span.quote for span in claim.spans)


def quotes_of(text: str) -> list[str]:
    return [quoted(claim) for claim in claims_of(text)]


def claim_at(text: str, quote: str, blocks: tuple[Block, ...] = ()) -> FoundClaim:
    found = claims_of(text, blocks)
    matching = [claim for claim in found if quoted(claim) == quote]
    assert matching, f"no claim {quote!r} among {[quoted(claim) for claim in found]}"
    return matching[0]


def chain_of(claim: FoundClaim) -> list[str]:
    return [link.source for link in claim.sources]


def blocks_of(*parts: tuple[str, str] | tuple[str, str, str]) -> tuple[str, tuple[Block, ...]]:
    """Lay out (kind, text, cite) parts as one text with its blocks."""
    text, blocks = "", []
    for part in parts:
        kind, words, cite = part if len(part) == 3 else (*part, "")
        text += "\n\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(words), cite))
        text += words
    return text, tuple(blocks)


def paragraphs(*parts: str) -> str:
    return "\n\n".join(parts)


def texts_of(claims: Sequence[FoundClaim]) -> list[str]:
    return [claim.text for claim in claims]
