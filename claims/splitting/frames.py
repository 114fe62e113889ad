"""A frame: who says something, the word that says so, and the clause or noun that is its content."""

from dataclasses import dataclass
from enum import StrEnum

from claims.splitting.grammar import named, own_subject, subject
from claims.splitting.tree import Word


class Stance(StrEnum):
    """What a frame does to the certainty of its content."""

    REPORTS = "reports"
    CLAIMS = "claims without vouching"
    DENIES = "denies"
    DOUBTS = "doubts"
    LEAVES_OPEN = "leaves open"
    PROPOSES = "proposes"
    JUDGES = "judges"
    HOPES = "hopes"
    SUPPOSES = "supposes"
    PRESUPPOSES = "presupposes"


OPEN = frozenset({Stance.LEAVES_OPEN, Stance.DOUBTS, Stance.CLAIMS})


class Pattern(StrEnum):
    """How a frame is built; the words are shown to whoever asks why a claim has a source or a doubt."""

    CLAUSE = "verb and clause"
    FIRST_PERSON = "first person's frame"
    THOUGHT_DENIED = "thought denied"
    THOUGHT_REPORTED = "thought reported"
    TRUTH = "the truth is that"
    INFINITIVE = "verb and infinitive"
    MADE_CLEAR = "made clear"
    AS = "as-clause"
    ACCORDING = "according to"
    NOUN_OBJECT = "verb and noun"
    UNCONFIRMED_NOUN = "noun nobody vouches for"
    NOUN = "noun and that-clause"
    FACT = "the fact that"
    CANNOT_TELL = "nobody could tell"
    EVENT = "report of an event"
    NO_SIGN = "no sign that"
    LIKELY = "it is likely or not that"
    ACCUSATION = "accusation"
    PROPOSAL = "proposal"
    CALL_FOR = "call for"
    CALL_ON = "call on somebody"
    NAMED = "named"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """`source` is empty where nobody is named; `is_dropped`: the frame itself states nothing worth a claim."""

    cue: Word
    source: tuple[Word, ...]
    content: Word
    stance: Stance
    pattern: Pattern
    is_dropped: bool = True

    def holds(self, word: Word) -> bool:
        """Whether a word belongs to the content."""
        if self.cue.is_under(self.content) and word.is_under(self.cue):
            return False
        return word.is_under(self.content)


def source_of(verb: Word) -> tuple[Word, ...]:
    """Who performs a verb of saying: its subject without asides, or the agent of a passive."""
    agent = verb.first("agent")
    doer = agent.first("pobj") if agent is not None else None
    if doer is not None:
        return tuple(named(doer))
    if verb.first("nsubjpass", "auxpass") is not None:
        return ()
    speaker = antecedent(verb) or subject(verb)
    if speaker is None or speaker.dep == "expl":
        return ()
    who = next((beside for beside in speaker.every("appos") if beside.entity == "PERSON"), speaker)
    if who.dep == "appos" and who.head.pos == "PROPN" and who.entity != "PERSON":
        who = who.head
    return tuple(named(who))


def antecedent(verb: Word) -> Word | None:
    """The noun that a relative clause says something of, where its subject is the relative pronoun or left out."""
    own = own_subject(verb)
    if verb.dep in {"relcl", "acl"} and (own is None or own.tag in {"WP", "WDT"}):
        return verb.head
    return None
