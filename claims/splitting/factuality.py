"""How far the author commits to an event having happened, on FactBank's scale: -3 certainly not, 3 certainly.

A word starts as certain. Its own clause weakens or turns it (modals, negation, adverbs, conditions), then each word
above it that it depends on, the less the looser they hang together, as factuality passes down through the signatures
of predicates (Saurí & Pustejovsky 2012; Stanovsky et al., ACL 2017). The weights are round numbers, set by hand.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from claims.splitting.grammar import (
    CONDITIONS,
    auxiliaries,
    is_in,
    is_infinitive,
    is_predicate,
    mark,
    own_subject,
)
from claims.splitting.tree import Sentence, Word

MOST = 3.0
FAINT = 0.05
MODALS: Mapping[str, float] = MappingProxyType(
    {
        "will": 0.9, "'ll": 0.9, "wo": 0.9, "shall": 0.6, "would": 0.5, "'d": 0.5, "can": 0.5, "ca": 0.5,
        "could": 0.35, "may": 0.35, "might": 0.35, "should": 0.35, "ought": 0.35, "must": 0.45,
    }
)  # fmt: skip
DETERMINERS: Mapping[str, float] = MappingProxyType(
    {
        "no": -0.7, "any": 0.4, "possible": 0.4, "potential": 0.4, "planned": 0.45, "proposed": 0.45, "future": 0.5,
        "likely": 0.5, "expected": 0.5, "alleged": 0.6, "further": 0.8,
    }
)  # fmt: skip
NEVER = frozenset({"never", "neither", "nor", "barely", "hardly"})
NOBODY = frozenset({"nobody", "none", "nothing"})
# How much of what is said of the word above also holds for the word below.
TIES: Mapping[str, float] = MappingProxyType(
    {
        "relcl": 0, "appos": 0, "parataxis": 0, "nsubj": 0.25, "nsubjpass": 0.25, "pobj": 0.6, "dobj": 0.6,
        "attr": 0.6, "compound": 0.6, "pcomp": 0.6,
    }
)  # fmt: skip


def factuality(word: Word, sentence: Sentence) -> float:
    """Return how sure the sentence is that what a word names happened, from -3 to 3."""
    weight = _own(word) if is_predicate(word) or word.pos in {"VERB", "AUX"} else 1.0
    for part in word.every("det", "amod"):
        weight *= DETERMINERS.get(part.lower, 1.0)
    weight *= _from_above(word)
    if sentence.is_question:
        weight *= 0.5
    return round(max(-MOST, min(MOST, MOST * weight)), 3)


def _from_above(word: Word) -> float:
    """What the words above make of a word, each as far as all those between let it through."""
    weight, tie = 1.0, 1.0
    for above in word.ancestors():
        if tie < FAINT:
            break
        if word.dep == "conj":
            if not auxiliaries(word) and own_subject(word) is None and is_predicate(above) and is_predicate(word):
                weight *= _own(above)
        else:
            weight *= 1 + (_governed(word, above) - 1) * tie
            tie *= _tie(word)
            if is_predicate(above):
                weight *= 1 + (_own(above) - 1) * tie
        word = above
    return weight


def _tie(word: Word) -> float:
    if word.dep in {"ccomp", "csubj"}:
        return 1.0 if is_infinitive(word) else 0.5
    if word.dep == "acl":
        return 0.5 if is_infinitive(word) else 0.0
    if word.dep == "advcl":
        return 1.0 if is_infinitive(word) else 0.0
    return TIES.get(word.dep, 1.0)


def _own(verb: Word) -> float:
    """What a verb's own clause makes of it: its modals, its negation, its adverbs, a condition that hangs on it."""
    helpers = [helper.lower for helper in auxiliaries(verb)]
    weight = 1.0
    for helper in helpers:
        weight *= MODALS.get(helper, 1.0)
    if "would" in helpers and "have" in helpers:
        weight *= 0.5
    if verb.first("neg") is not None or any(adverb.lower in NEVER for adverb in verb.every("advmod")):
        weight *= -0.75
    elif _nobody_does(verb):
        weight *= -0.7
    for adverb in verb.every("advmod"):
        weight *= _hedge(adverb)
    if any(mark(clause) in CONDITIONS for clause in verb.every("advcl")):
        weight *= 0.55
    return weight


