"""What two claims share, what each says alone, and where what they say pulls apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from claims.matching import lexicons, moments, quantities
from claims.matching.concepts import are_opposites
from claims.matching.moments import Moment
from claims.matching.prepared import Prepared, Roles, Term, is_ahead, roles, side_of
from claims.matching.quantities import Fit, Quantity
from claims.splitting import lexicons as splitting

FACT, DENIED, OPEN = 1.2, -0.9, 0.8
SIDED = frozenset({"from", "to", "before", "after", "above", "below", "over", "under", "for", "against", "by"})
NAME = 1.5  # what a name weighs beside another word

Told = TypeVar("Told", Moment, Quantity)
Both = tuple[tuple[Term, ...], tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Fits(Generic[Told]):
    """Figures or dates of two claims, paired; `apart` are those that cannot be one, `alone` what only one has."""

    pairs: tuple[tuple[Told, Told, Fit], ...] = ()
    alone: tuple[tuple[Told, ...], tuple[Told, ...]] = ((), ())

    @property
    def apart(self) -> tuple[Told, Told] | None:
        """The first pair that cannot be one."""
        return next(((one, other) for one, other, fit in self.pairs if fit is Fit.APART), None)

    @property
    def are_equal(self) -> bool:
        """Whether each has its equal."""
        return not any(self.alone) and all(pair[2] is Fit.EQUAL for pair in self.pairs)


@dataclass(frozen=True)
class Alignment:
    """One claim held against another."""

    one: Prepared
    other: Prepared

    @cached_property
    def unmatched(self) -> Both:
        """The terms that only the one has, and only the other."""
        return _lacking(self.one, self.other), _lacking(self.other, self.one)

    @cached_property
    def opposites(self) -> tuple[Term, Term] | None:
        """A term of each that cannot both be so; one of them at least the other claim lacks."""
        here, there = self.unmatched
        verbs = ([term for term in side.terms if term.is_verb] for side in (self.one, self.other))
        left, right = ((*lacking, *also) for lacking, also in zip(self.unmatched, verbs, strict=True))
        for one in left:
            for other in right:
                is_new = one in here or other in there
                if is_new and one.keys.isdisjoint(other.keys) and are_opposites(one.keys, other.keys):
                    return one, other
        return None

    @cached_property
    def places(self) -> tuple[Term, Term] | None:
        """A place of each of which the one may well lie in the other: a country, and a name that is none."""
        pairs = [(one, other) for one in self.unmatched[0] for other in self.unmatched[1]]
        return next(
            (pair for pair in pairs if all(term.is_place for term in pair) and _is_wide(*pair) is not None), None
        )

    @cached_property
    def place_fit(self) -> Fit | None:
        """Which of the two places is the finer."""
        return None if self.places is None else _is_wide(*self.places)

    @cached_property
    def alone(self) -> Both:
        """The unmatched terms but for opposites, places that may be one, and what tells nothing new."""
        gone = {*(self.opposites or ()), *(self.places or ())}
        here, there = (
            tuple(term for term in side if term not in gone and not term.is_of_a_name and not _only_counts(term))
            for side in self.unmatched
        )
        return here, there

    @cached_property
    def shared(self) -> float:
        """How much of what the shorter says the other says too, 0 to 1; a name weighs more."""
        shares = []
        for side, lacking in zip((self.one, self.other), self.unmatched, strict=True):
            whole = sum(_weight(term) for term in side.terms)
            shares.append(1 - sum(_weight(term) for term in lacking) / whole if whole else 0.0)
        return max(shares)

    @cached_property
    def figures(self) -> Fits[Quantity]:
        """Their figures, paired."""
        return _paired(self.one.quantities, self.other.quantities, quantities.fit, quantities.are_of_one)

    @cached_property
    def dates(self) -> Fits[Moment]:
        """Their dates, paired."""
        return _paired(self.one.moments, self.other.moments, moments.fit, _any)

    @cached_property
    def _ambiguous(self) -> list[tuple[Quantity, Quantity]]:
        """Equal figures beside which others could count the same."""
        pairs = [(one, other) for one, other, fit in self.figures.pairs if fit is Fit.EQUAL]
        figures = self.one.quantities
        return [
            (one, other)
            for one, other in pairs
            if any(quantities.are_of_one(one, beside) for beside in figures if beside is not one)
        ]

    @cached_property
    def are_crossed(self) -> bool:
        """Whether equal figures count something else here than there: 12 died and 15 fled, 15 died and 12 fled."""
        spots = sorted((one.spot, other.spot) for one, other in self._ambiguous)
        if spots == sorted(spots, key=lambda pair: pair[1]):
            return False
        return any(
            self.one.above(one).isdisjoint(self.other.above(other))
            and self.one.behind(one).isdisjoint(self.other.behind(other))
            for one, other in self._ambiguous
        )

    @cached_property
    def are_loose(self) -> bool:
        """Whether equal figures may count something else: another word stands behind them."""
        return any(self.one.behind(one).isdisjoint(self.other.behind(other)) for one, other in self._ambiguous)

    @cached_property
    def same(self) -> tuple[tuple[Term, Term], ...]:
        """The terms of both that mean the same, each once."""
        found = []
        for one in self.one.terms:
            found += [(one, other) for other in self.other.terms if not one.keys.isdisjoint(other.keys)][:1]
        return tuple(found)

    @cached_property
    def is_denied(self) -> bool:
        """Whether what the one says to have happened the other says not to have."""
        return any(min(pair) <= DENIED and max(pair) >= FACT for pair in self._sure())

    @cached_property
    def is_open(self) -> bool:
        """Whether what the one says to have happened the other only plans, fears or thinks possible."""
        verbs = [(one.word, other.word) for one, other in self._held() if one.is_verb and other.is_verb]
        if any(is_ahead(one) != is_ahead(other) for one, other in verbs):
            return True
        if any(is_ahead(one) for one, _ in verbs):
            return False
        return any(abs(one - other) > OPEN for one, other in self._sure())

    def _held(self) -> list[tuple[Term, Term]]:
        """What is held against each other: what both say, and the opposites that each says."""
        return [*self.same, *([self.opposites] if self.opposites else [])]

    def _sure(self) -> list[tuple[float, float]]:
        """How sure each is of what both say to have happened; of nouns only whether there were none."""
        return [
            (self.one.factuality(one.word), self.other.factuality(other.word))
            for one, other in self._held()
            if (one.is_verb and other.is_verb) or one.is_none or other.is_none
        ]

    @cached_property
    def swapped(self) -> Term | None:
        """The verb whose doer in the one is who undergoes it in the other."""
        for one, other in self.same:
            if one.is_verb and other.is_verb:
                here, there = roles(one.word), roles(other.word)
                if _crosses(here, there) or _crosses(there, here):
                    return one
        return None

    @cached_property
    def is_turned(self) -> bool:
        """Whether a name stands on the other side of something: from it here and to it there, the more or the less."""
        if any(
            _is_turned(_behind(one), _behind(other)) or _is_turned(side_of(one.word), side_of(other.word))
            for one, other in self._named()
        ):
            return True
        names = [
            tuple(key for word in side.words if word.pos == "PROPN" for key in (word.lower,))
            for side in (self.one, self.other)
        ]
        is_compared = any(word.lower == "than" for word in self.one.words)
        return is_compared and names[0] != names[1]

    def _named(self) -> list[tuple[Term, Term]]:
        return [(one, other) for one, other in self.same if one.is_name and other.is_name]

    @cached_property
    def mains(self) -> tuple[bool, bool]:
        """Whether what happened in the one is told by the other at all, and the other way round."""
        if any(_only_counts(term) for side in (self.one, self.other) for term in side.terms if term.word is side.main):
            return True, True
        return _is_told(self.one, self.other), _is_told(self.other, self.one)


def _is_turned(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _behind(term: Term) -> str:
    """Return the preposition before a name, if it has sides."""
    word = term.word
    link = word.head.lower if word.dep == "pobj" else ""
    return link if link in SIDED else ""


def _weight(term: Term) -> float:
    return NAME if term.is_name else 1.0


def _any(_one: Moment, _other: Moment) -> bool:
    return True


def _crosses(one: Roles, other: Roles) -> bool:
    """Whether who does it in the one undergoes it in the other, and only that."""
    return not (one.agent - one.patient - other.agent).isdisjoint(other.patient - other.agent)


def _lacking(one: Prepared, other: Prepared) -> tuple[Term, ...]:
    return tuple(term for term in one.terms if term.keys.isdisjoint(other.keys))


def _only_counts(term: Term) -> bool:
    """Whether a word only says that something is counted, or that the count went on: "the toll rose to"."""
    subject = term.word.first("nsubj")
    counting = lexicons.words("counting")
    return term.word.lemma in counting or (term.is_verb and subject is not None and subject.lemma in counting)


def _is_told(one: Prepared, other: Prepared) -> bool:
    """Whether the main word of the one is a word of the other, or tells nothing itself."""
    term = next((term for term in one.terms if term.word is one.main), None)
    return term is None or not term.keys.isdisjoint(other.keys)


def _is_wide(one: Term, other: Term) -> Fit | None:
    here, there = _is_country(one), _is_country(other)
    return None if here == there else Fit.COARSER if here else Fit.FINER


def _is_country(term: Term) -> bool:
    wide = splitting.words("countries") | splitting.words("states") | lexicons.words("continents")
    return term.word.lower in wide or term.word.lower in lexicons.classes("country_of")


def _paired(
    here: Sequence[Told],
    there: Sequence[Told],
    fit: Callable[[Told, Told], Fit],
    may: Callable[[Told, Told], bool],
) -> Fits[Told]:
    """Pair what is equal first, then what is finer or coarser, then the rest in order."""
    left, right, pairs = list(here), list(there), []
    for wanted in ((Fit.EQUAL,), (Fit.NEAR,), (Fit.FINER, Fit.COARSER), (Fit.APART,)):
        for one in list(left):
            found = next((other for other in right if may(one, other) and fit(one, other) in wanted), None)
            if found is not None:
                pairs.append((one, found, fit(one, found)))
                left.remove(one)
                right.remove(found)
    return Fits(tuple(pairs), (tuple(left), tuple(right)))
