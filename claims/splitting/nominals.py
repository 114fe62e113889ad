"""Statements that noun phrases make: titles, appositions, ages, owned plans, telling epithets, numbers side by side."""

import re
from collections.abc import Iterator
from itertools import takewhile

from claims.splitting import lexicons
from claims.splitting.grammar import (
    auxiliaries,
    follows_comma,
    is_in,
    is_infinitive,
    is_negated,
    is_predicate,
    named,
    noun_core,
)
from claims.splitting.sites import Rule, Site
from claims.splitting.tree import Sentence, Word

COMPRISING = frozenset({"especially", "particularly", "including", "mostly", "mainly", "notably", "chiefly", "even"})
OLDEST = 120
FULL_NAME = 2
OBSTACLE = 4
MEASURES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "QUANTITY", "ORDINAL"})
SAYINGS = ("report_nouns", "unconfirmed_nouns", "documents")
WISHES = ("call_for", "urge", "aims", "doubt", "denial")
AGE = re.compile(r"\d{1,3}")


def nominal_sites(sentence: Sentence, word: Word) -> Iterator[Site]:
    """The statements that a noun makes together with what stands beside it."""
    if word.dep == "appos":
        yield from _apposition(sentence, word)
    if word.pos == "PROPN":
        yield from _title(sentence, word)
    if word.dep == "conj":
        yield from _numbered(word)
    if word.pos == "NOUN":
        yield from _plan(word)
        yield from _deed(word)
    if word.tag == "VBN" and word.dep == "amod":
        yield from _epithet(word)
    if word.lower == "despite":
        yield from _obstacle(word)


def _apposition(sentence: Sentence, word: Word) -> Iterator[Site]:
    noun = word.head
    if _is_place_in_place(noun, word) or not _is_identity(sentence, noun, word):
        return
    if noun.dep == "appos" and not follows_comma(sentence, word):
        return
    if AGE.fullmatch(word.text) and int(word.text) <= OLDEST and noun.entity == "PERSON":
        name = tuple(part for part in named(noun) if part.entity == "PERSON")
        yield Site(word, Rule.AGE, shared=name, is_background=True)
    if word.pos not in {"NOUN", "PROPN"} or word.text.isupper() or _is_listed(sentence, noun, word):
        return
    yield Site(word, Rule.APPOSITION, leaves=True, shared=tuple(named(noun)), is_background=True)


def _is_identity(sentence: Sentence, noun: Word, word: Word) -> bool:
    """Whether the apposition stands right behind its noun and says who it is, not whom it comprises."""
    phrase = word.subtree()
    between = [part for part in sentence.words if noun.index < part.index < phrase[0].index]
    if not follows_comma(sentence, word) and any(noun.index < count.index for count in noun.every("nummod")):
        return False  # a score: Rovers 2-1 Albion
    if any(part.dep == "neg" for part in between):
        return False  # a contrast: a baker, not a criminal
    comprises = {part.lower for part in phrase if part.index < word.index} & COMPRISING
    return not comprises and word.lemma != noun.lemma and all(part.is_under(noun) for part in between)


def _is_place_in_place(noun: Word, word: Word) -> bool:
    """For "Paris, France", "of Mill Lane, Dunsby": two bare names behind a preposition, which nobody bears."""
    if noun.pos != "PROPN" or word.pos != "PROPN":
        return False
    places = noun.entity in {"GPE", "LOC"} and word.entity in {"GPE", "LOC"}
    is_home = noun.dep == "pobj" and noun.head.lower in {"of", "in", "from"} and noun.head.head.pos == "PROPN"
    return places or (is_home and word.first("det", "compound") is None)


def _is_listed(sentence: Sentence, noun: Word, word: Word) -> bool:
    """Whether the two are members of a list ("Barry, Cass and Kent", "its bridge, its school and …"), not two names."""
    ends_a_list = any(other.index < word.index for other in noun.every("conj")) and not follows_comma(sentence, word)
    names = noun.pos == word.pos == "PROPN" and word.first("conj") is not None and word.first("det") is None
    owned = word.first("conj") is not None and None not in {noun.first("poss"), word.first("poss")}
    return ends_a_list or names or owned


def _title(sentence: Sentence, name: Word) -> Iterator[Site]:
    """Words before, or an "of" behind, a full name that say who it is."""
    before = [part for part in noun_core(name) if part.index < name.index]
    titled = any(is_in(part, "titles") for part in before)
    if name.dep in {"compound", "nmod"} or not (titled or name.entity == "PERSON"):
        return
    first = _first_of_name(before)
    title, given = before[: len(before) - first], before[len(before) - first :]
    full = len([part for part in given if part.pos == "PROPN"]) + 1 >= FULL_NAME
    if not full or (not title and "(" not in _bracket(name)):
        return
    behind = _of_whom(name)
    if not _tells(title) and not behind and not _has_bracket(name):
        return
    yield Site(name, Rule.TITLE, only=(*title, *given, name, *behind), is_background=True)


