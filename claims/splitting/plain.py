"""The least that a language needs: each sentence a claim, its source and certainty by a few words and patterns.

No parse, so clauses are not taken apart and pronouns stay. A bundle for it has the patterns `after`, `according` and
`said` (groups `source`, `cue`, `claim`, perhaps `that`) and `hearsay`, and the word lists `boilerplate`, `forecast` and
one for each certainty but `asserted`.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from claims.splitting.bundle import Language
from claims.splitting.caps import (
    CLAIMS_CUT,
    LONGEST_SENTENCE,
    MOST_CLAIMS,
    MOST_TEXT,
    SENTENCE_LEFT_OUT,
    TEXT_CUT,
)
from claims.splitting.passage import Passage
from claims.splitting.restated import Draft, fold
from claims.splitting.segment import segment
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

FEWEST_WORDS = 4
CONTENT_LETTERS = 4
WORD = re.compile(r"\w+")
EDGES = " \t\r\n,;:—–-\"'“”„«»\u2018\u2019\u201a"
# The first whose words stand in the sentence decides.
CERTAINTIES = (
    Certainty.DENIED,
    Certainty.DOUBTFUL,
    Certainty.UNCONFIRMED,
    Certainty.POSSIBLE,
    Certainty.PROBABLE,
)
# What a pattern finds, by its name. The word order of the others is a subordinate's, so that the whole sentence stays.
FRAMES = {"after": "said behind it", "according": "according to", "said": "said before it"}
STANDING_ALONE = frozenset({"said behind it", "said before it", "a sentence"})
WORTH, WORTH_OF_A_NUMBER, WORTH_OF_A_SOURCE = 0.4, 0.2, 0.1


def find(language: Language, text: str, blocks: Sequence[Block], _published: date | None = None) -> Splitting:
    """Take every sentence of a text as a claim; bounded, and it says so, as English is. Days stay as they are named."""
    reasons: list[str] = []
    if len(text) > MOST_TEXT:
        reasons.append(TEXT_CUT)
    drafts: list[Draft] = []
    for passage, start, end in _sentences(language, segment(text[:MOST_TEXT], blocks)):
        if end - start > LONGEST_SENTENCE:
            reasons.append(SENTENCE_LEFT_OUT)
        elif _is_statement(language, text[start:end]):
            drafts.append(_draft(language, passage, text, start, end))
    claims = fold(drafts)
    if len(claims) > MOST_CLAIMS:
        reasons.append(CLAIMS_CUT)
    return Splitting(tuple(claims[:MOST_CLAIMS]), "; ".join(dict.fromkeys(reasons)))


def _sentences(language: Language, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int, int]]:
    """Yield each sentence with its place in the text, without marks at its edges."""
    nlp = language.pipeline()
    for passage, doc in zip(passages, nlp.pipe(passage.shown for passage in passages), strict=True):
        for sent in doc.sents:
            start, end = passage.start + sent.start_char, passage.start + sent.end_char
            shown = sent.text
            left = len(shown) - len(shown.lstrip(EDGES))
            yield passage, start + left, max(start + left, end - len(shown) + len(shown.rstrip(EDGES)))


def _is_statement(language: Language, shown: str) -> bool:
    return (
        not shown.endswith("?")
        and len(WORD.findall(shown)) >= FEWEST_WORDS
        and not language.pattern("boilerplate").search(shown)
    )


def _draft(language: Language, passage: Passage, text: str, start: int, end: int) -> Draft:
    shown = text[start:end].rstrip(f"{EDGES}.!…")
    rule, frame = _frame(language, shown)
    first, last = frame.span("claim") if frame else (0, len(shown))
    quote = shown[first:last]
    sources = tuple(Attribution(name, "") for name in (passage.outlet, passage.speaker) if name)
    if frame:
        sources = (*sources, Attribution(" ".join(frame["source"].split()), frame["cue"]))
    certainty, why = _certainty(language, shown)
    kind = Kind.FORECAST if language.pattern("forecast").search(quote) else Kind.FACT
    claim = FoundClaim(
        spans=(Span(start + first, start + last, quote),),
        text=_sentence(quote if rule in STANDING_ALONE else shown),
        sources=sources,
        certainty=certainty,
        kind=kind,
        checkable=True,
        salience=Salience.CORE,
        check_worthy=_worth(quote, is_sourced=bool(sources)),
        because=(rule, why),
    )
    return Draft(claim, _content(quote), passage.kind == BlockKind.HEADLINE)


def _frame(language: Language, shown: str) -> tuple[str, re.Match[str] | None]:
    """Return the first frame that fits, and the rule's name."""
    for name, rule in FRAMES.items():
        frame = language.patterns[name].match(shown)
        if frame:
            has_that = frame.groupdict().get("that")
            return f"{rule} that" if has_that else rule, frame
    return "a sentence", None


def _certainty(language: Language, shown: str) -> tuple[Certainty, str]:
    for certainty in CERTAINTIES:
        word = language.pattern(certainty.value).search(shown)
        if word:
            return certainty, f"“{word[0]}”"
    hearsay = language.patterns["hearsay"].search(shown)
    return (Certainty.UNCONFIRMED, f"“{hearsay[0]}”") if hearsay else (Certainty.ASSERTED, "stated as so")


def _content(quote: str) -> frozenset[str]:
    """The words that tell two statements apart: long ones and numbers."""
    words = WORD.findall(quote.casefold())
    return frozenset(word for word in words if len(word) >= CONTENT_LETTERS or word.isdigit())


def _sentence(words: str) -> str:
    plain = " ".join(words.split())
    return f"{plain[:1].upper()}{plain[1:]}."


def _worth(quote: str, *, is_sourced: bool) -> float:
    has_number = any(char.isdigit() for char in quote)
    return round(WORTH + WORTH_OF_A_NUMBER * has_number + WORTH_OF_A_SOURCE * is_sourced, 3)
