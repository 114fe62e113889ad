"""Opinion: whether a sentence speaks for what its writer thinks rather than of what happened.

Signs of subjectivity after Wiebe et al. (2004), "Learning Subjective Language"; where the line is drawn follows Antici
et al. (2024), "A Corpus for Sentence-Level Subjectivity Detection on English News Articles": the opinion of somebody
who is quoted is news, so what stands in quotation marks does not count. The weights are set by hand.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import exp

from claims.splitting import lexicons
from claims.splitting.phrases import STRAIGHT, WORD, phrases

QUOTED = re.compile(r"[“\"«][^”\"»]*(?:[”\"»]|$)")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]")
MANY_NAMES = 3
LEAST_WORDS = 4
BIAS = -0.55
LEXICONS = {"judging": (0.8, 3), "stressing": (0.5, 2), "saying": (-1.0, 1)}  # weight of an entry, how many count


def _words(alternatives: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b", flags)


SIGNS = {
    "asks": (1.0, re.compile(r"\?")),
    "exclaims": (0.5, re.compile("!")),
    "demands": (0.8, _words("must|should|ought|shall|needs? to|ha(?:ve|s) to|let(?:'s| us)")),
    "speaks of the writer": (0.5, _words("I(?:'[a-z]+)?|me|my|myself", 0)),
    "speaks of us": (0.5, _words("we(?:'[a-z]+)?|us|ours?|ourselves")),
    "speaks to the reader": (0.5, _words("you(?:'[a-z]+)?|your|yourself")),
    "speaks of them": (0.3, _words("they|them|their")),
    "argues on": (0.5, re.compile(r"^\W*(?:and|but|yet|so|or|because|for|nor|well|still|then|now)\b", re.IGNORECASE)),
    "negates": (0.5, _words("no|not|nothing|never|none|nobody|nowhere|neither|cannot|[a-z]+n't")),
    "tops": (0.5, _words(r"most|least|\w{4,}est")),
    "sweeps": (0.5, _words("all|every(?:one|thing)?|always|any(?:one)?|only|even|just|too|very|so")),
    "says what is": (0.5, _words("is|are|isn't|aren't|(?:it|that)'s|be|being")),
    "supposes": (0.3, _words("would|could|may|might|can|seems?")),
    "weighs": (0.3, _words("if|unless|whether")),
    "likens": (0.3, _words("like|as though|kind of|sort of")),
    "foretells": (0.3, _words("will|won't|[a-z]+'ll")),
    "breaks off": (0.3, re.compile("[—–]| - ")),
    "counts": (-0.5, re.compile(r"\d")),
    "dates": (
        -0.5,
        _words(
            "January|February|March|April|May|June|July|August|September|October|November|December|"
            "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
            0,
        ),
    ),
    "tells the past": (-0.5, _words(r"was|were|had|did|\w{3,}ed")),
}


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
    for name, (weight, pattern) in SIGNS.items():
        if pattern.search(own):
            yield name, weight
