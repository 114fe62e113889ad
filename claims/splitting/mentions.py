"""Who a short name or a pronoun is, where that is safe; else nothing: a visible pronoun is better than a wrong name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from claims.splitting.grammar import SUBJECTS, noun_core
from claims.splitting.tree import Sentence, Word, plain

HE_OR_SHE = frozenset({"he", "she", "him", "her", "his", "hers"})
GENERATION = re.compile(r"(?:[JS]r\.?|I{1,3}|IV)")
HONORIFIC = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|President)\.? ")


@dataclass(slots=True)
class Mentions:
    """The people an article names, by surname, and whom its sentences were last about."""

    full_names: dict[str, str] = field(default_factory=dict)
    person: str = ""
    subject: str = ""
    spoken: str = ""

    def named(self, name: str) -> str:
        """The fullest form of a name that the article gives; the name itself where it is no surname."""
        short = HONORIFIC.sub("", name.strip())
        return self.full_names.get(short.title() if short.isupper() else short, short)

    def read(self, sentence: Sentence, text: str) -> None:
        """Remember whom a sentence is about."""
        for word in sentence.words:
            if word.dep not in SUBJECTS or word.head is None:
                continue
            if word.entity == "PERSON":
                self.person = self.named(plain(_name(word), text))
            if word.tag != "PRP" and word.dep != "expl" and word.head is sentence.root:
                self.subject = plain(noun_core(word), text)


def _name(word: Word) -> list[Word]:
    return [part for part in noun_core(word) if part.entity == "PERSON"]


def collect(sentences: Iterable[Sentence], text: str) -> dict[str, str]:
    """Map each surname to the first full name that ends in it."""
    names: dict[str, str] = {}
    for sentence in sentences:
        for run in _person_runs(sentence.words):
            if len(run) > 1:
                names.setdefault(text[run[-1].start : run[-1].end], plain(run, text))
    return names


def _person_runs(words: Sequence[Word]) -> Iterable[list[Word]]:
    run: list[Word] = []
    for word in words:
        if word.entity == "PERSON" and word.pos in {"PROPN", "PUNCT"} and word.tag != "POS":
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def surname(words: Sequence[Word]) -> str:
    """The last word of a person's name that is no Jr. or III."""
    names = [word.lower for word in words if word.entity == "PERSON" and not GENERATION.fullmatch(word.text)]
    return names[-1] if names else ""
