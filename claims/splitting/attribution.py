"""Who says what inside a sentence: the frames of saying, and all others in the order of their reach."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from claims.splitting.caps import MOST_FRAMES
from claims.splitting.frames import Frame, Pattern, Stance, source_of
from claims.splitting.grammar import (
    FIRST_PERSON,
    coordination,
    is_finite,
    is_in,
    is_infinitive,
    is_negated,
    is_predicate,
    is_proposal,
    mark,
    noun_core,
    own_subject,
    subject,
)
from claims.splitting.openness import open_frames, that_clause
from claims.splitting.proposals import proposal_frames
from claims.splitting.tree import Sentence, Word

QUESTIONS = frozenset({"whether", "if", "how", "why", "who", "what", "where", "which"})
STANCES = (
    ("denial", Stance.DENIES),
    ("doubt", Stance.DOUBTS),
    ("unconfirmed", Stance.CLAIMS),
    ("report", Stance.REPORTS),
)


def find_frames(sentence: Sentence) -> list[Frame]:
    """Return the frames of a sentence, outer ones before the frames they hold."""
    found = list(islice(_frames(sentence), MOST_FRAMES))
    return [_nested(frame, found) for frame in sorted(found, key=lambda frame: -len(frame.content.subtree()))]


def has_more_frames(sentence: Sentence, found: Sequence[Frame]) -> bool:
    """Whether `find_frames` left some out."""
    return len(found) == MOST_FRAMES and len(list(islice(_frames(sentence), MOST_FRAMES + 1))) > MOST_FRAMES


def _frames(sentence: Sentence) -> Iterator[Frame]:
    return (frame for word in sentence.words for frame in _frames_at(word))


def _frames_at(word: Word) -> list[Frame]:
    """The frames that a word is the cue of; one on which nothing hangs says nothing, unless it stands beside all."""
    if not word.children and word.dep != "parataxis":
        return []
    for rule in (open_frames, _saying_frames, proposal_frames):
        frames = list(rule(word))
        if frames:
            return frames
    return []


def _saying_frames(word: Word) -> Iterator[Frame]:
    if word.lower == "according":
        frame = _according(word)
    elif is_predicate(word):
        frame = _as_clause(word) or _speech(word) or _truth(word)
    else:
        frame = _noun(word)
        if frame is not None:
            yield from _outer(frame)
    if frame is not None:
        yield frame
        if frame.pattern is Pattern.CLAUSE:
            yield from _further_contents(frame)


def _nested(frame: Frame, frames: Sequence[Frame]) -> Frame:
    """A saying that somebody else reports, or that dates another event, is itself part of what is stated."""
    own = own_subject(frame.cue)
    if frame.pattern != Pattern.CLAUSE or own is None:
        return frame
    reported = any(_reports(outer, frame) for outer in frames)
    is_told = (reported and own.tag != "PRP") or mark(frame.cue) == "when"
    return replace(frame, is_dropped=False) if is_told else frame


def _reports(outer: Frame, frame: Frame) -> bool:
    """Whether somebody reports the saying as news; "he said, according to a statement" only says where it stands."""
    beside = outer.pattern in {Pattern.ACCORDING, Pattern.AS}
    return bool(outer.source) and not beside and outer.cue is not frame.cue and outer.holds(frame.cue)


def content_clause(verb: Word) -> Word | None:
    """The finite clause that a verb of saying governs, wherever it stands."""
    contents = [child for child in verb.every("ccomp", "csubj", "csubjpass") if is_finite(child) or is_proposal(child)]
    if contents:
        behind = [child for child in contents if child.index > verb.index]
        return behind[0] if behind and len(contents) > 1 else contents[0]
    if verb.dep == "parataxis" and is_predicate(verb.head) and verb.first("dobj", "acomp", "attr") is None:
        return coordination(verb.head)[0] if verb.index > verb.head.index else verb.head
    return None


def _further_contents(frame: Frame) -> Iterator[Frame]:
    """For "S, but T, X said": X said both."""
    for child in frame.cue.every("ccomp"):
        beside = (child.index < frame.cue.index) == (frame.content.index < frame.cue.index)
        if child is not frame.content and beside and is_finite(child) and not mark(child):
            yield replace(frame, content=child)


def _speech(verb: Word) -> Frame | None:
    content = content_clause(verb)
    if content is None or verb.lemma == "make":
        return _infinitive_content(verb) or _made_clear(verb)
    if (_asks(content) and verb.dep != "parataxis") or _tells_which(verb):
        return None
    speaker = subject(verb)
    if speaker is not None and speaker.lower in FIRST_PERSON | {"you"} and is_in(verb, "speaker_frames"):
        return _first_person(verb, content)
    stance = stance_of(verb)
    if stance is not None:
        return Frame(verb, source_of(verb), content, stance, Pattern.CLAUSE, not _is_news(verb, stance))
    return _thought(verb, content)


def _is_news(verb: Word, stance: Stance) -> bool:
    return is_in(verb, "saying_is_news") and stance is not Stance.LEAVES_OPEN


def _asks(content: Word) -> bool:
    """Whether the clause is a question or stands for a thing: "said what she had in mind"."""
    opener = content.subtree()[0]
    return (
        mark(content) in QUESTIONS
        or (opener.tag == "WRB" and opener.lower in QUESTIONS)
        or any(_stands_for_thing(child) for child in content.children)
    )


def _stands_for_thing(word: Word) -> bool:
    return word.tag in {"WP", "WDT"} and word.dep != "mark"


def stance_of(verb: Word) -> Stance | None:
    """What a verb of saying does to its content, or None where it is no such verb."""
    stance = next((stance for lexicon, stance in STANCES if is_in(verb, lexicon)), None)
    if stance is not None and any(is_in(adverb, "untrue_adverbs") for adverb in verb.every("advmod")):
        return Stance.DENIES
    if stance is Stance.DENIES and _neither_confirms(verb):
        return Stance.LEAVES_OPEN
    return Stance.PRESUPPOSES if stance is Stance.DENIES and is_negated(verb) else stance


def _neither_confirms(verb: Word) -> bool:
    """For "neither confirmed nor denied that S", "would not confirm or deny that S"."""
    first = verb.head
    neither = any(part.lower == "neither" for part in first.every("preconj", "cc", "advmod"))
    return verb.dep == "conj" and first.lemma == "confirm" and (neither or is_negated(first))


def _tells_which(verb: Word) -> bool:
    """Whether the report only says which time or thing is meant: "the third time the club said it had"."""
    return verb.dep == "relcl" and verb.head.lemma in {"time", "way", "moment", "reason"}


def _first_person(verb: Word, content: Word) -> Frame:
    unsure = verb.lemma in {"think", "believe", "guess", "suppose"}
    stance = Stance.DOUBTS if is_negated(verb) else Stance.SUPPOSES if unsure else Stance.PRESUPPOSES
    return Frame(verb, (), content, stance, Pattern.FIRST_PERSON)


def _thought(verb: Word, content: Word) -> Frame | None:
    """A thought reported ("said he hoped that") or denied ("does not believe that"): only the thought is news."""
    thinker = own_subject(verb)
    if thinker is None or not is_in(verb, "thoughts"):
        return None
    if is_negated(verb) and verb.lemma in {"think", "believe", "expect"}:
        return Frame(verb, source_of(verb), content, Stance.DOUBTS, Pattern.THOUGHT_DENIED)
    reported = verb.dep == "ccomp" and is_in(verb.head, "report")
    if not reported or thinker.tag != "PRP":
        return None
    stance = Stance.HOPES if verb.lemma in {"hope", "wish"} else Stance.SUPPOSES
    return Frame(verb, (), content, stance, Pattern.THOUGHT_REPORTED)


def _truth(verb: Word) -> Frame | None:
    """For "The truth is that S", "That is why S"."""
    own, content = own_subject(verb), verb.first("ccomp")
    if own is None or content is None or verb.lemma not in {"be", "'s"}:
        return None
    gives_reason = own.lower in {"that", "this", "which"} and "why" in {mark(content), mark(verb)}
    if own.lemma not in {"truth", "fact", "point", "problem", "thing"} and not gives_reason:
        return None
    return Frame(verb, (), content, Stance.PRESUPPOSES, Pattern.TRUTH)


def _infinitive_content(verb: Word) -> Frame | None:
    """For "X claimed to have done", "X denied doing": the content shares the frame's subject."""
    content = verb.first("xcomp")
    if content is not None and content.tag in {"VBG", "VBN"} and is_in(verb, "denial") and not is_infinitive(content):
        return Frame(verb, source_of(verb), content, Stance.DENIES, Pattern.INFINITIVE, is_dropped=False)
    if content is None or not is_infinitive(content) or not is_in(verb, "unconfirmed"):
        return None
    return Frame(verb, source_of(verb), content, Stance.CLAIMS, Pattern.INFINITIVE)


