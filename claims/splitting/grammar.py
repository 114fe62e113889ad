"""Small questions about a word's place in its sentence, asked by all the rules."""

from collections.abc import Sequence

from claims.splitting import lexicons
from claims.splitting.tree import Sentence, Word, by_index

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
CONDITIONS = frozenset({"if", "unless"})
FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
FIRST_PERSON = frozenset({"i", "we"})
PRONOUN_TAGS = frozenset({"PRP", "PRP$", "WP", "WDT", "WP$", "EX", "DT"})
PUNCTUATION = frozenset({"punct", "cc", "preconj"})
NEGATING = frozenset({"nor", "neither"})
AMOUNT_SIGNS = "$€£¥%"
MODIFIERS = frozenset({"relcl", "acl", "appos", "advcl"})


def is_predicate(word: Word) -> bool:
    """Whether the word is a verb that can head a clause."""
    if word.pos in {"VERB", "AUX"}:
        return word.dep not in {"aux", "auxpass", "amod", "compound"}
    return word.first("nsubj", "nsubjpass") is not None and word.first("aux", "auxpass") is not None


def auxiliaries(word: Word) -> list[Word]:
    """The verb's auxiliaries, in order."""
    return word.every("aux", "auxpass")


def is_finite(word: Word) -> bool:
    """Whether the clause has a tense or a modal of its own."""
    if not is_predicate(word):
        return False
    helpers = auxiliaries(word)
    if helpers:
        return any(helper.tag in FINITE for helper in helpers)
    return word.tag in FINITE or (word.tag == "VBN" and word.first("nsubj") is not None)


def is_infinitive(word: Word) -> bool:
    """Whether the verb is a to-infinitive."""
    return any(helper.tag == "TO" for helper in auxiliaries(word))


def is_proposal(word: Word) -> bool:
    """Whether the clause opens with "let's" or "let us"."""
    let = word.first("nsubj", "ccomp") if word.lemma == "let" and word.tag == "VB" else None
    return let is not None and {"'s", "us"} & {part.lower for part in (let, *let.every("nsubj"))} != set()


def own_subject(word: Word) -> Word | None:
    """The subject that stands in the word's own clause."""
    return word.first(*SUBJECTS)


def subject(word: Word) -> Word | None:
    """The subject, if need be the one of the verb that the word is coordinated with or depends on."""
    verb = word
    while own_subject(verb) is None and verb.dep in {"conj", "advcl", "xcomp", "acomp", "pcomp", "prep", "dep"}:
        verb = verb.head
    return own_subject(verb)


def coordination(word: Word) -> list[Word]:
    """The words that the word is coordinated with, itself among them, in order."""
    first = word
    while first.dep == "conj":
        first = first.head
    found = [first]
    for member in found:
        found.extend(member.every("conj"))
    return sorted(found, key=by_index)


def is_negated(word: Word) -> bool:
    """Whether the verb is negated, be it by its subject's or its complement's determiner."""
    if word.first("neg") is not None:
        return True
    return any(
        child.dep == "det" and child.lower in {"no", "neither"} for noun in word.children for child in noun.children
    )


def mark(word: Word) -> str:
    """The word that opens the clause (that, if, while …), or the empty string."""
    opener = word.first("mark")
    if opener is not None:
        return opener.lower
    if word.dep == "advcl" and is_inverted(word):
        return "if"
    adverb = next((child for child in word.children if child.tag == "WRB"), None)
    return adverb.lower if adverb is not None else ""


def is_inverted(word: Word) -> bool:
    """Whether an auxiliary stands before the subject, as in questions and in "should the court agree"."""
    own = own_subject(word)
    return own is not None and any(
        helper.lower in {"should", "had", "were"} and helper.index < own.index for helper in auxiliaries(word)
    )


def follows_comma(sentence: Sentence, word: Word) -> bool:
    """Whether the word's phrase stands behind a comma, a dash or a bracket."""
    before = sentence.before(word.subtree()[0])
    return before is not None and before.text in {",", "—", "–", "-", "--", "(", ";"}


def noun_core(word: Word) -> list[Word]:
    """A noun phrase without the clauses and appositions that hang on it."""
    dropped = {part for modifier in _modifiers(word) for part in modifier.subtree()}
    kept = [part for part in word.subtree() if part not in dropped]
    return trimmed(kept)


def named(head: Word) -> list[Word]:
    """A noun phrase up to where an aside stood behind its head: a name without what goes on behind the aside."""
    kept: list[Word] = []
    for word in noun_core(head):
        if kept and word.index > head.index and word.index != kept[-1].index + 1:
            break
        kept.append(word)
    return trimmed(kept)


def _modifiers(word: Word) -> list[Word]:
    found: list[Word] = []
    for child in word.children:
        if child.dep in MODIFIERS and not (child.dep in {"acl", "relcl"} and is_infinitive(child)):
            found.append(child)
        elif child.index > word.index or child.dep == "poss":
            found.extend(_modifiers(child))
    return found


def trimmed(words: list[Word]) -> list[Word]:
    """The words without punctuation and conjunctions at either end."""
    start, end = 0, len(words)
    while start < end and _is_edge(words[start]) and words[start].lower not in NEGATING:
        start += 1
    while start < end and _is_edge(words[end - 1]):
        end -= 1
    return words[start:end]


def _is_edge(word: Word) -> bool:
    if word.pos == "PUNCT" or word.dep in PUNCTUATION:
        return True
    return not any(char.isalnum() or char in AMOUNT_SIGNS for char in word.text)


def is_in(word: Word, lexicon: str) -> bool:
    """Whether a class holds the word's plain form or the word as it stands."""
    entries = lexicons.words(lexicon)
    return word.lemma in entries or word.lower in entries


def is_on_subject(noun: Word) -> bool:
    """Whether a noun is, or is inside, the subject of a verb."""
    for part in [noun, *noun.ancestors()]:
        if part.dep in SUBJECTS:
            return True
        if is_predicate(part) or part.dep == "appos":
            return False
    return False


def is_many(words: Sequence[Word]) -> bool:
    """Whether a noun phrase is plural, by its head or by what it lists."""
    return any(word.tag in {"NNS", "NNPS"} and word.head not in words for word in words) or any(
        word.dep == "conj" and word.head in words for word in words
    )


def is_past(word: Word) -> bool:
    """Whether the clause that a word stands in is told in the past."""
    verb = next((part for part in [word, *word.ancestors()] if is_finite(part)), None)
    if verb is None:
        return False
    helpers = auxiliaries(verb)
    return (helpers[0] if helpers else verb).tag == "VBD"