def _bracket(name: Word) -> str:
    return "(" if _has_bracket(name) else ""


def _has_bracket(name: Word) -> bool:
    """Whether a bracket such as (D-Ohio) belongs to the name."""
    return name.end - name.start > len(name.text)


def _of_whom(name: Word) -> tuple[Word, ...]:
    behind = next((child for child in name.every("prep") if child.lower == "of"), None)
    return tuple(behind.subtree()) if behind is not None and behind.first("pobj") else ()


def _first_of_name(before: list[Word]) -> int:
    """How many words before the surname belong to the name."""
    count = 0
    for part in reversed(before):
        person = part.entity == "PERSON" or any(is_in(other, "titles") for other in before if other.index < part.index)
        if part.pos == "PUNCT" or (part.pos == "PROPN" and person and not is_in(part, "titles")):
            count += 1
        else:
            break
    return count


def _tells(title: list[Word]) -> bool:
    telling = [word for word in title if word.lower not in lexicons.words("bare_titles") and word.pos != "DET"]
    return any(word.pos in {"NOUN", "PROPN", "ADJ"} for word in telling)


def _plan(noun: Word) -> Iterator[Site]:
    """For "Their decision to leave", "U.S. hopes of replacing him": that they decided or hope is a statement."""
    if not is_in(noun, "plans"):
        return
    owner = noun.first("poss") or next(
        (part for part in noun.every("amod", "compound") if part.entity in {"GPE", "NORP", "ORG"}), None
    )
    to_do = next((child for child in noun.every("acl", "relcl") if is_infinitive(child)), None)
    of_doing = next((prep for prep in noun.every("prep") if prep.first("pcomp") is not None), None)
    content = to_do or of_doing
    if owner is not None and content is not None:
        yield Site(noun, Rule.PLAN, only=tuple(noun.subtree()), is_background=True)


def _deed(noun: Word) -> Iterator[Site]:
    """For "a strategy shift by the general": a noun with its doer tells what was done; not what was said or wished."""
    by = next((prep for prep in noun.every("prep") if prep.lower == "by"), None)
    doer = by.first("pobj") if by is not None else None
    if doer is None or doer.pos not in {"NOUN", "PROPN"} or doer.lemma == noun.lemma or doer.entity in MEASURES:
        return
    if not any(is_in(noun, saying) for saying in SAYINGS) and _has_been_done(noun):
        yield Site(noun, Rule.DEED, only=tuple(noun_core(noun)), is_background=True)


def _has_been_done(noun: Word) -> bool:
    """Whether the sentence takes the deed for granted: nobody only calls for it, fears it or says what would follow."""
    verb = next((above for above in noun.ancestors() if is_predicate(above)), None)
    if verb is None or noun.dep == "attr":
        return False
    is_passive = verb.tag == "VBN" and verb.first("agent") is None
    is_open = is_negated(verb) or any(helper.tag == "MD" for helper in auxiliaries(verb))
    governing = [*takewhile(lambda above: above is not verb, noun.ancestors()), verb]
    is_wished = verb.dep != "acl" and any(is_in(above, wish) for above in governing for wish in WISHES)
    return not is_passive and (noun.first("poss") is not None or not (is_open or is_wished))


def _epithet(participle: Word) -> Iterator[Site]:
    """For "The Kurdish-led council": a hyphen and a participle say who does what to the noun."""
    if participle.head.pos == "NOUN" and any(child.pos == "PROPN" for child in participle.children):
        core = tuple(part for part in noun_core(participle.head) if part.index <= participle.head.index)
        telling = tuple(participle.subtree())
        yield Site(participle.head, Rule.EPITHET, only=core, shared=telling, is_background=True)


def _obstacle(preposition: Word) -> Iterator[Site]:
    """For "despite a wave of strikes": there were strikes."""
    for noun in preposition.every("pobj"):
        words = tuple(noun.subtree())
        if len(words) >= OBSTACLE:
            yield Site(noun, Rule.OBSTACLE, leaves=True, cut=preposition, only=words, is_background=True)


def _numbered(word: Word) -> Iterator[Site]:
    """Amounts side by side: ten dead and forty injured are two claims."""
    first = word.head
    if not word.first("nummod") or not first.first("nummod") or word.pos != "NOUN":
        return
    verb = next((above for above in first.ancestors() if is_predicate(above)), first)
    if first.lemma != word.lemma:
        return
    amount = {part for part in first.subtree() if not part.is_under(word)}
    only = tuple(part for part in verb.subtree() if part not in amount)
    yield Site(word, Rule.AMOUNTS, leaves=True, only=only, is_background=False)
