"""Slips that a statistical parser makes often, mended by what English allows; each rule is a few lines on the tree."""

from collections.abc import Callable

from claims.splitting.grammar import auxiliaries, is_finite, is_in, is_infinitive, is_predicate, mark, own_subject
from claims.splitting.tree import Sentence, Word

LONGEST_TAIL = 5
PRESENT = frozenset({"VBZ", "VBP"})


def repair(sentence: Sentence) -> Sentence:
    """Mend a sentence in place and return it."""
    _hang_trailing_report(sentence)
    for word in sentence.words:
        _hang_report_on_its_verb(word)
        _make_bare_clause_a_conjunct(sentence, word)
        _coordinate_like_with_like(sentence, word)
    return sentence


def _hang_trailing_report(sentence: Sentence) -> None:
    """"…, the ministry announced Monday.": a subject and a verb of saying behind the last comma frame what is before."""
    commas = [word for word in sentence.words if word.text == ","]
    if not commas:
        return
    tail = [word for word in sentence.words if word.index > commas[-1].index and word.pos != "PUNCT"]
    verb = next((word for word in tail if word.tag in {"VBD", "VBZ", "VBP"} and is_in(word, "report")), None)
    if verb is None or verb is sentence.root or verb.dep in {"parataxis", "relcl"} or verb.first("ccomp", "dobj", "conj"):
        return
    before = [word for word in tail if word.index < verb.index]
    after = [word for word in tail if word.index > verb.index]
    tops = [word for word in before if word.head not in before]
    if not before or len(after) > LONGEST_TAIL or len(tops) != 1 or tops[0].pos not in {"NOUN", "PROPN", "PRON"}:
        return
    if any(is_predicate(word) for word in [*before, *after]) or sentence.root.index > verb.index:
        return
    if tops[0].is_under(verb) and tops[0].head is not verb:
        return
    verb.move_to(sentence.root, "parataxis")
    tops[0].move_to(verb, "nsubj")


def _hang_report_on_its_verb(word: Word) -> None:
    """"said in a letter that S", "claimed at the time that S": S is what was said, not what the noun is about."""
    noun = word.head
    if noun is None or word.dep not in {"acl", "relcl", "ccomp"} or noun.dep != "pobj" or noun.head is None:
        return
    verb = noun.head.head
    that = any(child.lower == "that" and child.dep in {"mark", "advmod"} for child in word.children)
    if verb is None or not that or not is_predicate(verb) or own_subject(word) is None:
        return
    if (is_in(verb, "report") or is_in(verb, "unconfirmed") or is_in(verb, "denial")) and verb.first("ccomp") is None:
        word.move_to(verb, "ccomp")


def _make_bare_clause_a_conjunct(sentence: Sentence, word: Word) -> None:
    """A tensed verb without subject or conjunction after a comma goes on with the clause before it."""
    if word.dep != "advcl" or word.head is None or own_subject(word) is not None or mark(word):
        return
    if word.tag not in {"VB", "VBP", "VBZ", "VBD"} or auxiliaries(word) or word.index < word.head.index:
        return
    host = _nearest(sentence, word, lambda verb: is_finite(verb) and _fits(verb, word))
    if host is not None:
        word.move_to(host, "conj")


def _coordinate_like_with_like(sentence: Sentence, word: Word) -> None:
    """Coordinate verbs agree in tense: "the policies that have weakened …, stifled …" is one relative clause."""
    if word.dep != "conj" or word.head is None or not is_predicate(word) or own_subject(word) is not None:
        return
    if auxiliaries(word) or _fits(word.head, word):
        return
    host = _nearest(sentence, word, lambda verb: _fits(verb, word))
    if host is not None and host is not word.head and not host.is_under(word):
        word.move_to(host, "conj")


def _nearest(sentence: Sentence, word: Word, fits: Callable[[Word], bool]) -> Word | None:
    before = [verb for verb in sentence.words if verb.index < word.index and is_predicate(verb) and verb.dep != "conj"]
    return next((verb for verb in reversed(before) if not verb.is_under(word) and fits(verb)), None)


def _fits(first: Word, further: Word) -> bool:
    """Whether a bare further verb can share the tense of the first."""
    helpers = {helper.lemma for helper in auxiliaries(first)}
    modal = is_infinitive(first) or any(helper.tag == "MD" for helper in auxiliaries(first)) or "do" in helpers
    if further.tag == "VB":
        return modal or first.tag in {"VB", "VBP"}
    if further.tag == "VBP":
        return (first.tag in PRESENT and not helpers) or modal
    if further.tag == "VBZ":
        return first.tag in PRESENT and not helpers
    if further.tag == "VBG":
        return first.tag == "VBG"
    return first.tag == "VBD" or first.tag == "VBN" or bool(helpers & {"have"})
