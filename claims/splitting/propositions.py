"""The fine profile: a sentence as its smallest propositions (after PropSegmEnt, Chen et al. 2023).

A verb with its subject and complements states one proposition for each member of a list among them, and one more for
each circumstance behind it. Relative clauses, participles, appositions, titles and brackets state their own, with what
they are said of.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from claims.splitting.grammar import (
    auxiliaries,
    coordination,
    is_finite,
    is_in,
    is_infinitive,
    is_predicate,
    subject,
    trimmed,
)
from claims.splitting.tree import Sentence, Word, by_index

MOST = 40  # propositions a sentence
MOST_OF_ONE = 12  # of one verb, whose lists multiply
LONGEST = 200  # words of a sentence that is taken apart
OWN = frozenset({"relcl", "appos", "advcl", "parataxis", "acl"})
RELATIVE = frozenset({"WDT", "WP", "WRB"})
LEFT_OUT = frozenset({"nsubj", "nsubjpass", "csubj", "expl", "punct", "cc", "mark", "conj", "intj", "preconj"})
SUBJECTS = ("nsubj", "nsubjpass")
COMPLEMENTS = frozenset({"dobj", "attr", "acomp", "oprd", "xcomp", "ccomp", "agent", "dative"})
CIRCUMSTANCES = frozenset({"prep", "npadvmod"})
TIES = frozenset({"also", "however", "meanwhile", "instead", "too", "moreover", "though", "therefore", "thus", "then"})
SEPARATORS = frozenset(",;()[]")
NAMES = frozenset({"DATE", "GPE", "LOC"})
EXAMPLES = frozenset({"including", "like"})
MODIFIERS = ("compound", "amod", "nmod")
BRACKETS = {")": "(", "]": "["}

Words = list[Word]
Places = tuple[tuple[int, int], ...]


def propositions_in(sentence: Sentence, text: str) -> list[Places]:
    """Return the propositions of a sentence, each as the stretches of the text that its words and brackets take.

    A sentence without any, or of more than 200 words, is one itself.
    """
    words = sentence.words
    if len(words) > LONGEST:
        return [_placed(words, text)]
    found = [_placed(stated, text) for stated in _stated(sentence)]
    found += [(*_placed(_phrase(word), text), bracket) for word in words if (bracket := _bracket(word, text))]
    return found or [_placed(words, text)]


def written(places: Places, text: str) -> str:
    """A proposition in the words of the text."""
    pieces: list[str] = []
    for at, (start, end) in enumerate(places):
        pieces.extend([" "] if at and start > places[at - 1][1] else [])
        pieces.append(text[start:end])
    return "".join(pieces)


def _placed(words: Words, text: str) -> Places:
    """Where words stand, in order, without the brackets that the parser hides behind them."""
    return tuple((word.start, _end(word, text)) for word in sorted(words, key=by_index))


def _end(word: Word, text: str) -> int:
    bracket = _bracket(word, text)
    return word.start + len(text[word.start : bracket[0]].rstrip()) if bracket else word.end


def _bracket(word: Word, text: str) -> tuple[int, int] | None:
    opener = BRACKETS.get(text[word.end - 1])
    start = text.rfind(opener, word.start + 1, word.end) if opener else -1
    return (start, word.end) if start > 0 else None


def _stated(sentence: Sentence) -> list[Words]:
    found: list[Words] = []
    for word in sentence.words:
        for words in _stated_at(word):
            kept = trimmed(sorted(set(words), key=by_index))
            if len(kept) > 1 and kept not in found:
                found.append(kept)
    return found[:MOST]


def _stated_at(word: Word) -> Iterator[Words]:
    title = _title(word)
    if title:
        yield [*(part for before in title for part in before.subtree()), *_phrase(word)]
    if is_predicate(word) and _states(word):
        yield from _by_verb(word)
    elif word.dep == "appos" and word.head.pos in {"NOUN", "PROPN", "PRON"} and not _is_one_name(word.head, word):
        for member in _members(word):
            yield [*_phrase(word.head, word), *_phrase(member)]


def _title(name: Word) -> Words:
    """What stands before a person's name and says who it is: "actor", "undercover state trooper"."""
    if name.entity != "PERSON" or name.dep in MODIFIERS:
        return []
    before = [child for child in name.every(*MODIFIERS) if child.index < name.index]
    telling = [child for child in before if (child.pos == "NOUN" and not child.entity) or is_in(child, "titles")]
    return before[: before.index(telling[-1]) + 1] if telling else []


def _states(verb: Word) -> bool:
    """Whether a verb has its own proposition; infinitives and gerunds stay with the verb they complete."""
    if verb.dep == "conj":
        return is_finite(verb) or _states(_first(verb))
    if verb.dep in {"acl", "advcl"}:
        return not is_infinitive(verb)
    return is_finite(verb) or verb.dep not in {"xcomp", "pcomp", "csubj", "amod", "compound"}


def _first(verb: Word) -> Word:
    while verb.dep == "conj":
        verb = verb.head
    return verb


def _by_verb(verb: Word) -> Iterator[Words]:
    group = _group(verb)
    parts = [child for child in verb.children if _completes(child, verb, group)]
    subjects = _subjects(verb) or [[]]
    for chosen in _readings(verb, parts):
        phrases = [_variants(part) for part in chosen]
        for said in islice(product(subjects, *phrases), MOST_OF_ONE):
            yield [*group, *(word for phrase in said for word in phrase)]


