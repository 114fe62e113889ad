"""Opinion: whether a sentence speaks for what its writer thinks rather than of what happened.

Signs of subjectivity after Wiebe et al. (2004), "Learning Subjective Language"; where the line is drawn follows Antici
et al. (2024), "A Corpus for Sentence-Level Subjectivity Detection on English News Articles": the opinion of somebody
who is quoted is news, so what stands in quotation marks does not count. The weights are set by hand.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import exp

from claims.splitting import lexicons
from claims.splitting.phrases import STRAIGHT, WORD, phrases
from claims.splitting.signs import Sign, Signs, found, one_of

QUOTED = re.compile(r"[“\"«][^”\"»]*(?:[”\"»]|$)")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]")
MANY_NAMES = 3
LEAST_WORDS = 4
BIAS = -0.55
LEXICONS = {"judging": (0.8, 3), "stressing": (0.5, 2), "saying": (-1.0, 1)}  # weight of an entry, how many count


SIGNS: Mapping[str, tuple[float, Sign]] = {
    "asks": (1.0, found(r"\?")),
    "exclaims": (0.5, found("!")),
    "demands": (
        0.8,
        found(
            r"\b(?:needs? to|ha(?:ve|s) to|let(?:'s| us))\b",
            words="must should ought shall",
            beside="need needs have has let",
        ),
    ),
    "speaks of the writer": (0.5, one_of("I me my myself", is_cased=True)),
    "speaks of us": (0.5, one_of("we us our ours ourselves")),
    "speaks to the reader": (0.5, one_of("you your yourself")),
    "speaks of them": (0.3, one_of("they them their")),
    "argues on": (
        0.5,
        found(
            r"^\W*(?:and|but|yet|so|or|because|for|nor|well|still|then|now)\b",
            beside="and but yet so or because for nor well still then now",
        ),
    ),
    "negates": (
        0.5,
        found(r"\b[a-z]+n't\b", words="no not nothing never none nobody nowhere neither cannot", beside="t"),
    ),
    "tops": (0.5, one_of("most least", ending="est", shortest=7)),
    "sweeps": (0.5, one_of("all every everyone everything always any anyone only even just too very so")),
    "says what is": (0.5, found(r"\b(?:(?:is|are)n't|(?:it|that)'s)\b", words="is are be being", beside="s t")),
    "supposes": (0.3, one_of("would could may might can seem seems")),
    "weighs": (0.3, one_of("if unless whether")),
    "likens": (0.3, found(r"\b(?:as though|kind of|sort of)\b", words="like", beside="though kind sort")),
    "foretells": (0.3, found(r"\b(?:won't|[a-z]+'ll)\b", words="will", beside="won ll")),
    "breaks off": (0.3, found("[—–]| - ")),
    "counts": (-0.5, found(r"\d")),
    "dates": (
        -0.5,
        one_of(
            "January February March April May June July August September October November December "
            "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
            is_cased=True,
        ),
    ),
    "tells the past": (-0.5, one_of("was were had did", ending="ed", shortest=5)),
}
TABLE = Signs({name: sign for name, (_, sign) in SIGNS.items()})


def opinion(text: str) -> float:
    """Return 0 to 1: from 0.5 on the sentence is an opinion of its writer."""
    return round(1 / (1 + exp(-leaning(text))), 3)


@lru_cache(maxsize=1)  # asked for twice in a row: for itself, and by `worth`
def leaning(text: str) -> float:
    """Return the sum of the signs: above 0 the sentence is rather an opinion than not."""
    return BIAS + sum(weight for _, weight in signs(text))


def signs(text: str) -> Iterator[tuple[str, float]]:
    """Yield what points to an opinion, and with a weight below 0 what points away from one."""
    straight = text.translate(STRAIGHT).strip()
    own = "" if straight.startswith("'") else QUOTED.sub(" ", straight)
    if len(WORD.findall(own)) < LEAST_WORDS:
        yield "hardly a word of the writer's own", -1.0
        return
    if own != straight:
        yield "quotes", -0.3
    if len(NAME.findall(own)) >= MANY_NAMES:
        yield "names", -0.5
    runs = phrases(own)
    for lexicon, (weight, most) in LEXICONS.items():
        yield lexicon, weight * min(most, len(runs & lexicons.words(lexicon)))
    shown = TABLE.shown(own)
    yield from ((name, weight) for name, (weight, _) in SIGNS.items() if name in shown)