def _nobody_does(verb: Word) -> bool:
    nouns = verb.every("nsubj", "dobj", "nsubjpass", "attr")
    return any(
        noun.lower in NOBODY or any(part.lower in {"no", "neither"} for part in noun.every("det")) for noun in nouns
    )


def _hedge(adverb: Word) -> float:
    if is_in(adverb, "probable") or is_in(adverb, "possible"):
        return 0.5
    if is_in(adverb, "unconfirmed_adverbs"):
        return 0.7
    return -0.3 if is_in(adverb, "doubtful") else 1.0


def _governed(word: Word, above: Word) -> float:
    """What the word above makes of one that it governs."""
    opener = mark(word)
    if opener in CONDITIONS:
        return 0.2
    if opener == "whether":
        return 0.1
    if word.dep in {"ccomp", "csubj", "csubjpass"} or (word.dep in {"acl", "relcl"} and opener == "that"):
        return _said(word, above)
    if is_infinitive(word):
        return _purpose(word, above)
    rule = GOVERNED.get(word.dep)
    return rule(word, above) if rule else 1.0


def _said(word: Word, above: Word) -> float:
    """A clause that somebody says, thinks, denies or finds."""
    if is_infinitive(word):
        return 0.35 if is_in(above, "aims") else 0.6
    for lexicon, weight in SAID:
        if is_in(above, lexicon):
            return weight
    return 0.7


SAID = (
    ("denial", -0.6), ("doubt", -0.2), ("implies_not", -0.6), ("factive", 1.0), ("supposing", 0.5),
    ("unconfirmed", 0.5), ("unconfirmed_nouns", 0.5), ("report", 0.9), ("report_nouns", 0.9),
)  # fmt: skip


def _purpose(word: Word, above: Word) -> float:
    if is_in(above, "implies_not"):
        return -0.7
    if any(is_in(above, lexicon) for lexicon in ("aims", "plans", "intentions", "forecast")):
        return 0.5
    if word.dep == "xcomp":
        return 0.8 if is_in(above, "implies") else 0.65
    return 0.45


def _complement(_word: Word, above: Word) -> float:
    return -0.6 if is_in(above, "implies_not") else 0.85


def _behind_preposition(_word: Word, preposition: Word) -> float:
    above = preposition.above
    if preposition.lower in {"without", "against"}:
        return -0.5
    if preposition.lower == "from":
        return -0.5 if above is not None and is_in(above, "implies_not") else 0.7
    if preposition.lower in {"by", "after", "before", "since"}:
        return 0.95
    aimed = above is not None and (is_in(above, "aims") or is_in(above, "plans"))
    return 0.4 if aimed else 0.95 if preposition.lower == "in" else 0.65


def _circumstance(word: Word, _above: Word) -> float:
    return 0.6 if mark(word) in {"before", "until"} else 1.0


def _object(word: Word, above: Word) -> float:
    """A noun that a verb or another noun acts on: what is sought or feared need not be there."""
    governor = above if word.dep == "dobj" else above.above or above
    if word.dep == "dobj" and is_in(governor, "implies_not"):
        return -0.5
    if any(is_in(governor, lexicon) for lexicon in ("aims", "plans", "urge", "call_for")):
        return 0.5
    if is_in(governor, "supposing"):
        return 0.55
    return -0.6 if above.lower == "without" else 1.0


def _named_after(_word: Word, _above: Word) -> float:
    """For "rescue plan": what gives another noun its name need not be there."""
    return 0.85


GOVERNED: Mapping[str, Callable[[Word, Word], float]] = MappingProxyType(
    {
        "xcomp": _complement,
        "pcomp": _behind_preposition,
        "advcl": _circumstance,
        "dobj": _object,
        "pobj": _object,
        "compound": _named_after,
    }
)
