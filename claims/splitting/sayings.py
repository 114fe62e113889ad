"""Which words of a sentence say who says what: also wishes, plans and judgements.

Wider than the frames of `attribution`, which only keep what makes a claim somebody's: here "supports the bill" and
"wants to leave" are attributions too, after the scheme of PolNeAR (Newell et al., LREC 2018).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from claims.splitting import lexicons
from claims.splitting.clauses import stretches
from claims.splitting.grammar import auxiliaries, is_in, is_infinitive, is_predicate, own_subject
from claims.splitting.tree import Sentence, Word, by_index

HIGHEST = 4  # how many verbs above a cue may lend it their subject
EDGES = frozenset([*".,;:—–-!?", "but", "and"])
TIES = frozenset({"of", "for", "as"})
INHERITS = frozenset({"conj", "advcl", "xcomp", "acomp", "pcomp", "prep"})

Words = list[Word]


class Saying(NamedTuple):
    """One attribution as words of a sentence; who says it may be left open."""

    source: Words
    cue: Words
    content: Words


def saying_at(sentence: Sentence, word: Word) -> Saying | None:
    """Return what is said by the word, if it is one that says so."""
    if word.lower == "according":
        return _according(sentence, word)
    if not is_predicate(word):
        return None
    return next((saying for rule in RULES if (saying := rule(sentence, word)) is not None), None)


def _clause(sentence: Sentence, verb: Word) -> Saying | None:
    """For "X said that S", "S, X said"."""
    clause = _clause_of(verb)
    if clause is None or not (is_in(verb, "report") or is_in(verb, "attributing")):
        return None
    return Saying(source_of(verb), cue_of(verb), _stated(sentence, verb, clause))


def _clause_of(verb: Word) -> Word | None:
    for child in verb.children:
        is_clause = is_predicate(child) or child.index < verb.index or child.first("nsubj") is not None
        if child.dep in {"ccomp", "csubj"} and is_clause:
            return child
    behind = verb.dep in {"parataxis", "ccomp"} and verb.head.index < verb.index and is_in(verb, "report")
    return verb.head if behind and own_subject(verb) is not None and verb.first("dobj") is None else None


def _stated(sentence: Sentence, verb: Word, clause: Word) -> Words:
    """The clause; where it stands before its verb, with all that opens the sentence and what goes on behind."""
    own = set(verb.subtree()) if verb.is_under(clause) else set()
    words = [word for word in clause.subtree() if word not in own]
    if clause.index > verb.index:
        return words
    saying = {part for child in verb.children if child is not clause for part in child.subtree()} | {verb}
    behind = [word.index for word in saying if word.dep not in {"punct", "cc"} and word.index > clause.index]
    first, last = min(behind, default=verb.index), max(word.index for word in saying)
    before = [word for word in sentence.words if word.index < first and word not in own]
    return [*before, *(word for word in words if word.index > last)] if before else clause.subtree()


def _intention(_sentence: Sentence, verb: Word) -> Saying | None:
    """For "X wants to leave"."""
    purpose = verb.first("xcomp")
    if purpose is None or not is_infinitive(purpose) or not is_in(verb, "intentions"):
        return None
    return Saying(source_of(verb), cue_of(verb), purpose.subtree())


def _urging(_sentence: Sentence, verb: Word) -> Saying | None:
    """For "X urged Y to do Z"."""
    urged, wanted = verb.first("dobj"), verb.first("xcomp", "ccomp")
    if wanted is None or not is_infinitive(wanted) or not is_in(verb, "urge"):
        return None
    return Saying(source_of(verb), cue_of(verb), [*(urged.subtree() if urged else []), *wanted.subtree()])


def _attitude(_sentence: Sentence, verb: Word) -> Saying | None:
    """For "X criticised Y", "X called Y a disgrace", "X accused Y of fraud"."""
    named, source = verb.first("dobj"), source_of(verb)
    if named is None or not source or not is_in(verb, "attitudes_to"):
        return None
    ties = [tie for tie in verb.every("prep") if tie.lower in TIES and tie.index > named.index]
    behind = [word for part in [*verb.every("oprd", "xcomp"), *ties] for word in part.subtree()]
    return Saying(source, cue_of(verb), sorted([*named.subtree(), *behind], key=by_index))


def _talk(_sentence: Sentence, verb: Word) -> Saying | None:
    """For "X called for Y"."""
    source = source_of(verb)
    for preposition in verb.every("prep", "agent"):
        content = [part for child in preposition.every("pobj", "pcomp") for part in child.subtree()]
        if source and content and f"{verb.lemma} {preposition.lower}" in lexicons.words("talking_about"):
            return Saying(source, [*cue_of(verb), preposition], content)
    return None


def _according(sentence: Sentence, word: Word) -> Saying | None:
    ties = word.every("prep", "prt")
    named = next((noun for tie in ties for noun in tie.every("pobj")), None)
    if named is None:
        return None
    own = set(word.subtree())
    return Saying(named.subtree(), [word, ties[0]], [part for part in sentence.words if part not in own])


def source_of(verb: Word) -> Words:
    """The subject with all that is said of it; that of the verb above where it has none of its own."""
    agent = verb.first("agent")
    named = agent.first("pobj") if agent is not None else None
    if named is not None:
        return named.subtree()
    above = verb
    for _step in range(HIGHEST):
        own = above.first("nsubj", "nsubjpass")
        if own is not None:
            return bare(own.subtree())
        if above.dep == "acl":
            return bare(part for part in above.head.subtree() if not part.is_under(above))
        if above.dep not in INHERITS:
            return []
        above = above.head
    return []


def cue_of(verb: Word) -> Words:
    """The verb with its auxiliaries, its negation and the adverbs among them, as far as they stand together."""
    parts = [*auxiliaries(verb), *verb.every("neg", "prt")]
    parts += [child for child in verb.every("advmod") if child.index < verb.index]
    own = own_subject(verb)
    if own is not None and own.index < verb.index:
        parts = [word for word in parts if word.index > own.index]
    if verb.dep == "xcomp" and is_infinitive(verb) and verb.head.index < verb.index:
        parts += [verb.head, *auxiliaries(verb.head), *verb.head.every("neg")]
    words = sorted([verb, *parts], key=by_index)
    return next(stretch for stretch in stretches(words) if verb in stretch)


def bare(words: Iterable[Word]) -> Words:
    """The words without the marks and conjunctions at either end."""
    kept = list(words)
    while kept and kept[0].text in EDGES:
        kept.pop(0)
    while kept and kept[-1].text in EDGES:
        kept.pop()
    return kept


RULES: tuple[Callable[[Sentence, Word], Saying | None], ...] = (_clause, _intention, _urging, _attitude, _talk)
