"""The names an article gives: full names by surname, and what its abbreviations stand for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from claims.splitting import lexicons
from claims.splitting.tree import Sentence, Word, plain

GENERATION = re.compile(r"(?:[JS]r\.?|I{1,3}|IV)")
HONORIFIC = re.compile(r"^(?:(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|President)\.? )+")
BRACKET = re.compile(r"\s*\([^)]*\)")
SPELLED = re.compile(
    r"\b((?:[A-Z][\w.&’'-]{0,40})(?: (?:[A-Z][\w.&’'-]{0,40}|of|for|and|the|to|on|in|our)){1,8}) \(([A-Z]{2,6})\)"
)
SHORT = re.compile(r"\b[A-Z]{2,6}\b")
SURNAMES = frozenset({"king", "pope", "judge", "prince", "bishop"})  # titles that are names as well
SMALL = frozenset({"of", "for", "and", "the", "to", "on", "in", "our"})


@dataclass(slots=True)
class Names:
    """Full names by surname, surnames of more than one bearer, and spelled-out abbreviations with where they stand."""

    people: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    abbreviations: dict[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """The fullest form of a person's name that the article gives; the name itself where it is no surname."""
        short = HONORIFIC.sub("", BRACKET.sub("", name).strip())
        cased = short.title() if short.isupper() and " " not in short else short
        return self.people.get(cased, cased) or name

    def is_safe(self, surname: str) -> bool:
        """Whether a surname has one bearer whose full name is known."""
        return surname in self.people and surname not in self.shared


def collect(sentences: Iterable[Sentence], text: str) -> Names:
    """Map each surname to the first full name that ends in it, and each abbreviation to what it was spelled out as."""
    names = Names(abbreviations=dict(_abbreviations(text)))
    for sentence in sentences:
        _name_those_beside(sentence.words)
        for words in _person_runs(sentence.words):
            run = list(dropwhile(_is_before_name, words)) or words
            last = next((word for word in reversed(run) if not GENERATION.fullmatch(word.text)), run[0])
            if last is run[0]:
                continue
            full = HONORIFIC.sub("", BRACKET.sub("", plain(run, text)))
            known = names.people.setdefault(last.text, full)
            if not _is_same(known, full, last.text):
                names.shared.add(last.text)
    return names


def _is_before_name(word: Word) -> bool:
    """Whether a word before a name is a nation or a title, which the parser took for part of it."""
    title = word.lower in lexicons.words("titles") and word.lower not in SURNAMES
    return title or word.lower in lexicons.words("demonyms")


def _given_name(word: Word) -> Word | None:
    """The capitalised word right before a surname that the parser did not know for a given name."""
    before = [child for child in word.every("compound") if child.index == word.index - 1]
    if not before or before[0].tag != "NNP" or before[0].entity or _is_before_name(before[0]):
        return None
    before[0].entity = "PERSON"
    return before[0]


def _name_those_beside(words: Sequence[Word]) -> None:
    """A given name and a surname that an "and" joins to a person's are a person's."""
    for word in words:
        given = [child for child in word.every("compound") if child.tag == "NNP" and child.entity != "NORP"]
        if word.dep == "conj" and word.tag == "NNP" and word.head.entity == "PERSON" and len(given) == 1:
            word.entity = given[0].entity = "PERSON"


def _is_same(known: str, other: str, surname: str) -> bool:
    """Whether two full names may be one person's: Pat and Patrick, but not Hillary and Bill."""
    alone = HONORIFIC.sub("", other)
    return known.endswith(alone) or known[:1] == alone[:1]


def _abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Abbreviations spelled out where they first occur, by the initials of their words."""
    first = {short[0]: short.start() for short in reversed(list(SHORT.finditer(text)))}
    for found in SPELLED.finditer(text):
        short = found[2]
        if first[short] < found.start():
            continue  # the article takes it for known
        words = found[1].split()
        for start in range(len(words)):
            initials = [word[0].upper() for word in words[start:]]
            capitals = [word[0] for word in words[start:] if word not in SMALL]
            if short in {"".join(initials), "".join(capitals)}:
                yield short, " ".join(words[start:])
                break


def _person_runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and word.entity == "PERSON" and word.pos in {"PROPN", "PUNCT"} and word.tag != "POS":
            if not run and (given := _given_name(word)) is not None:
                run.append(given)
            run.append(word)
        elif run:
            yield run
            run = []


def surname(words: Sequence[Word]) -> str:
    """The last word of a person's name that is no Jr. or III, small; empty where nobody is named."""
    names = [word.lower for word in words if word.entity == "PERSON" and not GENERATION.fullmatch(word.text)]
    return names[-1] if names else ""
