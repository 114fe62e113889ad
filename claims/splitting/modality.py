"""How sure the text is of a clause (after FactBank) and what sort of statement it is, each with the rule that fired."""

from collections.abc import Sequence

from claims.splitting.attribution import Frame, Stance
from claims.splitting.clauses import CONDITIONS, Clause
from claims.splitting.grammar import auxiliaries, is_in, is_negated, is_predicate, mark
from claims.splitting.tree import Word
from claims.splitting.types import Certainty, Kind

STANCE_CERTAINTY = {
    Stance.CLAIMS: Certainty.UNCONFIRMED,
    Stance.LEAVES_OPEN: Certainty.UNCONFIRMED,
    Stance.DENIES: Certainty.DENIED,
    Stance.DOUBTS: Certainty.DOUBTFUL,
    Stance.HOPES: Certainty.POSSIBLE,
    Stance.SUPPOSES: Certainty.PROBABLE,
}
MODALS = {"may": Certainty.POSSIBLE, "might": Certainty.POSSIBLE, "could": Certainty.POSSIBLE}
FUTURE = frozenset({"will", "'ll", "wo", "shall"})
OBLIGING = frozenset({"should", "must", "ought"})
PAST = frozenset({"VBD", "VBN"})


def certainty_of(clause: Clause, frames: Sequence[Frame]) -> tuple[Certainty, str]:
    """Return how sure the text is: what a frame says of its content outweighs the clause's own words."""
    for frame in reversed(frames):
        certainty = STANCE_CERTAINTY.get(frame.stance)
        if certainty is not None:
            return certainty, f"frame {frame.stance} ({frame.cue.lower})"
    if mark(clause.head) in CONDITIONS:
        return Certainty.POSSIBLE, "inside a condition"
    for adverb in _adverbs(clause):
        for lexicon, certainty in (
            ("unconfirmed_adverbs", Certainty.UNCONFIRMED),
            ("doubtful", Certainty.DOUBTFUL),
            ("probable", Certainty.PROBABLE),
            ("possible", Certainty.POSSIBLE),
        ):
            if is_in(adverb, lexicon):
                return _if_negated(certainty, clause.head), f"{certainty} by the word {adverb.lower}"
    return _by_verb(clause)


def _adverbs(clause: Clause) -> list[Word]:
    """The words at the clause's own level that may weaken it."""
    own = [child for child in clause.head.children if child.dep in {"advmod", "acomp", "oprd", "neg"}]
    if clause.head.dep == "amod" or clause.site.only is not None:
        return []
    helpers = [clause.head] if clause.head.tag == "VBN" and any(h.dep == "auxpass" for h in clause.head.children) else []
    return [*own, *(word for word in helpers if clause.head.first("xcomp") is not None)]


def _if_negated(certainty: Certainty, head: Word) -> Certainty:
    return Certainty.DOUBTFUL if certainty is Certainty.PROBABLE and is_negated(head) else certainty


def _by_verb(clause: Clause) -> tuple[Certainty, str]:
    for helper in _helpers(clause):
        certainty = MODALS.get(helper.lower)
        if certainty is not None:
            return certainty, f"{certainty} by the modal {helper.lower}"
    head = clause.head
    if head.lemma == "seem" or (head.lemma == "appear" and head.first("xcomp", "ccomp") is not None):
        return Certainty.PROBABLE, f"probable by the verb {head.lemma}"
    return Certainty.ASSERTED, "stated as so"


def _helpers(clause: Clause) -> list[Word]:
    shared = [word for word in clause.site.shared if word.dep == "aux"]
    return [*auxiliaries(clause.head), *shared] if is_predicate(clause.head) else shared


def kind_of(clause: Clause, frames: Sequence[Frame]) -> tuple[Kind, str]:
    """Return what sort of statement the clause is."""
    helpers = {helper.lower for helper in _helpers(clause)}
    if any(frame.stance is Stance.PROPOSES and frame.content is clause.head for frame in frames):
        return Kind.DIRECTIVE, "what somebody proposes"
    if clause.site.only is not None:
        return Kind.FACT, "names somebody"
    if helpers & OBLIGING or _is_imperative(clause):
        return Kind.DIRECTIVE, "says what ought to be"
    if _is_conditional(clause, helpers, frames):
        return Kind.CONDITIONAL, "under a condition"
    if _is_forecast(clause, helpers, frames):
        return Kind.FORECAST, "about what is to come"
    if _is_opinion(clause):
        return Kind.OPINION, "a judgement"
    return Kind.FACT, "an event or a state"


def _is_imperative(clause: Clause) -> bool:
    return clause.head.tag == "VB" and not auxiliaries(clause.head) and clause.head.dep == "ROOT"


def _is_conditional(clause: Clause, helpers: set[str], frames: Sequence[Frame]) -> bool:
    head = clause.head
    condition = any(mark(child) in CONDITIONS for child in head.every("advcl"))
    shared = any(word.lower in CONDITIONS and word.dep == "mark" for word in clause.site.shared)
    if condition or shared or mark(head) in CONDITIONS:
        return True
    if helpers & {"would", "'d", "might", "could"} and "have" in helpers:
        return True
    return "would" in helpers and not _is_backshifted(frames)


def _is_backshifted(frames: Sequence[Frame]) -> bool:
    """Whether "would" is only the "will" of a report in the past."""
    return any(frame.cue.tag in PAST for frame in frames)


def _is_forecast(clause: Clause, helpers: set[str], frames: Sequence[Frame]) -> bool:
    head = clause.head
    if helpers & FUTURE or (helpers & {"would", "'d"} and _is_backshifted(frames)):
        return True
    if any(frame.stance is Stance.HOPES for frame in frames):
        return True
    if helpers & {"may", "might", "could"} and "have" not in helpers and head.tag == "VB":
        return True
    return head.first("xcomp") is not None and is_in(head, "forecast") and head.tag in {"VBG", "VBN"}


def _is_opinion(clause: Clause) -> bool:
    """A judgement stands in the predicate: the complement of to be, or what somebody has or there is."""
    if not is_predicate(clause.head) or clause.site.is_background:
        return False
    complements = clause.head.every("acomp", "attr", "oprd") or (
        clause.head.every("dobj") if clause.head.lemma == "have" else []
    )
    return any(is_in(word, "opinion") for complement in complements for word in _judging(complement))


def _judging(complement: Word) -> list[Word]:
    return [complement, *complement.every("amod", "conj"), *(w for m in complement.every("amod") for w in m.children)]
