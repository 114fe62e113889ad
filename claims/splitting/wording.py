"""What a standalone sentence leaves out or puts plainly: ties, hedges, titles, what a report shifts."""

from collections.abc import Iterator, Sequence

from claims.splitting.clauses import Clause
from claims.splitting.frames import Frame, Stance
from claims.splitting.grammar import (
    auxiliaries,
    is_in,
    is_infinitive,
    is_negated,
    is_past,
    is_predicate,
    noun_core,
    own_subject,
    subject,
)
from claims.splitting.inflect import past_of, present_of
from claims.splitting.mentions import name_run
from claims.splitting.scribe import Change
from claims.splitting.sites import Rule
from claims.splitting.tree import Word

TIES = frozenset(
    {"also", "however", "meanwhile", "instead", "too", "moreover", "though", "therefore", "thus", "then", "frankly"}
)
OPENERS = frozenset({"look", "well", "so", "now", "yes", "no", "oh", "listen", "but", "and"})
WEAK = frozenset({"could", "may", "might"})
HEDGING = ("unconfirmed_adverbs", "probable", "possible", "doubtful")
RANKS = frozenset(
    {"gen.", "lt.", "col.", "capt.", "maj.", "sgt.", "dr.", "justice", "ayatollah", "sir", "pope", "king"}
)
POINTING = frozenset({"this", "that", "these", "those"})
POINTS = "points outside of the sentence"
TIE = "ties the sentence to others"
HEDGE = "how sure the text is stands in the certainty"
TITLE = "the title is a claim of its own"
REPORTED = "a report shifts the tense"

Changes = Iterator[tuple[Word, Change]]


def changes_of(clause: Clause, frames: Sequence[Frame]) -> dict[Word, Change]:
    """What to write for the words of a clause that are not written as they stand."""
    found: dict[Word, Change] = {}
    for rule in (_ties, _hedging_adverbs, _expected, _believed, _seeming, _open_modal, _shifted_will, _pluperfect):
        for word, change in rule(clause, frames):
            found.setdefault(word, change)
    if clause.site.rule != Rule.TITLE:
        found.update(_titles(clause))
    found.update(_pointing(clause))
    return found


def _ties(clause: Clause, _: Sequence[Frame]) -> Changes:
    for word in clause.words:
        is_degree = word.lower == "too" and word.head.pos in {"ADJ", "ADV"} and word.index < word.head.index
        if (word.lower in TIES and word.dep == "advmod" and not is_degree) or word.dep == "intj":
            yield from _left_out(clause, word, TIE)
    first = clause.words[0]
    if first.lower in OPENERS and len(clause.words) > 1 and clause.words[1].text == ",":
        yield first, Change("", TIE)


def _left_out(clause: Clause, word: Word, why: str) -> Changes:
    """An adverb goes together with the commas around it."""
    beside = [other for other in clause.words if abs(other.index - word.index) == 1 and other.text == ","]
    gone = [word, *(beside if len(beside) > 1 else ())]
    for part in gone:
        yield part, Change("", why)


def _hedging_adverbs(clause: Clause, _: Sequence[Frame]) -> Changes:
    level = {clause.head, *auxiliaries(clause.head), *clause.head.every("acomp", "attr")}
    for word in clause.words:
        weak = word.dep == "advmod" and any(is_in(word, lexicon) for lexicon in HEDGING)
        if weak and word.head in level and not _is_stressed(word):
            yield from _left_out(clause, word, HEDGE)


def _is_stressed(word: Word) -> bool:
    """For "more likely than not", "not possibly": the hedge says more than that it hedges."""
    return bool(word.children)


def _expected(clause: Clause, _: Sequence[Frame]) -> Changes:
    """For "is expected to rain", "is likely to rain", "is unlikely to rain": it will rain."""
    head = clause.head
    hinge = _hinge(head)
    content = (head if hinge is head else hinge).first("xcomp") if hinge is not None else None
    if hinge is None or content is None or not is_infinitive(content) or is_past(head):
        return
    to = next(helper for helper in auxiliaries(content) if helper.tag == "TO")
    helpers = [*auxiliaries(head), *([head] if hinge is not head else [])]
    yield helpers[0], Change("will", HEDGE)
    for word in [*helpers[1:], *head.every("neg"), hinge, to]:
        yield word, Change("", HEDGE)


def _believed(clause: Clause, _: Sequence[Frame]) -> Changes:
    """For "are believed to have died": have died."""
    head, be = clause.head, clause.head.first("auxpass")
    content = head.first("xcomp")
    if be is None or be.tag not in {"VBZ", "VBP"} or content is None or not _is_told(head):
        return
    helpers = auxiliaries(content)
    to = next((helper for helper in helpers if helper.tag == "TO"), None)
    if to is None or auxiliaries(head) != [be] or is_negated(head):
        return
    verb = next((helper for helper in helpers if helper is not to), content)
    many = "are" if verb.lemma == "be" else verb.lemma
    yield verb, Change(present_of(verb.lemma) if be.tag == "VBZ" else many, HEDGE)
    for word in (be, head, to):
        yield word, Change("", HEDGE)


