"""Words that a statistical parser takes for another class, found out by what English sentences need."""

from claims.splitting.grammar import SUBJECTS, auxiliaries, is_in, is_predicate, mark, own_subject
from claims.splitting.inflect import past_of
from claims.splitting.tree import Sentence, Word

ASKING = frozenset({"how", "when", "where", "why", "wher", "whence", "whereby", "wherein", "whereupon"})
TELLING = frozenset({"tell", "assure", "inform", "remind", "convince"})
TWO = 2
PRESENT = frozenset({"VBZ", "VBP"})


def reread(sentence: Sentence) -> None:
    """Find names taken for verbs, verbs taken for nouns or participles, people taken for bodies."""
    _take_name_for_verb(sentence)
    _find_verb_behind_participle(sentence)
    for word in sentence.words:
        _know_question_words(word)
        _part_title_from_name(word)
        _know_person_by_office(word)
        _give_office_its_holder(word)
        _hear_what_is_told(word)
        _find_verb_in_name(word)
        _give_preposition_its_noun(sentence, word)


def _know_question_words(word: Word) -> None:
    """What is no how, when, where or why ends in no question: "the best finisher" is a noun."""
    if word.tag == "WRB" and word.lower.removesuffix("ever") not in ASKING:
        word.pos, word.tag = "NOUN", "NN"


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
    """For "The union called upon the state": a past form behind a noun that heads the sentence is its verb.

    For "Tonnes of oil leaked.": what ends in a full stop needs a verb, and a participle may be a past form.
    """
    noun = sentence.root
    verb = next((word for word in noun.every("acl") if word.tag == "VBD"), None)
    if verb is None and sentence.words[-1].text == ".":
        verb = next((word for word in _behind(noun) if _may_be_past(word)), None)
    if verb is not None and noun.pos in {"NOUN", "PROPN"}:
        sentence.reroot(verb)
        verb.tag = "VBD"
        noun.move_to(verb, "nsubj")


def _behind(noun: Word) -> list[Word]:
    """What participles say of a noun, or of the last noun in its phrase: "tonnes of oil leaked"."""
    last = [part for prep in noun.every("prep") for part in prep.every("pobj")]
    return [word for part in (noun, *last) for word in part.every("acl")]


def _may_be_past(word: Word) -> bool:
    is_past_form = word.tag == "VBN" and past_of(word.lemma) == word.lower
    return is_past_form and word.first("agent") is None and not auxiliaries(word)


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


def _part_title_from_name(word: Word) -> None:
    """For "Councillor Rita Boyle": a title is no part of the name."""
    inside = word.dep == "compound" and word.entity == word.head.entity == "PERSON" and is_in(word, "titles")
    if inside and any(word.index < part.index < word.head.index for part in word.head.every("compound")):
        word.entity = ""


def _give_office_its_holder(word: Word) -> None:
    """For "the president of the academy, Lucia Ferrante,": a person is who holds the office, not the academy."""
    body = word.head
    if word.dep != "appos" or word.entity != "PERSON" or body.dep != "pobj" or is_in(body, "persons"):
        return
    office = body.head.head
    if body.entity != "PERSON" and body.head.lower in {"of", "for", "at", "in"} and is_in(office, "persons"):
        word.move_to(office, "appos")


def _hear_what_is_told(word: Word) -> None:
    """For "told the judge she had not heard": a whole clause behind a hearer is what he hears, not who he is."""
    hearer = word.head
    own = own_subject(word)
    if word.dep != "relcl" or hearer.dep not in {"dobj", "dative"} or hearer.head.lemma not in TELLING or own is None:
        return
    is_whole = word.first("dobj", "attr", "acomp", "neg", "auxpass") is not None
    relates = any(part.tag in {"WP", "WDT", "WP$", "WRB"} for part in word.subtree())
    if is_whole and not relates and hearer.head.first("ccomp") is None:
        word.move_to(hearer.head, "ccomp")


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
    """For "Leaflets handed out in Selm say that S": of two tensed verbs without a comma between one is a participle."""
    for first in (sentence.root, *sentence.root.every("ccomp")):
        verb = sentence.root if first is not sentence.root else _without_subject(first)
        own = own_subject(first)
        if verb is None or own is None or own_subject(verb) is not None or not _may_be_participle(first):
            continue
        before = sentence.before(verb)
        if verb.index > first.index and before is not None and before.pos != "PUNCT" and before.is_under(first):
            if first is sentence.root:
                sentence.reroot(verb)
            own.move_to(verb, "nsubj")
            first.move_to(own, "acl")
            first.tag = "VBN"
            return


def _without_subject(first: Word) -> Word | None:
    behind = (word for word in first.every("parataxis") if word.index > first.index)
    return next((word for word in behind if own_subject(word) is None and not mark(word)), None)


def _may_be_participle(verb: Word) -> bool:
    has_own = verb.first("dobj", "mark", "aux", "auxpass") is not None
    return verb.tag in {"VBD", "VBN"} and not has_own


def _give_preposition_its_noun(sentence: Sentence, word: Word) -> None:
    """For "Posts on social media claim": a verb has no noun for its first half; the preposition before lacks one."""
    if word.dep != "compound" or word.head.tag not in PRESENT | {"VBD"} or word.head.pos != "VERB":
        return
    before = sentence.before(word.subtree()[0])
    if before is not None and before.dep == "prep" and before.first("pobj", "pcomp") is None:
        word.move_to(before, "pobj")
