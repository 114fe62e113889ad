"""What splitting needs of one language, in one value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from claims.splitting import lexicons
from claims.splitting.types import Block, Splitting

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline


@dataclass(frozen=True, slots=True)
class Language:
    """A parser, a folder of word lists, patterns, and the rules that read them.

    `pipeline` loads spaCy's at the first call, once a process; `rules` takes the bundle, a text, blocks and day.
    `lexicons` is a folder under claims/splitting/lexicons. An experimental one is used only where a desk asks for it.
    """

    code: str
    name: str
    pipeline: "Callable[[], Pipeline]"
    rules: "Callable[[Language, str, Sequence[Block], date | None], Splitting]"
    lexicons: str = "."
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    is_experimental: bool = False

    def pattern(self, name: str) -> re.Pattern[str]:
        """One expression that finds any entry of one of its word lists."""
        return lexicons.pattern(f"{self.lexicons}/{name}")
