"""What decides how two claims stand to each other, one rule after the other; the first that has an answer gives it.

A rule answers where something tells the claims apart: too little shared, sides changed, a denial, another figure,
another name or day, what is planned here and happened there. Where none does, they are the same, or one says more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from claims.matching import lexicons
from claims.matching.alignment import Alignment
from claims.matching.kinds import Kind, Relation, Statement
from claims.matching.prepared import Term
from claims.matching.quantities import Fit

UNLIKE = 0.5  # likeness below which two sentences are of other matters
LITTLE, HALF = 0.5, 0.6  # of what the shorter says the other says too
ALIKE = 0.65
REWORDED = 0.94  # likeness from which one verb that we do not know is taken for a synonym
MANY = 2  # words of each side's own: with more, a denial denies something else
LATER = timedelta(hours=1)
SETTLED = 1  # years: a figure of a year before the last is history, which no newer one replaces
WEEK = timedelta(days=6)
SIDES = frozenset({"against", "without"})


@dataclass(frozen=True)
class Pair:
    """Two statements, what they share and how alike their vectors are."""

    one: Statement
    other: Statement
    words: Alignment
    likeness: float

    @property
    def is_replaced(self) -> bool:
        """Whether each says something of its own: a word of the one stands where another stands in the other."""
        return all(self.words.alone)

    @property
    def is_later(self) -> bool | None:
        """Whether the one was said later than the other; None where both at about the same time, or nobody knows."""
        if self.one.at is None or self.other.at is None or abs(self.one.at - self.other.at) < LATER:
            return None
        return self.one.at > self.other.at

    def found(self, kind: Kind, why: str, *, is_reversed: bool = False) -> Relation:
        """Return the relation, as sure as what they share makes it."""
        near = (self.words.shared + self.likeness) / 2
        sure = 1 - near / 2 if kind is Kind.UNRELATED else near
        return Relation(kind, round(max(0.0, min(1.0, sure)), 3), (why,), is_reversed)


def decide(pair: Pair) -> Relation:
    """Ask the rules in turn."""
    found = (rule(pair) for rule in RULES)
    return next((relation for relation in found if relation is not None), None) or _more_or_less(pair)


def _unrelated(pair: Pair) -> Relation | None:
    if pair.words.shared < LITTLE or pair.likeness < UNLIKE:
        return pair.found(Kind.UNRELATED, "they share too little")
    is_far = pair.words.shared < HALF or pair.likeness < ALIKE
    if is_far and not any(pair.words.mains) and pair.words.opposites is None:
        return pair.found(Kind.UNRELATED, "what happened is another thing")
    return None


def _swapped(pair: Pair) -> Relation | None:
    verb = pair.words.swapped
    if verb is None or pair.is_replaced:
        return None
    is_mutual = not verb.keys.isdisjoint(lexicons.words("mutual"))
    kind = Kind.CONTRADICTS if is_mutual else Kind.RELATED
    return pair.found(kind, f"“{verb.word.text}”: who does it to whom is the other way round")


def _denied(pair: Pair) -> Relation | None:
    """What cannot both be so: a word and its opposite, or what happened and its denial."""
    here, there = pair.words.alone
    if (_names(here) and _names(there)) or pair.words.dates.apart or min(len(here), len(there)) > MANY:
        return None
    opposites = pair.words.opposites
    if opposites is None:
        return pair.found(Kind.CONTRADICTS, "one denies what the other says") if pair.words.is_denied else None
    is_either = pair.words.is_open or pair.words.is_denied  # "did not fall" and "rose" may both be so
    kind = Kind.RELATED if is_either else Kind.CONTRADICTS
    return pair.found(kind, f"“{opposites[0].word.text}” against “{opposites[1].word.text}”")


def _other_figure(pair: Pair) -> Relation | None:
    apart = pair.words.figures.apart
    if apart is None or pair.words.is_open or pair.is_replaced or pair.words.dates.apart or not all(pair.words.mains):
        return None
    told = f"{apart[0].shown} against {apart[1].shown}"
    if pair.is_later is None or _is_history(pair):
        return pair.found(Kind.CONTRADICTS, f"another figure of the same: {told}")
    return pair.found(Kind.SUPERSEDES, f"a newer figure of the same: {told}", is_reversed=not pair.is_later)


def _is_history(pair: Pair) -> bool:
    """Whether the figure is of a year that was over when it was told."""
    dated = zip((pair.one, pair.other), (pair.words.one, pair.words.other), strict=True)
    return any(
        moment.year is not None and said.at is not None and moment.year < said.at.year - SETTLED
        for said, told in dated
        for moment in told.moments
    )


def _happens_once(pair: Pair) -> Relation | None:
    """Another day or place of what happens but once cannot be so as well."""
    main = next((one for one, _ in pair.words.same if one.word is pair.words.one.main), None)
    if main is None or main.word.lemma not in lexicons.words("once") or pair.words.is_open:
        return None
    here, there = pair.words.alone
    places = [term.word for term in (*here, *there) if term.is_place and term.word.head.head.pos == "VERB"]
    if len(here) == len(there) == 1 and len(places) == len(here) + len(there) and not pair.words.dates.apart:
        return pair.found(Kind.CONTRADICTS, f"it happens once: {places[0].text} against {places[1].text}")
    if pair.words.dates.apart and not here and not there:
        told = " against ".join(moment.shown for moment in pair.words.dates.apart)
        return pair.found(Kind.CONTRADICTS, f"it happens once: {told}")
    return None


def _replaced(pair: Pair) -> Relation | None:
    here, there = pair.words.alone
    if _is_reworded(pair):
        return None
    if here and there:
        return pair.found(Kind.RELATED, f"“{_shown(here)}” against “{_shown(there)}”")
    if pair.words.dates.apart or _are_weeks_apart(pair):
        return pair.found(Kind.RELATED, "the same of another day")
    if any(term.word.lower in SIDES for term in (*here, *there)):
        return pair.found(Kind.RELATED, "for it here, against it there")
    return None


def _is_reworded(pair: Pair) -> bool:
    """Whether all that differs is one verb, in sentences so alike that it should mean the same."""
    verbs = [term for side in pair.words.alone for term in side if term.is_verb]
    known = all(term.word.lemma in lexicons.classes("synonyms") for term in verbs)
    is_alike = pair.likeness >= REWORDED and not known
    return is_alike and [len(side) for side in pair.words.alone] == [1, 1] and len(verbs) == 1 + 1


def _are_weeks_apart(pair: Pair) -> bool:
    """Whether a day of the week that both name cannot be the same day."""
    if pair.one.at is None or pair.other.at is None or abs(pair.one.at - pair.other.at) < WEEK:
        return False
    return any(one.weekday is not None and other.weekday is not None for one, other, _ in pair.words.dates.pairs)


def _open(pair: Pair) -> Relation | None:
    return pair.found(Kind.RELATED, "it happened in one and is open in the other") if pair.words.is_open else None


def _other_matter(pair: Pair) -> Relation | None:
    figures = pair.words.figures
    if not _tells_the_main_thing(pair):
        return pair.found(Kind.RELATED, "what happened is another thing")
    if figures.apart or pair.words.are_crossed:
        return pair.found(Kind.RELATED, "the figures are of other things")
    is_share = any("%" in one.units for one, _, _ in figures.pairs)
    if is_share and any(_is_restricting(term) for side in pair.words.alone for term in side):
        return pair.found(Kind.RELATED, "a share of another whole")
    return None


def _tells_the_main_thing(pair: Pair) -> bool:
    """Whether what happened in one happened in the other too: in both, or in the one that says more."""
    if all(pair.words.mains) or _is_reworded(pair):
        return True
    return any(_is_verb_of_both(pair, at) for at in (0, 1) if pair.words.mains[at])


def _is_verb_of_both(pair: Pair, at: int) -> bool:
    """Whether what happened in the one that says less is a verb of the other too."""
    main = (pair.words.one, pair.words.other)[at].main
    told = [term for both in pair.words.same if both[at].word is main for term in both]
    return bool(told) and all(term.is_verb for term in told) and not pair.words.alone[at]


def _is_restricting(term: Term) -> bool:
    """Whether a word makes a smaller whole of what both count: young voters."""
    above = term.word.above
    return not term.is_name and term.word.dep in {"amod", "compound"} and above is not None and above.pos == "NOUN"


def _more_or_less(pair: Pair) -> Relation:
    if _is_reworded(pair):
        return pair.found(Kind.SAME, "the same but for one verb")
    more, less = (_says_more(pair, at) for at in (0, 1))
    if more and less:
        return pair.found(Kind.RELATED, f"each says more: {more}; {less}")
    if more or less:
        return pair.found(Kind.NARROWS, f"one says more: {more or less}", is_reversed=bool(less))
    return _same(pair)


def _says_more(pair: Pair, at: int) -> str:
    """Return what one of them says more, in its words."""
    words = pair.words
    finer = (Fit.FINER, Fit.COARSER)[at]
    told = [_shown(words.alone[at])] if words.alone[at] else []
    for fits in (words.figures, words.dates):
        told += [one.shown for one in fits.alone[at]]
        told += [both[at].shown for *both, fit in fits.pairs if fit is finer]
    if words.places is not None and words.place_fit is finer:
        told.append(words.places[at].word.text)
    return ", ".join(told)


def _same(pair: Pair) -> Relation:
    if "denied" in {pair.one.certainty, pair.other.certainty} and pair.one.certainty != pair.other.certainty:
        return pair.found(Kind.CONTRADICTS, "one text says it, the other that it is not so")
    return pair.found(Kind.SAME, "the same words, names, figures and days")


def _names(terms: Sequence[Term]) -> list[Term]:
    return [term for term in terms if term.is_name]


def _shown(terms: Sequence[Term]) -> str:
    return " ".join(term.word.text for term in terms)


RULES: tuple[Callable[[Pair], Relation | None], ...] = (
    _unrelated, _swapped, _denied, _other_figure, _happens_once, _replaced, _open, _other_matter,
)  # fmt: skip
