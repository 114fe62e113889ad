"""Frames of not knowing: could not be verified, no sign that, it is unlikely that. They yield their content only."""

from collections.abc import Iterator

from claims.splitting.frames import Frame, Pattern, Stance
from claims.splitting.grammar import SUBJECTS, is_finite, is_in, is_negated, is_predicate, mark, noun_core, own_subject
from claims.splitting.tree import Word

CLAUSES = frozenset({"ccomp", "csubj", "csubjpass", "advcl", "xcomp"})
ADJECTIVES = {
    "unlikely": Stance.DOUBTS,
    "doubtful": Stance.DOUBTS,
    "improbable": Stance.DOUBTS,
    "likely": Stance.SUPPOSES,
    "probable": Stance.SUPPOSES,
    "possible": Stance.HOPES,
    "conceivable": Stance.HOPES,
    "true": Stance.PRESUPPOSES,
    "false": Stance.DENIES,
    "untrue": Stance.DENIES,
}
NEGATED = {Stance.PRESUPPOSES: Stance.DENIES, Stance.DENIES: Stance.PRESUPPOSES}


def open_frames(word: Word) -> Iterator[Frame]:
    """The frames of not knowing that a word is the cue of."""
    for rule in (_cannot_be_told, _report_left_open, _no_sign, _it_is_likely):
        frame = rule(word)
        if frame is not None:
            yield frame
            return


def _cannot_be_told(word: Word) -> Frame | None:
    """For "It is impossible to know whether S", "It could not be verified that S", "Whether S is unclear"."""
    content = next((child for child in word.children if child.dep in CLAUSES and _may_be_open(child)), None)
    if content is None or not _cannot_tell(word):
        return None
    return Frame(word, (), content, Stance.LEAVES_OPEN, Pattern.CANNOT_TELL)


def _may_be_open(content: Word) -> bool:
    return is_finite(content) and mark(content) in {"whether", "if", "that"}


def _cannot_tell(word: Word) -> bool:
    if is_in(word, "verify"):
        return is_negated(word) or (word.dep == "xcomp" and _is_hopeless(word.head))
    complement = word if word.pos == "ADJ" else word.first("acomp", "oprd", "attr")
    return complement is not None and _is_hopeless(complement)


def _is_hopeless(word: Word) -> bool:
    """Whether an adjective says that it cannot be told: unclear, impossible; not clear, not possible."""
    if is_in(word, "open_adjectives"):
        return True
    verb = word if is_predicate(word) else word.head
    clear = word.first("acomp") if is_predicate(word) else word
    if clear is None:
        return False
    return is_in(clear, "open_adjectives") or (is_negated(verb) and is_in(clear, "clear_adjectives"))


def _report_left_open(noun: Word) -> Frame | None:
    """For "Reports of an explosion could not be confirmed": the explosion is the content, the reports its source."""
    verb = noun.head
    if noun.dep not in SUBJECTS or verb is None or not is_in(noun, "unconfirmed_nouns"):
        return None
    about = next((child.first("pobj") for child in noun.every("prep") if child.lower == "of"), None)
    if about is None or not (is_in(verb, "verify") and is_negated(verb)):
        return None
    own = tuple(part for part in noun_core(noun) if not part.is_under(about) and part.lower != "of")
    return Frame(noun, own, about, Stance.LEAVES_OPEN, Pattern.EVENT)


def _no_sign(noun: Word) -> Frame | None:
    """For "There is no indication that S"."""
    if not is_in(noun, "no_sign"):
        return None
    content = that_clause(noun) or _bare_clause(noun)
    if content is None:
        return None
    without = any(child.lower in {"no", "little", "any"} for child in noun.children)
    if not without and not is_negated(noun.head):
        return None
    return Frame(noun, (), content, Stance.DOUBTS, Pattern.NO_SIGN)


def _it_is_likely(verb: Word) -> Frame | None:
    """For "It is unlikely that S", "It is feared that S"."""
    own, adjective = own_subject(verb), verb.first("acomp", "oprd")
    content = next((child for child in verb.children if child.dep in {"ccomp", "csubj"} and is_finite(child)), None)
    if adjective is not None and content is None:
        content = adjective.first("ccomp")
    stance = Stance.SUPPOSES if _is_believed(verb) else ADJECTIVES.get(adjective.lower) if adjective else None
    if own is None or own.lower != "it" or stance is None or content is None:
        return None
    return Frame(verb, (), content, NEGATED.get(stance, Stance.DOUBTS) if is_negated(verb) else stance, Pattern.LIKELY)


def _is_believed(verb: Word) -> bool:
    return is_in(verb, "beliefs") and verb.first("auxpass") is not None


def that_clause(noun: Word) -> Word | None:
    """The clause with that, a tense and a subject that says what a noun is about."""
    return next((child for child in noun.children if _is_that_clause(child)), None)


def _bare_clause(noun: Word) -> Word | None:
    """For "no chance S will": a clause with a subject of its own, and no object left out."""
    return next((child for child in noun.every("acl", "relcl", "ccomp") if _is_whole(child)), None)


def _is_whole(word: Word) -> bool:
    own = own_subject(word)
    return is_finite(word) and own is not None and own.tag not in {"WDT", "WP"} and not mark(word)


def _is_that_clause(word: Word) -> bool:
    that = mark(word) == "that" and word.dep in {"acl", "ccomp", "relcl"}
    return that and is_finite(word) and own_subject(word) is not None
