"""Slips that a statistical parser makes often, mended by what English allows; each rule is a few lines on the tree."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter

from claims.splitting.attachment import attach
from claims.splitting.caps import is_too_long
from claims.splitting.grammar import (
    auxiliaries,
    follows_comma,
    is_finite,
    is_in,
    is_infinitive,
    is_inverted,
    is_predicate,
    mark,
    own_subject,
)
from claims.splitting.misread import reread, take_past_for_root, take_subject_for_noun
from claims.splitting.passage import Passage
from claims.splitting.quotes import QuoteRegion, find_quotes
from claims.splitting.tree import Sentence, Word, by_index

LONGEST_TAIL = 5
TWO = 2
PRESENT = frozenset({"VBZ", "VBP"})


def repaired(passage: Passage, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Mend each sentence by the quotations that reach into it; one that is left out is left as it is."""
    regions = find_quotes(passage)
    for sentence in sentences:
        first = bisect_right(regions, sentence.start, key=attrgetter("end"))
        after = bisect_left(regions, sentence.end, key=attrgetter("start"))
        yield sentence if is_too_long(sentence) else repair(sentence, regions[first:after])


def repair(sentence: Sentence, regions: Sequence[QuoteRegion]) -> Sentence:
    """Mend a sentence in place, given where the passage quotes, and return it settled."""
    if sentence.root.first("nsubj", "nsubjpass") is not None and sentence.root.pos in {"NOUN", "PART"}:
        sentence.root.pos, sentence.root.tag = "VERB", "VBZ"
    for region in regions:
        if region.is_speech:
            _part_speech_from_frame(sentence, region)
    reread(sentence)
    for word in sentence.words:
        _lift_auxiliary(word)
        _leave_one_subject(sentence, word)
    take_past_for_root(sentence)
    _free_first_verb(sentence)
    _part_at_colon(sentence)
    _hang_trailing_report(sentence)
    _share_trailing_report(sentence)
    _frame_by_inverted_verb(sentence)
    _go_on_behind_an_inserted_report(sentence, regions)
    _turn_inverted_condition(sentence)
    _tie_clause_by_its_conjunction(sentence)
    for word in sentence.words:
        take_subject_for_noun(word)
        _find_lost_subject(sentence, word)
        _hang_report_on_its_verb(word)
        _lift_contrast(sentence, word)
        _make_bare_clause_a_conjunct(sentence, word)
        _coordinate_like_with_like(sentence, word)
    attach(sentence)
    sentence.settle()
    return sentence


def _lift_auxiliary(word: Word) -> None:
    """For "may be gone": auxiliaries stand side by side, none hangs on another."""
    if word.dep in {"aux", "auxpass"} and word.head.dep in {"aux", "auxpass"} and word.head.above is not None:
        word.move_to(word.head.above, word.dep)


def _leave_one_subject(sentence: Sentence, verb: Word) -> None:
    """A verb has one subject: a second one behind a comma stands beside the first, behind "after" it only dates."""
    owners = [word for word in verb.every("nsubj", "nsubjpass") if word.index < verb.index]
    if len(owners) < TWO:
        return
    first, second = owners[:TWO]
    before = sentence.before(second.subtree()[0])
    if before is not None and before.dep == "mark" and before.lower in {"after", "before", "since", "until"}:
        before.dep = "prep"
        second.move_to(before, "pobj")
    elif follows_comma(sentence, second) and first.pos in {"NOUN", "PROPN"}:
        second.move_to(first, "appos")


def _free_first_verb(sentence: Sentence) -> None:
    """For "The union called on members to vote and said S": an "and" that ties a noun to nothing ties two verbs."""
    second, owner = sentence.root, own_subject(sentence.root)
    if owner is None or owner.first("conj") is not None:
        return
    tie = next((word for word in owner.every("cc") if owner.index < word.index < second.index), None)
    first = _past_verb_of(sentence, owner, tie) if tie is not None else None
    if tie is None or first is None:
        return
    if first.dep == "amod":
        first.head.move_to(first, "dobj")
    sentence.reroot(first)
    first.pos, first.tag = "VERB", "VBD"
    owner.move_to(first, "nsubj")
    second.move_to(first, "conj")
    tie.move_to(first, "cc")


