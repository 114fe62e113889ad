"""The way of a text through the rules: passages, sentences, frames, clauses, claims."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter

from claims.splitting import lexicons
from claims.splitting.attribution import find_frames
from claims.splitting.checkworthy import check_worthy
from claims.splitting.clauses import Clause, find_clauses
from claims.splitting.frames import Frame
from claims.splitting.mentions import Mentions, collect, surname
from claims.splitting.modality import certainty_of, kind_of
from claims.splitting.parse import LONGEST_WORD, UNREADABLE, parse
from claims.splitting.passage import Passage
from claims.splitting.quotes import find_quotes
from claims.splitting.render import Scribe, render
from claims.splitting.repair import repair
from claims.splitting.restated import Draft, fold, lemmas_of
from claims.splitting.segment import segment
from claims.splitting.sites import Rule
from claims.splitting.spans import spans_of
from claims.splitting.speech import Speech
from claims.splitting.tree import Sentence
from claims.splitting.types import Block, BlockKind, FoundClaim, Kind, Salience, Splitting

FOLLOW = re.compile(r"\bfollow\b.{0,60}\b(?:twitter|facebook|instagram|threads|bluesky)\b", re.IGNORECASE)
MOST_TEXT = 200_000
LONGEST_SENTENCE = 5_000
MOST_CLAIMS = 500


def split(text: str, *, blocks: Sequence[Block] = ()) -> Splitting:
    """Split an English article into its claims.

    Reads at most 200,000 characters, skips sentences over 5,000 and words over 200, stops at 500 claims, and says so in
    `truncated`.
    The same text gives the same claims, bit by bit. The first call loads the language model (about a second).
    """
    reasons: list[str] = []
    if len(text) > MOST_TEXT:
        reasons.append(f"only the first {MOST_TEXT:,} characters were read")
    passages = segment(text[:MOST_TEXT], blocks)
    parsed = [list(_repaired(passage, sentences)) for passage, sentences in zip(passages, parse(passages), strict=True)]
    if any(map(_hides_words, passages)):
        reasons.append(f"a word longer than {LONGEST_WORD} characters was passed over")
    if any(_is_too_long(sentence) for sentence in chain.from_iterable(parsed)):
        reasons.append(f"a sentence longer than {LONGEST_SENTENCE:,} characters was left out")
    drafts = list(islice(_drafts(text, passages, parsed), 2 * MOST_CLAIMS))
    claims = fold(drafts)
    if len(claims) > MOST_CLAIMS or len(drafts) == 2 * MOST_CLAIMS:
        reasons.append(f"only the first {MOST_CLAIMS} claims were kept")
    return Splitting(tuple(claims[:MOST_CLAIMS]), "; ".join(reasons))


def _hides_words(passage: Passage) -> bool:
    return any(any(char.isalnum() for char in found[0]) for found in UNREADABLE.finditer(passage.shown))


def _is_too_long(sentence: Sentence) -> bool:
    return sentence.end - sentence.start > LONGEST_SENTENCE


def _repaired(passage: Passage, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Mend each sentence by the quotations that reach into it; one that is left out is left as it is."""
    regions = find_quotes(passage)
    for sentence in sentences:
        first = bisect_right(regions, sentence.start, key=attrgetter("end"))
        after = bisect_left(regions, sentence.end, key=attrgetter("start"))
        yield sentence if _is_too_long(sentence) else repair(sentence, regions[first:after])


def _drafts(text: str, passages: Sequence[Passage], parsed: Sequence[list[Sentence]]) -> Iterator[Draft]:
    speech = Speech(Mentions(collect(chain.from_iterable(parsed), text), text))
    shown = _as_read(text, passages)
    for passage, sentences in zip(passages, parsed, strict=True):
        framed = [(sentence, find_frames(sentence)) for sentence in sentences if _is_article(sentence, text)]
        speech.enter(passage, find_quotes(passage), framed)
        for sentence, frames in framed:
            for clause in find_clauses(sentence, frames):
                if not speech.is_cue(clause):
                    yield _draft(clause, frames, speech, text, shown)


def _is_article(sentence: Sentence, text: str) -> bool:
    shown = text[sentence.start : sentence.end]
    return (
        len(shown) <= LONGEST_SENTENCE
        and lexicons.pattern("boilerplate").search(shown) is None
        and not FOLLOW.search(shown)
    )


def _as_read(text: str, passages: Sequence[Passage]) -> str:
    """The text with its headlines in sentence case, as the parser saw them: every word stands where it stood."""
    for passage in passages:
        if passage.kind == BlockKind.HEADLINE:
            text = text[: passage.start] + passage.shown + text[passage.end :]
    return text


def _draft(clause: Clause, frames: Sequence[Frame], speech: Speech, text: str, shown: str) -> Draft:
    holding = speech.frames_around(clause, frames)
    sources = speech.sources(clause, holding)
    certainty, why_certain = certainty_of(clause, holding)
    spoken = len(sources) > bool(speech.passage.outlet)
    kind, why_kind = kind_of(clause, holding, spoken=spoken)
    salience = Salience.BACKGROUND if clause.site.is_background else Salience.CORE
    claim = FoundClaim(
        spans=spans_of(clause.words, text),
        text=render(clause, Scribe(shown, speech.mentions, sources[-1].source if sources else "")),
        sources=sources,
        certainty=certainty,
        kind=kind,
        checkable=kind not in {Kind.OPINION, Kind.DIRECTIVE},
        salience=salience,
        check_worthy=check_worthy(clause, certainty=certainty, kind=kind, salience=salience, sourced=bool(sources)),
        because=(clause.site.because, why_certain, why_kind, *(str(frame.pattern) for frame in holding)),
    )
    bearer = surname(clause.words) if clause.site.rule == Rule.TITLE else ""
    return Draft(claim, lemmas_of(clause), speech.passage.kind == BlockKind.HEADLINE, bearer)
