"""Statements made on the way: relative clauses, participles, clauses of time, cause and contrast."""

from claims.splitting.grammar import (
    CONDITIONS,
    FIRST_PERSON,
    follows_comma,
    is_finite,
    is_infinitive,
    is_on_subject,
    is_predicate,
    mark,
    named,
    noun_core,
    own_subject,
    subject,
    trimmed,
)
from claims.splitting.sites import Rule, Site
from claims.splitting.tree import Sentence, Word

ASIDES = frozenset({"as", "while", "because", "since", "although", "though", "whereas"})
TIMES = frozenset({"when", "after", "before", "until", "once", "where"})
EMPTY_NOUNS = frozenset({"those", "something", "anything", "nothing", "what", "that", "time", "way", "reason", "one"})
NAMING = frozenset({"name", "call", "title", "entitle", "nickname", "know"})
LONG_RELATIVE = 8
LONG_ON_ME = 7
SHORT_CLAUSE = 5
SHORT_PHRASE = 3


def _relative(sentence: Sentence, word: Word) -> Site | None:
    """A relative clause with a tense, unless its noun is as good as empty or only the clause says which is meant.

    Without a relative pronoun something must be left out ("the song she wrote"): a whole clause is none.
    """
    noun, comma = word.head, follows_comma(sentence, word)
    if not is_finite(word) or not _is_worth_relating(word, noun) or (noun.dep == "attr" and not comma):
        return None
    meant = noun.head if noun.dep == "appos" else noun
    sums_up = _sums_up(sentence, noun)
    leaves = comma or sums_up or meant is not noun or is_on_subject(noun) or len(word.subtree()) >= LONG_RELATIVE
    return Site(
        word,
        Rule.RELATIVE,
        leaves=leaves,
        shared=tuple(named(meant)),
        cut=noun if sums_up else None,
        is_background=True,
        is_aside=comma or meant is not noun,
    )


def _sums_up(sentence: Sentence, noun: Word) -> bool:
    """For "She found ice, a discovery that changed much": a second object behind a comma is about the clause."""
    further = noun.dep == "npadvmod" or (noun.dep == "dobj" and noun.head.first("dobj") is not noun)
    return further and not noun.entity and follows_comma(sentence, noun)


def _is_worth_relating(word: Word, noun: Word) -> bool:
    if noun.lower in EMPTY_NOUNS or any(child.lower in {"no", "any"} for child in noun.every("det")):
        return False
    own = own_subject(word)
    if own is None or own.tag in {"WP", "WDT"}:
        return True
    relates = any(part.tag in {"WP", "WDT", "WRB", "WP$"} for part in word.subtree())
    if not relates and word.first("attr", "acomp", "dobj") is not None:
        return False
    return own.lower not in FIRST_PERSON | {"you"} or len(word.subtree()) >= LONG_ON_ME


def _on_noun(sentence: Sentence, word: Word) -> Site | None:
    """A participle that says something of a noun: an agreement signed by, territory spanning."""
    noun, comma = word.head, follows_comma(sentence, word)
    if is_finite(word) or word.tag not in {"VBN", "VBG"} or is_infinitive(word) or len(word.subtree()) < SHORT_PHRASE:
        return None
    if noun.lower in EMPTY_NOUNS or any(child.lower in {"no", "any"} for child in noun.every("det")):
        return None
    if word.lemma in NAMING and word.first("oprd") is not None and not comma:
        return None
    gerund = word.tag == "VBG" and noun.tag == "NN" and len(noun_core(noun)) == 1 and not comma
    if gerund or (noun.dep == "appos" and not comma):
        return None
    leaves = comma or is_on_subject(noun)
    listed = [part for other in noun.every("conj") if other.index > word.index for part in other.subtree()]
    one = tuple(trimmed([part for part in noun_core(noun) if part not in listed]))
    return Site(word, Rule.PARTICIPLE, leaves=leaves, shared=one, is_background=True, is_aside=comma)


def _adverbial(sentence: Sentence, word: Word) -> Site | None:
    """A clause of time, cause or contrast; a participle or an adjective beside the clause."""
    opener = mark(word)
    if is_infinitive(word):
        return _outcome(word)
    if opener in CONDITIONS:
        return None
    if own_subject(word) is None:
        return _free_adjective(word) if word.pos == "ADJ" else _free_participle(sentence, word)
    if not is_finite(word) or not is_predicate(word.head) or _compares(word, opener):
        return None
    length = len(word.subtree())
    rest = len(word.head.subtree()) - length
    if length < SHORT_CLAUSE:
        return None
    leaves = opener in ASIDES or length > rest or word.index < word.head.index
    leaves = leaves and not (opener in TIMES and rest < SHORT_CLAUSE)
    return Site(word, Rule.ADVERBIAL, leaves=leaves, is_background=opener in TIMES, opener=opener or "circumstance")


def _outcome(word: Word) -> Site | None:
    """For "She ran for mayor, only to lose": she lost."""
    owner = subject(word)
    if owner is None or not any(part.lower == "only" for part in word.every("advmod")):
        return None
    return Site(word, Rule.OUTCOME, leaves=True, shared=tuple(noun_core(owner)))


def _compares(word: Word, opener: str) -> bool:
    """For "as I do", "as we want it to", "than it does"."""
    cut_short = word.subtree()[-1].lower == "to" or (word.lemma == "do" and word.first("dobj") is None)
    return opener == "than" or (opener == "as" and cut_short)


def _free_participle(sentence: Sentence, word: Word) -> Site | None:
    if word.tag not in {"VBG", "VBN"} or len(word.subtree()) < SHORT_PHRASE:
        return None
    if not follows_comma(sentence, word) and word.index > word.head.index and mark(word) not in ASIDES:
        return None
    return Site(word, Rule.FREE_PARTICIPLE, leaves=True, is_background=word.tag == "VBN")


def _free_adjective(word: Word) -> Site | None:
    """For "Tired of the war, the king left": a state of the subject's."""
    owner = subject(word)
    if owner is None or len(word.subtree()) < SHORT_PHRASE or word.index > owner.index:
        return None
    return Site(word, Rule.FREE_ADJECTIVE, leaves=True, shared=tuple(noun_core(owner)), is_background=True)


def _prepositional(_: Sentence, word: Word) -> Site | None:
    """A clause behind a preposition: with each state assigned, given that, a look at how."""
    if own_subject(word) is None or is_infinitive(word) or word.subtree()[0].tag == "WP":
        return None
    leaves = not is_finite(word) or mark(word) == "that"
    return Site(word, Rule.PREPOSITIONAL, leaves=leaves, cut=word.head, is_background=True, opener=word.head.lower)


MODIFIER_RULES = {
    "relcl": _relative,
    "acl": _on_noun,
    "advcl": _adverbial,
    "pcomp": _prepositional,
}
