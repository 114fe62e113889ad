"""Words that a statistical parser takes for another class, found out by what English sentences need."""

from claims.splitting.grammar import SUBJECTS, auxiliaries, is_in, is_predicate, mark, own_subject
from claims.splitting.tree import Sentence, Word

TWO = 2
PRESENT = frozenset({"VBZ", "VBP"})


def reread(sentence: Sentence) -> None:
    """Find names taken for verbs, verbs taken for nouns or participles, people taken for bodies."""
    _take_name_for_verb(sentence)
    _find_verb_behind_participle(sentence)
    for word in sentence.words:
        _know_person_by_office(word)
        _find_verb_in_name(word)
        _give_preposition_its_noun(sentence, word)


def _take_name_for_verb(sentence: Sentence) -> None:
    """For "Frost admires the king": an imperative governs no tensed verb without a subject; it is a name."""
    name = sentence.root
    verb = next((child for child in name.every("dobj", "ccomp", "xcomp") if child.tag in {"VBZ", "VBD"}), None)
    if verb is None or name.pos != "VERB" or own_subject(name) is not None or own_subject(verb) is not None:
        return
    if not name.text[:1].isupper() or auxiliaries(name) or verb.index < name.index:
        return
    sentence.reroot(verb)
    name.pos, name.tag = "PROPN", "NNP"
    for child in [part for part in name.children if part.index > name.index]:
        child.move_to(verb, child.dep)
    name.move_to(verb, "nsubj")


def take_past_for_root(sentence: Sentence) -> None:
    """For "The union called upon the state": a past form behind a noun that heads the sentence is its verb."""
    noun = sentence.root
    verb = next((word for word in noun.every("acl") if word.tag == "VBD"), None)
    if verb is not None and noun.pos in {"NOUN", "PROPN"}:
        sentence.reroot(verb)
        noun.move_to(verb, "nsubj")


def take_subject_for_noun(word: Word) -> None:
    """For "Reports that …", "Claims that …" at the start of a sentence: a subject without one of its own is a noun."""
    if word.dep in SUBJECTS and word.tag in PRESENT and own_subject(word) is None:
        word.pos, word.tag = "NOUN", "NNS"


def _know_person_by_office(word: Word) -> None:
    """For "his lawyer, Petra Winge,": two names or more beside a noun for a person are a person's."""
    given = [part for part in word.every("compound") if part.tag == "NNP"]
    is_bare = word.dep == "appos" and word.tag == "NNP" and word.first("det") is None
    if is_bare and given and is_in(word.head, "persons"):
        for part in (*given, word):
            part.entity = "PERSON"


def _find_verb_in_name(word: Word) -> None:
    """For "claim that the shot alters DNA": a clause has a verb; a form in -s between two nouns is it."""
    if word.dep != "ccomp" or mark(word) != "that" or is_predicate(word) or word.first("cop", "aux", *SUBJECTS):
        return
    before = [part for part in word.children if part.dep in {"compound", "nmod"} and part.index < word.index]
    if len(before) < TWO or before[-1].tag not in {"NNS", "NNPS"}:
        return
    verb, own = before[-1], before[-2]
    for part in [part for part in word.children if part.index < own.index and part.dep != "mark"]:
        part.move_to(own, part.dep)
    verb.pos, verb.tag = "VERB", "VBZ"
    verb.move_to(word.head, "ccomp")
    for part in word.every("mark"):
        part.move_to(verb, "mark")
    own.move_to(verb, "nsubj")
    word.move_to(verb, "dobj")


def _find_verb_behind_participle(sentence: Sentence) -> None:
    """For "Leaflets handed out in Selm say that S": two tensed verbs in a row, no comma between, are one participle."""
    verb = sentence.root
    first = next((child for child in verb.every("ccomp") if child.index < verb.index), None)
    own = own_subject(first) if first is not None else None
    if first is None or own is None or own_subject(verb) is not None or verb.tag not in PRESENT | {"VBD"}:
        return
    before = sentence.before(verb)
    is_bare = first.tag in {"VBD", "VBN"} and not auxiliaries(first) and first.first("dobj", "ccomp", "mark") is None
    if not is_bare or before is None or before.pos == "PUNCT" or not before.is_under(first):
        return
    own.move_to(verb, "nsubj")
    first.move_to(own, "acl")
    first.tag = "VBN"


def _give_preposition_its_noun(sentence: Sentence, word: Word) -> None:
    """For "Posts on social media claim": a verb has no noun for its first half; the preposition before lacks one."""
    if word.dep != "compound" or word.head.tag not in PRESENT | {"VBD"} or word.head.pos != "VERB":
        return
    before = sentence.before(word.subtree()[0])
    if before is not None and before.dep == "prep" and before.first("pobj", "pcomp") is None:
        word.move_to(before, "pobj")
