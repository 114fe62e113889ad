"""A claim made ready to be held against others: what it names, says, counts and dates, read off its parse once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from claims.matching import lexicons
from claims.matching.concepts import keys_of
from claims.matching.moments import Moment, moments
from claims.matching.quantities import Quantity, overlaps, quantities
from claims.splitting.factuality import factuality
from claims.splitting.grammar import auxiliaries
from claims.splitting.parse import parse
from claims.splitting.passage import Passage
from claims.splitting.tree import Sentence, Word

CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM", "X", "INTJ"})
SIDES = frozenset({"against", "without"})
FUTURE = frozenset({"will", "'ll", "wo", "shall"})
NONE = frozenset({"no", "neither", "zero"})
TAKES = frozenset({"part", "place"})
NOUN_OF_NAME = frozenset({"compound", "appos"})
LONGEST = 600  # characters: a claim is one sentence
MOST_REMEMBERED = 4096
NOT_AT_ALL = -2.0
FROM_TO = frozenset({"from", "to", "by"})


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A word that tells something; two terms mean the same if they share a key."""

    word: Word
    keys: frozenset[str]
    is_name: bool

    @property
    def is_verb(self) -> bool:
        """Whether it says what happened."""
        return self.word.pos == "VERB"

    @property
    def is_none(self) -> bool:
        """Whether there were none of it: no cases."""
        return any(child.lower in NONE for child in self.word.every("det", "nummod"))

    @property
    def is_place(self) -> bool:
        """Whether it is a name behind a preposition."""
        return self.is_name and self.word.dep == "pobj"

    @property
    def is_of_a_name(self) -> bool:
        """Whether it only says what sort of thing a name is: the drug Arivex; Veltro, the carmaker."""
        word = self.word
        if self.is_name or word.pos != "NOUN":
            return False
        below = [child for child in word.children if child.dep == "appos" or child.index == word.index + 1]
        beside = [word.above] if word.above is not None and word.dep in NOUN_OF_NAME else []
        return any(one.pos == "PROPN" for one in (*below, *beside))


@dataclass(frozen=True)
class Prepared:
    """What a sentence says, taken apart."""

    text: str
    sentences: tuple[Sentence, ...]
    moments: tuple[Moment, ...]
    quantities: tuple[Quantity, ...]

    @property
    def words(self) -> list[Word]:
        """All words."""
        return [word for sentence in self.sentences for word in sentence.words]

    @cached_property
    def main(self) -> Word:
        """The word that says what happened: the root, or that of what somebody is only said to have said."""
        root = self.sentences[0].root
        said = root.first("ccomp") if root.lemma in lexicons.words("saying") else None
        return said or root

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The words that tell something of the matter; numbers, dates and who said it aside."""
        if not self.sentences:  # of nothing but marks that are not seen
            return ()
        taken = [one.spot for one in self.moments] + [one.spot for one in self.quantities]
        is_told = self.main is not self.sentences[0].root
        return tuple(
            _term(word)
            for word in self.words
            if _tells(word)
            and not overlaps((word.start, word.end), taken)
            and (not is_told or word.is_under(self.main))
        )

    @cached_property
    def keys(self) -> frozenset[str]:
        """All that its words may be about."""
        return frozenset(key for term in self.terms for key in term.keys)

    def factuality(self, word: Word) -> float:
        """How sure the sentence is that what a word names happened, from -3 to 3."""
        if _term(word).is_none:
            return NOT_AT_ALL
        sentence = next(one for one in self.sentences if one.start <= word.start <= one.end)
        return factuality(word, sentence)

    def above(self, quantity: Quantity) -> frozenset[str]:
        """Return what the next telling word above a number is about: of what it is the number."""
        number = next(word for word in self.words if word.end > quantity.spot[0])
        found = next((word for word in number.ancestors() if _tells(word)), number)
        return keys_of(found.lemma, found.lower)

    def behind(self, quantity: Quantity) -> frozenset[str]:
        """Return what the next telling word after a number is about, with the little word before the number."""
        found = next((word for word in self.words if word.start >= quantity.spot[1] and _tells(word)), self.main)
        before = next((word.lower for word in reversed(self.words) if word.end <= quantity.spot[0]), "")
        return frozenset({f"{before} {key}" if before in FROM_TO else key for key in keys_of(found.lemma, found.lower)})


Told = tuple[str, datetime | None]
REMEMBERED: dict[Told, Prepared] = {}


def is_ahead(verb: Word) -> bool:
    """Whether a verb stands in the future: will fall, is going to fall."""
    above = verb.above
    goes = above is not None and above.lower == "going" and verb.dep == "xcomp"
    return goes or any(helper.lower in FUTURE for helper in auxiliaries(verb))


def _tells(word: Word) -> bool:
    if word.lower in SIDES:
        return not _wins(word.head, word)
    if word.pos not in CONTENT or not word.text[:1].isalnum():
        return False
    return _is_name(word) or not (_is_light(word) or _takes_part(word))


def _is_light(word: Word) -> bool:
    light = lexicons.words("light")
    return word.lemma in light or word.lower in light


def _takes_part(verb: Word) -> bool:
    taken = verb.first("dobj")
    return verb.lemma == "take" and taken is not None and taken.lemma in TAKES


def _is_name(word: Word) -> bool:
    return word.pos == "PROPN" or (word.text[:1].isupper() and word.start > 0)


def _term(word: Word) -> Term:
    keys = keys_of(word.lemma, word.lower)
    return Term(word, keys | {"beat"} if _beats(word) else keys, _is_name(word))


def _beats(verb: Word) -> bool:
    """Whether a verb says who beat whom: won against, lost to."""
    return any(_wins(verb, link) for link in verb.every("prep"))


def _wins(verb: Word, link: Word) -> bool:
    return (verb.lemma, link.lower) in {("win", "against"), ("win", "over"), ("lose", "to")} and not verb.every("dobj")


def prepare(text: str, at: datetime | None = None) -> Prepared:
    """Take a sentence apart; what was asked for lately is remembered."""
    return prepare_all([(text, at)])[0]


def prepare_all(told: Sequence[Told]) -> list[Prepared]:
    """Take many sentences apart, each with when it was said: at once, in half the time of one by one."""
    missing = [one for one in dict.fromkeys(told) if one not in REMEMBERED]
    fresh = dict(zip(missing, _prepared(missing), strict=True))
    found = [fresh[one] if one in fresh else REMEMBERED[one] for one in told]
    if len(REMEMBERED) + len(fresh) > MOST_REMEMBERED:
        REMEMBERED.clear()
    REMEMBERED.update(fresh)
    return found


def _prepared(told: Sequence[Told]) -> Iterator[Prepared]:
    if not told:
        return
    shown = [text[:LONGEST] for text, _ in told]
    parsed = parse([Passage(0, len(text), text) for text in shown], names=False)
    for text, (_, at), sentences in zip(shown, told, parsed, strict=True):
        for sentence in sentences:
            sentence.settle()
        words = [word for sentence in sentences for word in sentence.words]
        dates = moments(text, at)
        yield Prepared(text, tuple(sentences), dates, quantities(text, words, [one.spot for one in dates]))


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does and who undergoes what a verb says, by what their words may be about."""

    agent: frozenset[str]
    patient: frozenset[str]


