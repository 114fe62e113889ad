"""Splitting an article into claims: text in, found claims with offsets, sources and certainty out.

    >>> found = split("Reports that the bridge had fallen could not be confirmed.")

Pure: no clock, no network, no framework. spaCy and its model are loaded at the first call of `split`.
"""

from claims.splitting.bundle import Language
from claims.splitting.edits import undo
from claims.splitting.language import LANGUAGES, LanguageNotSupported, split, what_to_install
from claims.splitting.llm import is_proposed
from claims.splitting.types import (
    Attribution,
    Block,
    BlockKind,
    Certainty,
    Edit,
    FoundClaim,
    Kind,
    Salience,
    Span,
    Splitting,
)

__all__ = [
    "LANGUAGES",
    "Attribution",
    "Block",
    "BlockKind",
    "Certainty",
    "Edit",
    "FoundClaim",
    "Kind",
    "Language",
    "LanguageNotSupported",
    "Salience",
    "Span",
    "Splitting",
    "is_proposed",
    "split",
    "undo",
    "what_to_install",
]
