"""Check-worthiness of a sentence by its words: a logistic regression trained on debates (docs/models.md).

One and two words, as Hassan et al. (2017), "ClaimBuster", began with, each present or not, beside a few signs of the
surface. A sentence's words are weighed to length 1 together, so that long sentences do not win by length.
Numbers count as one word and names inside a sentence as another, so that the model cannot learn who debated what.
"""

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, fsum, log, sqrt

from claims.splitting import models
from claims.splitting.phrases import STRAIGHT
from claims.splitting.signs import Sign, Signs, found, one_of
from claims.splitting.subjectivity import leaning

MODEL = "checkworthy.json"
NAMES = re.compile(r"(?<=[a-z,'] )(?!I\b)(?:Mr\.|Mrs\.|[A-Z][\w'.-]*)(?: (?:of |the )?[A-Z][\w'.-]*)*")
NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
TERM = re.compile(r"[a-z]+(?:'[a-z]+)?|0|[%$?!]")
WORD = re.compile(r"[A-Za-z']+|\d[\d,.]*")
FURTHEST = 30.0  # beyond it a logistic curve is flat


SIGNS: Mapping[str, Sign] = {
    "a number": found(r"\d"),
    "a share": found(r"%|\bper cent\b", words="percent"),
    "money": found("[$€£]", words="dollars"),
    "a large number": one_of("hundred thousand million billion trillion"),
    "a question": found(r"\?"),
    "an exclamation": found("!"),
    "I": one_of("i my me"),
    "we": one_of("we our us"),
    "you": one_of("you your"),
    "not yet so": one_of("will would should must can could going shall let"),
    "the past": one_of("was were had did went said", ending="ed", shortest=3),
    "a comparison": one_of("more less most largest highest lowest than first ever every all no never"),
    "a thought": one_of("think believe hope want know feel"),
    "talk goes on": found(r"^\W*(?:and|but|so|well|now)\b", beside="and but so well now"),
    "courtesy": one_of("thank thanks please mr senator governor"),
}
TABLE = Signs(SIGNS)
MEASURES = ("length", "capitals", "length of words", "opinion")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: for each term its place in `weight`; for each sign and measure a weight."""

    bias: float
    places: Mapping[str, int]
    weight: Sequence[float]
    surface: Sequence[float]


def worth(text: str) -> float:
    """Return 0 to 1: from 0.5 on the sentence is worth checking."""
    return round(1 / (1 + exp(-max(-FURTHEST, min(FURTHEST, log_odds(text, learnt()))))), 3)


def log_odds(text: str, weights: Weights) -> float:
    """Return the log-odds that the sentence is worth checking."""
    signs = sum(value * weight for value, weight in zip(surface(text), weights.surface, strict=True))
    known = [weights.places[term] for term in set(terms(text)) if term in weights.places]
    return weights.bias + signs + fsum(weights.weight[place] for place in known) / sqrt(len(known) or 1)


def terms(text: str) -> list[str]:
    """Return the words of a sentence and its pairs of words, names and numbers made alike."""
    alike = NUMBER.sub(" 0 ", NAMES.sub(" name ", text.translate(STRAIGHT)).lower())
    words = TERM.findall(alike)
    return [*words, *map(" ".join, pairwise(words))]


def surface(text: str) -> list[float]:
    """Return the value of each of SIGNS, 0 or 1, and of each of MEASURES."""
    straight = text.translate(STRAIGHT)
    words = WORD.findall(straight) or [""]
    capitals = sum(word[:1].isupper() for word in words[1:]) / len(words)
    measures = [log(len(words)), capitals, sum(map(len, words)) / len(words), leaning(text)]
    shown = TABLE.shown(straight)
    return [float(name in shown) for name in SIGNS] + measures


@cache
def learnt() -> Weights:
    """The weights that ship, read at the first use in a process."""
    read = models.weights(MODEL)
    places = {term: place for place, term in enumerate(read["terms"])}
    signs = [read["surface"][name] for name in (*SIGNS, *MEASURES)]
    return Weights(read["bias"], places, array("f", read["weights"]), signs)
