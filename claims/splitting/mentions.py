"""Who or what an article's noun phrases and pronouns mean, as far as it has been read.

Salience after Lappin and Leass (1994): every mention makes a referent present by its role in the sentence, every
further sentence halves that; agreement, binding and the voice of a quotation strike out what a pronoun cannot mean.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.splitting import lexicons
from claims.splitting.frames import Frame, Stance
from claims.splitting.fuller import FAR, Fuller, Told, behind, is_short, named_body, pair_of, telling
from claims.splitting.grammar import is_in, noun_core
from claims.splitting.inflect import possessive_of
from claims.splitting.names import GENERATION, SMALL, Names
from claims.splitting.passage import Passage
from claims.splitting.pronouns import Reading, is_empty
from claims.splitting.quotes import QuoteRegion
from claims.splitting.referents import PRONOUNS, REFLEXIVE, THEY, Referent, fits_of, is_animate
from claims.splitting.tree import Sentence, Word, by_index, plain
from claims.splitting.types import BlockKind

NOMINAL = frozenset({"NOUN", "PROPN"})
PLAIN_TITLES = frozenset({"mr.", "mrs.", "ms.", "mr", "mrs", "ms", "miss"})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
INDEFINITE = frozenset({"a", "an", "some", "another"})
LONGEST_NAME = 9
OWNER = re.compile(r"['’]s?(?: |$)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A fuller form for the words of a name or noun; none where the claim has the name `beside` as well."""

    words: tuple[Word, ...]
    now: str
    why: str
    referent: Referent
    beside: Word | None = None


