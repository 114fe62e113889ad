"""What splitting takes and gives: plain frozen values, offsets in Unicode code points of the text.

The words are those of the annotation guide: a claim is the smallest statement that can be true or false on its own.
"""

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How sure the text is of a claim, after FactBank; never how sure we are."""

    ASSERTED = "asserted"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNCONFIRMED = "unconfirmed"
    DENIED = "denied"
    DOUBTFUL = "doubtful"


class Kind(StrEnum):
    """What sort of statement a claim is; only facts and forecasts ask for a verdict by default."""

    FACT = "fact"
    FORECAST = "forecast"
    CONDITIONAL = "conditional"
    OPINION = "opinion"
    DIRECTIVE = "directive"


class Salience(StrEnum):
    """Whether the sentence is there to say the claim, or says it on the way."""

    CORE = "core"
    BACKGROUND = "background"


class BlockKind(StrEnum):
    """What a stretch of a page is, as the reader of the page marked it."""

    HEADLINE = "headline"
    PARAGRAPH = "paragraph"
    QUOTATION = "quotation"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    NOTICE = "notice"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Block:
    """A marked stretch of the page; `cite` names whom the page says it quotes (a name or a URL), or is empty."""

    kind: str
    start: int
    end: int
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim stretch of the article: always `text[start:end] == quote`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """One link of the chain of sources: who, as the article names them, and the word that says so (may be empty)."""

    source: str
    cue: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What the standalone sentence says in place of the article's own words, and why.

    `was` stands at `start` to `end` of the article (empty: something was put in there), `now` at `at` of the sentence
    (empty: something was left out). A capital at the start, the final stop, spaces and quotation marks are no edits.
    """

    start: int
    end: int
    was: str
    now: str
    why: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """One claim of an article.

    `spans` holds one to three stretches in the order of the text, `sources` the chain from the outermost link inwards
    (empty: the article's own voice), `also` further places that state the same, `because` the rules that decided.
    `edits` lead from the article's words to `text`; `unresolved` are the pronouns in it whose meaning is not safe.
    """

    spans: tuple[Span, ...]
    text: str
    sources: tuple[Attribution, ...]
    certainty: Certainty
    kind: Kind
    checkable: bool
    salience: Salience
    check_worthy: float
    also: tuple[Span, ...] = ()
    because: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    unresolved: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Splitting:
    """Every claim found, in the order of the text; `truncated` says what was left out, or is empty."""

    claims: tuple[FoundClaim, ...]
    truncated: str = ""
