"""What states nothing, though it has the form of a statement: questions, courtesies, frames of other statements."""

from collections.abc import Sequence

from claims.splitting.frames import OPEN, Frame, Pattern, Stance
from claims.splitting.grammar import FIRST_PERSON, auxiliaries, coordination, is_in, is_predicate, mark, own_subject
from claims.splitting.sites import Rule, Site
from claims.splitting.tree import Sentence, Word

OPENING = frozenset({Rule.MAIN, Rule.ALONGSIDE, Rule.FURTHER_CLAUSE})
OUTER = frozenset({"ROOT", "ccomp", "parataxis"})
QUESTION_TAGS = frozenset({"WP", "WDT", "WRB", "WP$"})
ASKED = frozenset({"what", "which", "who", "whose", "whom", "why", "how", "where", "when"})


def is_silent(sentence: Sentence, site: Site, sites: Sequence[Site], frames: Sequence[Frame]) -> bool:
    """Whether the clause asks, is a courtesy, only frames what another clause states, or is found twice."""
    if sentence.is_question and not _holds_in_question(site):
        return True
    if any(frame.is_dropped and site.head in {frame.cue, _clause_of(frame)} for frame in frames):
        return True
    if sentence.words[-1].text == ":" and is_in(site.head, "report") and site.head.first("dobj", "ccomp") is None:
        return True
    if _only_says(site.head) or _is_told_by(site, frames) or _asks_indirectly(site):
        return True
    further = site.rule == Rule.FURTHER_PREDICATE
    twice = further and any(other.head is site.head and other is not site for other in sites)
    return twice or _is_courtesy(site.head)


def _holds_in_question(site: Site) -> bool:
    """Whether the question takes the statement for granted: who somebody is."""
    if site.head.first("advmod", "acomp") is not None and site.head.subtree()[0].tag == "WRB":
        return False
    noun = site.head.head if site.rule == Rule.RELATIVE else site.head
    return site.is_background and noun.entity == "PERSON"


def _is_told_by(site: Site, frames: Sequence[Frame]) -> bool:
    """Whether a deed only names the source: "according to a survey by the council"."""
    return site.rule is Rule.DEED and any(site.head in frame.source for frame in frames)


def _asks_indirectly(site: Site) -> bool:
    """Whether the clause is what is asked or known, not an answer: "What we know", "Which of them is right, …"."""
    head = coordination(site.head)[0]
    opener = head.subtree()[0]
    if site.rule not in OPENING or head.dep not in OUTER:
        return False
    if opener.tag not in QUESTION_TAGS or opener.lower not in ASKED:
        return False
    return next(above for above in opener.ancestors() if above is head or is_predicate(above)) is head


def _only_says(head: Word) -> bool:
    """Whether somebody is said to say, and neither what nor where: "he argued"."""
    says = is_in(head, "report") or head.lemma == "ask"
    said = {"dobj", "ccomp", "xcomp", "prep", "auxpass", "dative", "neg", "acomp", "prt", "npadvmod", "advcl", "conj"}
    return says and own_subject(head) is not None and head.first(*said) is None


def _is_courtesy(head: Word) -> bool:
    """Whether a first person only thanks, asks, wishes or lets: nothing is stated that evidence could touch."""
    own = own_subject(head)
    if own is not None and _is_filler(own, head):
        return True
    will = any(helper.lower in {"will", "'ll"} for helper in auxiliaries(head))
    if own is None or own.lower not in FIRST_PERSON or will:
        return False
    return any(is_in(verb, "courtesy") for verb in [head, *head.every("xcomp")]) or head.tag == "MD"


def _is_filler(own: Word, head: Word) -> bool:
    """Whether the clause only fills in or introduces: "you know", "when it comes to"."""
    filler = own.lower == "you" and head.lemma in {"know", "see"} and head.first("dobj", "ccomp") is None
    return filler or (own.lower == "it" and head.lemma == "come" and mark(head) == "when")


def _clause_of(frame: Frame) -> Word:
    """The verb of the clause that only serves as frame of a noun, an adjective or an infinitive."""
    cue = frame.cue
    if frame.stance is Stance.LEAVES_OPEN and cue.dep == "conj":
        return cue.head
    if (is_predicate(cue) and cue.dep != "xcomp") or frame.stance not in OPEN or frame.pattern == Pattern.NOUN_OBJECT:
        return cue
    return next((above for above in cue.ancestors() if is_predicate(above)), cue)
