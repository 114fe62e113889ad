"""Splitting an article into claims: text in, found claims with offsets, sources and certainty out.

    >>> found = split("Reports that the bridge had fallen could not be confirmed.")

Pure: no clock, no network, no framework. spaCy and its model are loaded at the first call of `split`.
"""

from claims.splitting.splitter import split
from claims.splitting.types import (
    Attribution,
    Block,
    BlockKind,
    Certainty,
    FoundClaim,
    Kind,
    Salience,
    Span,
    Splitting,
)

__all__ = [
    "Attribution",
    "Block",
    "BlockKind",
    "Certainty",
    "FoundClaim",
    "Kind",
    "Salience",
    "Span",
    "Splitting",
    "split",
]