@dataclass(slots=True)
class Mentions:
    """The referents of an article by the heads of their mentions, and what its pronouns mean.

    `meant` holds the pronouns that are safe to write out, `guessed` names also for those that are only good enough to
    name a source, `empty` those that need no name (it rains, himself), `spellings` fuller forms by their first word.
    """

    names: Names
    text: str
    reading: Reading = field(default_factory=Reading)
    referents: dict[Word, tuple[Referent, ...]] = field(default_factory=dict)
    meant: dict[Word, Referent] = field(default_factory=dict)
    guessed: dict[Word, str] = field(default_factory=dict)
    empty: set[Word] = field(default_factory=set)
    spellings: dict[Word, Spelling] = field(default_factory=dict)
    keys: dict[tuple[str, str], Referent] = field(default_factory=dict)
    is_headline: bool = False
    latest: dict[str, tuple[str, str]] = field(default_factory=dict)
    groups: list[Referent] = field(default_factory=list)
    fuller: Fuller = field(default_factory=Fuller)

    def named(self, name: str) -> str:
        """The fullest form of a person's name that the article gives; the name itself where it is no surname."""
        return self.names.named(name)

    def turn_to(self, passage: Passage, regions: Sequence[QuoteRegion], frames: Sequence[Frame]) -> None:
        """Start on a passage: whoever speaks it, and whoever is quoted in it, is no he or she of theirs."""
        self.is_headline = passage.kind == BlockKind.HEADLINE
        speaker = self.names.named(passage.speaker).split()
        known = self.keys.get(("person", speaker[-1].lower())) if speaker else None
        self.reading.turn_to(regions, known)
        sources = [frame.source[-1] for frame in frames if frame.source and frame.stance is Stance.REPORTS]
        self.reading.quoted_by |= {
            self._referent(source)
            for source in sources
            if self._is_mention(source) and self.reading.region(source) is None
        }

    def read(self, sentence: Sentence, frames: Sequence[Frame]) -> None:
        """Read a sentence in order: nouns are remembered, pronouns looked up."""
        self.reading.next_sentence()
        for word in sentence.words:
            if word.tag in {"PRP", "PRP$"} and word.lower in PRONOUNS:
                self._look_up(word, frames)
            elif self._is_mention(word):
                self._remember(word)

    def _look_up(self, word: Word, frames: Sequence[Frame]) -> None:
        if is_empty(word):
            self.empty.add(word)
            return
        found = self.reading.resolve(word, frames, self.referents)
        if word.lower in REFLEXIVE:
            self.empty.add(word)
        if found.best is not None:
            self.guessed[word] = found.best.name
        if found.best is not None and found.is_safe:
            self.meant[word] = found.best
            self.referents[word] = (found.best,)
            self.reading.mention(found.best, word)
            if found.best.is_named and len(found.best.fits) > 1 and PRONOUNS[word.lower] in {"he", "she"}:
                found.best.fits = frozenset({PRONOUNS[word.lower]})

    def _is_mention(self, word: Word) -> bool:
        if word.pos not in NOMINAL and not (word.pos == "PRON" and word.tag == "NN"):
            return False
        if word.dep in {"compound", "nmod"}:
            known = word.entity in {"GPE", "ORG"} or (word.text in self.names.people and is_in(word.head, "persons"))
            return word.head.pos == "NOUN" and known and word.text[0].isupper()
        return any(char.isalnum() for char in word.text)

    def is_person(self, word: Word) -> bool:
        """Whether a name is a person's: the parser says so, or the article has it as a surname."""
        if word.text in self.names.people:
            return word.pos == "PROPN" or (word.pos == "NOUN" and word.text.istitle())
        return word.pos == "PROPN" and word.entity == "PERSON"

    def _remember(self, word: Word) -> None:
        spelling = self._beside(word) or self._short(word)
        referent = spelling.referent if spelling is not None else self._referent(word)
        spelling = spelling or self._spelling(word, referent)
        self.referents[word] = (referent,)
        self.reading.mention(referent, word)
        members = self._members(word)
        if len(members) > 1 and word is members[-1] and all(member in self.referents for member in members):
            self.referents[word] = (referent, self._group(members))
        if spelling is not None:
            self.spellings[spelling.words[0]] = spelling
        if word.pos == "NOUN" and not self.is_headline:
            before, after = self._phrase(telling(word)), self._phrase(behind(word))
            self.fuller.remember(word, Told(before, after, self.reading.sentence))

    def _phrase(self, words: Sequence[Word]) -> str:
        return _joined([self._part(part) for part in words], words)

    def _beside(self, word: Word) -> Spelling | None:
        """A description by the name that stands in apposition to it."""
        beside, core = self._name_beside(word), tuple(noun_core(word))
        if beside is None or not core:  # of a conjunction that passes for a noun nothing is left
            return None
        referent = self._referent(beside)
        return Spelling(core, referent.name, "the name that stands beside it", referent, beside)

    def _short(self, word: Word) -> Spelling | None:
        """A short definite noun that means somebody named, or something that was told more fully before."""
        if word.pos != "NOUN":
            return None
        pair = pair_of(word, self.groups)
        if pair is not None:
            return Spelling(pair[0], pair[1].name, "the two who were named together", pair[1])
        if word.dep == "compound" or not is_short(word):
            return None
        words = (word.children[0], word)
        told = self.fuller.of(word, self.reading.sentence)
        since = told.sentence if told else self.reading.sentence - FAR
        body = named_body(word, self.keys.values(), self.names.abbreviations, since) or self._country(word)
        if body is not None:
            return Spelling(words, body.name, "the last one with that name", body)
        if told is None:
            return None
        the = "" if OWNER.search(told.before) else "the"
        shown = " ".join(part for part in (the, told.before, self.text[word.start : word.end], told.behind) if part)
        return Spelling(words, shown, "as it was told before", self._referent(word))

    def _country(self, word: Word) -> Referent | None:
        """The country that "the country" means: the one most present to the reader."""
        if word.lemma not in {"country", "nation"} or word.tag != "NN":
            return None
        countries = [
            known
            for known in self.reading.known
            if known.name.removeprefix("the ").lower() in lexicons.words("countries")
        ]
        return max(countries, key=lambda known: known.weight, default=None)

    def _name_beside(self, word: Word) -> Word | None:
        """For "the mayor, Anna Belk": the name in apposition to a noun."""
        if self.is_person(word) or word.first("conj") is not None:
            return None
        named = [other for other in word.every("appos") if self.is_person(other) and other.first("conj") is None]
        return named[0] if named and named[0].index > word.index else None

    def _members(self, word: Word) -> list[Word]:
        """The nouns that an "and" joins the noun to, in order."""
        first = word
        while first.dep == "conj" and (first.head.pos in NOMINAL or first.head in self.meant):
            first = first.head
        found = [first]
        for member in found:
            found.extend(other for other in member.every("conj") if other.pos in NOMINAL)
        joined = any(tie.lower == "and" for member in found for tie in member.every("cc"))
        return found if joined else [word]

    def _group(self, members: Sequence[Word]) -> Referent:
        parts = tuple(self.referents[member][0] for member in members)
        names = [part.name for part in parts]
        key = ("group", " and ".join(sorted(names)))
        group = self.keys.get(key)
        if group is None:
            name, lively = f"{', '.join(names[:-1])} and {names[-1]}", all(part.is_animate for part in parts)
            group = self.keys[key] = Referent(name, THEY, members[0], members=parts, is_animate=lively)
            self.groups.append(group)
        self.reading.mention(group, members[0])
        return group

    def _referent(self, word: Word) -> Referent:
        """Whom the article has spoken of by this name or noun before, or somebody new."""
        is_person = self.is_person(word)
        run = name_run(word)
        fits = fits_of(word, run, is_person=is_person)
        key = self._key(word, run, is_person=is_person)
        known = self.keys.get(key)
        if known is None or not (known.fits & fits or known.fits == fits):
            named = is_person or word.pos == "PROPN"
            known = Referent(self._description(word, run, is_person=is_person), fits, word, is_named=named)
            known.is_animate = named or is_animate(word)
            self.keys[key] = known
            if not named:
                self.latest[word.lower] = key
        elif is_person and len(fits) < len(known.fits):
            known.fits = fits
        elif not is_person and word.dep != "compound":
            known.name = _fullest(known.name, self._description(word, run, is_person=False))
        return known

    def _key(self, word: Word, run: Sequence[Word], *, is_person: bool) -> tuple[str, str]:
        if is_person:
            surname = next((part for part in reversed(run) if not GENERATION.fullmatch(part.text)), word)
            shared = surname.text in self.names.shared and len(run) > 1
            return ("person", " ".join(part.lower for part in run) if shared else surname.lower)
        if word.pos == "PROPN":
            return ("name", self._plain_name(run))
        exact = ("noun", " ".join([part.lower for part in noun_core(word) if part.index <= word.index]))
        is_definite = any(child.lower in DEFINITE for child in word.every("det"))
        return self.latest.get(word.lower, exact) if is_definite and exact not in self.keys else exact

    def _plain_name(self, run: Sequence[Word]) -> str:
        """A name without dots and article; an abbreviation as the name whose initials it has."""
        name = " ".join(part.lower.replace(".", "") for part in run if part.dep != "det")
        if " " in name or not run[-1].text.replace(".", "").isupper():
            return name
        spelled = [known for kind, known in self.keys if kind == "name" and " " in known]
        return next((known for known in spelled if _initials(known) == name), name)

    def name_of(self, source: Sequence[Word]) -> str:
        """A source as the article names it: a surname in full, a pronoun by whom it means, where that is known."""
        shown = plain(source, self.text)
        if len(source) == 1 and source[0].tag == "PRP":
            return self.guessed.get(source[0], shown)
        if not source or not self.is_person(source[-1]) or source[-1].above in source:
            return shown
        return self.named(plain(name_run(source[-1]), self.text))

    def _description(self, word: Word, run: Sequence[Word], *, is_person: bool) -> str:
        """What to write for a pronoun that means the noun: a full name, or the noun with what stands before it."""
        if is_person:
            return self.named(plain(run, self.text))
        words = noun_core(word)
        if len(words) > LONGEST_NAME or word.first("conj") is not None:
            words = [part for part in words if part.index <= word.index]
        shown = [self._part(part) for part in words]
        if shown and (shown[0].lower() in INDEFINITE | DEFINITE):
            shown[0] = "the"
        return _joined(shown, words)

    def _part(self, word: Word) -> str:
        if word.tag == "PRP$" and word in self.meant:
            return possessive_of(self.meant[word].name)
        shown = self.text[word.start : word.end]
        is_name = word.pos == "PROPN" or (word.entity and word.pos != "NUM")
        return shown if is_name or not shown[1:].islower() else shown.lower()

    def _spelling(self, word: Word, referent: Referent) -> Spelling | None:
        run = name_run(word)
        if referent.is_named and self.is_person(word):
            return self._full_name(word, run, referent)
        if referent.is_named and word.dep != "compound" and word.text in self.names.abbreviations:
            full = f"{self.names.abbreviations[word.text]} ({word.text})"
            return Spelling((word,), full, "the abbreviation spelled out", referent)
        return None

    def _full_name(self, word: Word, run: Sequence[Word], referent: Referent) -> Spelling | None:
        titled = [child for child in word.children if child.index == run[0].index - 1 and child.lower in PLAIN_TITLES]
        surname = next((part for part in reversed(run) if not GENERATION.fullmatch(part.text)), word)
        before = [child for child in word.children if child.index < run[0].index and child not in titled]
        office = any(is_in(child, "titles") for child in before)
        inside = word.dep == "compound" and not is_in(word.head, "persons")
        if not self.names.is_safe(surname.text) or inside or (office and len(run) == 1):
            return None
        full = self.names.people[surname.text]
        words = (*titled, *run)
        if plain(words, self.text) == full or len(run) > len(full.split()):
            return None
        return Spelling(words, full, "the full name", referent)


