"""Whom or what a noun phrase is about, and which pronouns may take it up."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.splitting import lexicons
from claims.splitting.grammar import is_in
from claims.splitting.tree import Word

PRONOUNS = {
    "he": "he",
    "him": "he",
    "his": "he",
    "himself": "he",
    "she": "she",
    "her": "she",
    "hers": "she",
    "herself": "she",
    "it": "it",
    "its": "it",
    "itself": "it",
    "they": "they",
    "them": "they",
    "their": "they",
    "theirs": "they",
    "themselves": "they",
}
REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves"})
MEASURES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
PLURAL = frozenset({"NNS", "NNPS"})
BOUND = frozenset({"everyone", "everybody", "nobody", "anyone", "anybody", "someone", "somebody", "people", "police"})
HE, SHE, PERSON = frozenset({"he"}), frozenset({"she"}), frozenset({"he", "she"})
IT, THEY, BODY = frozenset({"it"}), frozenset({"they"}), frozenset({"it", "they"})
NOTHING: frozenset[str] = frozenset()
CLASSES = (("men", HE), ("women", SHE), ("persons", PERSON), ("collectives", BODY))


@dataclass(slots=True, eq=False)
class Referent:
    """Somebody or something that the article speaks of.

    `fits` are the pronouns that may mean it, `weight` how present it is to the reader, `head` and `sentence` where it
    was last mentioned by a noun.
    """

    name: str
    fits: frozenset[str]
    head: Word
    sentence: int = 0
    weight: float = 0.0
    is_named: bool = False
    members: "tuple[Referent, ...]" = ()
    is_animate: bool = False
    is_quoted: bool = False

    @property
    def is_many(self) -> bool:
        """Whether a verb after the name is in the plural."""
        return self.fits == THEY


def fits_of(noun: Word, name: Sequence[Word], *, is_person: bool) -> frozenset[str]:
    """Which of he, she, it and they may take a noun phrase up; `name` are the words of a person's name in it."""
    if _is_measure(noun, is_person=is_person):
        return NOTHING
    if noun.tag in PLURAL or noun.lower in BOUND:
        return THEY
    if is_person:
        return _gender(noun, name)
    if noun.pos == "PROPN":
        return BODY
    return next((fits for lexicon, fits in CLASSES if is_in(noun, lexicon)), IT)


def _is_measure(noun: Word, *, is_person: bool) -> bool:
    """Whether a noun is for a time or an amount, or for nobody: no pronoun takes it up."""
    nobody = any(child.lower in {"no", "neither"} for child in noun.every("det"))
    return nobody or noun.entity in MEASURES or (is_in(noun, "periods") and not is_person)


def is_animate(noun: Word) -> bool:
    """Whether a common noun is for people: by its class, or by an ending that makes doers of verbs."""
    if noun.lower in BOUND or any(is_in(noun, lexicon) for lexicon in ("persons", "men", "women", "collectives")):
        return True
    return noun.entity == "NORP" or noun.lemma.endswith(("er", "or", "ist", "ian"))


def _gender(noun: Word, name: Sequence[Word]) -> frozenset[str]:
    """He or she by a title before the name or a given name that only one of them has."""
    before = [child.lower for child in noun.children if child.index < noun.index]
    given = name[0].lower if len(name) > 1 else ""
    if any(word in lexicons.words("men") for word in before) or given in lexicons.words("given_names_he"):
        return HE
    if any(word in lexicons.words("women") for word in before) or given in lexicons.words("given_names_she"):
        return SHE
    return PERSON