def _past_verb_of(sentence: Sentence, owner: Word, tie: Word) -> Word | None:
    """The past form that the parser took for a participle: behind its noun, or behind a comma with an object."""
    for word in owner.subtree():
        if word.tag not in {"VBN", "VBD"} or word.index > tie.index:
            continue
        before = sentence.before(word)
        if word.dep == "acl" and word.head is owner and word.first("agent") is None:
            return word
        if word.dep == "amod" and word.head.dep == "appos" and before is not None and before.text == ",":
            return word
    return None


def _part_at_colon(sentence: Sentence) -> None:
    """For "S: the mayor said Q": what stands before a colon is no content of the verb behind it."""
    colons = [word.index for word in sentence.words[:-1] if word.text in {":", ";"}]
    said = sentence.root
    for before in said.every("ccomp", "advcl", "dep"):
        own = own_subject(said)
        if own is not None and not mark(before) and any(before.index < colon < own.index for colon in colons):
            before.dep = "parataxis"


def _hang_trailing_report(sentence: Sentence) -> None:
    """For "…, the ministry said Monday.": a subject and a verb of saying behind the last comma frame the rest."""
    commas = [word for word in sentence.words if word.text == ","]
    if not commas:
        return
    tail = [word for word in sentence.words if word.index > commas[-1].index and word.pos != "PUNCT"]
    verb = next((word for word in tail if word.tag in {"VBD", "VBZ", "VBP"} and is_in(word, "report")), None)
    if (
        verb is None
        or verb is sentence.root
        or verb.dep in {"parataxis", "relcl"}
        or verb.first("ccomp", "dobj", "conj")
    ):
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


def _share_trailing_report(sentence: Sentence) -> None:
    """For "S, but T, a source said.": what is said at the very end is said of both."""
    for verb in sentence.root.every("conj"):
        content, own = verb.first("ccomp"), own_subject(verb)
        if content is None or own is None or not is_in(verb, "report") or mark(content):
            continue
        if content.index < own.index < verb.index and follows_comma(sentence, own):
            content.move_to(sentence.root, "conj")
            verb.move_to(sentence.root, "parataxis")


def _frame_by_inverted_verb(sentence: Sentence) -> None:
    """For "…," said X: what stands before a verb of saying without content is its content."""
    verb = sentence.root
    if not is_in(verb, "report") or verb.first("ccomp", "dobj", "xcomp") is not None:
        return
    before = [
        child for child in verb.every("advcl", "dep", "parataxis") if child.index < verb.index and is_predicate(child)
    ]
    comma = sentence.before(verb)
    if (
        len(before) == 1
        and not mark(before[0])
        and comma is not None
        and comma.pos in {"PUNCT", "PROPN", "PRON", "NOUN"}
    ):
        before[0].dep = "ccomp"


def _go_on_behind_an_inserted_report(sentence: Sentence, regions: Sequence[QuoteRegion]) -> None:
    """For "S did Y, X said, and did Z": it is S who did Z. Behind a quotation it may be X ("he said, and left")."""
    said = sentence.root
    content, further = said.first("ccomp"), said.first("conj")
    if content is None or further is None or not is_in(said, "report") or own_subject(further) is not None:
        return
    is_inserted = content.index < said.index and follows_comma(sentence, further.head.first("cc") or further)
    if is_inserted and not any(region.start <= content.start < region.end for region in regions):
        further.move_to(content, "conj")


def _part_speech_from_frame(sentence: Sentence, region: QuoteRegion) -> None:
    """Where a quotation ends, the words of whoever reports it begin: nothing else hangs across the mark."""
    inside = [word for word in sentence.words if region.start <= word.start < region.end]
    outside = [word for word in sentence.words if word.start >= region.end]
    verb = next((word for word in outside if word.tag in {"VBD", "VBZ", "VBP"} and is_in(word, "report")), None)
    if verb is None or not inside or not any(is_predicate(word) for word in inside):
        return
    if sentence.root in inside:
        verb.move_to(sentence.root, "parataxis")
    for mistaken in verb.every("nsubj"):
        if mistaken in inside:
            mistaken.dep = "dep"
    strays = [word for word in outside if word is not verb and word.head in inside and word.pos != "PUNCT"]
    for stray in strays:
        nominal = stray.pos in {"NOUN", "PROPN", "PRON"} and verb.first("nsubj") is None
        if not verb.is_under(stray) and stray.dep in {"appos", "conj", "nsubj", "dep", "npadvmod"}:
            stray.move_to(verb, "nsubj" if nominal else "dep")


