"""Who says what inside a sentence: frames, each with a source, a cue, and the clause that is its content."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from claims.splitting.grammar import (
    FIRST_PERSON,
    SUBJECTS,
    auxiliaries,
    is_finite,
    is_in,
    is_infinitive,
    is_negated,
    is_predicate,
    mark,
    noun_core,
    own_subject,
    subject,
)
from claims.splitting.tree import Sentence, Word


class Stance(StrEnum):
    """What a frame does to the certainty of its content."""

    REPORTS = "reports"
    CLAIMS = "claims without vouching"
    DENIES = "denies"
    DOUBTS = "doubts"
    LEAVES_OPEN = "leaves open"
    PROPOSES = "proposes"
    HOPES = "hopes"
    SUPPOSES = "supposes"
    PRESUPPOSES = "presupposes"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """`source` is empty where nobody is named; `is_dropped`: the frame itself states nothing worth a claim."""

    cue: Word
    source: tuple[Word, ...]
    content: Word
    stance: Stance
    pattern: str
    is_dropped: bool = True

    def holds(self, word: Word) -> bool:
        """Whether a word belongs to the content."""
        if self.cue is not self.content and word.is_under(self.cue) and self.cue.is_under(self.content):
            return False
        return word.is_under(self.content)


def find_frames(sentence: Sentence) -> list[Frame]:
    """Return every frame of a sentence, outer ones before the frames they hold."""
    found = [frame for word in sentence.words for frame in _frames_at(word)]
    return [_nested(frame, found) for frame in sorted(found, key=lambda frame: -len(frame.content.subtree()))]


def _nested(frame: Frame, frames: Sequence[Frame]) -> Frame:
    """A saying that somebody else reports is itself part of what is reported."""
    own = own_subject(frame.cue)
    if frame.pattern != "verb and clause" or own is None:
        return frame
    reported = any(outer.holds(frame.cue) and outer.cue is not frame.cue and outer.source for outer in frames)
    is_told = (reported and own.tag != "PRP") or mark(frame.cue) == "when"
    return replace(frame, is_dropped=False) if is_told else frame


def _frames_at(word: Word) -> Iterator[Frame]:
    for rule in (_open_frame, _speech_frame, _as_frame, _according_frame, _noun_frame, _accusation, _proposal, _call_for):
        frame = rule(word)
        if frame is not None:
            yield from _outer(frame)
            yield frame
            return


def _outer(frame: Frame) -> Iterator[Frame]:
    """"X reiterated Y's position that S": X reports what Y says."""
    verb = frame.cue.head
    if frame.pattern == "noun and that-clause" and frame.cue.dep == "dobj" and verb is not None and is_in(verb, "report"):
        yield Frame(verb, source_of(verb), frame.content, Stance.REPORTS, "verb and noun")


def content_clause(word: Word) -> Word | None:
    """The finite clause that a verb of saying governs, wherever it stands."""
    for child in word.children:
        if child.dep in {"ccomp", "csubj", "csubjpass"} and is_finite(child):
            return child
    if word.dep == "parataxis" and word.head is not None and is_predicate(word.head):
        return word.head
    return None


def source_of(word: Word) -> tuple[Word, ...]:
    """Who performs a verb of saying: its subject without asides, or the agent of a passive."""
    agent = word.first("agent")
    if agent is not None and agent.first("pobj") is not None:
        return tuple(part for noun in agent.every("pobj") for part in noun_core(noun))
    if word.first("nsubjpass", "auxpass") is not None:
        return ()
    speaker = _antecedent(word) or subject(word)
    return tuple(noun_core(speaker)) if speaker is not None and speaker.dep != "expl" else ()


def _antecedent(word: Word) -> Word | None:
    """The noun that a relative clause says something of, where its subject is the relative pronoun."""
    own = own_subject(word)
    if word.dep in {"relcl", "acl"} and (own is None or own.tag in {"WP", "WDT"}):
        return word.head
    return None


def _stance(word: Word) -> Stance | None:
    for lexicon, stance in (
        ("denial", Stance.DENIES),
        ("doubt", Stance.DOUBTS),
        ("unconfirmed", Stance.CLAIMS),
        ("report", Stance.REPORTS),
    ):
        if is_in(word, lexicon):
            return Stance.LEAVES_OPEN if stance is Stance.CLAIMS and is_negated(word) else stance
    return None


def _speech_frame(word: Word) -> Frame | None:
    if not is_predicate(word) or _tells_which(word):
        return None
    content = content_clause(word)
    if content is None:
        return _infinitive_content(word)
    if mark(content) in {"whether", "if", "how", "why", "who", "what"}:
        return None
    speaker = subject(word)
    if speaker is not None and speaker.lower in FIRST_PERSON | {"you"} and is_in(word, "speaker_frames"):
        return _first_person(word, content)
    stance = _stance(word)
    if stance is not None:
        return Frame(word, source_of(word), content, stance, "verb and clause", not is_in(word, "saying_is_news"))
    return _thought(word, content)


def _tells_which(word: Word) -> bool:
    """Whether the report only says which time or thing is meant: "the third time the club said it had"."""
    return word.dep == "relcl" and word.head is not None and word.head.lemma in {"time", "way", "moment", "reason"}


def _first_person(word: Word, content: Word) -> Frame:
    unsure = word.lemma in {"think", "believe", "guess", "suppose"}
    stance = Stance.DOUBTS if is_negated(word) else Stance.SUPPOSES if unsure else Stance.PRESUPPOSES
    return Frame(word, (), content, stance, "first person's frame")


def _thought(word: Word, content: Word) -> Frame | None:
    """A reported thought ("said he hoped that"): the thinker is the speaker, so only the thought is news."""
    thinker = own_subject(word)
    reported = word.dep == "ccomp" and word.head is not None and is_in(word.head, "report")
    if thinker is None or thinker.tag != "PRP" or not reported or not is_in(word, "thoughts"):
        return None
    stance = Stance.HOPES if word.lemma in {"hope", "wish"} else Stance.SUPPOSES
    return Frame(word, (), content, Stance.DOUBTS if is_negated(word) else stance, "reported thought")


def _infinitive_content(word: Word) -> Frame | None:
    """"X claimed to have done": the content shares the frame's subject, which nobody vouches for."""
    content = word.first("xcomp")
    if content is None or not is_infinitive(content) or not is_in(word, "unconfirmed"):
        return None
    return Frame(word, source_of(word), content, Stance.CLAIMS, "verb and infinitive")


