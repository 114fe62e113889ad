"""Which words of a sentence make a claim: one rule for each way English puts a statement into a sentence.

Every rule yields sites: the word that heads the statement, what it takes over from elsewhere in the sentence (a
subject, an auxiliary, a condition) and whether it leaves the statement it hangs on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.splitting.attribution import Frame, Stance
from claims.splitting.grammar import (
    FIRST_PERSON,
    auxiliaries,
    coordination,
    follows_comma,
    is_finite,
    is_in,
    is_infinitive,
    is_on_subject,
    is_predicate,
    mark,
    noun_core,
    own_subject,
    subject,
    trimmed,
)
from claims.splitting.nominals import nominal_sites
from claims.splitting.sites import Site
from claims.splitting.tree import Sentence, Word, by_index

CONDITIONS = frozenset({"if", "unless"})
ASIDES = frozenset({"as", "while", "because", "since", "although", "though", "whereas", "given", "but"})
TIMES = frozenset({"when", "after", "before", "until", "once", "where"})
LEAST_WORDS = 2
LIST = 3
LONG_RELATIVE = 6
SHORT_CLAUSE = 5
LONG_CLAUSE = 7
SHORT_CONJUNCT = 4


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A statement: the site it comes from and the words that carry it, in order."""

    site: Site
    words: tuple[Word, ...]

    @property
    def head(self) -> Word:
        """The word that heads the statement."""
        return self.site.head


def find_clauses(sentence: Sentence, frames: Sequence[Frame]) -> list[Clause]:
    """Return the statements of a sentence, in order of their first words."""
    sites = [site for word in sentence.words for site in _sites_at(sentence, word, frames)]
    cuts = {site.cut or site.head for site in sites if site.leaves}
    dropped = _frame_words(frames)
    clauses = [Clause(site, tuple(_words(site, cuts, dropped))) for site in sites]
    stated = [clause for clause in clauses if len(clause.words) >= LEAST_WORDS and not _is_silent(sentence, clause, frames)]
    return sorted(stated, key=lambda clause: clause.words[0].index)


def _sites_at(sentence: Sentence, word: Word, frames: Sequence[Frame]) -> Iterator[Site]:
    if is_predicate(word):
        rule = CLAUSE_RULES.get(word.dep)
        site = rule(sentence, word, frames) if rule else None
        if site is not None:
            yield site
    elif word.dep == "advcl" and word.pos == "ADJ":
        site = _free_adjective(sentence, word)
        if site is not None:
            yield site
    for frame in frames:
        if frame.content is word and frame.stance in {Stance.PROPOSES, Stance.CLAIMS}:
            yield from _frame_sites(frame)
    yield from nominal_sites(sentence, word)


def _root(_: Sentence, word: Word, __: Sequence[Frame]) -> Site | None:
    return Site(word, "main clause") if is_finite(word) else None


def _content(_: Sentence, word: Word, frames: Sequence[Frame]) -> Site | None:
    """What a frame holds, and a clause beside the main one."""
    framed = any(frame.content is word and frame.stance is not Stance.PROPOSES for frame in frames)
    if framed and not is_infinitive(word):
        return Site(word, "content of a frame", leaves=_is_aside_frame(word, frames))
    if word.dep == "ccomp" and word.head is not None and word.head.pos == "ADJ" and is_finite(word):
        return Site(word, "what a feeling is about")
    if word.dep == "parataxis" and is_finite(word) and own_subject(word) is not None:
        return Site(word, "clause alongside", leaves=True)
    if word.dep == "ccomp" and word.head is not None and word.index < word.head.index and is_finite(word):
        return Site(word, "clause alongside", leaves=True)
    return None


def _is_aside_frame(word: Word, frames: Sequence[Frame]) -> bool:
    return any(frame.content is word and frame.is_dropped for frame in frames)


