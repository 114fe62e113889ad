"""What a pronoun can mean and what it cannot: agreement, binding, voices, salience; and when to leave it alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from claims.splitting.frames import Frame
from claims.splitting.grammar import SUBJECTS, coordination, is_in, is_predicate, own_subject, subject
from claims.splitting.quotes import QuoteRegion
from claims.splitting.referents import BODY, PRONOUNS, REFLEXIVE, Referent
from claims.splitting.tree import Word

ROLES = {"nsubj": 80.0, "nsubjpass": 80.0, "dobj": 50.0, "dative": 45.0, "poss": 45.0, "pobj": 40.0, "attr": 30.0}
OTHER_ROLE = 25.0
RECENT = 100.0
MAIN = 20.0
OWN_SUBJECT = 70.0
SAME_ROLE = 35.0
FADED = 8.0
LIKE_MANY = 0.4
LIFELESS = 0.6
NAMELESS = 0.7
ONE_OF_SOME = 0.6
MOST = 260.0
SAME_OBJECT = 150.0
CLOSE, NEAR = 0.9, 0.8
CARRYING = frozenset({"bring", "take", "carry", "have"})
ARGUMENTS = frozenset({"to", "for", "at", "about", "against", "of", "on"})
MINDS = ("report", "thoughts", "attitude", "denial", "urge", "unconfirmed")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The likeliest referent of a pronoun, and whether it is safe to write it out."""

    best: Referent | None
    is_safe: bool


NOBODY = Resolution(None, is_safe=False)


@dataclass(slots=True)
class Reading:
    """How present each referent is to the reader at the current sentence.

    `has_stranger`: a he or she fitted nobody, so that a name which passes for a thing's may be somebody's.
    """

    known: list[Referent] = field(default_factory=list)
    sentence: int = 0
    regions: list[QuoteRegion] = field(default_factory=list)
    speaker: Referent | None = None
    quoted_by: set[Referent] = field(default_factory=set)
    has_stranger: bool = False

    def turn_to(self, regions: Sequence[QuoteRegion], speaker: Referent | None) -> None:
        """Start on a passage with its quotations and the speaker whom a label names."""
        self.regions, self.speaker, self.quoted_by = list(regions), speaker, set()

    def next_sentence(self) -> None:
        """What was present fades by half."""
        self.sentence += 1
        for referent in self.known:
            referent.weight = min(referent.weight, MOST) / 2
        self.known = [referent for referent in self.known if referent.weight > FADED]

    def region(self, word: Word) -> QuoteRegion | None:
        """The direct quotation that a word stands in."""
        return next((region for region in self.regions if region.start <= word.start < region.end), None)

    def mention(self, referent: Referent, word: Word) -> None:
        """Make a referent present by the role of one more mention."""
        if referent not in self.known:
            self.known.append(referent)
        if referent.sentence != self.sentence:
            referent.weight += RECENT
        first = _first(word)
        referent.weight += ROLES.get(first.dep, OTHER_ROLE) + (MAIN if first.head.dep == "ROOT" else 0.0)
        referent.sentence, referent.head, referent.is_quoted = self.sentence, word, self.region(word) is not None

    def resolve(
        self, word: Word, frames: Sequence[Frame], referents: Mapping[Word, tuple[Referent, ...]]
    ) -> Resolution:
        """Find what a pronoun means among what is present."""
        kind = PRONOUNS[word.lower]
        binders = [said for binder in governors(word) for said in referents.get(binder, ()) if kind in said.fits]
        if word.lower in REFLEXIVE:
            beside = referents.get(word.head, ()) if word.dep in {"appos", "npadvmod"} else ()
            bound = [*beside, *binders]
            return Resolution(bound[0], is_safe=True) if bound else NOBODY
        candidates = [
            referent
            for referent in self.known
            if kind in referent.fits and not self._is_barred(referent, word, referents)
        ]
        if not candidates:
            self.has_stranger |= kind in {"he", "she"}
            return NOBODY
        scores = {referent: self._score(referent, word, binders) for referent in candidates}
        ranked = sorted(candidates, key=lambda referent: -scores[referent])
        best = ranked[0]
        second = scores[ranked[1]] if len(ranked) > 1 else 0.0
        is_bound = bool(binders) and binders[0] is best
        is_safe = self._is_safe(best, word, is_bound=is_bound, margin=second / scores[best])
        return Resolution(best, is_safe)

    def _is_barred(self, referent: Referent, word: Word, referents: Mapping[Word, tuple[Referent, ...]]) -> bool:
        if referent.sentence == self.sentence and _is_inside(word, referent.head):
            return True
        if any(word.is_under(member.head) for member in referent.members):
            return True
        if _is_of_mind(word) and (not referent.is_animate or _is_in_what_is_said(referent.head, word)):
            return True
        if _is_argument(word):
            verb = next((above for above in word.ancestors() if is_predicate(above)), None)
            own = subject(verb) if verb is not None else None
            if own is not None and referent in referents.get(own, ()):
                return True
        return referent is self.speaker or (referent in self.quoted_by and self.region(word) is not None)

    def _score(self, referent: Referent, word: Word, binders: Sequence[Referent]) -> float:
        score = referent.weight
        kind = PRONOUNS[word.lower]
        if kind == "they" and referent.fits == BODY:
            score *= LIKE_MANY
        if kind == "they" and not referent.is_animate:
            score *= LIFELESS
        if kind in {"he", "she"} and not referent.is_named:
            score *= NAMELESS
        if (
            kind == "it"
            and referent.head.dep != "pobj"
            and "conj" in {referent.head.dep, *(child.dep for child in referent.head.children)}
        ):
            score *= ONE_OF_SOME
        if binders and referent is binders[0] and (word.tag == "PRP$" or word.dep in SUBJECTS):
            score += OWN_SUBJECT
        if word.dep in SUBJECTS and _first(referent.head).dep in SUBJECTS:
            score += SAME_ROLE
        if word.dep == "dobj" and referent.head is word.head.head.first("dobj"):
            score += SAME_OBJECT
        return score

    def _is_safe(self, best: Referent, word: Word, *, is_bound: bool, margin: float) -> bool:
        """Whether to trust the likeliest: margins alone say little, so each sort of pronoun has its rule."""
        if not best.is_animate and word.lower == "they" and word.head.first("dobj") is not None:
            return False
        if word.lower in {"it", "its"} and self.has_stranger and best.is_named and not best.name.startswith("the "):
            return False
        away = self.sentence - best.sentence
        if away == 0 and is_bound:
            return True
        if PRONOUNS[word.lower] in {"he", "she"}:
            return margin < CLOSE
        if best.is_quoted and self.region(word) is None and not best.is_named:
            return False
        return self._is_near(best, word, margin) if away == 0 else _is_topic(best, away=away, margin=margin)

    def _is_near(self, best: Referent, word: Word, margin: float) -> bool:
        """Whether the likeliest thing or group of the same sentence will do."""
        if word.lower == "it" and word.dep in SUBJECTS:
            return next(governors(word), None) is None and not best.is_quoted
        return PRONOUNS[word.lower] == "it" or best.head.dep in SUBJECTS or margin < NEAR