def _made_clear(verb: Word) -> Frame | None:
    """For "X made clear that S"."""
    clear = next((child for child in verb.children if child.lower == "clear"), None) if verb.lemma == "make" else None
    if clear is None:
        return None
    held = [*clear.every("ccomp", "csubj", "xcomp", "advcl"), *verb.every("ccomp")]
    content = next((child for child in held if child is not clear), None)
    return Frame(verb, source_of(verb), content, Stance.REPORTS, Pattern.MADE_CLEAR) if content is not None else None


def _as_clause(verb: Word) -> Frame | None:
    """For "As the paper writes, …": the main clause is the content."""
    if verb.dep != "advcl" or mark(verb) != "as" or not is_in(verb, "report"):
        return None
    if own_subject(verb) is None or verb.first("dobj", "ccomp") is not None:
        return None
    return Frame(verb, source_of(verb), verb.head, Stance.REPORTS, Pattern.AS)


def _according(word: Word) -> Frame | None:
    named = [noun for to in word.every("prep", "prt") for noun in to.every("pobj")]
    clause = next((above for above in word.ancestors() if is_predicate(above)), word)
    if not named:
        return None
    return Frame(word, tuple(noun_core(named[0])), clause, Stance.REPORTS, Pattern.ACCORDING)


def _noun(noun: Word) -> Frame | None:
    """For "Claims that S", "the UK's position that S", "the fact that S"."""
    content = that_clause(noun)
    if content is None:
        return None
    owner, verb = noun.first("poss"), noun.head
    if noun.dep == "dobj" and is_in(verb, "denial"):
        return Frame(verb, source_of(verb), content, Stance.DENIES, Pattern.NOUN_OBJECT)
    if is_in(noun, "unconfirmed_nouns"):
        named = [part for part in noun_core(noun) if not part.is_under(content)]
        source = noun_core(owner) if owner is not None else named
        return Frame(noun, tuple(source), content, Stance.CLAIMS, Pattern.UNCONFIRMED_NOUN, _is_left_open(noun))
    if is_in(noun, "report_nouns"):
        source = noun_core(owner) if owner is not None else []
        return Frame(noun, tuple(source), content, Stance.REPORTS, Pattern.NOUN, is_dropped=False)
    if noun.lemma == "fact":
        return Frame(noun, (), content, Stance.PRESUPPOSES, Pattern.FACT, is_dropped=False)
    return None


def _is_left_open(noun: Word) -> bool:
    """Whether the verb that the noun is subject of says that nobody could check it."""
    verb = noun.head
    return noun.dep in {"nsubj", "nsubjpass"} and is_in(verb, "verify") and is_negated(verb)


def _outer(frame: Frame) -> Iterator[Frame]:
    """For "X reiterated Y's position that S", "X floated suggestions that S": X is who says it."""
    verb = frame.cue.head
    if frame.pattern != Pattern.NOUN or frame.cue.dep != "dobj":
        return
    if is_negated(verb):
        return
    if is_in(verb, "report") or not frame.source:
        yield Frame(verb, source_of(verb), frame.content, Stance.REPORTS, Pattern.NOUN_OBJECT, is_in(verb, "report"))