def _conjunct(sentence: Sentence, word: Word, frames: Sequence[Frame]) -> Site | None:
    """A further predicate: it takes over the subject, the modal and the condition of the first."""
    first = coordination(word)[0]
    if not is_predicate(first) or _is_under_infinitive(first, word, frames):
        return None
    if not (is_finite(word) or _shares_helpers(first, word)) or _is_unworthy(sentence, first, frames):
        return None
    if first.dep == "relcl" and len(word.subtree()) < SHORT_CONJUNCT and own_subject(word) is None:
        return None
    shared: list[Word] = []
    if own_subject(word) is None and is_infinitive(first):
        shared.extend(_governing(first))
    elif own_subject(word) is None:
        owner = subject(first)
        shared.extend(noun_core(_antecedent_of(first) or owner) if owner is not None else [])
        shared.extend(_shared_helpers(word))
    for condition in first.every("advcl"):
        if mark(condition) in CONDITIONS and condition.index < first.index:
            shared.extend(condition.subtree())
    rule = "further predicate" if own_subject(word) is None else "further clause"
    return Site(word, rule, leaves=True, shared=tuple(shared), is_background=_is_background(first))


def _is_unworthy(sentence: Sentence, first: Word, frames: Sequence[Frame]) -> bool:
    """Whether the clause that the predicate goes on with makes no claim itself, being relative or adverbial."""
    if first.dep not in {"relcl", "advcl"} or any(frame.content is first for frame in frames):
        return False
    return CLAUSE_RULES[first.dep](sentence, first, frames) is None


def _governing(first: Word) -> list[Word]:
    """What an infinitive hangs on ("who is prepared to …"), its subject first."""
    path = [above for above in first.ancestors() if above.dep not in {"prep"}]
    chain: list[Word] = []
    for above in path:
        chain.extend([above, *auxiliaries(above), *above.every("neg")])
        if is_predicate(above) and own_subject(above) is not None:
            break
    owner = subject(chain[0]) if chain else None
    noun = _antecedent_of(chain[-len(chain)]) if chain else None
    return [*(noun_core(noun or owner) if owner else []), *chain, *auxiliaries(first)]


def _shared_helpers(word: Word) -> list[Word]:
    """The auxiliaries of the nearest verb before, where the further verb's form can go with them."""
    if auxiliaries(word) or word.head is None:
        return []
    first = word.head
    while not auxiliaries(first) and first.dep == "conj" and first.head is not None:
        first = first.head
    helpers = auxiliaries(first)
    modal = any(helper.tag in {"MD", "TO"} or helper.lemma == "do" for helper in helpers)
    fits = (modal and word.tag in {"VB", "VBP"}) or (word.tag in {"VBN", "VBD"} and _is_perfect(helpers))
    return helpers if fits or word.tag in {"VBN", "VBG"} else []


def _is_perfect(helpers: Sequence[Word]) -> bool:
    return any(helper.lemma == "have" or helper.dep == "auxpass" for helper in helpers)


def _antecedent_of(verb: Word) -> Word | None:
    return verb.head if verb.dep == "relcl" and _pronoun_subject(verb) else None


def _pronoun_subject(verb: Word) -> bool:
    own = own_subject(verb)
    return own is not None and own.tag in {"WP", "WDT"}


def _is_background(verb: Word) -> bool:
    return verb.dep in {"relcl", "acl", "advcl"}


def _is_under_infinitive(first: Word, word: Word, frames: Sequence[Frame]) -> bool:
    """Whether the words are infinitives of one purpose; a list of three or more is taken apart all the same."""
    if is_finite(first) or is_finite(word):
        return False
    if any(frame.content is first for frame in frames):
        return False
    if is_infinitive(first) and first.dep == "xcomp" and len(coordination(word)) >= LIST:
        return False
    return is_infinitive(first) or first.dep in {"xcomp", "pcomp", "acl"}


def _shares_helpers(first: Word, word: Word) -> bool:
    if word.tag == first.tag or (word.tag == "VB" and first.tag == "VBP"):
        return True
    return word.tag in {"VB", "VBN", "VBG"} and bool(auxiliaries(first))


def _relative(sentence: Sentence, word: Word, _: Sequence[Frame]) -> Site | None:
    """A relative clause with a tense, unless its noun is as good as empty or the clause is a short one on me or you."""
    noun = word.head
    if noun is None or not is_finite(word) or not _is_worth_relating(word, noun):
        return None
    if noun.dep == "attr" and not follows_comma(sentence, word):
        return None
    aside = follows_comma(sentence, word) or is_on_subject(noun) or len(word.subtree()) >= LONG_RELATIVE
    if noun.dep == "appos" and noun.head is not None:
        return Site(word, "relative clause", leaves=True, shared=tuple(noun_core(noun.head)), is_background=True)
    return Site(word, "relative clause", leaves=aside, shared=tuple(noun_core(noun)), is_background=True)