def roles(verb: Word) -> Roles:
    """Read who does what to whom off a verb, a passive one turned round; "lost to" turns it once more.

    A verb without an object leaves open which its subject is: neither is told.
    """
    subjects, passive = _subjects(verb), verb.every("nsubjpass")
    if _beats(verb):
        others = [noun for link in verb.every("prep") if _wins(verb, link) for noun in link.every("pobj")]
        pair = (others, subjects) if verb.lemma == "lose" else (subjects, others)
        return Roles(_keys(pair[0]), _keys(pair[1]))
    agents = [noun for link in verb.every("agent", "prep") if link.lower == "by" for noun in link.every("pobj")]
    objects = verb.every("dobj")
    if passive:
        return Roles(_keys(agents), _keys(passive))
    return Roles(_keys(subjects), _keys(objects)) if objects else Roles(frozenset(), frozenset())


def _subjects(verb: Word) -> list[Word]:
    """Return the subjects of a verb, or of that on which it hangs without one: agreed to buy."""
    above = verb.above
    own = verb.every("nsubj", "nsubjpass")
    if own or above is None or verb.dep not in {"xcomp", "conj"}:
        return verb.every("nsubj")
    return above.every("nsubj")


def side_of(word: Word) -> str:
    """Return on which side of its verb a word stands: "does", "undergoes", or "" where that is not told."""
    sides = (_side(below, above) for below, above in pairwise([word, *word.ancestors()]))
    return next((side for side in sides if side is not None), "")


def _side(below: Word, above: Word) -> str | None:
    """Return what a word's tie to the one above says of it; None where it only belongs to that one."""
    if below.dep == "agent" or (below.dep == "prep" and below.lower == "by" and above.first("nsubjpass")):
        return "does"
    if below.dep in {"dobj", "nsubjpass"}:
        return "undergoes"
    if below.dep == "nsubj":
        return "does" if any(verb.first("dobj") for verb in (above, *above.every("xcomp", "conj"))) else ""
    return "" if below.dep in {"prep", "advcl", "relcl", "ccomp", "acl"} else None


def _keys(words: Sequence[Word]) -> frozenset[str]:
    parts = (part for word in words for part in word.subtree() if _tells(part))
    return frozenset(key for part in parts for key in keys_of(part.lemma, part.lower))
