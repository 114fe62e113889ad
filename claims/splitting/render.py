"""The standalone sentence of a claim: its own words, with the frame, hedges and ties to other sentences taken out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from claims.splitting import lexicons
from claims.splitting.clauses import Clause
from claims.splitting.edits import Piece, assemble
from claims.splitting.grammar import (
    auxiliaries,
    coordination,
    is_in,
    is_many,
    is_past,
    is_predicate,
    noun_core,
    own_subject,
    subject,
)
from claims.splitting.inflect import VOWELS, past_of, present_of
from claims.splitting.mentions import name_run
from claims.splitting.scribe import Scribe
from claims.splitting.seats import seat_of
from claims.splitting.sites import Rule
from claims.splitting.tree import Word, by_index
from claims.splitting.types import Edit, Span

PARTIES = frozenset({"republican", "democrat"})
RELATIVES = frozenset({"WP", "WDT"})
STATED = "stated as a sentence of its own"


@dataclass(frozen=True, slots=True)
class Standalone:
    """A claim as one plain sentence, how it came from the article's words, and the pronouns in it that are not safe."""

    text: str
    edits: tuple[Edit, ...]
    unresolved: tuple[Span, ...]


def render(clause: Clause, scribe: Scribe, article: str) -> Standalone:
    """Write the claim as one plain sentence; a pronoun that is not safely known stays as it stands."""
    shape = SHAPES.get(clause.site.rule, _as_it_stands)
    text, edits = assemble(shape(clause, scribe), article)
    unresolved = tuple(Span(word.start, word.end, article[word.start : word.end]) for word in scribe.unresolved)
    return Standalone(text, edits, unresolved)


def _put(now: str, near: Word) -> Piece:
    """A word that the article does not have."""
    return Piece(near.start, near.start, now, STATED)


def _as_it_stands(clause: Clause, scribe: Scribe) -> list[Piece]:
    return scribe.write(clause.words)


def _rest(clause: Clause) -> list[Word]:
    """The clause without what it takes over from elsewhere."""
    return [word for word in clause.words if word not in clause.site.shared]


def _noun_is(clause: Clause, scribe: Scribe) -> list[Piece]:
    rest = _rest(clause)
    shown = scribe.write(clause.site.shared)
    if clause.head.tag != "VBG" or clause.site.rule != Rule.PARTICIPLE:
        return [*shown, _put(_to_be(clause), clause.head), *scribe.write(rest)]
    verb = past_of(clause.head.lemma) if is_past(clause.head) else _present(clause.head, clause.site.shared)
    before = [word for word in rest if word.index < clause.head.index]
    behind = [word for word in rest if word.index > clause.head.index]
    return [*shown, *scribe.write(before), _as(verb, clause.head), *scribe.write(behind)]


def _to_be(clause: Clause) -> str:
    many = is_many(clause.site.shared)
    if clause.site.rule == Rule.APPOSITION or not is_past(clause.head):
        return "are" if many else "is"
    return "were" if many else "was"


def _titled(clause: Clause, scribe: Scribe) -> list[Piece]:
    head, run = clause.head, name_run(clause.head)
    title = [word for word in clause.words if word.index < run[0].index]
    behind = [word for word in clause.words if word.index > head.index]
    name = [word for word in clause.words if word not in title and word not in behind]
    if title and all(is_in(word, "bare_titles") for word in title):
        seat = seat_of(title, scribe.text[head.start : head.end])
        if seat:
            first, last = min(title, key=by_index), max(title, key=by_index)
            return [
                *scribe.write(name),
                Piece(first.start, last.end, f"is {seat}", "the party and the state spelled out"),
            ]
        if behind:
            return [*scribe.write([*title, *name]), _put("is with", head), *scribe.write(behind[1:])]
    while len(title) > 1 and is_in(title[-1], "bare_titles") and not is_in(title[-1], "ranks"):
        title.pop()
    be = f"is {_article(title)}".strip() if title else "is"
    shown = _bare_office(title, _ranks(scribe.write(title)))
    return [*scribe.write(name), _put(be, head), *shown, *scribe.write(behind)]


def _bare_office(title: Sequence[Word], pieces: list[Piece]) -> list[Piece]:
    """Behind "is the" or "is a" an office alone is written small: the mayor, a judge."""
    offices = ("offices", "titles", "persons")
    if len(title) != 1 or is_in(title[0], "bare_titles") or not any(is_in(title[0], office) for office in offices):
        return pieces
    return [replace(piece, now=piece.now.lower(), why=piece.why or STATED) for piece in pieces]


def _ranks(pieces: list[Piece]) -> list[Piece]:
    """Lt. Gen. as lieutenant general."""
    full = dict(entry.split() for entry in lexicons.words("ranks_in_full"))
    shown = ((piece, full.get(piece.now.lower())) for piece in pieces)
    return [replace(piece, now=now, why="the rank in full") if now else piece for piece, now in shown]