def _turn_inverted_condition(sentence: Sentence) -> None:
    """For "…, should the court agree": an auxiliary before its subject, behind another clause, makes a condition."""
    verb, main = sentence.root, sentence.root.first("ccomp")
    if main is not None and main.index < verb.index and is_inverted(main) and not sentence.is_question:
        main.dep = "advcl"
        return
    if main is None or not is_inverted(verb) or main.index > verb.index or sentence.is_question:
        return
    sentence.reroot(main)
    verb.move_to(main, "advcl")


def _tie_clause_by_its_conjunction(sentence: Sentence) -> None:
    """For "S after two cases were found": "after" right before a clause with a subject of its own opens it."""
    for clause in sentence.root.every("conj", "ccomp"):
        first = clause.subtree()[0]
        opener = sentence.before(first)
        if opener is None or opener.dep != "prep" or opener.children or opener.is_under(clause):
            continue
        if opener.lower in {"after", "before", "until", "since"} and own_subject(clause) is not None:
            clause.dep = "advcl"
            opener.move_to(clause, "mark")


def _find_lost_subject(sentence: Sentence, verb: Word) -> None:
    """A tensed verb right behind a noun has it for its subject, even where the parser listed it with a noun before."""
    if not is_finite(verb) or own_subject(verb) is not None or verb.dep not in {"ROOT", "ccomp", "conj", "advcl"}:
        return
    noun = _listed_noun_before(sentence, verb)
    if noun is None:
        return
    noun.move_to(verb, "nsubj")
    first = verb.head.first("ccomp") if verb.dep == "ccomp" else None
    if first is not None and first is not verb:
        verb.move_to(first, "conj")


def _listed_noun_before(sentence: Sentence, verb: Word) -> Word | None:
    group = [verb, *(part for part in verb.every("aux", "auxpass", "advmod", "neg") if part.index < verb.index)]
    before = sentence.before(min(group, key=by_index))
    if before is None or before.pos not in {"NOUN", "PROPN", "PRON"}:
        return None
    while before is not None and before.dep not in {"conj", "appos"}:
        before = before.head if before.dep in {"pobj", "prep", "compound"} else None
    return before if before is not None and not verb.is_under(before) else None


def _hang_report_on_its_verb(word: Word) -> None:
    """For "said in a letter that S", "claimed at the time that S": S is what was said, not what the noun is about."""
    noun = word.head
    if word.dep not in {"acl", "relcl", "ccomp"} or noun.dep != "pobj" or noun.head.lower not in {"in", "at", "on"}:
        return
    verb = noun.head.head
    that = next((child for child in word.every("mark", "advmod") if child.lower == "that"), None)
    says = any(is_in(verb, lexicon) for lexicon in ("report", "unconfirmed", "denial"))
    if that is not None and says and own_subject(word) is not None and verb.first("ccomp") is None:
        word.move_to(verb, "ccomp")
        that.dep = "mark"


def _lift_contrast(sentence: Sentence, word: Word) -> None:
    """For "X said S, while Y did Z": what stands against the report is no part of it."""
    content = word.head
    if word.dep != "advcl" or content.dep != "ccomp":
        return
    if mark(word) in {"while", "whereas"} and is_in(content.head, "report") and follows_comma(sentence, word):
        word.move_to(content.head, "advcl")


def _make_bare_clause_a_conjunct(sentence: Sentence, word: Word) -> None:
    """A tensed verb without subject or conjunction after a comma goes on with the clause before it."""
    if word.dep != "advcl" or own_subject(word) is not None or mark(word):
        return
    if word.tag not in {"VB", "VBP", "VBZ", "VBD"} or auxiliaries(word) or word.index < word.head.index:
        return
    host = _nearest(sentence, word, lambda verb: is_finite(verb) and _fits(verb, word))
    if host is not None:
        word.move_to(host, "conj")


def _coordinate_like_with_like(sentence: Sentence, word: Word) -> None:
    """Coordinate verbs agree in tense: "the policies that have weakened …, stifled …" is one relative clause."""
    if word.dep != "conj" or not is_predicate(word) or own_subject(word) is not None:
        return
    if not is_predicate(word.head):
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
    if further.tag == "VBD" and first.tag == "VBN" and not helpers and own_subject(first) is None:
        return False
    return first.tag in {"VBD", "VBN"} or bool(helpers & {"have"})