def _is_told(head: Word) -> bool:
    return is_in(head, "beliefs") or is_in(head, "hearsay")


def _hinge(head: Word) -> Word | None:
    """The word that says how likely the infinitive behind it is."""
    if head.lemma == "expect" and head.first("auxpass") is not None and not is_negated(head):
        return head
    hedge = head.first("acomp", "oprd") if head.lemma == "be" else None
    return hedge if hedge is not None and hedge.lower in {"likely", "unlikely"} else None


def _seeming(clause: Clause, _: Sequence[Frame]) -> Changes:
    """For "seems to want": wants; for "seemed weak": was weak."""
    head = clause.head
    if head.lemma not in {"seem", "appear"} or auxiliaries(head) or is_negated(head):
        return
    content = head.first("xcomp")
    to = next((helper for helper in auxiliaries(content) if helper.tag == "TO"), None) if content is not None else None
    if content is not None and to is not None:
        verb = next((helper for helper in auxiliaries(content) if helper is not to), content)
        yield head, Change("", HEDGE)
        yield to, Change("", HEDGE)
        yield verb, Change(_in_tense_of(head, verb), HEDGE)
    elif head.first("acomp", "oprd", "attr") is not None or (head.lemma == "seem" and head.first("prep") is not None):
        yield head, Change(_be(head), HEDGE)


def _in_tense_of(head: Word, verb: Word) -> str:
    if verb.lemma == "be":
        return _be(head)
    if head.tag == "VBD":
        return past_of(verb.lemma)
    return present_of(verb.lemma) if head.tag == "VBZ" else verb.lemma


def _be(head: Word) -> str:
    own = own_subject(head)
    many = own is not None and (own.tag in {"NNS", "NNPS"} or own.first("conj") is not None or own.lower == "they")
    if head.tag == "VBD":
        return "were" if many else "was"
    return "is" if head.tag == "VBZ" else "are"


def _helpers(clause: Clause) -> list[Word]:
    shared = [word for word in clause.site.shared if word.dep == "aux"]
    return [*(auxiliaries(clause.head) if is_predicate(clause.head) else []), *shared]


def _open_modal(clause: Clause, _: Sequence[Frame]) -> Changes:
    """For "could fall", "may fall": will fall; for "might have fallen": would have fallen."""
    helpers = _helpers(clause)
    modal = next((helper for helper in helpers if helper.lower in WEAK), None)
    if modal is None or (modal.lower == "could" and is_negated(clause.head)):
        return
    unreal = any(helper.lemma == "have" for helper in helpers)
    if unreal and modal.lower == "may":
        have = next(helper for helper in helpers if helper.lemma == "have")
        own = own_subject(clause.head)
        yield modal, Change("", HEDGE)
        if own is not None and own.tag in {"NN", "NNP"}:
            yield have, Change("has", HEDGE)
    else:
        yield modal, Change("would" if unreal else "will", HEDGE)


def _shifted_will(clause: Clause, frames: Sequence[Frame]) -> Changes:
    """For "said that it would rain": it will rain."""
    said = [frame for frame in frames if frame.stance is Stance.REPORTS and is_past(frame.cue)]
    helpers = _helpers(clause)
    first = clause.head.head if clause.head.dep == "conj" else clause.head
    if not said or said[-1].content not in {clause.head, first} or any(helper.lemma == "have" for helper in helpers):
        return
    if any(child.dep == "advcl" and child.first("mark") for child in clause.head.children):
        return
    for helper in helpers:
        if helper.lower in {"would", "'d"} and helper.tag == "MD":
            yield helper, Change("will", REPORTED)


def _pluperfect(clause: Clause, _: Sequence[Frame]) -> Changes:
    """A pluperfect only orders the event before its report, or before another event."""
    helpers = auxiliaries(clause.head) if is_predicate(clause.head) else []
    if [helper.lower for helper in helpers] == ["had"] and clause.head.text.endswith("ed"):
        yield helpers[0], Change("", REPORTED)


def _pointing(clause: Clause) -> Changes:
    """For "these towns", "that offer": the towns, the offer; alone in a sentence they point at nothing."""
    for word in clause.words:
        noun = word.head
        if word.dep == "det" and word.lower in POINTING and not noun.entity and not is_in(noun, "periods"):
            yield word, Change("the", POINTS)


def _titles(clause: Clause) -> Changes:
    """What stands before a full name is told apart; a rank or a doctor's title stays."""
    owner = subject(clause.head)
    for name in [*clause.words, *(noun_core(owner) if owner is not None and owner not in clause.words else ())]:
        if name.pos != "PROPN" or name.entity != "PERSON" or name.dep in {"compound", "nmod"}:
            continue
        for age in name.every("appos"):
            if age in clause.words and age.text.isdigit() and clause.site.rule != Rule.AGE:
                beside = [word for word in clause.words if abs(word.index - age.index) == 1 and word.text == ","]
                yield from ((word, Change("", TITLE)) for word in (age, *beside))
        run = name_run(name)
        if len(run) > 1:
            for word in noun_core(name):
                if word.index < run[0].index and word.lower not in RANKS:
                    yield word, Change("", TITLE)