def _first(word: Word) -> Word:
    """The first of the nouns that an "and" joins, whose place in the sentence is that of all."""
    return coordination(word)[0] if word.dep == "conj" else word


def _is_topic(best: Referent, *, away: int, margin: float) -> bool:
    """Whether the sentence before is about the likeliest."""
    return away == 1 and best.head.dep in SUBJECTS and margin < CLOSE


def governors(word: Word) -> Iterator[Word]:
    """The subjects of the clauses around a pronoun, nearest first; the noun itself where a clause hangs on one."""
    verb = word.head if word.dep in SUBJECTS else word
    is_own = word.dep not in SUBJECTS
    for above in [verb, *verb.ancestors()] if is_own else verb.ancestors():
        if not is_predicate(above) or above is word:
            continue
        own = own_subject(above)
        if own is None and above.dep in {"conj", "xcomp", "advcl", "pcomp"}:
            continue
        if (own is None or own.tag in {"WP", "WDT"}) and above.dep in {"acl", "relcl"}:
            yield above.head
        elif own is not None and own is not word and not word.is_under(own):
            yield own


def _is_argument(word: Word) -> bool:
    """Whether a pronoun is something's object, so that its subject is somebody else; not in "brought with him"."""
    if word.dep != "pobj":
        return word.dep in {"dobj", "dative"}
    return word.head.lower in ARGUMENTS or (word.head.lower == "with" and word.head.head.lemma not in CARRYING)


def _is_of_mind(word: Word) -> bool:
    """Whether a pronoun is who says, thinks or wants something."""
    verb = word.head
    return word.dep == "nsubj" and any(is_in(verb, lexicon) for lexicon in MINDS)


def _is_in_what_is_said(noun: Word, word: Word) -> bool:
    """Whether a noun only stands on the way in what the pronoun says: "Three men of Selmar drowned, it wrote"."""
    return word.lower == "it" and noun.dep == "pobj" and noun.is_under(word.head)


def _is_inside(word: Word, head: Word) -> bool:
    """Whether a pronoun is part of a noun phrase: "his running mate" is not he."""
    part = word
    while part is not head and part.above is not None:
        if part.head is head and part.dep in {"conj", "relcl", "advcl", "acl"}:
            return False
        part = part.above
    return part is head


def is_empty(word: Word) -> bool:
    """Whether an "it" only holds a place: it is likely that, it rains, it was he who, make it in time."""
    if word.lower != "it":
        return False
    verb = word.head
    if word.dep == "dobj":
        return verb.lemma == "make" and verb.first("prep", "prt", "advmod") is not None
    if word.dep == "nsubjpass":
        return verb.first("ccomp", "csubj", "csubjpass") is not None
    if word.dep == "nsubj" and verb.lemma == "be":
        return _is_held_for_clause(verb)
    return word.dep == "expl" or (word.dep == "nsubj" and is_in(verb, "impersonal"))


def _is_held_for_clause(verb: Word) -> bool:
    """Whether the clause that "it" stands for follows: it is clear that, it is the voters who."""
    quality = verb.first("acomp", "attr")
    if quality is None:
        return False
    if quality.dep == "attr":
        return bool([*quality.every("relcl", "ccomp", "csubj"), *verb.every("ccomp", "csubj")])
    return bool([*quality.every("ccomp", "xcomp", "csubj"), *verb.every("ccomp", "csubj", "xcomp", "advcl")])
