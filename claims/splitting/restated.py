"""Claims stated twice: a headline or a repetition becomes `also` of the fuller statement.

Never across voices: the same words from another source, or with another certainty, are a claim of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.splitting.clauses import Clause
from claims.splitting.types import FoundClaim, Salience

CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
SAME = 0.8
IN_HEADLINE = 0.6
FEWEST = 3


@dataclass(slots=True)
class Draft:
    """A claim before repetitions are folded; `lemmas` are its content words, `bearer` the surname a title tells of."""

    claim: FoundClaim
    lemmas: frozenset[str]
    is_headline: bool
    bearer: str = ""


def lemmas_of(clause: Clause) -> frozenset[str]:
    """The content words of a clause, in plain form."""
    return frozenset(word.lemma for word in clause.words if word.pos in CONTENT)


def fold(drafts: Sequence[Draft]) -> list[FoundClaim]:
    """Keep each statement once, in the order of the text."""
    kept: list[Draft] = []
    headlines = [draft for draft in drafts if draft.is_headline]
    for draft in drafts:
        if draft.is_headline:
            continue
        same = next((other for other in kept if _restates(draft, other)), None)
        if same is None:
            kept.append(draft)
        else:
            same.claim = _with(same.claim, draft.claim)
    for headline in headlines:
        fuller = max(
            (body for body in kept if _announces(headline, body)),
            key=lambda body: _shared(headline, body),
            default=None,
        )
        if fuller is None:
            kept.append(headline)
        else:
            fuller.claim = _with(fuller.claim, headline.claim)
    return sorted((draft.claim for draft in kept), key=lambda claim: claim.spans[0].start)


def _restates(draft: Draft, other: Draft) -> bool:
    if draft.bearer and draft.bearer == other.bearer:
        return True
    first, second = draft.claim, other.claim
    if first.spans == second.spans:
        return True
    if draft.bearer or other.bearer or len(draft.lemmas) < FEWEST or not _same_voice(first, second):
        return False
    if len(draft.lemmas & other.lemmas) < SAME * len(draft.lemmas | other.lemmas):
        return False
    return first.salience is not Salience.CORE or not _overlap(first, second)


def _overlap(first: FoundClaim, second: FoundClaim) -> bool:
    """Whether the two share words of one sentence: the one is part of the other, not its repetition."""
    return any(one.start < two.end and two.start < one.end for one in first.spans for two in second.spans)


def _announces(headline: Draft, body: Draft) -> bool:
    return _same_voice(headline.claim, body.claim) and _shared(headline, body) >= IN_HEADLINE * len(headline.lemmas)


def _shared(headline: Draft, body: Draft) -> int:
    return len(headline.lemmas & body.lemmas)


def _same_voice(first: FoundClaim, second: FoundClaim) -> bool:
    return first.certainty == second.certainty and first.sources[-1:] == second.sources[-1:]


def _with(claim: FoundClaim, again: FoundClaim) -> FoundClaim:
    known = {*claim.spans, *claim.also}
    return replace(claim, also=(*claim.also, *(span for span in again.spans if span not in known)))