def _is_worth_relating(word: Word, noun: Word) -> bool:
    if noun.lower in {"those", "something", "anything", "nothing", "what", "that", "time", "way", "reason", "one"}:
        return False
    if any(child.dep == "det" and child.lower in {"no", "any"} for child in noun.children):
        return False
    own = own_subject(word)
    return own is None or own.lower not in FIRST_PERSON | {"you"} or len(word.subtree()) >= LONG_CLAUSE


def _participle(sentence: Sentence, word: Word, frames: Sequence[Frame]) -> Site | None:
    """A participle that says something of a noun: an agreement signed by, territory spanning."""
    noun = word.head
    if noun is None:
        return None
    if is_finite(word):
        framed = any(frame.content is word for frame in frames)
        return _content(sentence, word, frames) if framed or mark(word) == "that" else _relative(sentence, word, frames)
    if word.tag not in {"VBN", "VBG"} or is_infinitive(word) or len(word.subtree()) < LEAST_WORDS + 1:
        return None
    if noun.dep == "appos" and not follows_comma(sentence, word):
        return None
    if word.tag == "VBG" and noun.tag == "NN" and len(noun_core(noun)) == 1 and sentence.before(word) is noun:
        return None
    aside = follows_comma(sentence, word) or is_on_subject(noun)
    return Site(word, "participle", leaves=aside, shared=tuple(noun_core(noun)), is_background=True)


def _adverbial(sentence: Sentence, word: Word, _: Sequence[Frame]) -> Site | None:
    """A clause of time, cause or contrast, or a participle behind a comma."""
    opener = mark(word)
    if opener in CONDITIONS or is_infinitive(word):
        return None
    if own_subject(word) is None:
        return _free_participle(sentence, word)
    governor = word.head
    if governor is None or not is_finite(word) or not is_predicate(governor) or opener == "than":
        return None
    if opener == "as" and word.lemma == "do" and word.first("dobj") is None:
        return None
    length, rest = len(word.subtree()), len(governor.subtree()) - len(word.subtree())
    if length < SHORT_CLAUSE or (opener in TIMES and rest < SHORT_CLAUSE):
        return Site(word, f"clause of {opener}", is_background=True) if length >= SHORT_CLAUSE else None
    leaves = opener in ASIDES or length > rest or word.index < governor.index
    return Site(word, f"clause of {opener or 'circumstance'}", leaves=leaves, is_background=opener in TIMES)


def _free_participle(sentence: Sentence, word: Word) -> Site | None:
    if word.tag not in {"VBG", "VBN"} or len(word.subtree()) < LEAST_WORDS + 1:
        return None
    aside = follows_comma(sentence, word) or word.index < (word.head.index if word.head else 0)
    if not aside and mark(word) not in ASIDES:
        return None
    return Site(word, "participle behind a comma", leaves=True, is_background=word.tag == "VBN")


def _prepositional(_: Sentence, word: Word, __: Sequence[Frame]) -> Site | None:
    """A clause behind a preposition: with each state assigned, given that, a look at how."""
    own = own_subject(word)
    if own is None or is_infinitive(word) or word.head is None or any(child.tag == "WP" for child in word.children):
        return None
    return Site(word, f"clause behind {word.head.lower}", leaves=True, cut=word.head, is_background=True)


def _free_adjective(sentence: Sentence, word: Word) -> Site | None:
    """"Tired of the war, the king left": a state of the subject's."""
    owner = subject(word)
    if owner is None or len(word.subtree()) < LEAST_WORDS + 1 or word.index > owner.index:
        return None
    return Site(word, "adjective before the clause", leaves=True, shared=tuple(noun_core(owner)), is_background=True)


CLAUSE_RULES = {
    "ROOT": _root,
    "ccomp": _content,
    "csubj": _content,
    "csubjpass": _content,
    "parataxis": _content,
    "conj": _conjunct,
    "relcl": _relative,
    "acl": _participle,
    "advcl": _adverbial,
    "pcomp": _prepositional,
}