def _as_frame(word: Word) -> Frame | None:
    """"As the paper writes, …": the main clause is the content."""
    if word.dep != "advcl" or mark(word) != "as" or word.head is None or not is_in(word, "report"):
        return None
    if own_subject(word) is None or word.first("dobj", "ccomp") is not None:
        return None
    return Frame(word, source_of(word), word.head, Stance.REPORTS, "as-clause")


def _according_frame(word: Word) -> Frame | None:
    if word.lower != "according" or word.head is None:
        return None
    to = word.first("prep", "prt")
    named = to.first("pobj") if to is not None else None
    clause = next((above for above in word.ancestors() if is_predicate(above)), word.head)
    if named is None:
        return None
    return Frame(word, tuple(noun_core(named)), clause, Stance.REPORTS, "according to")


def _noun_frame(word: Word) -> Frame | None:
    if word.pos not in {"NOUN", "PROPN"}:
        return None
    content = next((child for child in word.children if _is_that_clause(child)), None)
    if content is None:
        return None
    if is_in(word, "no_sign") and (_has_no(word) or (word.head is not None and is_negated(word.head))):
        return Frame(word, (), content, Stance.DOUBTS, "no sign that")
    owner = word.first("poss")
    source = tuple(noun_core(owner)) if owner is not None else ()
    if is_in(word, "unconfirmed_nouns"):
        return Frame(word, source or tuple(noun_core(word)), content, Stance.CLAIMS, "noun nobody vouches for", _is_open(word))
    if is_in(word, "report_nouns"):
        return Frame(word, source, content, Stance.REPORTS, "noun and that-clause", is_dropped=False)
    if word.lemma == "fact":
        return Frame(word, (), content, Stance.PRESUPPOSES, "the fact that", is_dropped=False)
    return None


