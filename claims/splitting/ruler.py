"""The model's rules from tags to parts of speech, looked up by a token's form, tag and relation.

spaCy's own ruler tries each of its rules, about 180, at each token: a tenth of all that parsing takes.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

INDEXED_RULER = "indexed_attribute_ruler"
ATTRIBUTES = ("LOWER", "TAG", "DEP", "IS_SPACE")
Token = tuple[str, str, str, bool]  # its ATTRIBUTES
Wanted = Mapping[str, Any]  # of one token, in spaCy's words
CONDITIONS: Mapping[str, Callable[[Any], Callable[[Any], object]]] = {
    "IS": lambda wanted: lambda value: value == wanted,
    "IN": lambda values: frozenset(values).__contains__,
    "NOT_IN": lambda values: lambda value: value not in values,
    "REGEX": lambda expression: re.compile(expression).search,
}


class Rule(NamedTuple):
    """A rule by its number and spaCy's id for it, for how many tokens it is, and what it asks of them.

    `conditions`: how many tokens on, which of the ATTRIBUTES, and whether its value will do.
    """

    number: int
    id: int
    length: int
    conditions: tuple[tuple[int, int, Callable[[Any], object]], ...]

    def holds(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether it holds of the tokens that start there."""
        if at + self.length > len(tokens):
            return False
        return all(will_do(tokens[at + on][name]) for on, name, will_do in self.conditions)


class IndexedRuler(AttributeRuler):
    """Matches what the ruler does whose rules it takes over, in the same order.

    A rule is looked up by the first of the ATTRIBUTES for which it names values; few name none.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        """Take over the rules."""
        super().__init__(ruler.vocab, ruler.name)
        self.add_patterns(ruler.patterns)
        self.named: tuple[dict[object, list[Rule]], ...] = tuple(defaultdict(list) for _ in ATTRIBUTES)
        self.others: list[Rule] = []
        for number, pattern in _patterns(ruler):
            self._index(number, pattern)

    def _index(self, number: int, pattern: Sequence[Wanted]) -> None:
        at, values = _values(pattern[0])
        conditions = [
            (on, ATTRIBUTES.index(name), CONDITIONS[operator](operand))
            for on, wanted in enumerate(pattern)
            for name, operator, operand in _asked(wanted)
            if on or not values or name != ATTRIBUTES[at]
        ]
        rule = Rule(number, self.vocab.strings[str(number)], len(pattern), tuple(conditions))
        for value in values:
            self.named[at][value].append(rule)
        if not values:
            self.others.append(rule)

    def match(self, doc: Doc) -> list[tuple[int, int, int, int]]:
        """Every rule that holds: its number, its id, where it starts and ends."""
        tokens: list[Token] = [(token.lower_, token.tag_, token.dep_, token.is_space) for token in doc]
        found = []
        for at, token in enumerate(tokens):
            rules = self.others.copy()
            for named, value in zip(self.named, token, strict=True):
                if value in named:
                    rules += named[value]
            found += [
                (rule.number, rule.id, at, at + rule.length)
                for rule in rules
                if not rule.conditions or rule.holds(tokens, at)
            ]
        return sorted(found)


def _patterns(ruler: AttributeRuler) -> Iterator[tuple[int, Sequence[Wanted]]]:
    """Every pattern with the number of its rule."""
    rules: list[dict[str, Any]] = list(ruler.patterns)
    for number, rule in enumerate(rules):
        yield from ((number, pattern) for pattern in rule["patterns"])


def _asked(wanted: Wanted) -> Iterator[tuple[str, str, Any]]:
    """Each attribute with an operator and what it is compared with."""
    for name, value in wanted.items():
        for operator, operand in value.items() if isinstance(value, dict) else [("IS", value)]:
            yield name, operator, operand


def _is_known(wanted: Wanted) -> bool:
    return all(name in ATTRIBUTES and operator in CONDITIONS for name, operator, _ in _asked(wanted))


def _values(wanted: Wanted) -> tuple[int, list[object]]:
    """The first attribute for which some values are named, and these."""
    for at, name in enumerate(ATTRIBUTES):
        value = wanted.get(name, {})
        values = value.get("IN", []) if isinstance(value, dict) else [value]
        if values:
            return at, values
    return 0, []


@Language.factory(INDEXED_RULER)
def _indexed(nlp: Language, name: str) -> IndexedRuler:
    ruler: Any = nlp.get_pipe("attribute_ruler")
    return IndexedRuler(ruler)


def index_rules(nlp: Language) -> None:
    """Put an indexed ruler in the place of the model's own; one that asks for something else stays."""
    ruler: Any = nlp.get_pipe("attribute_ruler")
    if all(_is_known(wanted) for _, pattern in _patterns(ruler) for wanted in pattern):
        nlp.add_pipe(INDEXED_RULER, before="attribute_ruler")
        nlp.remove_pipe("attribute_ruler")