def _frame_sites(frame: Frame) -> Iterator[Site]:
    """What somebody proposes or accuses another of, with the one it is about."""
    if frame.stance is Stance.CLAIMS and frame.pattern == "accusation":
        accused = frame.cue.first("dobj", "nsubjpass")
        preposition = frame.content.head
        shared = (*(noun_core(accused) if accused else ()), *([preposition] if preposition else ()))
        yield Site(frame.content, "accusation", shared=shared)
        for further in frame.content.every("conj"):
            yield Site(further, "accusation", shared=shared, leaves=True)
    elif frame.stance is Stance.PROPOSES:
        addressed = frame.cue.first("dobj")
        yield Site(frame.content, "proposal", shared=tuple(noun_core(addressed)) if addressed else ())


def _frame_words(frames: Sequence[Frame]) -> set[Word]:
    """The words of frames that stand inside their own content: "according to X", "X said" in the middle."""
    dropped: set[Word] = set()
    for frame in frames:
        if frame.cue is not frame.content and frame.cue.is_under(frame.content) and frame.is_dropped:
            dropped.update(frame.cue.subtree())
    return dropped


def _words(site: Site, cuts: set[Word], dropped: set[Word]) -> list[Word]:
    own: list[Word] = []
    waiting = [site.head]
    for word in waiting:
        own.append(word)
        waiting.extend(
            child for child in word.children
            if child not in cuts and child not in dropped and not _is_opener(site, word, child)
        )
    if site.only is not None:
        own = list(site.only)
    return _without_edges(sorted({*own, *site.shared}, key=by_index))


def _is_opener(site: Site, word: Word, child: Word) -> bool:
    """Whether the child only ties the clause to what it hangs on."""
    if word is not site.head:
        return False
    return child.dep in {"mark", "cc", "preconj", "intj"} or (child.tag == "WRB" and word.dep in {"advcl", "pcomp"})


def _without_edges(words: list[Word]) -> list[Word]:
    """Drop punctuation and conjunctions at the edges of every stretch."""
    kept: list[Word] = []
    for stretch in stretches(words):
        kept.extend(trimmed(stretch))
    return kept


def stretches(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Cut a list of words where the sentence has other words between them."""
    stretch: list[Word] = []
    for word in words:
        if stretch and word.index != stretch[-1].index + 1:
            yield stretch
            stretch = []
        stretch.append(word)
    if stretch:
        yield stretch


def _is_silent(sentence: Sentence, clause: Clause, frames: Sequence[Frame]) -> bool:
    """Whether the clause asks, or is only the frame of what another clause states."""
    if sentence.is_question and not _holds_in_question(clause):
        return True
    if _is_courtesy(clause):
        return True
    if any(frame.cue is clause.head and frame.is_dropped for frame in frames):
        return True
    return any(frame.is_dropped and _frames_predicate(frame) is clause.head for frame in frames)


def _holds_in_question(clause: Clause) -> bool:
    """Whether the question takes the statement for granted: who somebody is."""
    noun = clause.head.head if clause.site.rule == "relative clause" else clause.head
    return clause.site.is_background and noun is not None and noun.entity == "PERSON"


def _is_courtesy(clause: Clause) -> bool:
    """Whether a first person only thanks, asks, wishes or lets: nothing is stated that evidence could touch."""
    own = own_subject(clause.head)
    first = own is not None and own.lower in FIRST_PERSON
    if is_predicate(clause.head) and clause.head.lower == "let":
        return True
    if not first or any(helper.lower in {"will", "'ll"} for helper in auxiliaries(clause.head)):
        return False
    verbs = [clause.head, *clause.head.every("xcomp")]
    return any(is_in(verb, "courtesy") for verb in verbs) or (clause.head.lower in {"may", "might", "can"})


def _frames_predicate(frame: Frame) -> Word | None:
    """The verb of the clause that only serves as frame of a noun, an adjective or an infinitive."""
    if is_predicate(frame.cue) and frame.cue.dep not in {"xcomp"}:
        return frame.cue
    if frame.stance not in {Stance.LEAVES_OPEN, Stance.DOUBTS, Stance.CLAIMS}:
        return None
    return next((above for above in frame.cue.ancestors() if is_predicate(above)), None)