def _readings(verb: Word, parts: Sequence[Word]) -> Iterator[list[Word]]:
    """What of a verb's parts goes into one proposition: each circumstance behind it into one of its own.

    One that opens the sentence goes with each of them; the verb and its complements also stand without any.
    """
    behind = [part for part in parts if _is_circumstance(part) and part.index > verb.index]
    rest = [part for part in parts if part not in behind]
    own = verb.first(*SUBJECTS)
    opening = [part for part in rest if _is_circumstance(part) and own is not None and part.index < own.index]
    if not behind or any(part.dep in COMPLEMENTS for part in rest):
        yield rest
        if opening:
            yield [part for part in rest if part not in opening]
    for part in behind:
        yield [*rest, part]


def _is_circumstance(part: Word) -> bool:
    """Whether a dependent says when, where, how or what for; a bare adverb stays with its verb."""
    if part.dep == "advmod":
        return part.first("prep", "npadvmod") is not None
    return part.dep in CIRCUMSTANCES or part.dep == "advcl"


def _completes(child: Word, verb: Word, group: Sequence[Word]) -> bool:
    """Whether a dependent belongs to the verb's own proposition."""
    if child in group or child.dep in LEFT_OUT or child.tag in RELATIVE or child.lower in TIES:
        return False
    if child.dep in OWN:
        return child.dep == "advcl" and is_infinitive(child)
    return not (child.dep == "ccomp" and is_finite(child) and child.index < verb.index)


def _group(verb: Word) -> Words:
    """The verb with its auxiliaries, or those it shares with the verb before it."""
    helpers, first = auxiliaries(verb), verb
    while not helpers and first.dep == "conj" and not is_finite(verb):
        first = first.head
        helpers = auxiliaries(first)
    return [verb, *helpers, *verb.every("neg", "prt")]


def _subjects(verb: Word) -> list[Words]:
    first = verb
    while first.dep == "conj" and first.first(*SUBJECTS) is None:
        first = first.head
    own = first.first(*SUBJECTS)
    is_relative = own is None or own.tag in RELATIVE or own.lower == "that"
    if first.dep in {"relcl", "acl"} and is_relative:
        return _said_of(first)
    if first.dep in {"relcl", "acl"} and own is not None:
        return [[*_phrase(first.head, first), *phrase] for phrase in _variants(own)]
    named = subject(first)
    return _variants(named) if named is not None else []


def _said_of(verb: Word) -> list[Words]:
    """What a relative clause or participle is said of: its noun; behind a copula, whom that noun is said of.

    A clause that says which object is meant is read with the clause around it.
    """
    noun = verb.head
    copula = noun.head
    owner = subject(copula) if noun.dep == "attr" and copula.lemma == "be" else None
    if owner is not None:
        return _variants(owner)
    governor = next((above for above in noun.ancestors() if is_predicate(above)), None)
    if governor is not None and noun.dep in {"dobj", "pobj"} and not _follows_comma(noun, verb):
        return [next(_by_verb(governor))]
    return [_phrase(noun, verb)]


def _follows_comma(noun: Word, verb: Word) -> bool:
    return any(child.text == "," and noun.index < child.index < verb.index for child in noun.children)


def _phrase(word: Word, but: Word | None = None) -> Words:
    return _variants(word, but)[0]


def _variants(word: Word, but: Word | None = None) -> list[Words]:
    """The phrase of a word, once for each member of every list in it, without what states its own proposition."""
    found: list[Words] = []
    for member in _members(word):
        for kept in _choices(member, but):
            phrases = islice(product(*(_variants(child) for child in kept)), MOST_OF_ONE)
            found.extend([member, *(part for phrase in said for part in phrase)] for said in phrases)
        found.extend(phrase for example in _examples(member) for phrase in _variants(example))
    return found[:MOST_OF_ONE]


def _choices(member: Word, but: Word | None) -> Iterable[list[Word]]:
    """What hangs on a word; what somebody is called is one proposition for each of its adjectives."""
    title = _title(member)
    kept = [child for child in member.children if child is not but and _stays(member, child)]
    kept = [child for child in kept if child not in title and not _gives_examples(child)]
    adjectives = [child for child in kept if child.dep == "amod" and not child.every("conj")]
    if member.dep != "attr" or len(adjectives) < 2:  # noqa: PLR2004  one adjective needs no choice
        return [kept]
    return [[child for child in kept if child is one or child not in adjectives] for one in adjectives]


def _examples(noun: Word) -> Words:
    """What stands for a noun as well as the noun itself: "films, including X and Y", "films such as X"."""
    return [example for tie in noun.every("prep") if _gives_examples(tie) for example in tie.every("pobj")]


def _gives_examples(tie: Word) -> bool:
    such = tie.lower == "as" and any(child.lower == "such" for child in tie.children)
    return (such or tie.lower in EXAMPLES) and tie.first("pobj") is not None


def _stays(noun: Word, child: Word) -> bool:
    if child.dep in {"conj", "cc", "preconj"}:
        return _is_firm(noun)
    if child.dep == "punct":
        return child.text not in SEPARATORS or noun.entity in NAMES
    return child.dep not in OWN or is_infinitive(child) or _is_one_name(noun, child)


def _is_one_name(noun: Word, apposed: Word) -> bool:
    """A place in a place, a year behind a day: one name, not two."""
    if apposed.dep != "appos":
        return False
    places = noun.entity in {"GPE", "LOC"} and apposed.entity in {"GPE", "LOC"}
    return places or noun.entity == apposed.entity == "DATE"


def _members(word: Word) -> list[Word]:
    """The word and what is coordinated with it, below it; a name with "&" is one."""
    if not word.every("conj") or _is_firm(word):
        return [word]
    return [member for member in coordination(word) if member.is_under(word)]


def _is_firm(word: Word) -> bool:
    return any(child.text == "&" for child in word.every("cc"))
