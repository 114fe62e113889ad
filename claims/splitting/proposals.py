"""Frames of what should be, what somebody did wrong and what a thing is called: urged, accused of, slammed as."""

from collections.abc import Iterator

from claims.splitting.frames import Frame, Pattern, Stance, source_of
from claims.splitting.grammar import auxiliaries, is_in, is_infinitive, is_negated, own_subject
from claims.splitting.tree import Word


def proposal_frames(word: Word) -> Iterator[Frame]:
    """The frames of proposing, accusing and naming that a word is the cue of."""
    for rule in (_accusation, _proposal, _call_on, _call_for, _named, _labelled):
        frame = rule(word)
        if frame is not None:
            yield frame
            return


def _accusation(verb: Word) -> Frame | None:
    """For "X accused Y of doing": that X accuses Y is news, and that Y does it is what nobody vouches for."""
    accused = verb.first("dobj", "nsubjpass")
    if accused is None or not is_in(verb, "accuse"):
        return None
    for preposition in [*verb.every("prep"), *accused.every("prep")]:
        content = preposition.first("pcomp")
        if preposition.lower in {"of", "for", "with"} and content is not None:
            return Frame(verb, source_of(verb), content, Stance.CLAIMS, Pattern.ACCUSATION, is_dropped=False)
    return None


def _proposal(verb: Word) -> Frame | None:
    """For "X urged Y to do": Y and the infinitive are what X proposes."""
    content = verb.first("xcomp", "ccomp")
    if content is None or not is_infinitive(content) or not is_in(verb, "urge"):
        return None
    if (verb.first("dobj") is None and own_subject(content) is None) or not _is_made(verb):
        return None
    return Frame(verb, source_of(verb), content, Stance.PROPOSES, Pattern.PROPOSAL, is_dropped=False)


def _call_on(verb: Word) -> Frame | None:
    """For "X called on Y to do": Y and the infinitive are what X proposes."""
    called = next(iter(called_on(verb)), None)
    if called is None or not is_in(verb, "call_for") or not _is_made(verb):
        return None
    deeds = [*called.every("acl", "relcl"), *verb.every("xcomp", "advcl")]
    content = next((deed for deed in deeds if is_infinitive(deed)), None)
    if content is None:
        return None
    return Frame(verb, source_of(verb), content, Stance.PROPOSES, Pattern.CALL_ON, is_dropped=False)


def called_on(verb: Word) -> list[Word]:
    """Whom somebody calls on; not the day."""
    places = [prep for prep in verb.every("prep") if prep.lower in {"on", "upon"}]
    return [noun for place in places for noun in place.every("pobj") if noun.entity not in {"DATE", "TIME"}]


def _is_made(verb: Word) -> bool:
    """Whether the proposal is made, not only planned, refused or stopped short of."""
    modal = any(helper.tag == "MD" for helper in auxiliaries(verb))
    return not modal and not is_negated(verb) and verb.dep != "pcomp"


def _call_for(verb: Word) -> Frame | None:
    """For "X called for Y": Y is what X proposes."""
    preposition = next((child for child in verb.every("prep") if child.lower == "for"), None)
    content = preposition.first("pobj") if preposition is not None else None
    if content is None or not is_in(verb, "call_for") or not _is_made(verb):
        return None
    return Frame(verb, source_of(verb), content, Stance.PROPOSES, Pattern.CALL_FOR, is_dropped=False)


def _named(verb: Word) -> Frame | None:
    """For "X called it a disgrace": what X calls it is X's judgement, and all that the sentence says."""
    content = verb.first("oprd")
    if content is None or verb.lemma not in {"call", "deem", "dub", "label"} or not _has_object(verb):
        return None
    return Frame(verb, source_of(verb), content, Stance.JUDGES, Pattern.NAMED)


def _has_object(verb: Word) -> bool:
    """Whether somebody names another; what one calls oneself is no judgement."""
    named = verb.first("dobj")
    return named is not None and not named.lower.endswith(("self", "selves")) and source_of(verb) != ()


def _labelled(verb: Word) -> Frame | None:
    """For "X slammed Y as Z": that Y is Z is X's judgement beside the slamming itself."""
    named = verb.first("dobj")
    if named is None or not is_in(verb, "label"):
        return None
    places = [*verb.every("prep"), *named.every("prep")]
    content = next((place.first("pobj") for place in places if place.lower == "as"), None)
    if content is None:
        return None
    return Frame(verb, source_of(verb), content, Stance.JUDGES, Pattern.LABELLED, is_dropped=False)