def _fullest(known: str, now: str) -> str:
    """The longer of two names, the later of two as long; with its article, if one of them has it."""
    short, later = known.removeprefix("the "), now.removeprefix("the ")
    kept = later if len(later.split()) >= len(short.split()) else short
    return f"the {kept}" if known != short or now != later else kept


def _joined(shown: Sequence[str], words: Sequence[Word]) -> str:
    pieces: list[str] = []
    offset = len(shown) - len(words)
    for at, piece in enumerate(shown):
        glued = at > offset and words[at - offset].start == words[at - offset - 1].end
        pieces.append(piece if glued or not pieces else f" {piece}")
    return "".join(pieces)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word not in SMALL)


def name_run(word: Word) -> list[Word]:
    """The words of the name that a noun ends: given names before a surname, a noun's compounds before it."""
    before = [child for child in word.every("compound", "nmod", "amod", "punct") if child.index < word.index]
    parts = sorted({*before, *(part for child in before for part in child.subtree())}, key=by_index)
    run = [word]
    for part in reversed(parts):
        same = part.entity == word.entity if word.pos == "PROPN" else part.dep in {"compound", "nmod"}
        if (
            part.index != run[0].index - 1
            or not same
            or (word.pos == "PROPN" and part.pos not in {"PROPN", "PUNCT", "ADP"})
        ):
            break
        run.insert(0, part)
    return run
