"""How sure the text is of a clause (after FactBank) and what sort of statement it is, each with the rule that fired."""

from collections.abc import Sequence

from claims.splitting.clauses import Clause
from claims.splitting.frames import Frame, Stance
from claims.splitting.grammar import (
    CONDITIONS,
    FIRST_PERSON,
    auxiliaries,
    coordination,
    is_in,
    is_infinitive,
    is_negated,
    is_past,
    is_predicate,
    is_proposal,
    mark,
    own_subject,
)
from claims.splitting.sites import Rule
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
HEDGES = (
    ("unconfirmed_adverbs", Certainty.UNCONFIRMED),
    ("doubtful", Certainty.DOUBTFUL),
    ("probable", Certainty.PROBABLE),
    ("beliefs", Certainty.PROBABLE),
    ("hearsay", Certainty.UNCONFIRMED),
    ("possible", Certainty.POSSIBLE),
)
TAKEN_FOR_GRANTED = frozenset({Rule.RELATIVE, Rule.PARTICIPLE, Rule.APPOSITION, Rule.PLAN, Rule.TITLE})
MODALS = frozenset({"may", "might", "could"})
WOULD = frozenset({"would", "'d"})
FUTURE = frozenset({"will", "'ll", "wo", "shall"})
OBLIGING = frozenset({"should", "must", "ought"})


def certainty_of(clause: Clause, frames: Sequence[Frame]) -> tuple[Certainty, str]:
    """Return how sure the text is: what a frame says of its content outweighs the clause's own words."""
    weighing = frames if clause.site.rule not in TAKEN_FOR_GRANTED else ()
    for frame in reversed(weighing):
        if frame.stance in STANCE_CERTAINTY:
            return STANCE_CERTAINTY[frame.stance], f"a frame {frame.stance} ({frame.cue.lower})"
    if clause.head.lemma == "claim" and clause.head.first("dobj") is not None and not is_negated(clause.head):
        return Certainty.UNCONFIRMED, "only claimed"
    return _by_hedge(clause) or _by_setting(clause) or _by_verb(clause)


def _by_hedge(clause: Clause) -> tuple[Certainty, str] | None:
    """What a word such as likely or allegedly makes of the clause that it stands in."""
    for word in _weakening(clause):
        for lexicon, certainty in HEDGES:
            if is_in(word, lexicon):
                return _under_negation(certainty, word, clause.head), f"{certainty} by the word {word.lower}"
    return None


def _by_setting(clause: Clause) -> tuple[Certainty, str] | None:
    """What happened "in" a thing is as unconfirmed as the thing: "a call he reportedly made, in which he swore"."""
    word = clause.head
    while word.dep in {"ccomp", "xcomp", "conj"}:
        word = word.head
    if word.dep != "relcl" or not any(_opens(preposition) for preposition in word.every("prep")):
        return None
    hedge = next(
        (adverb for told in _told_before(word) for adverb in told.every("advmod") if _is_hearsay(adverb)), None
    )
    return None if hedge is None else (Certainty.UNCONFIRMED, f"unconfirmed as what it stands in, by {hedge.lower}")


def _opens(preposition: Word) -> bool:
    return any(behind.lower == "which" for behind in preposition.every("pobj"))


def _told_before(relative: Word) -> list[Word]:
    """The other clauses about the noun of a relative clause, or of the noun of which that one tells."""
    noun = relative.head
    beside = [other for other in noun.every("relcl") if other.index < relative.index]
    above = noun
    while above.dep in {"pobj", "prep", "dobj", "dative", "poss", "compound"}:
        above = above.head
    return [*beside, *([above] if above.dep == "relcl" else [])]


def _is_hearsay(adverb: Word) -> bool:
    return is_in(adverb, "unconfirmed_adverbs")


