"""What a frame holds that is no clause of its own: whom it is about, and what of them."""

from collections.abc import Iterator, Sequence

from claims.splitting.frames import Frame, Pattern, antecedent
from claims.splitting.grammar import is_infinitive, noun_core, subject
from claims.splitting.proposals import called_on
from claims.splitting.sites import Rule, Site
from claims.splitting.tree import Word


def frame_sites(word: Word, frames: Sequence[Frame]) -> Iterator[Site]:
    """The statements that the frames around a word make of it."""
    for frame in frames:
        if frame.content is word and frame.pattern in FRAME_SITES:
            yield from FRAME_SITES[frame.pattern](frame)


def _accused(frame: Frame) -> Iterator[Site]:
    preposition = frame.content.head
    accused = [part for noun in frame.cue.every("dobj", "nsubjpass") for part in noun_core(noun)]
    shared = (*(part for part in accused if not part.is_under(preposition)), preposition)
    yield Site(frame.content, Rule.ACCUSATION, shared=shared)
    for further in frame.content.every("conj"):
        yield Site(further, Rule.ACCUSATION, shared=shared, leaves=True)


def _proposed(frame: Frame) -> Iterator[Site]:
    yield Site(frame.content, Rule.PROPOSAL, shared=_object(frame.cue))


def _called_on(frame: Frame) -> Iterator[Site]:
    shared = (part for noun in called_on(frame.cue) for part in noun_core(noun) if not part.is_under(frame.content))
    yield Site(frame.content, Rule.PROPOSAL, shared=tuple(shared))


def _object(verb: Word) -> tuple[Word, ...]:
    return tuple(part for noun in verb.every("dobj") for part in noun_core(noun))


def _in_infinitive(frame: Frame) -> Iterator[Site]:
    owner = antecedent(frame.cue) or subject(frame.cue)
    rule = Rule.INFINITIVE if is_infinitive(frame.content) else Rule.FREE_PARTICIPLE
    yield Site(frame.content, rule, shared=tuple(noun_core(owner)) if owner else ())


def _event(frame: Frame) -> Iterator[Site]:
    yield Site(frame.content, Rule.EVENT, only=tuple(noun_core(frame.content)))


def _judged(frame: Frame) -> Iterator[Site]:
    tie = (frame.content.head,) if frame.content.dep == "pobj" else ()
    yield Site(frame.content, Rule.JUDGEMENT, shared=(*_object(frame.cue), *tie))


FRAME_SITES = {
    Pattern.ACCUSATION: _accused,
    Pattern.PROPOSAL: _proposed,
    Pattern.CALL_FOR: _proposed,
    Pattern.CALL_ON: _called_on,
    Pattern.INFINITIVE: _in_infinitive,
    Pattern.EVENT: _event,
    Pattern.NAMED: _judged,
    Pattern.LABELLED: _judged,
}
