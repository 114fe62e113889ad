"""What hangs on which noun: who-clauses on people, a list on its first member, an aside on the clause before it."""

from claims.splitting.grammar import follows_comma, is_finite, own_subject
from claims.splitting.referents import is_animate
from claims.splitting.tree import Sentence, Word

NOMINAL = frozenset({"NOUN", "PROPN"})
NAMED = frozenset({"PERSON", "ORG", "NORP", "GPE"})
BEFORE_ASIDE = frozenset({",", "—", "–", "-", "--", "("})
AT_TIMES = frozenset({"point", "moment", "time", "stage"})


def attach(sentence: Sentence) -> None:
    """Hang clauses and asides of a sentence where English has them hang."""
    for word in sentence.words:
        if word.dep == "relcl":
            _relate_to_people(sentence, word)
            _relate_to_no_time(sentence, word)
        elif word.dep == "appos":
            _list_unlike(sentence, word)
        elif word.dep == "advcl":
            _follow_nearest_clause(sentence, word)


def _relate_to_people(sentence: Sentence, verb: Word) -> None:
    """For "talks with the rebels, who refused": those who do something are people, the nearest ones named."""
    who = next((part for part in verb.subtree() if part.lower in {"who", "whom"}), None)
    if who is None or _is_of_people(verb.head):
        return
    nearest = _noun_before(sentence, who)
    between = nearest is not None and nearest.is_under(verb.head) and not nearest.is_under(verb)
    if nearest is not None and between and _is_of_people(nearest):
        verb.move_to(nearest, "relcl")


def _relate_to_no_time(sentence: Sentence, verb: Word) -> None:
    """For "found a boat at one point that had no crew": what is told is told of the boat."""
    noun = verb.head
    own = own_subject(verb)
    if own is None or own.lower not in {"that", "which"} or noun.lower not in AT_TIMES or noun.dep != "pobj":
        return
    carrier = noun.head.head
    before = [word for word in carrier.children if word.dep in {"dobj", "nsubjpass"} and word.index < noun.index]
    if noun.head.lower == "at" and before:
        verb.move_to(before[-1], "relcl")


def _noun_before(sentence: Sentence, word: Word) -> Word | None:
    before = sentence.before(word)
    while before is not None and before.text in BEFORE_ASIDE:
        before = sentence.before(before)
    while before is not None and before.dep in {"compound", "nmod", "punct"}:
        before = before.head
    return before if before is not None and before.pos in NOMINAL else None


def _is_of_people(noun: Word) -> bool:
    return is_animate(noun) or noun.entity in NAMED or noun.pos == "PRON" or noun.lower in {"those", "all"}


def _list_unlike(sentence: Sentence, noun: Word) -> None:
    """For "the ministry, two towns and a farm", "after a strike by Moss, a vote by the council": a list, no aside."""
    first = noun.head
    if not follows_comma(sentence, noun) or first.first("conj") is not None:
        return
    deed = first.entity == "PERSON" and any(part.lower == "by" for part in noun.every("prep", "agent"))
    several = noun.tag == "NNS" and any(child.tag == "CD" for child in noun.children)
    if deed:
        noun.move_to(next((above for above in first.ancestors() if above.pos == "NOUN"), first), "conj")
    elif several and first.tag in {"NN", "NNP"} and noun.first("conj") is not None:
        noun.dep = "conj"


def _follow_nearest_clause(sentence: Sentence, word: Word) -> None:
    """For "They were near when the mayor left, citing fears": nobody does a thing by being; the mayor cited them."""
    main = word.head
    if word.tag != "VBG" or own_subject(word) is not None or word.index < main.index or main.lemma != "be":
        return
    before = sentence.before(word.subtree()[0])
    clauses = [other for other in main.every("advcl") if main.index < other.index < word.index and is_finite(other)]
    if before is None or before.text != "," or not clauses:
        return
    owner = own_subject(clauses[-1])
    if owner is not None and _is_of_people(owner) and clauses[-1].subtree()[-1].index == before.index - 1:
        word.move_to(clauses[-1], "advcl")