def _weakening(clause: Clause) -> list[Word]:
    """The words at the clause's own level that may weaken it, "is expected to" among them."""
    if clause.site.only is not None:
        return []
    passive = clause.head.first("auxpass") is not None and clause.head.first("xcomp") is not None
    own = clause.head.every("advmod", "acomp", "oprd")
    states = clause.head.every("acomp", "oprd", "attr", "prep")
    beside = [adverb for state in states for adverb in state.every("advmod")]
    return [*own, *beside, *([clause.head] if passive else [])]


def _under_negation(certainty: Certainty, hedge: Word, head: Word) -> Certainty:
    """For "not likely" it is doubtful; "was never expected" tells what was so."""
    if certainty is not Certainty.PROBABLE or not is_negated(head):
        return certainty
    return Certainty.ASSERTED if hedge is head and not is_in(hedge, "beliefs") else Certainty.DOUBTFUL


def _by_verb(clause: Clause) -> tuple[Certainty, str]:
    head = clause.head
    modal = next((helper.lower for helper in _helpers(clause) if helper.lower in MODALS), "")
    if modal and not (modal == "could" and is_negated(head)):
        return Certainty.POSSIBLE, f"possible by the modal {modal}"
    if is_predicate(head) and _is_yet_to_happen(clause):
        return Certainty.POSSIBLE, "possible as it has yet to happen"
    if head.lemma == "seem" or (head.lemma == "appear" and head.first("xcomp", "ccomp") is not None):
        return Certainty.PROBABLE, f"probable by the verb {head.lemma}"
    return Certainty.ASSERTED, "stated as so"


def _helpers(clause: Clause) -> list[Word]:
    shared = [word for word in clause.site.shared if word.dep == "aux"]
    own = [helper for helper in auxiliaries(clause.head) if not _is_had(helper)] if is_predicate(clause.head) else []
    return own or shared


def _is_had(helper: Word) -> bool:
    """Whether 'd is short for had: "he'd left"."""
    return helper.lower == "'d" and helper.head.tag in {"VBN", "VBD"} and helper.head.first("auxpass") is None


def kind_of(clause: Clause, frames: Sequence[Frame], *, spoken: bool) -> tuple[Kind, str]:
    """Return what sort of statement the clause is: the first rule of the table that holds.

    `spoken`: somebody inside the article says it, who may plead where the article would report.
    """
    for rule, kind, because in RULES:
        if rule(clause, frames):
            return kind, because
    if spoken and _is_pleading(clause, frames):
        return Kind.OPINION, "a judgement in somebody's mouth"
    return Kind.FACT, "an event or a state"


def _is_proposed(clause: Clause, _: Sequence[Frame]) -> bool:
    return clause.site.rule == Rule.PROPOSAL


def _is_named(clause: Clause, _: Sequence[Frame]) -> bool:
    return clause.site.only is not None


def _is_judged(clause: Clause, _: Sequence[Frame]) -> bool:
    return clause.site.rule == Rule.JUDGEMENT


def _is_obliging(clause: Clause, _: Sequence[Frame]) -> bool:
    head, own = clause.head, own_subject(clause.head)
    to_do = next((to for to in head.every("xcomp") if is_infinitive(to)), None)
    ours = own is not None and own.lower == "we" and head.lemma in {"have", "need"} and head.tag == "VBP"
    needed = to_do is not None and (head.lemma == "ought" or ours)
    return needed or bool(_modals(clause) & OBLIGING) or is_proposal(head)


def _modals(clause: Clause) -> set[str]:
    return {helper.lower for helper in _helpers(clause)}


def _is_conditional(clause: Clause, frames: Sequence[Frame]) -> bool:
    """Inside an if, with an if, or a would that is not the will of a report in the past."""
    head, modals = clause.head, _modals(clause)
    conditions = [child for child in head.every("advcl") if mark(child) in CONDITIONS]
    shared = any(word.lower in CONDITIONS and word.dep == "mark" for word in clause.site.shared)
    if conditions or shared:
        return True
    unreal = "have" in modals and bool(modals & {"would", "'d", "might", "could"})
    return unreal or ("would" in modals and not _is_backshifted(frames) and not _is_likely(head))


def _is_likely(head: Word) -> bool:
    return any(is_in(word, "probable") for word in head.every("advmod"))


