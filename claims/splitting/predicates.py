"""Statements that verbs make: the main clause, what a frame holds, and further predicates side by side."""

from collections.abc import Iterator, Sequence

from claims.splitting.framed import FRAME_SITES
from claims.splitting.frames import OPEN, Frame, antecedent
from claims.splitting.grammar import (
    CONDITIONS,
    auxiliaries,
    coordination,
    is_finite,
    is_infinitive,
    is_predicate,
    mark,
    noun_core,
    own_subject,
    subject,
)
from claims.splitting.modifiers import MODIFIER_RULES
from claims.splitting.sites import Rule, Site
from claims.splitting.tree import Sentence, Word

LIST = 3
SHORT_CONJUNCT = 4
CONTENTS = frozenset({"ccomp", "csubj", "csubjpass", "parataxis", "acl", "relcl", "advcl"})


def predicate_sites(sentence: Sentence, word: Word, frames: Sequence[Frame]) -> Iterator[Site]:
    """The statement that a word heads as a verb, or as an adjective in a verb's place."""
    site = None
    if _is_framed(word, frames) and word.dep in CONTENTS:
        leaves = any(frame.content is word and frame.is_dropped and _frames_all(frame) for frame in frames)
        site = Site(word, Rule.CONTENT, leaves=leaves)
    elif word.dep == "ROOT" and is_finite(word):
        site = Site(word, Rule.MAIN)
    elif word.dep == "conj" and is_predicate(word):
        site = _conjunct(sentence, word, frames)
    elif word.dep in MODIFIER_RULES:
        site = MODIFIER_RULES[word.dep](sentence, word)
    elif word.dep in {"ccomp", "parataxis"} and is_finite(word):
        site = _beside(word)
    if site is not None:
        yield site


def _frames_all(frame: Frame) -> bool:
    """Whether the frame is the whole clause around its content; in "refused to say that", "left after saying" not."""
    if frame.cue.dep == "pcomp":
        return frame.cue.head.lower == "by"
    return frame.cue.dep != "xcomp" or frame.stance in OPEN


def _is_framed(word: Word, frames: Sequence[Frame]) -> bool:
    return any(frame.content is word and frame.pattern not in FRAME_SITES for frame in frames)


def _beside(word: Word) -> Site | None:
    """What a feeling is about, or a clause beside the main one."""
    if word.dep == "ccomp" and (word.head.pos == "ADJ" or word.head.dep == "acomp"):
        return Site(word, Rule.FEELING)
    if word.dep == "parataxis" or word.index < word.head.index:
        return Site(word, Rule.ALONGSIDE, leaves=True)
    return None


def _conjunct(sentence: Sentence, word: Word, frames: Sequence[Frame]) -> Site | None:
    """A further predicate: it takes over the subject, the modal and the condition of the first."""
    members = coordination(word)
    first = members[0]
    if not is_predicate(first) or not _goes_with(first, word) or _is_one_purpose(first, word, len(members), frames):
        return None
    if first.dep in {"relcl", "advcl"} and not _is_framed(first, frames):
        short = len(word.subtree()) < SHORT_CONJUNCT and word.first("dobj") is None
        if short or MODIFIER_RULES[first.dep](sentence, first) is None:
            return None
    if first.dep == "advcl" and own_subject(first) is None and word.tag == "VBG" and own_subject(word) is None:
        return Site(word, Rule.FREE_PARTICIPLE, leaves=True)
    shared = [part for condition in first.every("advcl") if _opens(condition, first) for part in condition.subtree()]
    rule = Rule.FURTHER_CLAUSE
    if own_subject(word) is None:
        rule = Rule.FURTHER_PREDICATE
        shared.extend(_governing(first) if is_infinitive(first) else _taken_over(first, word))
    background = first.dep in {"relcl", "acl", "advcl"}
    return Site(word, rule, leaves=True, shared=tuple(shared), is_background=background)


def _opens(condition: Word, first: Word) -> bool:
    """Whether a condition stands before both predicates and so holds for both."""
    return mark(condition) in CONDITIONS and condition.index < first.index


def _goes_with(first: Word, word: Word) -> bool:
    """Whether the further verb has a tense, or a form that can share the first one's."""
    if is_finite(word) or word.tag == first.tag or (word.tag == "VB" and first.tag == "VBP"):
        return True
    forms = {helper.lemma for helper in auxiliaries(first)}
    needs = {"VB": forms, "VBN": forms & {"have", "be", "get"}, "VBG": forms & {"be"}}
    return bool(needs.get(word.tag))


def _is_one_purpose(first: Word, word: Word, members: int, frames: Sequence[Frame]) -> bool:
    """Whether the two are infinitives of one purpose; a list of three or more is taken apart all the same."""
    if is_finite(first) or is_finite(word) or any(frame.content is first for frame in frames):
        return False
    listed = first.dep == "xcomp" and is_infinitive(first) and members >= LIST
    return not listed and (is_infinitive(first) or first.dep in {"xcomp", "pcomp", "acl"})


def _taken_over(first: Word, word: Word) -> list[Word]:
    owner = antecedent(first) or subject(first)
    return [*(noun_core(owner) if owner is not None else []), *_shared_helpers(word)]


def _governing(first: Word) -> list[Word]:
    """What an infinitive hangs on ("who is prepared to …"), with its subject."""
    chain: list[Word] = []
    for above in first.ancestors():
        chain.extend([above, *auxiliaries(above), *above.every("neg")])
        if own_subject(above) is not None:
            break
    owner = antecedent([first, *chain][-1]) or subject(first)
    return [*(noun_core(owner) if owner is not None else []), *chain, *auxiliaries(first)]


def _shared_helpers(word: Word) -> list[Word]:
    """The auxiliaries of the nearest verb before, where the further verb's form can go with them."""
    first = word
    while not auxiliaries(first) and first.dep == "conj":
        first = first.head
    helpers = auxiliaries(first) if first is not word else []
    modal = any(helper.tag in {"MD", "TO"} or helper.lemma == "do" for helper in helpers)
    perfect = any(helper.lemma == "have" for helper in helpers)
    fits = (
        (modal and word.tag in {"VB", "VBP"} and word.lower == word.lemma)
        or (perfect and word.tag == "VBD")
        or word.tag in {"VBN", "VBG"}
    )
    return helpers if fits else []
