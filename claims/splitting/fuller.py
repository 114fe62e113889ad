"""Short definite nouns by their fuller form: the swap, after a prisoner swap; the agency; both men."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claims.splitting import lexicons
from claims.splitting.grammar import is_in, is_infinitive
from claims.splitting.referents import MEASURES, Referent
from claims.splitting.tree import Word, by_index

DEFINITE = frozenset({"the", "this", "that", "these", "those"})
BEFORE = frozenset({"compound", "nmod", "amod", "poss"})
TELLING = frozenset({"NORP", "GPE", "ORG", "PERSON", "LOC", "EVENT", "LAW", "PRODUCT"})
PAIRS = {"men": "he", "women": "she", "pair": "", "couple": "", "two": ""}
PLACES = frozenset({"country", "nation"})
SIDES = frozenset({"side", "party", "government"})
NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
FAR = 8
LONGEST_BEHIND = 9
TWO = frozenset({"two", "both"})


@dataclass(frozen=True, slots=True)
class Told:
    """The words that stood before and behind a noun, as they would be written again, and in which sentence."""

    before: str
    behind: str
    sentence: int


@dataclass(slots=True)
class Fuller:
    """What has been told of each noun, with its telling words."""

    told: dict[str, list[Told]] = field(default_factory=dict)

    def remember(self, noun: Word, told: Told) -> None:
        """Note the telling words around a noun: its compounds, nations, owners, and what it is of or to do."""
        if told.before or told.behind:
            self.told.setdefault(noun.lemma, []).append(told)

    def of(self, noun: Word, sentence: int) -> Told | None:
        """What the article has told of a noun lately, if it is one thing."""
        lately = [told for told in self.told.get(noun.lemma, ()) if sentence - told.sentence <= FAR]
        return lately[-1] if len({told.before for told in lately}) == 1 else None


def telling(noun: Word) -> list[Word]:
    """The words before a noun from the first that says which one is meant."""
    before = [child for child in noun.children if child.index < noun.index and child.dep in BEFORE]
    first = next((child for child in before if _tells(child)), None)
    if first is None or any(child.entity in MEASURES for child in before):
        return []
    return sorted((part for child in before if child.index >= first.index for part in child.subtree()), key=by_index)


def _tells(child: Word) -> bool:
    if child.dep == "poss":
        return child.pos == "PROPN" or child.tag == "PRP$"
    return (child.dep in {"compound", "nmod"} and child.tag in NOUNS) or child.entity in TELLING


def behind(noun: Word) -> list[Word]:
    """The words right behind a noun that say which one is meant: of the hostages, to leave the town."""
    found: list[Word] = []
    for child in noun.children:
        tells = (child.dep == "prep" and child.lower == "of") or (
            child.dep in {"acl", "relcl"} and is_infinitive(child)
        )
        if child.index > noun.index and tells:
            found = child.subtree()
            break
    if any(part.tag in {"PRP", "PRP$"} for part in found):
        return []
    joined = bool(found) and found[0].index == noun.index + 1 and found[-1].index - found[0].index == len(found) - 1
    return found if joined and len(found) <= LONGEST_BEHIND else []


def is_short(noun: Word) -> bool:
    """Whether only an article stands before a noun, and nothing behind it says which one is meant."""
    left = [child for child in noun.children if child.index < noun.index]
    right = [child for child in noun.children if child.index > noun.index]
    return (
        len(left) == 1
        and left[0].index == noun.index - 1
        and left[0].lower in DEFINITE
        and not any(child.dep in {"relcl", "acl", "prep", "ccomp", "appos"} for child in right)
    )


def named_body(noun: Word, known: Iterable[Referent], abbreviations: Mapping[str, str], since: int) -> Referent | None:
    """The last organisation with the noun in its name: the agency, after the Space Agency; of two at once, none."""
    if not is_in(noun, "collectives"):
        return None
    full = [(abbreviations.get(referent.name, referent.name), referent) for referent in known if referent.is_named]
    named = [referent for name, referent in full if noun.lower in name.lower().split()]
    last = max((referent.sentence for referent in named), default=0)
    latest = [referent for referent in named if referent.sentence == last]
    return latest[0] if len(latest) == 1 and last > since else None


def pair_of(noun: Word, groups: Sequence[Referent]) -> tuple[tuple[Word, ...], Referent] | None:
    """The two that "both men", "the two countries", "the pair" mean, with the words that say so."""
    if noun.lemma not in PLACES | SIDES and noun.lower not in PAIRS:
        return None
    before = [child for child in noun.children if child.index < noun.index]
    words = (*before, noun)
    counted = any(child.lower in TWO for child in before)
    if any(child.lower not in {*DEFINITE, *TWO} or child.children for child in before):
        return None
    if any(child.index > noun.index and child.dep in {"relcl", "acl", "prep"} for child in noun.children):
        return None
    if words[-1].index - words[0].index != len(words) - 1 or not before:
        return None
    fitting = [group for group in groups if len(group.members) == len(TWO) and _fits(noun, group, counted=counted)]
    return (words, fitting[-1]) if fitting else None


def _is_any(noun: Word) -> bool:
    """Whether a noun is only one of its kind: an American."""
    return any(child.lower in {"a", "an"} for child in noun.every("det"))


def _fits(noun: Word, group: Referent, *, counted: bool) -> bool:
    if not all(member.is_named and not _is_any(member.head) for member in group.members):
        return False
    people = all("he" in member.fits or "she" in member.fits for member in group.members)
    if noun.lower in PAIRS:
        kind = PAIRS[noun.lower]
        return people and all(not kind or kind in member.fits for member in group.members)
    countries = all(member.name.removeprefix("the ").lower() in lexicons.words("countries") for member in group.members)
    return counted and (countries if noun.lemma in PLACES else noun.lemma in SIDES and not people)