def _is_backshifted(frames: Sequence[Frame]) -> bool:
    return any(is_past(frame.cue) for frame in frames)


def _is_forecast(clause: Clause, frames: Sequence[Frame]) -> bool:
    head, modals = clause.head, _modals(clause)
    if modals & FUTURE or modals & WOULD or any(frame.stance is Stance.HOPES for frame in frames):
        return True
    open_modals = modals & (MODALS - {"could"} if is_negated(head) else MODALS)
    if open_modals and "have" not in modals and head.tag in {"VB", "VBP"}:
        return True
    if any(is_in(state, "forecast") and state.first("xcomp") is not None for state in head.every("acomp")):
        return head.tag in {"VBZ", "VBP"}
    planned = head.first("xcomp") is not None and is_in(head, "forecast") and head.tag in {"VBG", "VBN"}
    return planned and not is_negated(head)


def _is_opinion(clause: Clause, _: Sequence[Frame]) -> bool:
    """A judgement is the verb, its complement or an apposition."""
    head = clause.head
    if clause.site.rule == Rule.APPOSITION:
        return _judges(head)
    if not is_predicate(head) or clause.site.only is not None:
        return False
    complements = head.every("acomp", "attr", "oprd")
    if head.lemma in {"be", "'s"}:
        complements += [noun for place in head.every("prep") for noun in place.every("pobj")]
    complements += [noun for member in complements for of in member.every("prep") for noun in of.every("pobj")]
    itself = (head.pos == "ADJ" or head.lemma == "deserve") and is_in(head, "opinion")
    return itself or any(_judges(complement) for complement in complements)


def _judges(complement: Word) -> bool:
    """Whether the complement, what it is coordinated with, or a quality of one of them is a judgement."""
    members = coordination(complement) if complement.dep != "conj" else [complement]
    qualities = [part for member in members for part in (*member.every("amod"), *_related(member))]
    return any(is_in(word, "opinion") for word in (*members, *qualities))


def _related(noun: Word) -> list[Word]:
    return [quality for clause in noun.every("relcl") for quality in clause.every("acomp")]


def _is_pleading(clause: Clause, _: Sequence[Frame]) -> bool:
    """In somebody's mouth: what one of us needs, or a judgement of what somebody has, gives or shows."""
    head = clause.head
    own = own_subject(head)
    if not is_predicate(head) or clause.site.only is not None or not is_in(head, "light_verbs"):
        return False
    needs = head.lemma == "need" and own is not None and own.lower in FIRST_PERSON
    return needs or any(_judges(thing) for thing in head.every("dobj"))


def _is_ahead(clause: Clause, _: Sequence[Frame]) -> bool:
    """English tells what is to come in the present: before he leaves, the term that begins next week."""
    head = clause.head
    if not is_predicate(head) or head.tag not in {"VBZ", "VBP"}:
        return False
    times = [time.lower for word in head.every("npadvmod", "advmod") for time in word.subtree()]
    return bool({"next", "tomorrow"} & set(times)) or _is_yet_to_happen(clause)


def _is_yet_to_happen(clause: Clause) -> bool:
    """Whether the clause stands behind before or until, in the present tense."""
    head = clause.head
    first = coordination(head)[0]
    return {mark(first), first.head.lower if first.dep == "pcomp" else ""} & {"before", "until"} != set() and (
        first.tag in {"VBZ", "VBP"}
    )


RULES = (
    (_is_proposed, Kind.DIRECTIVE, "what somebody proposes"),
    (_is_named, Kind.FACT, "says who or how many"),
    (_is_judged, Kind.OPINION, "what somebody calls it"),
    (_is_obliging, Kind.DIRECTIVE, "says what ought to be"),
    (_is_conditional, Kind.CONDITIONAL, "under a condition"),
    (_is_forecast, Kind.FORECAST, "about what is to come"),
    (_is_ahead, Kind.FORECAST, "told ahead in the present"),
    (_is_opinion, Kind.OPINION, "a judgement"),
)