def _article(title: Sequence[Word]) -> str:
    """The article of an office: the president, a spokesman; none where an owner or a determiner stands."""
    told = any(word.tag in {"POS", "PRP$", "DT", "NNS", "CD"} for word in title)
    if (
        told
        or title[-1].pos not in {"NOUN", "PROPN"}
        or (is_in(title[-1], "demonyms") and title[-1].lower not in PARTIES)
    ):
        return ""
    if any(is_in(word, "offices") for word in title):
        return "the"
    return "an" if title[0].lower[0] in VOWELS and not title[0].lower.startswith(("u.", "us", "un", "eu")) else "a"


def _aged(clause: Clause, scribe: Scribe) -> list[Piece]:
    head = clause.head
    return [*scribe.write(clause.site.shared), _put("is", head), *scribe.write([head]), _put("years old", head)]


def _related(clause: Clause, scribe: Scribe) -> list[Piece]:
    """The noun in the place of its relative pronoun: as a subject first, as an object behind its verb."""
    rest = [word for word in _rest(clause) if word.tag not in RELATIVES]
    own = own_subject(clause.head)
    noun = scribe.write(clause.site.shared)
    whose = next((word for word in rest if word.tag == "WP$"), None)
    if whose is not None:
        owner = Piece(whose.start, whose.end, "'" if noun[-1].now.endswith("s") else "'s", STATED, is_glued=True)
        return [*noun, owner, *scribe.write([word for word in rest if word is not whose])]
    if own is None or own.tag in RELATIVES:
        return [*noun, *scribe.write(rest)]
    if rest[0].tag == "WRB":
        return [*scribe.write(rest[1:]), _as("in", rest[0]), *noun]
    carrier = next((word.head for word in clause.words if word.tag in RELATIVES and word.dep == "pobj"), None)
    if carrier in rest:
        return [*scribe.write([word for word in rest if word is not carrier]), *scribe.write([carrier]), *noun]
    before, behind = _around_object(clause, rest)
    return [*scribe.write(before), *noun, *scribe.write(behind)]


