"""The standalone sentence of a claim: its own words, with the frame, hedges and ties to other sentences taken out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from claims.splitting.clauses import Clause
from claims.splitting.grammar import auxiliaries, is_in, is_many, is_past, is_predicate, noun_core, own_subject, subject
from claims.splitting.inflect import past_of, present_of
from claims.splitting.mentions import Mentions
from claims.splitting.tree import Word, by_index

TIES = frozenset({"also", "however", "meanwhile", "instead", "too", "moreover", "though", "therefore", "thus"})
COMMON = frozenset({"DET", "PRON", "ADP", "SCONJ", "ADV", "VERB", "ADJ", "NUM"})
RELATIVES = frozenset({"WP", "WDT"})
SPACED = re.compile(r"\s+")
BEFORE_MARK = re.compile(r"\s+([,.;:!?)\]])")
HIDDEN = re.compile('["“”«»\u00ad\u200b-\u200f\u2060\ufeff]')
EDGES = " ,;:—–-"


@dataclass(slots=True)
class Scribe:
    """Writes words as the article does, with pronouns by name where that is safe."""

    text: str
    mentions: Mentions
    speaker: str

    def write(self, words: Sequence[Word]) -> list[str]:
        """The words, those that the article glues together (don't, Anna's) in one."""
        pieces: list[str] = []
        last: Word | None = None
        for word in sorted(words, key=by_index):
            shown = self._shown(word)
            if last is not None and word.start == last.end:
                shown = pieces.pop() + shown
            pieces.append(shown)
            last = word
        return pieces

    def _shown(self, word: Word) -> str:
        if word.lower in {"i", "me"} and self.speaker:
            return self.speaker
        shown = self.text[word.start : word.end]
        capital = word.pos in COMMON and not word.entity and shown[1:].islower()
        return self.mentions.meant.get(word, shown.lower() if capital else shown)


def render(clause: Clause, scribe: Scribe) -> str:
    """Write the claim as one plain sentence; a pronoun that is not safely known stays as it stands."""
    shape = SHAPES.get(clause.site.rule, _as_it_stands)
    written = SPACED.sub(" ", HIDDEN.sub("", " ".join(shape(clause, scribe))))
    plain = BEFORE_MARK.sub(r"\1", written).strip(EDGES)
    plain = plain[:1].upper() + plain[1:]
    return plain if plain.endswith((".", "!")) else f"{plain}."


def _as_it_stands(clause: Clause, scribe: Scribe) -> list[str]:
    dropped = _loose(clause)
    return scribe.write([word for word in clause.words if word not in dropped])


def _loose(clause: Clause) -> set[Word]:
    """Words that tie the clause to others or hedge it, and a pluperfect that only orders it before another."""
    loose = {word for word in clause.words if word.lower in TIES and word.dep == "advmod"}
    loose |= {word for word in clause.words if word.dep == "advmod" and is_in(word, "unconfirmed_adverbs")}
    helpers = auxiliaries(clause.head) if is_predicate(clause.head) else []
    if [helper.lower for helper in helpers] == ["had"] and clause.head.text.endswith("ed"):
        loose.update(helpers)
    return loose


def _rest(clause: Clause) -> list[Word]:
    """The clause without what it takes over from elsewhere."""
    loose = _loose(clause)
    return [word for word in clause.words if word not in clause.site.shared and word not in loose]


def _noun_is(clause: Clause, scribe: Scribe) -> list[str]:
    return [*scribe.write(clause.site.shared), _to_be(clause), *scribe.write(_rest(clause))]


def _to_be(clause: Clause) -> str:
    many = is_many(clause.site.shared)
    if clause.site.rule == "apposition" or not is_past(clause.head):
        return "are" if many else "is"
    return "were" if many else "was"


def _titled(clause: Clause, scribe: Scribe) -> list[str]:
    title = [word for word in clause.words if word.index < clause.head.index and word.entity != "PERSON"]
    behind = [word for word in clause.words if word.index > clause.head.index]
    name = [word for word in clause.words if word not in title and word not in behind]
    return [*scribe.write(name), "is", *scribe.write(title), *scribe.write(behind)]


def _aged(clause: Clause, scribe: Scribe) -> list[str]:
    return [*scribe.write(clause.site.shared), "is", *scribe.write([clause.head]), "years old"]


def _related(clause: Clause, scribe: Scribe) -> list[str]:
    """The noun in the place of its relative pronoun; as an object it goes to the end."""
    rest = [word for word in _rest(clause) if word.tag not in RELATIVES]
    own = own_subject(clause.head)
    noun = scribe.write(clause.site.shared)
    whose = next((word for word in rest if word.tag == "WP$"), None)
    if whose is not None:
        return [
            *noun[:-1],
            f"{noun[-1]}'" if noun[-1].endswith("s") else f"{noun[-1]}'s",
            *scribe.write([word for word in rest if word is not whose]),
        ]
    if own is None or own.tag in RELATIVES:
        return [*noun, *scribe.write(rest)]
    return [*scribe.write(rest), *noun]


def _with_owner(clause: Clause, scribe: Scribe) -> list[str]:
    """For "…, killing three": the subject of the clause before it did so."""
    owner = subject(clause.head)
    rest = [word for word in _rest(clause) if word is not clause.head]
    if owner is None or clause.head.tag != "VBG" or owner in rest:
        return scribe.write(_rest(clause))
    verb = past_of(clause.head.lemma) if is_past(clause.head) else _present(clause.head, [owner])
    before = [word for word in rest if word.index < clause.head.index]
    return [*scribe.write(noun_core(owner)), *scribe.write(before), verb, *scribe.write(rest[len(before) :])]


def _present(verb: Word, owner: Sequence[Word]) -> str:
    return verb.lemma if is_many(owner) else present_of(verb.lemma)


def _accused(clause: Clause, scribe: Scribe) -> list[str]:
    accused = [word for word in clause.site.shared if word.dep != "prep"]
    rest = [word for word in _rest(clause) if word is not clause.head]
    return [*scribe.write(accused), past_of(clause.head.lemma), *scribe.write(rest)]


def _proposed(clause: Clause, scribe: Scribe) -> list[str]:
    rest = [word for word in clause.words if word.tag != "TO" or word.head is not clause.head]
    if not is_predicate(clause.head):
        return ["there should be", *scribe.write(rest)]
    before = [word for word in rest if word.index < clause.head.index]
    return [*scribe.write(before), "should", *scribe.write(rest[len(before) :])]


def _infinitive(clause: Clause, scribe: Scribe) -> list[str]:
    """For "X is said to have fled": X has fled."""
    helpers = auxiliaries(clause.head)
    verb = next((helper for helper in helpers if helper.tag != "TO"), clause.head)
    rest = [word for word in _rest(clause) if word.tag != "TO" and word is not verb]
    return [*scribe.write(clause.site.shared), _present(verb, clause.site.shared), *scribe.write(rest)]


def _there_was(clause: Clause, scribe: Scribe) -> list[str]:
    return ["there were" if is_many(clause.words) else "there was", *scribe.write(clause.words)]


def _judged(clause: Clause, scribe: Scribe) -> list[str]:
    judged = [word for word in clause.site.shared if word.dep != "prep"]
    return [*scribe.write(judged), "are" if is_many(judged) else "is", *scribe.write(_rest(clause))]


def _epithet(clause: Clause, scribe: Scribe) -> list[str]:
    telling = clause.site.shared
    noun = [word for word in clause.words if word not in telling]
    return [*scribe.write(noun), "are" if is_many(noun) else "is", *scribe.write(telling)]


SHAPES: dict[str, Callable[[Clause, Scribe], list[str]]] = {
    "apposition": _noun_is,
    "participle": _noun_is,
    "adjective before the clause": _noun_is,
    "title before a name": _titled,
    "age": _aged,
    "relative clause": _related,
    "participle behind a comma": _with_owner,
    "accusation": _accused,
    "proposal": _proposed,
    "content in the infinitive": _infinitive,
    "event of a report": _there_was,
    "owned plan": _there_was,
    "obstacle": _there_was,
    "judgement": _judged,
    "telling epithet": _epithet,
}