def _is_that_clause(word: Word) -> bool:
    return word.dep in {"acl", "ccomp", "relcl"} and mark(word) == "that" and is_finite(word) and own_subject(word) is not None


def _has_no(word: Word) -> bool:
    return any(child.lower == "no" for child in word.children)


def _is_open(word: Word) -> bool:
    """Whether the verb that the noun is subject of says that nobody could check it."""
    verb = word.head
    return word.dep in SUBJECTS and verb is not None and is_in(verb, "verify") and is_negated(verb)


def _open_frame(word: Word) -> Frame | None:
    """"It is impossible to know whether S", "It could not be verified that S", "Whether S is unclear"."""
    content = next(
        (child for child in word.children if child.dep in {"ccomp", "csubj", "csubjpass", "advcl"} and _may_be_open(child)), None
    )
    if content is None or not _cannot_tell(word):
        return None
    return Frame(word, (), content, Stance.LEAVES_OPEN, "nobody could tell")


def _may_be_open(content: Word) -> bool:
    return is_predicate(content) and mark(content) in {"whether", "if", "that"}


def _cannot_tell(word: Word) -> bool:
    adjective = word.first("acomp", "oprd", "attr")
    if is_in(word, "verify"):
        return is_negated(word) or _is_hopeless(word.head if word.dep == "xcomp" else None)
    if word.pos == "ADJ":
        return _is_hopeless(word)
    return adjective is not None and _is_hopeless(adjective)


def _is_hopeless(word: Word | None) -> bool:
    """Whether an adjective says that it cannot be told: unclear, impossible; not clear, not possible, unable."""
    if word is None:
        return False
    if is_in(word, "open_adjectives"):
        return True
    verb = word if is_predicate(word) else word.head
    negated = verb is not None and is_negated(verb)
    clear = word if word.pos == "ADJ" else word.first("acomp")
    return clear is not None and (is_in(clear, "open_adjectives") or (negated and is_in(clear, "clear_adjectives")))


def _accusation(word: Word) -> Frame | None:
    if not is_in(word, "accuse") or word.first("dobj", "nsubjpass") is None:
        return None
    for preposition in word.every("prep"):
        content = preposition.first("pcomp")
        if preposition.lower in {"of", "for", "with"} and content is not None:
            return Frame(word, source_of(word), content, Stance.CLAIMS, "accusation", is_dropped=False)
    return None


def _proposal(word: Word) -> Frame | None:
    """"X urged Y to do": Y and the infinitive are what X proposes."""
    content = word.first("xcomp", "ccomp")
    if content is None or not is_infinitive(content) or not is_in(word, "urge"):
        return None
    if (word.first("dobj") is None and own_subject(content) is None) or not _is_made(word):
        return None
    return Frame(word, source_of(word), content, Stance.PROPOSES, "proposal", is_dropped=False)


def _is_made(word: Word) -> bool:
    """Whether the proposal is made, not only planned, refused or stopped short of."""
    modal = any(helper.tag == "MD" for helper in auxiliaries(word))
    return not modal and not is_negated(word) and word.dep != "pcomp"


def _call_for(word: Word) -> Frame | None:
    """"X called for Y": Y is what X proposes."""
    if word.lemma not in {"call", "ask", "push", "appeal", "demand"}:
        return None
    preposition = next((child for child in word.every("prep") if child.lower == "for"), None)
    content = preposition.first("pobj") if preposition is not None else None
    if content is None:
        return None
    return Frame(word, source_of(word), content, Stance.PROPOSES, "call for", is_dropped=False)