def _around_object(clause: Clause, rest: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """The words before and behind the place that a relative pronoun left as an object."""
    verb = clause.head
    while (further := verb.first("xcomp")) is not None and further in rest:
        verb = further
    behind = [word for word in rest if word.index > verb.index and word.dep != "prt"]
    return [word for word in rest if word not in behind], behind


def _with_owner(clause: Clause, scribe: Scribe) -> list[Piece]:
    """For "…, killing three": the subject of the clause before it did so."""
    owner = _owner(clause)
    rest = [word for word in _rest(clause) if word is not clause.head]
    if owner is None or owner in rest:
        return scribe.write(_rest(clause))
    if clause.head.tag == "VBN":
        be = past_of("be") if is_past(clause.head) else "is"
        core = noun_core(owner)
        be = ("were" if be == "was" else "are") if is_many(core) else be
        return [*scribe.write(core), _put(be, clause.head), *scribe.write(_rest(clause))]
    verb = past_of(clause.head.lemma) if is_past(clause.head) else _present(clause.head, [owner])
    before = [word for word in rest if word.index < clause.head.index]
    shown = scribe.write(noun_core(owner))
    return [*shown, *scribe.write(before), _as(verb, clause.head), *scribe.write(rest[len(before) :])]


def _owner(clause: Clause) -> Word | None:
    """Who did it: the subject; for "the state, modeled on …" the noun right before the comma."""
    own = subject(clause.head)
    if clause.head.tag == "VBG" or clause.words[0].index < clause.head.head.index:
        return own
    sentence_words = [word for word in clause.head.head.subtree() if word.index < clause.words[0].index]
    before = [word for word in sentence_words if word.pos != "PUNCT"]
    if not before or before[-1].pos not in {"NOUN", "PROPN"}:
        return own
    return before[-1]


def _as(now: str, word: Word) -> Piece:
    """A verb in another form than the article's."""
    return Piece(word.start, word.end, now, STATED)


def _present(verb: Word, owner: Sequence[Word]) -> str:
    return verb.lemma if is_many(owner) else present_of(verb.lemma)


def _accused(clause: Clause, scribe: Scribe) -> list[Piece]:
    accused = [word for word in clause.site.shared if word.dep != "prep"]
    rest = [word for word in _rest(clause) if word is not clause.head]
    return [*scribe.write(accused), _as(past_of(clause.head.lemma), clause.head), *scribe.write(rest)]


def _proposed(clause: Clause, scribe: Scribe) -> list[Piece]:
    rest = [word for word in clause.words if word.tag != "TO" or word.head is not clause.head]
    if not is_predicate(clause.head):
        return [_put("there should be", clause.head), *scribe.write(rest)]
    before = [word for word in rest if word.index < clause.head.index]
    return [*scribe.write(before), _put("should", clause.head), *scribe.write(rest[len(before) :])]


def _infinitive(clause: Clause, scribe: Scribe) -> list[Piece]:
    """For "X is said to have fled": X has fled."""
    helpers = auxiliaries(clause.head)
    verb = next((helper for helper in helpers if helper.tag != "TO"), clause.head)
    rest = [word for word in _rest(clause) if word.tag != "TO" and word is not verb]
    shown = scribe.write(clause.site.shared)
    return [*shown, _as(_present(verb, clause.site.shared), verb), *scribe.write(rest)]


def _outcome(clause: Clause, scribe: Scribe) -> list[Piece]:
    """For "She ran, only to lose": she lost."""
    verb = past_of(clause.head.lemma) if is_past(clause.head) else _present(clause.head, clause.site.shared)
    left_out = {clause.head, *(word for word in clause.head.children if word.tag == "TO" or word.lower == "only")}
    rest = [word for word in _rest(clause) if word not in left_out]
    return [*scribe.write(clause.site.shared), _as(verb, clause.head), *scribe.write(rest)]


def _further(clause: Clause, scribe: Scribe) -> list[Piece]:
    """For "ten were killed and dozens wounded": dozens were wounded."""
    head, own = clause.head, own_subject(clause.head)
    be = coordination(head)[0].first("auxpass")
    if be is None or own is None or head.tag != "VBN" or auxiliaries(head) or head.first("dobj", "xcomp", "ccomp"):
        return scribe.write(clause.words)
    before = [word for word in clause.words if word.index < head.index]
    many = own.tag in {"NNS", "NNPS"} or own.first("conj") is not None
    be_now = ("were" if many else "was") if be.tag == "VBD" else ("are" if many else "is")
    return [*scribe.write(before), _put(be_now, head), *scribe.write(clause.words[len(before) :])]


def _there_was(clause: Clause, scribe: Scribe) -> list[Piece]:
    many = clause.head.tag in {"NNS", "NNPS"} or clause.head.first("conj") is not None
    there = "there were" if many else "there was"
    return [_put(there, clause.words[0]), *scribe.write(clause.words)]


def _done(clause: Clause, scribe: Scribe) -> list[Piece]:
    """For "a visit by the king": there was one; for "its portrait by Krug": its portrait was by Krug."""
    by = next(prep for prep in clause.head.every("prep") if prep.lower == "by")
    if clause.head.first("poss") is None:
        return _there_was(clause, scribe)
    before = [word for word in clause.words if word.index < by.index]
    be = "were" if clause.head.tag == "NNS" else "was"
    return [*scribe.write(before), _put(be, by), *scribe.write(clause.words[len(before) :])]


def _planned(clause: Clause, scribe: Scribe) -> list[Piece]:
    """For "Poland's plan to close the border": Poland has a plan to close the border."""
    plan = clause.head
    owner = next(part for part in plan.children if part.dep in {"poss", "amod", "compound"} and part.index < plan.index)
    owning = [word for word in clause.words if word.is_under(owner) and word.tag != "POS"]
    rest = [word for word in clause.words if not word.is_under(owner)]
    have = "have" if is_many(owning) else "has"
    one = ("an " if rest[0].lower[0] in VOWELS else "a ") if plan.tag == "NN" else ""
    return [*_as_owner(scribe.write(owning), owner), _put(f"{have} {one}".strip(), plan), *scribe.write(rest)]


def _as_owner(pieces: list[Piece], owner: Word) -> list[Piece]:
    """An owner as a subject: Anna Belk for her, the U.S. for U.S."""
    if owner.tag == "PRP$":
        return [replace(piece, now=re.sub(r"'s?$", "", piece.now)) for piece in pieces]
    needs = owner.dep != "poss" and owner.text.rstrip(".").upper() in {"US", "U.S", "UK", "U.K", "UN", "U.N", "EU"}
    return [_put("the", owner), *pieces] if needs else pieces


def _judged(clause: Clause, scribe: Scribe) -> list[Piece]:
    judged = [word for word in clause.site.shared if word is not clause.head.head]
    be = "are" if is_many(judged) else "is"
    return [*scribe.write(judged), _put(be, clause.head), *scribe.write(_rest(clause))]


def _epithet(clause: Clause, scribe: Scribe) -> list[Piece]:
    telling = clause.site.shared
    noun = [word for word in clause.words if word not in telling]
    be = "are" if is_many(noun) else "is"
    return [*scribe.write(noun), _put(be, clause.head), *scribe.write(telling)]


SHAPES: dict[Rule, Callable[[Clause, Scribe], list[Piece]]] = {
    Rule.APPOSITION: _noun_is,
    Rule.PARTICIPLE: _noun_is,
    Rule.FREE_ADJECTIVE: _noun_is,
    Rule.TITLE: _titled,
    Rule.AGE: _aged,
    Rule.RELATIVE: _related,
    Rule.FURTHER_CLAUSE: _further,
    Rule.FREE_PARTICIPLE: _with_owner,
    Rule.ACCUSATION: _accused,
    Rule.PROPOSAL: _proposed,
    Rule.INFINITIVE: _infinitive,
    Rule.OUTCOME: _outcome,
    Rule.EVENT: _there_was,
    Rule.PLAN: _planned,
    Rule.OBSTACLE: _there_was,
    Rule.DEED: _done,
    Rule.JUDGEMENT: _judged,
    Rule.EPITHET: _epithet,
}
