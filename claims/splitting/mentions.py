"""Who a short name or a pronoun is, where that is safe; else nothing: a visible pronoun is better than a wrong name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from claims.splitting.frames import Frame, Stance
from claims.splitting.grammar import SUBJECTS, is_in, is_predicate, noun_core
from claims.splitting.tree import Sentence, Word, plain

GENERATION = re.compile(r"(?:[JS]r\.?|I{1,3}|IV)")
HONORIFIC = re.compile(r"^(?:(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|President)\.? )+")
BRACKET = re.compile(r"\s*\([^)]*\)")


@dataclass(slots=True)
class Mentions:
    """The people an article names, by surname, and what its pronouns mean as far as it has been read.

    `person`, `thing` and `group` are what he or she, it and they would mean after the last sentence read. `meant` holds
    the pronouns that are safe to write out, `guessed` also those that are only good enough to name a source: it, they,
    and he or she in a paragraph with two people.
    """

    full_names: dict[str, str]
    text: str
    person: str = ""
    thing: str = ""
    group: str = ""
    is_contested: bool = False
    meant: dict[Word, str] = field(default_factory=dict)
    guessed: dict[Word, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """The fullest form of a name that the article gives; the name itself where it is no surname."""
        short = HONORIFIC.sub("", BRACKET.sub("", name).strip())
        cased = short.title() if short.isupper() and " " not in short else short
        return self.full_names.get(cased, cased) or name

    def read(self, sentence: Sentence, frames: Sequence[Frame]) -> None:
        """Read a sentence's subjects in order: names are remembered, pronouns looked up.

        In reported speech a pronoun is looked up only where it can but mean the speaker.
        """
        said = [
            frame
            for frame in frames
            if frame.source and is_predicate(frame.cue) and frame.stance is not Stance.PROPOSES
        ]
        rivals: set[Frame] = set()
        for word in sentence.words:
            if word.dep not in SUBJECTS or word.dep == "expl":
                continue
            around = [frame for frame in said if frame.holds(word)]
            if word.tag != "PRP" and not around:
                self._remember(word)
            elif word.tag != "PRP":
                rivals.update(around if self.is_person(word) else ())
            elif not around:
                self._guess(word)
            elif around[-1] not in rivals:
                self._mean(word, self._speaker(around[-1]).get(word.lower, ""))

    def is_person(self, word: Word) -> bool:
        """Whether a name is a person's: the parser says so, or the article has it as a surname."""
        return word.pos == "PROPN" and (word.entity == "PERSON" or word.text in self.full_names)

    def _guess(self, word: Word) -> None:
        known = {"he": self.person, "she": self.person, "it": self.thing, "they": self.group}
        name = known.get(word.lower, "")
        if name:
            self.guessed[word] = name
        if word.lower in {"he", "she"} and not self.is_contested:
            self._mean(word, name)

    def _mean(self, word: Word, name: str) -> None:
        if name:
            self.meant[word] = self.guessed[word] = name

    def _speaker(self, frame: Frame) -> dict[str, str]:
        """What pronouns mean in what somebody says, if they mean him, her, it or them."""
        name = self.name_of(frame.source)
        head = next((word for word in frame.source if word.head not in frame.source), frame.source[-1])
        if head.tag == "PRP":
            return {head.lower: name}
        return dict.fromkeys(self._pronouns(head), name)

    def _pronouns(self, noun: Word) -> tuple[str, ...]:
        if noun.first("conj") is not None or noun.tag in {"NNS", "NNPS"}:
            return ("they",)
        return ("he", "she") if self.is_person(noun) or is_in(noun, "persons") else ("it",)

    def _remember(self, word: Word) -> None:
        name = self.name_of(noun_core(word))
        pronouns = self._pronouns(word)
        if "they" in pronouns:
            self.group = name
        elif "it" in pronouns:
            self.thing = name
        elif self.is_person(word):
            self.is_contested = self.is_contested or self.person not in {"", name}
            self.person = name

    def name_of(self, source: Sequence[Word]) -> str:
        """A source as the article names it: a surname in full, a pronoun by whom it means, where that is known."""
        shown = plain(source, self.text)
        if len(source) == 1 and source[0].tag == "PRP":
            return self.guessed.get(source[0], shown)
        if not source or not self.is_person(source[-1]) or source[-1].above in source:
            return shown
        return self.named(plain(_name_run(source), self.text))


def _name_run(words: Sequence[Word]) -> list[Word]:
    """The words of the name that a noun phrase ends in."""
    run = [words[-1]]
    for word in reversed(words[:-1]):
        if word.pos not in {"PROPN", "PUNCT"} or word.entity != "PERSON":
            break
        run.insert(0, word)
    return run


def collect(sentences: Iterable[Sentence], text: str) -> dict[str, str]:
    """Map each surname to the first full name that ends in it."""
    names: dict[str, str] = {}
    for sentence in sentences:
        for run in _person_runs(sentence.words):
            last = next((word for word in reversed(run) if not GENERATION.fullmatch(word.text)), run[0])
            if last is not run[0]:
                names.setdefault(last.text, HONORIFIC.sub("", BRACKET.sub("", plain(run, text))))
    return names


def _person_runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and word.entity == "PERSON" and word.pos in {"PROPN", "PUNCT"} and word.tag != "POS":
            run.append(word)
        elif run:
            yield run
            run = []


def surname(words: Sequence[Word]) -> str:
    """The last word of a person's name that is no Jr. or III, small; empty where nobody is named."""
    names = [word.lower for word in words if word.entity == "PERSON" and not GENERATION.fullmatch(word.text)]
    return names[-1] if names else ""
