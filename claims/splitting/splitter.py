"""The way of a text through the rules: passages, sentences, frames, clauses, claims."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, islice

from claims.splitting import lexicons
from claims.splitting.attribution import find_frames, has_more_frames
from claims.splitting.caps import (
    CLAIMS_CUT,
    FRAMES_CUT,
    MOST_CLAIMS,
    MOST_TEXT,
    SENTENCE_LEFT_OUT,
    TEXT_CUT,
    WORD_LEFT_OUT,
    is_too_long,
)
from claims.splitting.checkworthy import check_worthy
from claims.splitting.clauses import Clause, find_clauses
from claims.splitting.dates import Calendar, dateline
from claims.splitting.frames import Frame
from claims.splitting.mentions import Mentions
from claims.splitting.modality import certainty_of, kind_of
from claims.splitting.names import collect, surname
from claims.splitting.parse import hides_words, parse
from claims.splitting.passage import Passage
from claims.splitting.quotes import find_quotes
from claims.splitting.referents import PRONOUNS
from claims.splitting.render import render
from claims.splitting.repair import repaired
from claims.splitting.restated import Draft, fold, lemmas_of
from claims.splitting.scribe import Scribe
from claims.splitting.segment import segment
from claims.splitting.sites import Rule
from claims.splitting.spans import spans_of
from claims.splitting.speech import Framed, Speech
from claims.splitting.tree import Sentence
from claims.splitting.types import Block, BlockKind, FoundClaim, Kind, Salience, Span, Splitting
from claims.splitting.wording import changes_of

FOLLOW = re.compile(r"\bfollow\b.{0,60}\b(?:twitter|facebook|instagram|threads|bluesky)\b", re.IGNORECASE)


def pronouns_of(text: str) -> list[tuple[Span, str]]:
    """Every third-person pronoun of a text with whom it means; an empty name where that is not safely known."""
    passages = segment(text)
    parsed = _parsed(passages)
    speech = _listener(text, parsed)
    framed = [_framed(text, sentences) for sentences in parsed]
    words = [word for sentence, _ in _heard(passages, framed, speech) for word in sentence.words]
    pronouns = [word for word in words if word.tag in {"PRP", "PRP$"} and word.lower in PRONOUNS]
    meant = speech.mentions.meant
    return [(Span(word.start, word.end, word.text), meant[word].name if word in meant else "") for word in pronouns]


def split(text: str, *, blocks: Sequence[Block] = (), published: date | None = None) -> Splitting:
    """Split an English article into its claims.

    Reads at most 200,000 characters, skips sentences over 5,000 and words over 200, stops at 500 claims, and says so in
    `truncated`. Relative dates are counted from `published`, else from the day that the text gives at its head.
    The same text gives the same claims, bit by bit. The first call loads the language model (about a second).
    """
    reasons: list[str] = []
    if len(text) > MOST_TEXT:
        reasons.append(TEXT_CUT)
    passages = segment(text[:MOST_TEXT], blocks)
    parsed = _parsed(passages)
    if any(map(hides_words, passages)):
        reasons.append(WORD_LEFT_OUT)
    if any(is_too_long(sentence) for sentence in chain.from_iterable(parsed)):
        reasons.append(SENTENCE_LEFT_OUT)
    speech = _listener(text, parsed)
    framed = [_framed(text, sentences) for sentences in parsed]
    if any(has_more_frames(sentence, frames) for sentence, frames in chain.from_iterable(framed)):
        reasons.append(FRAMES_CUT)
    drafts = list(islice(_drafts(text, passages, framed, speech, published or dateline(text)), 2 * MOST_CLAIMS))
    claims = fold(drafts)
    if len(claims) > MOST_CLAIMS or len(drafts) == 2 * MOST_CLAIMS:
        reasons.append(CLAIMS_CUT)
    return Splitting(tuple(claims[:MOST_CLAIMS]), "; ".join(reasons))


def _parsed(passages: Sequence[Passage]) -> list[list[Sentence]]:
    return [list(repaired(passage, sentences)) for passage, sentences in zip(passages, parse(passages), strict=True)]


def _listener(text: str, parsed: Sequence[list[Sentence]]) -> Speech:
    """Who knows the names of the article; it comes before the frames, which ask whether a name is a person's."""
    return Speech(Mentions(collect(chain.from_iterable(parsed), text), text))


def _framed(text: str, sentences: Sequence[Sentence]) -> Framed:
    return [(sentence, find_frames(sentence)) for sentence in sentences if _is_article(sentence, text)]


def _drafts(
    text: str, passages: Sequence[Passage], framed: Sequence[Framed], speech: Speech, published: date | None
) -> Iterator[Draft]:
    calendar = Calendar(published) if published is not None else None
    shown = _as_read(text, passages)
    for sentence, frames in _heard(passages, framed, speech):
        for clause in find_clauses(sentence, frames):
            if not speech.is_cue(clause):
                yield _draft(clause, frames, speech, text, shown, calendar=calendar)


def _heard(
    passages: Sequence[Passage], framed: Sequence[Framed], speech: Speech
) -> Iterator[tuple[Sentence, Sequence[Frame]]]:
    """Every sentence with its frames, once all of its passage is read."""
    for passage, sentences in zip(passages, framed, strict=True):
        speech.enter(passage, find_quotes(passage), sentences)
        yield from sentences


def _is_article(sentence: Sentence, text: str) -> bool:
    shown = text[sentence.start : sentence.end]
    return (
        not is_too_long(sentence) and lexicons.pattern("boilerplate").search(shown) is None and not FOLLOW.search(shown)
    )


def _as_read(text: str, passages: Sequence[Passage]) -> str:
    """The text with its headlines in sentence case, as the parser saw them: every word stands where it stood."""
    for passage in passages:
        if passage.kind == BlockKind.HEADLINE:
            text = text[: passage.start] + passage.shown + text[passage.end :]
    return text


def _draft(
    clause: Clause, frames: Sequence[Frame], speech: Speech, text: str, shown: str, *, calendar: Calendar | None
) -> Draft:
    holding = speech.frames_around(clause, frames)
    sources = speech.sources(clause, holding)
    certainty, why_certain = certainty_of(clause, holding)
    spoken = len(sources) > bool(speech.passage.outlet)
    kind, why_kind = kind_of(clause, holding, spoken=spoken)
    salience = Salience.BACKGROUND if clause.site.is_background else Salience.CORE
    speaker = sources[-1].source if sources else ""
    changes = changes_of(clause, holding)
    if calendar is not None and not speech.passage.outlet:
        changes |= dict(calendar.changes_of(clause, kind, is_quoted=speech.is_quoted(clause)))
    sentence = render(clause, Scribe(shown, speech.mentions, speaker, changes, clause.words), text)
    claim = FoundClaim(
        spans=spans_of(clause.words, text),
        text=sentence.text,
        sources=sources,
        certainty=certainty,
        kind=kind,
        checkable=kind not in {Kind.OPINION, Kind.DIRECTIVE},
        salience=salience,
        check_worthy=check_worthy(clause, certainty=certainty, kind=kind, salience=salience, sourced=bool(sources)),
        because=(clause.site.because, why_certain, why_kind, *(str(frame.pattern) for frame in holding)),
        edits=sentence.edits,
        unresolved=sentence.unresolved,
    )
    bearer = surname(clause.words) if clause.site.rule == Rule.TITLE else ""
    return Draft(claim, lemmas_of(clause), speech.passage.kind == BlockKind.HEADLINE, bearer)
